"""Names a sentence mentions: do they occur, and is what it says is called really called?"""

import builtins
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
_NOT_NAMES = re.compile(r"^(?:e\.g|i\.e|etc|a\.k\.a|\w+\.(?:txt|json|py|csv))$", re.IGNORECASE)
_NAME = re.compile(r"[A-Za-z_][\w.]*(?:\(\))?")
_TEXT = re.compile(r"'[^']*'|\"[^\"]*\"")
_FUNCTION_NAMED = re.compile(
    r"`([A-Za-z_][\w.]*)(?:\([^`]*\))?` (?:built-in |standard )?(?:functions?|methods?)\b"
    r"|\b(?:functions?|methods?) `([A-Za-z_][\w.]*)(?:\([^`]*\))?`"
)
_CALLS = re.compile(
    r"\b(?:uses?|using|calls?|calling|invokes?|by calling|via) (?:the |python's )?(?:built-in )?"
    r"`([A-Za-z_][\w.]*)\([^`]*\)`"
)
_BARE_FUNCTION = re.compile(
    r"\b(?:uses?|using|calls?|calling|invokes?)(?: the)?(?: built-in)? ([a-z_][a-z_0-9.]*)(?:\(\))?"
    r" (?:function|method)\b"
)
_CALL_SPAN = re.compile(r"[A-Za-z_][\w.]*\(\)")
_MODULE = re.compile(r"`(\w+)` module\b")
_QUOTED = re.compile(r"(?<!\w)['\"]([^'\"]{2,30})['\"](?!\w)")
_METHOD_OF = re.compile(r"is a method (?:of|in) the `?([A-Z]\w+)`? class")
_ADJECTIVES = frozenset(
    [
        "a",
        "an",
        "another",
        "this",
        "that",
        "same",
        "given",
        "built-in",
        "builtin",
        "helper",
        "recursive",
        "following",
        "custom",
        "lambda",
        "wrapper",
        "inner",
        "outer",
        "nested",
        "original",
        "generator",
        "decorated",
        "python",
        "standard",
        "static",
        "class",
        "provided",
        "function",
        "library",
        "callback",
        "key",
        "special",
    ]
)


def names_in(said: Said) -> list[str]:
    """Return the identifiers of code spans, and those in the prose that look like code."""
    names = [name for span in said.spans for name in _NAME.findall(_TEXT.sub("", span))]
    bare = re.sub(r"`+[^`]*`+", " ", said.text)
    names += [name for name in _IDENTIFIER_LIKE.findall(bare) if not _NOT_NAMES.match(name)]
    return [name.rstrip(".") for name in names]


def quoted_claims(said: Said, vocabulary: Vocabulary) -> Iterator[Claim]:
    """Find quoted texts with marks in them, such as formats, which the code must hold."""
    for quoted in _QUOTED.findall(said.prose):
        if re.search(r"[^\w\s]", quoted) and not re.search(r"\s", quoted):
            known = quoted.lower() in vocabulary.text
            yield Claim("number", "" if known else f"{quoted} is not in the code")
    if owner := _METHOD_OF.search(said.text):
        known = owner.group(1) in vocabulary.code.naming.defined
        yield Claim("call", "" if known else f"it is no method of {owner.group(1)}")


def call_claims(said: Said, vocabulary: Vocabulary) -> Iterator[Claim]:
    """Find functions and methods that the sentence says are used."""
    if said.negated:
        return
    code = vocabulary.code
    named = []
    for one, other in _FUNCTION_NAMED.findall(said.text):
        if one or other not in code.parameters:
            named.append(one or other)
    named += _CALLS.findall(said.text)
    named += [span[:-2] for span in said.spans if _CALL_SPAN.fullmatch(span)]
    for word in _BARE_FUNCTION.findall(said.text):
        if word not in _ADJECTIVES and word.isidentifier() and word not in vocabulary.words:
            yield Claim("call", f"it does not call {word}")
    named += [span[:-2] for span in said.spans if re.fullmatch(r"[A-Za-z_][\w.]*\(\)", span)]
    for name in named:
        yield Claim("call", _wrong_call(name, vocabulary))
    for name in _MODULE.findall(said.text):
        imported = re.search(rf"\b(?:import|from)\b[^\n]*\b{re.escape(name)}\b", vocabulary.imports)
        yield Claim("call", "" if imported else f"`{name}` is no module here")


def _wrong_call(name: str, vocabulary: Vocabulary) -> str:
    """Say why a name is not one of a function that the code uses."""
    code = vocabulary.code
    owner, _, last = name.rpartition(".")
    if name in code.parameters and name not in code.naming.called:
        sure = code.parameters[name] - {"none"}
        return f"`{name}` is not a function" if sure and "function" not in sure else ""
    if name in code.assigned and name not in code.naming.called:
        made = all(re.search(r"[)\]}]$|^[-\d'\"]", value) for value in code.assigned[name])
        return f"`{name}` is not a function" if made else ""
    if last not in code.naming.called | code.naming.defined | code.naming.read:
        return f"it does not call `{name}`"
    builtin = vars(builtins).get(owner)
    if isinstance(builtin, type):
        return "" if hasattr(builtin, last) else f"there is no `{name}`"
    known = not owner or name.lower() in vocabulary.text or owner in {"self", "cls", code.owner}
    return "" if known or name in vocabulary.full_names else f"it does not call `{name}`"
