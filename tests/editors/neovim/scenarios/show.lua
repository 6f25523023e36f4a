-- Answers by the keys of the recipe: each takes the place of the one before, beside the code.
local drive = require("driving")

return function()
  drive.started()
  local code = vim.api.nvim_get_current_win()
  drive.go_to("def merge")
  drive.press("<Leader>pe")
  local explanation = drive.until_("an explanation is shown", function()
    return drive.page("merge")
  end)
  drive.go_to("import os")
  drive.press("<Leader>ph")
  local hint = drive.until_("a hint is shown", function()
    return drive.page("Hint")
  end)
  drive.press("<Leader>ph")
  local deeper = drive.until_("another hint is shown", function()
    return drive.page("Hint") ~= hint and drive.page("Hint")
  end)
  return {
    explanation = explanation,
    hints = { hint, deeper },
    windows = #vim.api.nvim_list_wins(),
    stays = vim.api.nvim_get_current_win() == code,
  }
end
