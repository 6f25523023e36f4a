"""Model files: formats, checks before any load, conversions, tokenizers; no engine, no network."""
