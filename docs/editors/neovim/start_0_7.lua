-- Answers come in the preview window, which <C-w>z closes.
local function show(_, page)
  vim.cmd("pedit " .. vim.fn.fnameescape(vim.uri_to_fname(page.uri)))
  return { success = true }
end

-- Neovim 0.7 tells a server its settings when asked, but does not say so; the window is ours.
local capabilities = vim.lsp.protocol.make_client_capabilities()
capabilities.workspace.configuration = true
capabilities.window.showDocument = { support = true }

local procoder -- the id of the client while it runs

vim.api.nvim_create_autocmd("FileType", {
  group = vim.api.nvim_create_augroup("procoder", {}),
  pattern = "python",
  callback = function(event)
    procoder = procoder or vim.lsp.start_client({
      name = "procoder",
      cmd = { "procoder", "lsp" },
      root_dir = vim.fn.getcwd(),
      settings = { procoder = { level = "beginner" } },
      capabilities = capabilities,
      handlers = { ["window/showDocument"] = show },
      on_exit = function()
        procoder = nil
      end,
    })
    if procoder then
      vim.lsp.buf_attach_client(event.buf, procoder)
    end
  end,
})
