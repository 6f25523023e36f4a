"""Findings explained for beginners, and the repairs that are known without a model.

`diagnose` turns a finding of the linter into a text of ours: what it means here, why Python says
so, where to look and what to do. `fixes.known_fix` gives the edits, where there is one right way.
The texts are data (`texts/*.toml`, see `catalogue`).
"""

from procoder_tutor.diagnoses.diagnose import diagnose
from procoder_tutor.diagnoses.model import Diagnosis
from procoder_tutor.diagnoses.render import diagnosis_markdown, diagnosis_text

__all__ = ["Diagnosis", "diagnose", "diagnosis_markdown", "diagnosis_text"]
