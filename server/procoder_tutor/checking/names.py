"""Names a sentence mentions, and formats it quotes: do they occur in the code?"""

import re
from collections.abc import Iterator

from procoder_tutor.checking.said import Claim, Said
from procoder_tutor.vocabulary import Vocabulary

_IDENTIFIER_LIKE = re.compile(
    r"\b(?:[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+(?:\(\))?"  # dotted
    r"|[A-Za-z_]\w*\(\)"  # a call
    r"|[A-Za-z]\w*_\w+"  # snake_case
    r"|[A-Z][a-z0-9]+(?:[A-Z][a-z0-9]*)+)"  # CamelCase
)
_NOT_NAMES = re.compile(r"e\.g|i\.e|etc|a\.k\.a", re.IGNORECASE)
_NAME = re.compile(r"[A-Za-z_][\w.]*(?:\(\))?")
_TEXT = re.compile(r"'[^']*'|\"[^\"]*\"")
_CODE_SPAN = re.compile(r"`+[^`]*`+")
_QUOTED = re.compile(r"(?<!\w)['\"]([^'\"\s]{2,30})['\"](?!\w)")
_IS_CODE = re.compile(r"[(\[=+*/%<>].*\w")
_SIGNATURE = re.compile(r"(?:def )?\w+\([\w\s,*:=]*\)$")
_MARK = re.compile(r"[^\w\s]")


def names_in(said: Said) -> list[str]:
    """Return the identifiers of code spans, and those in the prose that look like code."""
    names = [name for span in said.spans for name in _NAME.findall(_TEXT.sub("", span))]
    bare = _IDENTIFIER_LIKE.findall(_CODE_SPAN.sub(" ", said.text))
    names += [name for name in bare if not _NOT_NAMES.fullmatch(name)]
    return [name.rstrip(".") for name in names]


def code_claims(said: Said, vocabulary: Vocabulary) -> Iterator[Claim]:
    """Find pieces of code that are quoted; they must stand in the code, spaces and quotes aside."""
    for span in said.spans:
        piece = _plain(span)
        if _IS_CODE.search(piece) and not _SIGNATURE.match(span):
            known = piece in vocabulary.plain_text
            yield Claim("name", "" if known else f"`{span}` is not in the code")


def _plain(code: str) -> str:
    return re.sub(r"[\s'\"]", "", code).lower()


def quoted_claims(said: Said, vocabulary: Vocabulary) -> Iterator[Claim]:
    """Find quoted texts with marks in them, such as formats, which the code must hold."""
    for quoted in _QUOTED.findall(said.prose):
        if _MARK.search(quoted):
            known = quoted.lower() in vocabulary.text
            yield Claim("number", "" if known else f"{quoted} is not in the code")
