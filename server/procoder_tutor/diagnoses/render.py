"""A diagnosis as people read it."""

from procoder_tutor.diagnoses.model import Diagnosis
from procoder_tutor.sanitize import code_span, fence


def diagnosis_markdown(diagnosis: Diagnosis) -> str:
    """Return a diagnosis as Markdown: what, why, where to look, what to do, and an example."""
    blocks = [
        f"**{diagnosis.title}** ({code_span(diagnosis.code)})",
        diagnosis.meaning,
        f"**Why:** {diagnosis.reason}",
        f"**Where to look:** {diagnosis.search}",
        f"**What to do:** {diagnosis.remedy}",
    ]
    if diagnosis.example_before:
        blocks += [
            "For example, this has the same problem:",
            fence(diagnosis.example_before, "python"),
        ]
    if diagnosis.example_after:
        blocks += ["And this is right:", fence(diagnosis.example_after, "python")]
    return "\n\n".join(blocks)


def diagnosis_text(diagnosis: Diagnosis) -> str:
    """Return a diagnosis as plain text, without the example."""
    return "\n".join(
        [
            f"{diagnosis.title} ({diagnosis.code})",
            diagnosis.meaning,
            f"Why: {diagnosis.reason}",
            f"Where to look: {diagnosis.search}",
            f"What to do: {diagnosis.remedy}",
        ]
    )
