"""Keeps secrets and personal data out of prompts, stores and logs.

`Redactor.redact` gives the text that may be sent; `Redactor.restorer` puts the secrets back into
what the asker sees, and nothing else may call it.
"""

from procoder_tutor.redaction.redactor import Hit, Redacted, Redactor
from procoder_tutor.redaction.restoring import Restorer

__all__ = ["Hit", "Redacted", "Redactor", "Restorer"]
