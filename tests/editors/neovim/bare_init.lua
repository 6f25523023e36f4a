-- The editor of somebody who has read no recipe: nothing but the server.
vim.api.nvim_create_autocmd("FileType", {
  pattern = "python",
  callback = function()
    local config = { name = "procoder", cmd = { "procoder", "lsp" } }
    if vim.lsp.start then
      vim.lsp.start(config)
    else
      vim.lsp.buf_attach_client(0, vim.lsp.start_client(config))
    end
  end,
})
