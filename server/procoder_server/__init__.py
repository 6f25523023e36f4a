"""The language server: one module per feature over the shared tutor."""
