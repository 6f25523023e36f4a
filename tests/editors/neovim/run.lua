-- Runs the scenario $SCENARIO in the editor that reads this, and writes what it returns to $REPORT.

local folder = vim.fn.fnamemodify(debug.getinfo(1, "S").source:sub(2), ":p:h")
package.path = folder .. "/?.lua;" .. package.path

local fine, report = xpcall(function()
  return require("scenarios." .. vim.env.SCENARIO)()
end, debug.traceback)
if not fine then
  report = { failure = report, messages = vim.api.nvim_exec("messages", true) }
end
local file = assert(io.open(vim.env.REPORT, "w"))
file:write(vim.json.encode(report))
file:close()
vim.cmd("qall!")
