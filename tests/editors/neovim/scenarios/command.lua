-- `procoder.explain` as a script executes it: with its result, and progress in the editor.
local drive = require("driving")

return function()
  drive.started()
  local progress = drive.watch_progress()
  local argument = { uri = vim.uri_from_bufnr(0), symbol = "compound", refresh = true }
  local result = drive.execute("explain", argument, "mine")
  drive.until_done(progress, "Explaining compound")
  return { result = result, progress = progress, level = drive.execute("status").level }
end
