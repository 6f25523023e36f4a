"""Repairs that need no model: exact edits, each proved before it is offered."""

from procoder_tutor.diagnoses.fixes.edits import Fix, TextEdit, apply_edits
from procoder_tutor.diagnoses.fixes.known import known_fix
from procoder_tutor.diagnoses.fixes.verify import verified

__all__ = ["Fix", "TextEdit", "apply_edits", "known_fix", "verified"]
