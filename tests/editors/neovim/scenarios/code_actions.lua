-- A fix that needs no model, then a docstring by the model; both chosen from the menu.
local drive = require("driving")

local function chosen(pattern, beginning)
  local before = drive.text()
  drive.go_to(pattern)
  local titles = drive.choose(beginning)
  drive.until_("the buffer is changed", function()
    return drive.text() ~= before
  end)
  return { titles = titles, text = drive.text() }
end

return function()
  drive.until_("problems are shown", function()
    return #vim.diagnostic.get(0) > 0
  end)
  return {
    fix = chosen("import os", "Remove"),
    document = chosen("def compound", "Add a docstring to compound"),
  }
end
