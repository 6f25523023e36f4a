"""Claims that functions, methods and modules are used."""

import builtins
import re
from collections.abc import Iterator

from procoder_tutor.checking.reading.code import Code
from procoder_tutor.checking.said import Claim, Said
from procoder_tutor.vocabulary import Vocabulary

_NAME = r"`([A-Za-z_][\w.]*)(?:\([^`]*\))?`"
_FUNCTION_AFTER = re.compile(rf"{_NAME} (?:built-in |standard )?(?:functions?|methods?)\b")
_FUNCTION_BEFORE = re.compile(rf"\b(?:functions?|methods?) {_NAME}")
_USES = re.compile(
    r"\b(?:uses?|using|calls?|calling|invokes?|by calling|via) (?:the |python's )?(?:built-in )?"
    r"`([A-Za-z_][\w.]*)\([^`]*\)`"
)
_CALL_SPAN = re.compile(r"([A-Za-z_][\w.]*)\(\)")
_WITHOUT_SPAN = re.compile(
    r"\b(?:uses?|using|calls?|calling|invokes?)(?: the)?(?: built-in)? ([a-z_][a-z_0-9.]*)(?:\(\))?"
    r" (?:function|method)\b"
)
_MODULE = re.compile(r"`(\w+)` module\b")
_METHOD_OF = re.compile(r"is a method (?:of|in) the `?([A-Z]\w+)`? class")
_MADE_VALUE = re.compile(r"[)\]}]$|^[-\d'\"]")
"""Source text of what is no function itself: the result of a call, a display, a constant."""
_ADJECTIVES = frozenset({"a", "an", "another", "this", "that", "same", "given", "builtin", "helper",
                         "recursive", "following", "custom", "lambda", "wrapper", "inner", "outer",
                         "nested", "original", "generator", "decorated", "python", "standard",
                         "static", "class", "provided", "function", "library", "callback", "key",
                         "special"})  # fmt: skip


def call_claims(said: Said, vocabulary: Vocabulary, code: Code) -> Iterator[Claim]:
    """Find functions and methods that the sentence says are used, and modules it names."""
    if owner := _METHOD_OF.search(said.text):
        known = owner.group(1) in code.naming.defined
        yield Claim("call", "" if known else f"it is no method of {owner.group(1)}")
    if said.negated:
        return
    for name in dict.fromkeys(_named(said, code)):
        yield Claim("call", _wrong_call(name, vocabulary, code))
    for word in _WITHOUT_SPAN.findall(said.text):
        if word not in _ADJECTIVES and word.isidentifier() and word not in vocabulary.words:
            yield Claim("call", f"it does not call {word}")
    for name in _MODULE.findall(said.text):
        imported = re.search(rf"\b(?:import|from)\b.*\b{re.escape(name)}\b", vocabulary.imports)
        yield Claim("call", "" if imported else f"`{name}` is no module here")


def _named(said: Said, code: Code) -> Iterator[str]:
    yield from _FUNCTION_AFTER.findall(said.text)
    # "the function `times` times" speaks of an argument.
    yield from (n for n in _FUNCTION_BEFORE.findall(said.text) if n not in code.parameters)
    yield from _USES.findall(said.text)
    yield from (match.group(1) for span in said.spans if (match := _CALL_SPAN.fullmatch(span)))


def _wrong_call(name: str, vocabulary: Vocabulary, code: Code) -> str:
    """Say why a name is not one of a function that the code uses."""
    owner, _, last = name.rpartition(".")
    if name not in code.naming.called and _is_value(name, code):
        return f"`{name}` is not a function"
    if last not in code.naming.functions | code.naming.read:
        return f"it does not call `{name}`"
    kind = vars(builtins).get(owner)
    if isinstance(kind, type):
        return "" if hasattr(kind, last) else f"there is no `{name}`"
    known = not owner or name.lower() in vocabulary.text or owner in {"self", "cls", code.owner}
    return "" if known or name in vocabulary.full_names else f"it does not call `{name}`"


def _is_value(name: str, code: Code) -> bool:
    """Tell whether a name holds something that is surely no function."""
    if name in code.parameters:
        return bool(code.parameters[name] - {"none"}) and "function" not in code.parameters[name]
    values = code.assigned.get(name, ())
    return bool(values) and all(_MADE_VALUE.search(value) for value in values)
