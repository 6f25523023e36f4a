"""An exported conversation: readable, and nothing in it can act."""

from datetime import UTC, datetime

from procoder_tutor.conversations import Conversation, Role, Turn, conversation_markdown

DAY = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
HOSTILE = """\
Why <script>alert(1)</script> ![x](http://evil.example/p.png) [run](command:rm)?

```python
print("kept")
```
"""
EXPECTED = """\
# a \\* b.py

About `file:///a%20*%20b.py`, begun on 2026-03-01.

## You · 2026-03-01 09:30 UTC · `area`

Why \\<script\\>alert(1)\\</script\\> x run?

```python
print("kept")
```

## ProCoder · 2026-03-01 09:30 UTC · `area`

Multiplies `width` by `height`.

*1 of 1 checked · `m`*

## You · 2026-03-01 09:30 UTC

"""


def test_a_conversation_as_a_document() -> None:
    conversation = Conversation("1", "a * b.py", "file:///a%20*%20b.py", DAY, DAY)
    turns = [
        Turn(Role.USER, HOSTILE, "explain", "beginner", symbol="area", created=DAY),
        Turn(
            Role.TUTOR,
            "Multiplies `width` by `height`.",
            "explain",
            "beginner",
            symbol="area",
            checks="1 of 1 checked",
            model="m",
            created=DAY,
        ),
        Turn(Role.USER, "<!-- -->", "chat", "beginner", created=DAY),
    ]
    assert conversation_markdown(conversation, turns).startswith(EXPECTED)


def test_a_conversation_about_no_document() -> None:
    text = conversation_markdown(Conversation("1", "Loops", None, DAY, DAY), [])
    assert text == "# Loops\n\nBegun on 2026-03-01.\n"
