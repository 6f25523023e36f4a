-- Diagnostics of an unused import, and none of it when its line is gone.
local drive = require("driving")

local function unused_import()
  for _, problem in ipairs(vim.diagnostic.get(0)) do
    if problem.code == "F401" then
      return problem
    end
  end
end

return function()
  local problem = drive.until_("an unused import is shown", unused_import)
  vim.api.nvim_buf_set_lines(0, 0, 1, true, {})
  drive.until_("it is shown no more", function()
    return not unused_import()
  end)
  return { line = problem.lnum, message = problem.message, source = problem.source }
end
