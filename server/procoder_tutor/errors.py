"""Errors of the tutor.

TutorError
├── InputError              the code or the selection cannot be worked with
│   ├── NoSymbolError       nothing to explain at that place
│   ├── NoConversationError this conversation was deleted, or is somebody else's
│   └── NoLessonError       no lesson of that id
├── StorageError            conversations can be neither read nor written
└── BackendError            the model cannot answer
    ├── BackendUnavailableError   no host, no model, connection lost; retrying may help
    └── BackendRefusedError       the host understood and said no (context, parameters, key)
        └── ChatOnlyError         it answers conversations only, and completes no text
"""


class TutorError(Exception):
    """Base of all errors here; `str()` is a sentence for the user, `advice` says what to do."""

    def __init__(self, message: str, advice: str = "") -> None:
        super().__init__(message)
        self.advice = advice


class InputError(TutorError):
    """The code or the selection cannot be worked with."""


class NoSymbolError(InputError):
    """There is nothing to explain at the place asked about."""


class NoConversationError(InputError):
    """The conversation was deleted, or belongs to somebody else."""


class NoLessonError(InputError):
    """There is no lesson of the id asked for."""


class StorageError(TutorError):
    """Conversations can be neither read nor written: no room, no permission, or always locked."""


class BackendError(TutorError):
    """The model cannot answer."""


class BackendUnavailableError(BackendError):
    """No host, no model, or the connection was lost; trying again may help."""


class BackendRefusedError(BackendError):
    """The host understood the request and refused it."""

    def __init__(self, message: str, advice: str = "", *, code: str = "") -> None:
        super().__init__(message, advice)
        self.code = code


class ChatOnlyError(BackendRefusedError):
    """The server answers conversations only; the next `identify` says so."""


def describe(error: TutorError) -> str:
    """Return what happened and what to do about it, in one line for the user."""
    message = f"{str(error).strip().rstrip('.')}."
    return f"{message} {error.advice}" if error.advice else message
