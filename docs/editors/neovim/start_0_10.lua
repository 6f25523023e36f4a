-- Answers come in the preview window, which <C-w>z closes.
local function show(_, page)
  vim.cmd.pedit(vim.fn.fnameescape(vim.uri_to_fname(page.uri)))
  return { success = true }
end

vim.api.nvim_create_autocmd("FileType", {
  group = vim.api.nvim_create_augroup("procoder", {}),
  pattern = "python",
  callback = function(event)
    vim.lsp.start({
      name = "procoder",
      cmd = { "procoder", "lsp" },
      root_dir = vim.fs.root(event.buf, { "pyproject.toml", ".git" }),
      settings = { procoder = { level = "beginner" } },
      handlers = { ["window/showDocument"] = show },
    }, { bufnr = event.buf })
  end,
})
