"""The pages of the companion, one module each."""
