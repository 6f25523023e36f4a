"""What is answered without a model: the linter's findings explained, and fixes that are certain."""

from collections.abc import Iterator

from procoder_tutor.diagnoses import diagnose, diagnosis_markdown
from procoder_tutor.diagnoses.fixes import known_fix
from procoder_tutor.errors import InputError
from procoder_tutor.events import Checked, Checks, Delta, Done, Event, Explanation, Proposed
from procoder_tutor.findings import Finding
from procoder_tutor.questions import Kind, Question
from procoder_tutor.symbols import Document


def instant(document: Document, question: Question) -> Iterator[Event]:
    """Yield the events of the whole answer; none where a model must be asked.

    Raises InputError for a question about a finding that names none.
    """
    if question.kind not in {Kind.ERROR, Kind.FIX}:
        return
    finding = _finding(question)
    if question.kind is Kind.ERROR:
        text = diagnosis_markdown(diagnose(document, finding))
        yield Delta(text)
        yield from _end(text)
    elif (fix := known_fix(document, finding)) is not None:
        yield Proposed(fix)
        yield from _end("")


def _finding(question: Question) -> Finding:
    if question.finding is None:
        raise InputError("There is no finding to explain here", "Name a line that has one.")
    return question.finding


def _end(text: str) -> Iterator[Event]:
    yield Checked(Checks())
    yield Done(Explanation(text, Checks(), model=""))
