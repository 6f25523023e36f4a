"""What Python's official documentation covers, and where; no network is asked."""
