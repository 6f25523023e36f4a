-- A hover with facts, and another one when the explanation is written.
local drive = require("driving")

return function()
  drive.started()
  local progress = drive.watch_progress()
  drive.go_to("def merge")
  local first = drive.hover()
  drive.until_done(progress, "Explaining")
  return { first = first, second = drive.hover() }
end
