"""What a docstring says: a sentence that is given, and sections made from facts."""

import re

from procoder_tutor.edits.docstring_style import Entry, Section, Style, rendered
from procoder_tutor.facts.model import Facts, Parameter, UseKind
from procoder_tutor.sanitize import clean

_RE_RAISE = "re-raise"
_MAX_RETURNS = 3
"""Functions with more different results get no list of them: it would repeat the code."""
_MAX_CODE = 60
_RECEIVERS = frozenset({"self", "cls"})
_QUOTES = " \t\n\"'`"
_USES: dict[UseKind, str] = {
    "changed": "Changed in place.",
    "called": "Called.",
    "iterated": "Visited item by item.",
    "unused": "Not used.",
}
"""Uses that a caller should know of; the others show in the code alone."""
_STARRED = {
    "variadic": "Further positional arguments.",
    "keywords": "Further keyword arguments.",
}


def docstring_text(summary: str, facts: Facts, style: Style) -> str:
    """Join the first paragraph of `summary`, as a sentence, and what the facts add to it.

    Types are never invented: they come from annotations. Without a summary the text is empty;
    where the facts have nothing to add it is the sentence alone.
    """
    sentence = _sentence(summary)
    sections = [section for section in _sections(facts) if section[1]] if sentence else []
    return f"{sentence}\n\n{rendered(sections, style)}" if sections else sentence


def _sentence(summary: str) -> str:
    paragraph = clean(summary).strip(_QUOTES).partition("\n\n")[0]
    text = " ".join(paragraph.split()).strip(_QUOTES)
    if not text:
        return ""
    first = text.split(maxsplit=1)[0]
    if first.isalpha() and first.islower():
        text = text[0].upper() + text[1:]
    return text if text.endswith((".", "!", "?", ":")) else text + "."


def _sections(facts: Facts) -> list[Section]:
    return [
        ("Args", _arguments(facts)),
        ("Returns", [] if facts.yields else _returns(facts)),
        ("Yields", [("", "Values, one at a time.")] if facts.yields else []),
        ("Raises", _raises(facts)),
    ]


def _arguments(facts: Facts) -> list[Entry]:
    """Every parameter, as soon as there is something to say about one of them."""
    listed = [p for p in facts.parameters if p.name not in _RECEIVERS]
    said = [_about(parameter) for parameter in listed]
    if facts.kind == "class" or not any(said):
        return []
    stars = {"variadic": "*", "keywords": "**"}
    return [
        (stars.get(parameter.kind, "") + parameter.name, text or "Required.")
        for parameter, text in zip(listed, said, strict=True)
    ]


def _about(parameter: Parameter) -> str:
    parts = [_STARRED[parameter.kind]] if parameter.kind in _STARRED else []
    if parameter.annotation and parameter.kind not in _STARRED:
        parts.append(f"A value of type {_code(parameter.annotation)}.")
    parts += [_USES[kind] for kind in _USES if any(use.kind == kind for use in parameter.uses)]
    if parameter.default is not None:
        parts.append(f"{_code(parameter.default)} by default.")
    return " ".join(parts)


def _returns(facts: Facts) -> list[Entry]:
    values = [item.expression or "None" for item in facts.returns]
    if any(item.implicit for item in facts.returns) or None in {
        item.expression for item in facts.returns
    }:
        values = [*(value for value in values if value != "None"), "None"]
    different = list(dict.fromkeys(values))
    if different in ([], ["None"]):
        return []
    if len(different) <= _MAX_RETURNS and all(len(value) <= _MAX_CODE for value in different):
        return [("", f"{' or '.join(_code(value) for value in different)}.")]
    return [("", f"A value of type {_code(facts.return_type)}.")] if facts.return_type else []


def _raises(facts: Facts) -> list[Entry]:
    conditions: dict[str, list[str]] = {}
    for item in facts.raises:
        if item.exception != _RE_RAISE:
            conditions.setdefault(item.exception, []).append(item.condition or "")
    return [(name, _when(listed)) for name, listed in conditions.items()]


def _when(conditions: list[str]) -> str:
    different = list(dict.fromkeys(condition for condition in conditions if condition))
    if not different or "" in conditions:
        return "Raised by the code itself."
    return f"When {' or '.join(_code(condition) for condition in different)}."


def _code(text: str) -> str:
    flat = re.sub(r"`+", "'", text)
    return f"``{flat}``"
