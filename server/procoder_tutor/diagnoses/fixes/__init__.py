"""Repairs that need no model: exact edits, each proved before it is offered."""

from procoder_tutor.diagnoses.fixes.known import known_fix
from procoder_tutor.diagnoses.fixes.verify import verified

__all__ = ["known_fix", "verified"]
