vim.api.nvim_create_autocmd("FileType", {
  group = vim.api.nvim_create_augroup("procoder", {}),
  pattern = "python",
  callback = function(event)
    vim.lsp.start({
      name = "procoder",
      cmd = { "procoder", "lsp" },
      root_dir = vim.fs.root(event.buf, { "pyproject.toml", ".git" }),
      settings = { procoder = { level = "beginner" } },
    }, { bufnr = event.buf })
  end,
})
