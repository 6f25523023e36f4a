"""Facts about a symbol, computed from the code: deterministic, and never the model's word."""
