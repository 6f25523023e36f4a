"""Errors of starting a service.

StartupError    the service cannot start, or what an operator gave it cannot be used
"""


class StartupError(Exception):
    """A service cannot start; `str()` is a sentence for the operator, `advice` says what to do."""

    def __init__(self, message: str, advice: str = "") -> None:
        super().__init__(message)
        self.advice = advice
