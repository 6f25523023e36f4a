"""A thousand seeded secrets through the whole tutor: what leaves, what is kept, what is logged."""

import logging
from collections import Counter
from pathlib import Path

import pytest
from scripted_model import Scripted
from secrets_made import MadeSecret, leaks, made_secrets

from procoder_tutor.questions import Kind, Question
from procoder_tutor.settings import load_settings
from procoder_tutor.symbols import Document, Snapshot
from procoder_tutor.tutor import Tutor, create_tutor

LEAST_CAUGHT = {"vendor": 0.99, "other": 0.95}
AT_ONCE = 25


async def _ask(tutor: Tutor, made: tuple[MadeSecret, ...]) -> None:
    """Explain code that holds secrets, and name them in a chat about it."""
    code = "\n".join(secret.code for secret in made)
    document = Document.parse(Snapshot(code, f"untitled:{id(made)}"))
    conversation = await tutor.conversations.open_for(document.snapshot.uri)
    for kind in (Kind.EXPLAIN, Kind.CHAT):
        question = Question(
            document.module, kind, text=f"Is this safe?\n{code}", conversation=conversation.id
        )
        async for _ in tutor.ask(document, question):
            pass


async def test_secrets_are_nowhere_but_on_the_screen(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    backend = Scripted("It holds a value. It opens a client.")
    settings, _ = load_settings(
        {
            "cache": {"path": str(tmp_path / "cache.sqlite3")},
            "conversations": {"path": str(tmp_path / "conversations.sqlite3")},
        }
    )
    tutor = create_tutor(settings, backend=backend)
    secrets = made_secrets()
    for start in range(0, len(secrets), AT_ONCE):
        await _ask(tutor, tuple(secrets[start : start + AT_ONCE]))
    await tutor.aclose()
    kept = b"".join(file.read_bytes() for file in sorted(tmp_path.iterdir()))  # noqa: ASYNC240
    seen = "\n".join([*backend.prompts, kept.decode("utf-8", "replace"), caplog.text])
    assert len(backend.jobs) >= 2 * len(secrets) // AT_ONCE
    made_of, leaked = Counter[str](), Counter[str]()
    for secret in secrets:
        kind = "vendor" if secret.kind == "vendor" else "other"
        made_of[kind] += 1
        leaked[kind] += leaks(secret, seen)
    for kind, least in LEAST_CAUGHT.items():
        assert 1 - leaked[kind] / made_of[kind] >= least, (leaked, made_of)
