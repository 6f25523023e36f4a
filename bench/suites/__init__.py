"""One module per suite; `run()` measures and returns its rows."""
