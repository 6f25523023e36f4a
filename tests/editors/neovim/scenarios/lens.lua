-- The lens above a function, run by its key.
local drive = require("driving")

return function()
  drive.started()
  local line = drive.go_to("def merge") - 1
  vim.cmd("doautocmd CursorHold")
  local lens = drive.until_("the lens has its title", function()
    for _, each in ipairs(vim.lsp.codelens.get(0)) do
      if each.range.start.line == line and each.command then
        return each
      end
    end
  end)
  drive.choosing("Explain")
  drive.press("<Leader>pl")
  local page = drive.until_("an explanation is shown", function()
    return drive.page("merge")
  end)
  return { title = lens.command.title, page = page }
end
