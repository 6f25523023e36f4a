-- The commands of the recipe that have no key, and stopping.
local drive = require("driving")

local function problems(wanted)
  drive.until_(wanted and "problems are shown" or "no problem is shown", function()
    return (#vim.diagnostic.get(0) > 0) == wanted
  end)
end

return function()
  problems(true)
  drive.go_to("import os")
  vim.cmd("ProcoderExplainError")
  local problem = drive.until_("the problem is explained", function()
    return drive.page("F401")
  end)

  local progress = drive.watch_progress()
  drive.go_to("def compound")
  vim.cmd("ProcoderExplain")
  drive.until_("the explanation is being written", function()
    return #drive.execute("status").doing > 0
  end)
  vim.cmd("ProcoderStop")
  drive.until_done(progress, "Explaining this code")

  drive.choosing("")
  vim.fn.inputlist = function()
    return 1
  end
  vim.cmd("ProcoderAsk")
  local answer = drive.until_("a question is answered", function()
    return drive.page("compound")
  end)

  vim.cmd("ProcoderToggle")
  problems(false)
  vim.cmd("ProcoderToggle")
  problems(true)
  return { problem = problem, progress = progress, answer = answer }
end
