-- A question in the split, a follow-up, and an answer that is stopped.
local drive = require("driving")

local function idle()
  return #drive.execute("status").doing == 0
end

local function answered(count)
  drive.until_("answer " .. count .. " is there", function()
    local text = drive.text()
    return select(2, text:gsub("## ProCoder", "")) == count and text:find("smollm2[^#]*$")
  end)
end

return function()
  drive.started()
  local uri = vim.uri_from_bufnr(0)
  drive.go_to("def merge")
  vim.cmd(".,+11ProcoderChat What does this return?")
  answered(1)
  vim.cmd("ProcoderChat And for an empty list?")
  answered(2)
  local kept = drive.execute("exportConversation", { uri = uri }).markdown
  vim.cmd("ProcoderChat /parts @symbol:main")
  local asked = #drive.text()
  drive.until_("the third answer begins", function()
    return #drive.text() > asked
  end)
  drive.press("<C-c>")
  drive.until_("the server has nothing to do", idle)
  return { text = drive.text(), kept = kept, windows = #vim.api.nvim_list_wins() }
end
