"""Imports that are made when they are needed, one thread at a time.

Python locks each module for itself. Two threads that import different modules of one package can
wait for each other; Python sees that, and gives one of them a module that is half executed
(importlib's documentation of `_DeadlockError`; the package's `__init__` and its module each import
the other). So whoever imports late does it under one lock.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

_one_at_a_time = threading.RLock()
"""The import system is the process's, and so is what guards it."""


@contextmanager
def importing() -> Iterator[None]:
    """Hold off other late imports while the block runs."""
    with _one_at_a_time:
        yield
