"""Errors of the model host and its model store.

ModelHostError
├── ModelFileError        a model file is malformed, damaged, or not what an engine can load
├── ModelNotFoundError    no such model in the catalogue, or it is not in the store yet
├── DownloadError         a model could not be fetched
└── StoreError            the store's folder cannot be used (no space, no permission, in use)
"""

from pathlib import Path


class ModelHostError(Exception):
    """Base of all errors here; `str()` is a sentence for the user, `advice` says what to do."""

    def __init__(self, message: str, advice: str = "") -> None:
        super().__init__(message)
        self.advice = advice


class ModelFileError(ModelHostError):
    """A model file is malformed, damaged, or not what the engine can load."""

    def __init__(self, path: Path, reason: str, advice: str = "") -> None:
        super().__init__(f"{path}: {reason}", advice)
        self.path = path
        self.reason = reason


class ModelNotFoundError(ModelHostError):
    """The catalogue has no such model, or it has not been pulled yet."""


class DownloadError(ModelHostError):
    """A model could not be fetched; what was received is kept where that helps."""


class StoreError(ModelHostError):
    """The store's folder cannot be used: no space, no permission, or in use."""
