"""Errors of the companion. Each is a sentence for the reader, with what to do.

CompanionError
├── StartError           a process that the companion needs does not start
├── UnreachableError     the API is not there, or its answer cannot be read
└── RefusedError         the API answered with a problem
    └── UnknownKeyError  ... that the key is missing, wrong or revoked
"""


class CompanionError(Exception):
    """Base of all errors here."""


class StartError(CompanionError):
    """A process that the companion needs does not start."""


class UnreachableError(CompanionError):
    """The API is not there, or its answer cannot be read."""


class RefusedError(CompanionError):
    """The API answered with a problem document (RFC 9457), or with a status that says no more."""

    def __init__(self, sentence: str, status: int) -> None:
        super().__init__(sentence)
        self.status = status


class UnknownKeyError(RefusedError):
    """The key is missing, wrong or revoked."""
