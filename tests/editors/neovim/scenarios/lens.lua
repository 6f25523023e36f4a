-- The lens above a function, run by its key.
local drive = require("driving")

return function()
  drive.started()
  local line = drive.go_to("def merge") - 1
  vim.cmd("doautocmd CursorHold")
  local titles = drive.until_("the lenses have their titles", function()
    local found = {}
    for _, lens in ipairs(vim.lsp.codelens.get(0)) do
      if lens.range.start.line == line then
        found[#found + 1] = lens.command and lens.command.title
      end
    end
    return #found == 2 and found
  end)
  drive.choosing("Explain")
  drive.press("<Leader>pl")
  local page = drive.until_("an explanation is shown", function()
    return drive.page("merge")
  end)
  return { titles = titles, page = page }
end
