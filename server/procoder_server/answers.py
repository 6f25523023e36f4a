"""One question asked, and all that came of it."""

from dataclasses import dataclass

from procoder_server.progress import Progress
from procoder_server.session import Tutor, answering
from procoder_tutor.edits.model import ProposedEdit, Rejected
from procoder_tutor.errors import BackendError
from procoder_tutor.events import Delta, Done, Explanation, FactsReady, Failed, Proposed
from procoder_tutor.facts.model import Facts
from procoder_tutor.questions import Question
from procoder_tutor.symbols import Document


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a question."""

    facts: Facts
    explanation: Explanation
    proposal: ProposedEdit | Rejected | None = None


async def answer_of(
    tutor: Tutor, document: Document, question: Question, progress: Progress
) -> Answer:
    """Ask, and report the text as it comes; leaving early stops the model. Raises TutorError."""
    facts: Facts | None = None
    explanation: Explanation | None = None
    proposal: ProposedEdit | Rejected | None = None
    async with answering(tutor, document, question) as events:
        async for event in events:
            match event:
                case FactsReady(ready):
                    facts = ready
                case Delta(text):
                    progress.report(text)
                case Proposed(proposed):
                    proposal = proposed
                case Done(done):
                    explanation = done
                case Failed(error):
                    raise error
    if explanation is None or facts is None:
        raise BackendError("The answer broke off", "Ask again.")
    progress.closing_message = explanation.checks.summary
    return Answer(facts, explanation, proposal)
