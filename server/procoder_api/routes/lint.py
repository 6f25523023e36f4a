"""`/v1/lint`: what Python and pyflakes find wrong with code, explained in words of ours."""

import asyncio

from fastapi import APIRouter
from pydantic import BaseModel

from procoder_api.answers import DESCRIBED, Proposal
from procoder_api.code import Code
from procoder_api.idempotency import REPEATABLE
from procoder_api.service import Asker
from procoder_tutor.diagnoses import diagnose, diagnosis_markdown
from procoder_tutor.diagnoses.fixes import known_fix
from procoder_tutor.findings import Finding
from procoder_tutor.lint import lint
from procoder_tutor.symbols import Document

router = APIRouter(prefix="/v1/lint", tags=["lint"])
_MOST = 200
"""Findings that are explained; nobody reads more, and each costs a parse."""


class ExplainedFinding(BaseModel):
    """A finding, and what it means."""

    model_config = DESCRIBED

    finding: Finding
    title: str
    explanation: str
    """Markdown: what it means here, why, where to look, what to do."""
    fix: Proposal | None = None
    """A repair that is certain, where there is one."""


class Findings(BaseModel):
    """What is wrong with some code."""

    model_config = DESCRIBED

    findings: list[ExplainedFinding]
    """In the order of the text."""
    omitted: int = 0
    """How many more there are."""


@router.post("", dependencies=[REPEATABLE])
async def findings(body: Code, _: Asker) -> Findings:
    """List what is wrong, with an explanation and, where it is certain, a repair of each."""
    document = await body.document()
    return await asyncio.to_thread(_findings, document)


def _findings(document: Document) -> Findings:
    found = lint(document)
    explained = [_explained(document, finding) for finding in found[:_MOST]]
    return Findings(findings=explained, omitted=len(found) - len(explained))


def _explained(document: Document, finding: Finding) -> ExplainedFinding:
    diagnosis, fix = diagnose(document, finding), known_fix(document, finding)
    return ExplainedFinding(
        finding=finding,
        title=diagnosis.title,
        explanation=diagnosis_markdown(diagnosis),
        fix=None if fix is None else Proposal.of(document, fix),
    )
