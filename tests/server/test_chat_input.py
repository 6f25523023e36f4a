"""What people type into a chat."""

import pytest

from procoder_server.chat_input import (
    About,
    ChatInput,
    Mention,
    Slash,
    describe_unknown,
    describe_unknown_slash,
    parse_chat_input,
)

FILE, SELECTION = Mention(About.FILE), Mention(About.SELECTION)
SYMBOL, DIAGNOSTICS = Mention(About.SYMBOL), Mention(About.DIAGNOSTICS)


def named(name: str) -> Mention:
    return Mention(About.SYMBOL, name)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ChatInput()),
        ("  \n", ChatInput()),
        ("why?", ChatInput(words="why?")),
        ("/explain", ChatInput(Slash.EXPLAIN)),
        ("  /Fix\n", ChatInput(Slash.FIX)),
        ("/hint I expected 3", ChatInput(Slash.HINT, "I expected 3")),
        ("/fixit", ChatInput(unknown_slash="/fixit")),
        ("/fxi now", ChatInput(words="now", unknown_slash="/fxi")),
        ("/usr/bin is a path", ChatInput(words="/usr/bin is a path")),
        ("is 6/2 /fix", ChatInput(words="is 6/2 /fix")),
        ("/ fix", ChatInput(words="/ fix")),
        ("@file", ChatInput(mentions=(FILE,))),
        ("@File, @selection!", ChatInput(mentions=(FILE, SELECTION))),
        ("/doc @symbol", ChatInput(Slash.DOC, mentions=(SYMBOL,))),
        ("/doc @symbol:A.b_2.", ChatInput(Slash.DOC, mentions=(named("A.b_2"),))),
        ("/doc @symbol:größe", ChatInput(Slash.DOC, mentions=(named("größe"),))),
        ("@diagnostics @diagnostics", ChatInput(mentions=(DIAGNOSTICS,))),
        (
            "what does @symbol:Account.deposit return?",
            ChatInput(
                words="what does `Account.deposit` return?", mentions=(named("Account.deposit"),)
            ),
        ),
        (
            "does @selection cause @diagnostics",
            ChatInput(
                words="does this code cause what the linter reports",
                mentions=(SELECTION, DIAGNOSTICS),
            ),
        ),
        ("explain @symbol: why", ChatInput(words="explain this code: why", mentions=(SYMBOL,))),
        ("ask me@file.org", ChatInput(words="ask me@file.org")),
        ("a @@file", ChatInput(words="a @@file")),
        ("what is `@file`?", ChatInput(words="what is `@file`?")),
        ("```\n@file\n``` @file?", ChatInput(words="```\n@file\n``` this file?", mentions=(FILE,))),
        ("` @file", ChatInput(words="` this file", mentions=(FILE,))),
        ("@selecton", ChatInput(words="@selecton", unknown=("@selecton",))),
        ("@file:b.py?", ChatInput(words="@file:b.py?", unknown=("@file:b.py",))),
        (
            "@nope and @nope of @file",
            ChatInput(words="@nope and @nope of this file", mentions=(FILE,), unknown=("@nope",)),
        ),
        ("\ud800 @file \x00", ChatInput(words="\ud800 this file \x00", mentions=(FILE,))),
    ],
)
def test_parsing(text: str, expected: ChatInput) -> None:
    assert parse_chat_input(text) == expected


def test_a_huge_text_is_read_in_one_go() -> None:
    unclosed = "`\n" * 100_000 + "@" * 100_000 + " ``` "
    assert parse_chat_input(unclosed + "@file " * 100_000).mentions == (FILE,)


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (("@selecton",), "no `@selecton` (did you mean `@selection`?), so it was"),
        (("@file:b.py",), "did you mean `@file`?"),
        (("@zzz", "@qqq"), "it knows `@file`, `@symbol`, `@selection`, `@diagnostics`), so they"),
    ],
)
def test_unknown_mentions_are_told_in_one_sentence(names: tuple[str, ...], expected: str) -> None:
    sentence = describe_unknown(names)
    assert expected in sentence
    assert sentence.endswith(".")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("/fxi", "Did you mean `/fix`?"),
        ("/Explian", "`/explain`"),
        ("/zzz", "There are `/explain`"),
    ],
)
def test_unknown_commands_are_told(name: str, expected: str) -> None:
    assert expected in describe_unknown_slash(name)
