-- What scenarios do as a user does it, and how they see what a user sees.

local M = {}

local PATIENCE_MS = 120000

-- Waits for a condition and returns its value; nothing else is waited for.
function M.until_(what, reached)
  local value
  local fine = vim.wait(PATIENCE_MS, function()
    value = reached()
    return value
  end, 10)
  assert(fine, "waited in vain until " .. what)
  return value
end

function M.client()
  for _, client in pairs((vim.lsp.get_clients or vim.lsp.get_active_clients)()) do
    if client.name == "procoder" and client.initialized then
      return client
    end
  end
end

function M.started()
  return M.until_("the server runs", M.client)
end

-- Puts the cursor on the last character of the first match of a Lua pattern.
function M.go_to(pattern)
  for number, line in ipairs(vim.api.nvim_buf_get_lines(0, 0, -1, true)) do
    local _, last = line:find(pattern)
    if last then
      vim.api.nvim_win_set_cursor(0, { number, last - 1 })
      return number
    end
  end
  error("no such line: " .. pattern)
end

function M.text(buffer)
  return table.concat(vim.api.nvim_buf_get_lines(buffer or 0, 0, -1, true), "\n")
end

function M.messages()
  return vim.api.nvim_exec("messages", true)
end

-- The text of a page that is shown in a window, by the beginning of its name.
function M.page(beginning)
  for _, window in ipairs(vim.api.nvim_list_wins()) do
    local buffer = vim.api.nvim_win_get_buf(window)
    local name = vim.fn.fnamemodify(vim.api.nvim_buf_get_name(buffer), ":t")
    if vim.startswith(name, beginning) and vim.endswith(name, ".md") then
      return M.text(buffer)
    end
  end
end

local function floating()
  for _, window in ipairs(vim.api.nvim_list_wins()) do
    if vim.api.nvim_win_get_config(window).relative ~= "" then
      return window
    end
  end
end

-- Presses K, and again as long as the server says that it still reads the file.
function M.hover()
  local text
  repeat
    local before = floating()
    if before then
      vim.api.nvim_win_close(before, true)
    end
    M.press("K")
    local window = M.until_("a hover is shown", floating)
    text = M.text(vim.api.nvim_win_get_buf(window))
  until not text:find("still reading this file", 1, true)
  return text
end

function M.press(keys)
  local codes = vim.api.nvim_replace_termcodes(keys, true, false, true)
  vim.api.nvim_feedkeys(codes, "xt", false)
end

-- Executes a command of the server; returns its result.
function M.execute(command, argument, token)
  local answer
  M.started().request("workspace/executeCommand", {
    command = "procoder." .. command,
    arguments = argument and { argument },
    workDoneToken = token,
  }, function(failure, result)
    answer = { failure = failure, result = result }
  end)
  M.until_("`" .. command .. "` is answered", function()
    return answer
  end)
  assert(not answer.failure, vim.inspect(answer.failure))
  return answer.result
end

-- From now on, chooses from menus by the beginning of a title; returns the titles as they come.
function M.choosing(beginning)
  local titles = {}
  vim.ui.select = function(items, options, on_choice)
    for index, item in ipairs(items) do
      titles[index] = options.format_item(item)
      if vim.startswith(titles[index], beginning) then
        on_choice(item, index)
      end
    end
  end
  return titles
end

-- Opens the menu of code actions and chooses from it; returns all titles.
function M.choose(beginning)
  local titles = M.choosing(beginning)
  vim.lsp.buf.code_action()
  M.until_("the menu opens", function()
    return #titles > 0
  end)
  return titles
end

-- Records what the editor makes of progress, as status lines show it: `title`, `message`, `done`.
function M.watch_progress()
  local rows = {}
  local function note(title, message, done)
    rows[#rows + 1] = { title = title, message = message, done = done or false }
  end
  if vim.fn.exists("##LspProgress") == 1 then
    vim.api.nvim_create_autocmd("LspProgress", {
      callback = function(event)
        local value = event.data.params.value
        note(value.title, value.message, value.kind == "end")
      end,
    })
  else
    vim.api.nvim_create_autocmd("User", {
      pattern = "LspProgressUpdate",
      callback = function()
        for _, shown in ipairs(vim.lsp.util.get_progress_messages()) do
          note(shown.title, shown.message, shown.done)
        end
      end,
    })
  end
  return rows
end

function M.until_done(rows, beginning)
  M.until_(beginning .. " is done", function()
    for _, row in ipairs(rows) do
      if row.done and vim.startswith(row.title or "", beginning) then
        return true
      end
    end
  end)
end

return M
