"""Code for the place where the cursor is: by models that were trained to fill gaps."""

from procoder_tutor.infilling.gap import Gap
from procoder_tutor.infilling.writing import Suggestion, infilling

__all__ = ["Gap", "Suggestion", "infilling"]
