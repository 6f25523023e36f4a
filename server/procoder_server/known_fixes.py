"""Fixes that need no model, proved once for each finding of each version of a document."""

import asyncio
from collections.abc import Mapping, Sequence
from weakref import WeakKeyDictionary

from procoder_server.late import importing
from procoder_tutor.edits.model import ProposedEdit
from procoder_tutor.findings import Finding
from procoder_tutor.symbols import Document

_Tasks = dict[Finding, "asyncio.Task[ProposedEdit | None]"]


class KnownFixes:
    """Proves fixes in threads and remembers them as long as their document."""

    def __init__(self) -> None:
        self._tasks: WeakKeyDictionary[Document, _Tasks] = WeakKeyDictionary()

    async def get(
        self, document: Document, findings: Sequence[Finding], seconds: float
    ) -> Mapping[Finding, ProposedEdit | None]:
        """Return the fixes that are known within `seconds`, None where none is known.

        A finding that is left out is still being looked at, for whoever asks next.
        """
        tasks = self._tasks.setdefault(document, {})
        for finding in findings:
            if finding not in tasks or tasks[finding].cancelled():
                proving = asyncio.to_thread(_known_fix, document, finding)
                tasks[finding] = asyncio.create_task(proving)
        wanted = {finding: tasks[finding] for finding in findings}
        if wanted:
            await asyncio.wait(wanted.values(), timeout=seconds)
        return {finding: task.result() for finding, task in wanted.items() if task.done()}


def _known_fix(document: Document, finding: Finding) -> ProposedEdit | None:
    with importing():
        from procoder_tutor.diagnoses.fixes import known_fix  # noqa: PLC0415 - `initialize` is faster

    return known_fix(document, finding)
