"""A turn is stale once the code it is about says something else, or is gone."""

import pytest

from procoder_tutor.conversations import Role, Turn, code_digest, stale_turns
from procoder_tutor.symbols import Document, Snapshot

CODE = "RATE = 2\n\ndef area(width, height):\n    return width * height * RATE\n"


def document(code: str) -> Document:
    return Document.parse(Snapshot(code, uri="file:///m.py"))


def turn_about(name: str) -> Turn:
    then = document(CODE)
    digest = code_digest(then, then.by_name(name))
    return Turn(Role.TUTOR, "Text.", "explain", "expert", symbol=name, code_digest=digest)


@pytest.mark.parametrize(
    ("code", "stale"),
    [
        (CODE, False),
        ("# above\n\n\n" + CODE, False),
        (CODE.replace("    return", "    # why\n\n    return"), False),
        (CODE.replace("\n", "\r\n"), False),
        (CODE + "\ndef other(): pass\n", False),
        (CODE.replace("width * height", "width + height"), True),
        (CODE.replace("RATE = 2", "RATE = 3"), True),
        (CODE.replace("area", "surface"), True),
        ("", True),
    ],
)
def test_edits(code: str, *, stale: bool) -> None:
    assert stale_turns([turn_about("area")], document(code)) == (stale,)


def test_each_turn_is_told_of() -> None:
    question = Turn(Role.USER, "Hello?", "chat", "expert")
    turns = [question, turn_about("area"), turn_about("m"), turn_about("area")]
    changed = document(CODE.replace("*", "+"))
    assert stale_turns(turns, changed) == (False, True, False, True)
    assert stale_turns(turns, document(CODE + "import os\n")) == (False, False, True, False)
    assert stale_turns([], changed) == ()
