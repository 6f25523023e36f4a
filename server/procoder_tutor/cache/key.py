"""The name of a cached answer."""

import hashlib
import json


def cache_key(*parts: str) -> str:
    """Return the digest of `parts`, 64 hex digits; no two different sequences share one."""
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()
