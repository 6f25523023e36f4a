-- A chat about code, in a split that fills while the answer is written.
--
-- `require("procoder.chat").setup()` adds `:ProcoderChat [question]`. It is about the symbol at the
-- cursor, or about the selected lines; asked from the split, about the same as before. `<C-c>` in
-- the split stops the answer. What is asked about one file is one conversation, `/new` begins another.

local M = {}

local TOKENS = "procoder-chat-"

local buffer -- of the split
local topic -- what was asked about: `source`, a buffer, and `place`, fields of the command's argument
local running -- the question that is being answered: `client`, `request`, `token`, `first` line
local asked = 0
local heard = {} -- ids of the clients whose progress comes here

local function client_of(source)
  for _, client in pairs((vim.lsp.get_clients or vim.lsp.get_active_clients)()) do
    if client.name == "procoder" and vim.lsp.buf_is_attached(source, client.id) then
      return client
    end
  end
end

local function write(text, first)
  if not vim.api.nvim_buf_is_valid(buffer) then
    return
  end
  local last = vim.api.nvim_buf_line_count(buffer) - 1
  local lines = vim.split(text, "\n")
  if first then
    vim.api.nvim_buf_set_lines(buffer, first, -1, true, lines)
  else
    local width = #vim.api.nvim_buf_get_lines(buffer, last, -1, true)[1]
    vim.api.nvim_buf_set_text(buffer, last, width, last, width, lines)
  end
  for _, window in ipairs(vim.fn.win_findbuf(buffer)) do
    vim.api.nvim_win_set_cursor(window, { vim.api.nvim_buf_line_count(buffer), 0 })
  end
end

local function open()
  if not buffer or not vim.api.nvim_buf_is_valid(buffer) then
    buffer = vim.api.nvim_create_buf(false, true)
    vim.api.nvim_buf_set_name(buffer, "ProCoder chat")
    vim.bo[buffer].filetype = "markdown"
    vim.keymap.set("n", "<C-c>", M.stop, { buffer = buffer })
  end
  local window = vim.fn.win_findbuf(buffer)[1]
  if window then
    vim.api.nvim_set_current_win(window)
  else
    vim.cmd("botright vertical sbuffer " .. buffer)
    vim.wo.wrap, vim.wo.linebreak = true, true
  end
end

local function hear(client)
  if heard[client.id] then
    return
  end
  heard[client.id] = true
  local others = client.handlers["$/progress"] or vim.lsp.handlers["$/progress"]
  client.handlers["$/progress"] = function(failure, progress, ...)
    if not vim.startswith(tostring(progress.token), TOKENS) then
      return others(failure, progress, ...)
    end
    local current = running and running.token == progress.token
    if current and progress.value.kind == "report" then
      write(progress.value.message)
    end
  end
end

local function request(client, text)
  asked = asked + 1
  local question = { client = client, token = TOKENS .. asked }
  question.first = vim.api.nvim_buf_line_count(buffer) - 1
  running = question
  hear(client)
  local argument = vim.tbl_extend("error", { text = text }, topic.place)
  local params = { command = "procoder.chat", arguments = { argument }, workDoneToken = question.token }
  local _, id = client.request("workspace/executeCommand", params, function(failure, result)
    if running == question then
      running = nil
      write(failure and failure.message or result.markdown, question.first)
    end
  end, topic.source)
  question.request = id
end

-- Asks about the cursor, or about the lines `first` to `last` (1-based).
function M.ask(text, first, last)
  local here = vim.api.nvim_get_current_buf()
  if here ~= buffer or not topic then
    local place = { uri = vim.uri_from_bufnr(here), line = vim.fn.line(".") - 1 }
    if first then
      place.range = {
        start = { line = first - 1, character = 0 },
        ["end"] = { line = last, character = 0 },
      }
    end
    topic = { source = here, place = place }
  end
  local client = client_of(topic.source)
  if not client then
    vim.notify("ProCoder does not run in this buffer.", vim.log.levels.WARN)
    return
  end
  M.stop()
  open()
  local empty = vim.api.nvim_buf_line_count(buffer) == 1
  write((empty and "" or "\n\n") .. "## You\n\n" .. text .. "\n\n## ProCoder\n\n")
  request(client, text)
end

-- Stops the answer that is being written, within a token.
function M.stop()
  if running then
    local stopped = running
    running = nil
    stopped.client.cancel_request(stopped.request)
    write("\n\n*Stopped.*")
  end
end

function M.setup()
  vim.api.nvim_create_user_command("ProcoderChat", function(command)
    local selected = command.range > 0
    local function ask(text)
      if text and text ~= "" then
        M.ask(text, selected and command.line1, command.line2)
      end
    end
    if command.args ~= "" then
      ask(command.args)
    else
      vim.ui.input({ prompt = "Ask about this code: " }, ask)
    end
  end, { nargs = "*", range = true })
end

return M
