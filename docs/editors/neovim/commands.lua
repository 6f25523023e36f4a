local function running()
  for _, client in pairs((vim.lsp.get_clients or vim.lsp.get_active_clients)()) do
    if client.name == "procoder" then
      return client
    end
  end
end

local function execute(command, argument)
  local client = running()
  if not client then
    vim.notify("ProCoder is not running: :ProcoderRestart starts it.", vim.log.levels.WARN)
    return
  end
  client.request("workspace/executeCommand", {
    command = command,
    arguments = argument and { argument },
  })
end

for name, command in pairs({
  ProcoderExplain = "procoder.explain",
  ProcoderExplainError = "procoder.explainError",
  ProcoderHint = "procoder.hint",
  ProcoderAsk = "procoder.ask",
}) do
  vim.api.nvim_create_user_command(name, function()
    execute(command, { uri = vim.uri_from_bufnr(0), line = vim.fn.line(".") - 1, show = true })
  end, {})
end

vim.api.nvim_create_user_command("ProcoderStop", function()
  execute("procoder.stop")
end, {})

vim.api.nvim_create_user_command("ProcoderToggle", function()
  execute("procoder.toggle")
end, {})

-- Also after the server was killed, for Neovim does not start it again by itself.
vim.api.nvim_create_user_command("ProcoderRestart", function()
  for _, forced in ipairs({ false, true }) do
    local client = running()
    if client then
      client.stop(forced)
      vim.wait(5000, function()
        return not running()
      end)
    end
  end
  for _, buffer in ipairs(vim.api.nvim_list_bufs()) do
    if vim.api.nvim_buf_is_loaded(buffer) and vim.bo[buffer].filetype == "python" then
      vim.api.nvim_buf_call(buffer, function()
        vim.api.nvim_exec_autocmds("FileType", { group = "procoder", pattern = "python" })
      end)
    end
  end
end, {})

vim.api.nvim_create_autocmd("FileType", {
  group = "procoder",
  pattern = "python",
  callback = function(event)
    local function map(keys, action)
      vim.keymap.set("n", keys, action, { buffer = event.buf })
    end
    map("K", vim.lsp.buf.hover)
    map("<Leader>pa", vim.lsp.buf.code_action)
    map("<Leader>pl", vim.lsp.codelens.run)
    map("<Leader>pe", "<Cmd>ProcoderExplain<CR>")
    map("<Leader>ph", "<Cmd>ProcoderHint<CR>")
    map("<Leader>ps", "<Cmd>ProcoderStop<CR>")
  end,
})

vim.api.nvim_create_autocmd({ "BufEnter", "CursorHold", "InsertLeave" }, {
  group = "procoder",
  pattern = "*.py",
  callback = function()
    if running() then
      vim.lsp.codelens.refresh({ bufnr = 0 })
    end
  end,
})
