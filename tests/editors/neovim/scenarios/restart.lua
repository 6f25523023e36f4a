-- The server is killed, and started again by the user's command.
local drive = require("driving")

local function server()
  local children = vim.api.nvim_get_proc_children(vim.fn.getpid())
  assert(#children == 1, "the editor started one process")
  return children[1]
end

return function()
  drive.started()
  drive.go_to("def merge")
  local before, killed = drive.hover(), server()
  vim.cmd("ProcoderChat Tell me all about @symbol:main")
  vim.cmd("wincmd p")
  vim.loop.kill(killed, "sigkill")
  drive.until_("the editor knows that it is gone", function()
    return not drive.client()
  end)
  vim.cmd("ProcoderHint")
  local advice = drive.messages()
  vim.cmd("ProcoderRestart")
  drive.started()
  local after = { hover = drive.hover(), server = server() }
  vim.cmd("ProcoderChat /hint @symbol:main")
  local chat = drive.until_("the chat goes on", function()
    return drive.text():find("## ProCoder\n\n[^#]+$") and drive.text()
  end)
  vim.cmd("ProcoderRestart")
  drive.started()
  return {
    before = before,
    advice = advice,
    chat = chat,
    after = after.hover,
    servers = { killed, after.server, server() },
  }
end
