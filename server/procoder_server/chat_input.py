"""What somebody typed into a chat: a slash command, mentions with an at sign, and words.

`/fix @symbol:Account.deposit` is the command `/fix` about a symbol; `what does @selection do?` is
a question whose words are "what does this code do?". Text in backticks is left as it is.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum


class Slash(StrEnum):
    """The commands that a text can begin with."""

    EXPLAIN = "explain"
    PARTS = "parts"
    FIX = "fix"
    DOC = "doc"
    TESTS = "tests"
    SIMPLIFY = "simplify"
    HINT = "hint"
    CLEAR = "clear"
    NEW = "new"
    EXPORT = "export"


class About(StrEnum):
    """What a text can mention."""

    FILE = "file"
    SYMBOL = "symbol"
    SELECTION = "selection"
    DIAGNOSTICS = "diagnostics"


@dataclass(frozen=True, slots=True)
class Mention:
    """Something of the document that the text is about."""

    about: About
    name: str = ""
    """Qualified name after `@symbol:`; empty for the symbol at the cursor."""


@dataclass(frozen=True, slots=True)
class ChatInput:
    """A text, taken apart."""

    slash: Slash | None = None
    words: str = ""
    """The rest in plain words, with mentions read out; empty when there are only mentions."""
    mentions: tuple[Mention, ...] = ()
    """Each of them once, in order."""
    unknown: tuple[str, ...] = ()
    """What looks like a mention and is none, e.g. `@selecton`; it is still part of the words."""
    unknown_slash: str = ""
    """What stands where a command would and is none, e.g. `/fxi`."""


_SLASH = re.compile(r"\s*/([A-Za-z]+)(?=\s|\Z)")
_MENTION = re.compile(
    r"```.*?```|`[^`\n]*`"
    r"|(?<![\w@.])@(?P<about>[^\W\d]\w*)(?::(?P<name>[^\W\d]\w*(?:\.[^\W\d]\w*)*))?",
    re.DOTALL,
)
_READ_OUT = {
    About.FILE: "this file",
    About.SYMBOL: "this code",
    About.SELECTION: "this code",
    About.DIAGNOSTICS: "what the linter reports",
}


def parse_chat_input(text: str) -> ChatInput:
    """Take a text apart; never fails."""
    slash, unknown_slash, rest = _slash(text)
    mentions: list[Mention] = []
    unknown: list[str] = []

    def read_out(match: re.Match[str]) -> str:
        mention = _mention(match)
        if mention is None:
            if match["about"]:
                unknown.append(match.group())
            return match.group()
        mentions.append(mention)
        return f"`{mention.name}`" if mention.name else _READ_OUT[mention.about]

    spoken = _MENTION.sub(read_out, rest).strip()
    alone = not _MENTION.sub(lambda m: "" if _mention(m) else m.group(), rest).strip(" \t\r\n,;.?!")
    return ChatInput(
        slash,
        "" if alone else spoken,
        tuple(dict.fromkeys(mentions)),
        tuple(dict.fromkeys(unknown)),
        unknown_slash,
    )


def describe_unknown(names: Sequence[str]) -> str:
    """Say in one sentence what was not understood and what would be."""
    listed = ", ".join(f"`{name}`" for name in names)
    word = names[0].removeprefix("@").partition(":")[0].casefold()
    near = get_close_matches(word, list(About), 1)
    meant = f"did you mean `@{near[0]}`?" if near else "it knows " + ", ".join(_known("@", About))
    taken = "so it was" if len(names) == 1 else "so they were"
    return f"ProCoder has no {listed} ({meant}), {taken} taken as plain words."


def describe_unknown_slash(name: str) -> str:
    """Say which commands there are instead."""
    near = get_close_matches(name.removeprefix("/").casefold(), list(Slash), 1)
    if near:
        return f"Did you mean `/{near[0]}`?"
    return f"There are {', '.join(_known('/', Slash))}."


def _slash(text: str) -> tuple[Slash | None, str, str]:
    match = _SLASH.match(text)
    if match is None:
        return None, "", text
    name = match[1].casefold()
    if name not in set(Slash):
        return None, f"/{match[1]}", text[match.end() :]
    return Slash(name), "", text[match.end() :]


def _mention(match: re.Match[str]) -> Mention | None:
    about, name = (match["about"] or "").casefold(), match["name"] or ""
    if about not in set(About) or (name and about != About.SYMBOL):
        return None
    return Mention(About(about), name)


def _known(sign: str, names: type[StrEnum]) -> list[str]:
    return [f"`{sign}{name}`" for name in names]
