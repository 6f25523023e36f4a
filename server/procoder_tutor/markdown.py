"""Facts and explanations as people read them: Markdown for editors, plain text for terminals.

Everything that comes from user code or from a model is escaped or put into code; the only links
are ours, into official documentation.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from procoder_tutor.events import Explanation
from procoder_tutor.facts.model import Call, Facts, Link, Mutation, Raise
from procoder_tutor.questions import Level
from procoder_tutor.sanitize import clean, code_span, escape, fence

MAX_LINES = 25
_SIGNATURE_WIDTH = 72
_EXPRESSION_WIDTH = 60
_MOST_NAMES = 8
_MOST_FINDINGS = 5
_DOC_URL = re.compile(r"https://[\w.-]+/[\w./%#~+-]*")
NOTHING_HELD = "The model's answer did not hold up against the code, so only the facts are shown."


class FindingLike(Protocol):
    """What is shown of a linter's finding."""

    @property
    def code(self) -> str:
        """Its rule, e.g. `F841`."""
        ...

    @property
    def message(self) -> str:
        """What is wrong."""
        ...

    @property
    def line(self) -> int:
        """1-based line."""
        ...


def facts_markdown(
    facts: Facts,
    findings: Sequence[FindingLike] = (),
    *,
    level: Level = Level.INTERMEDIATE,
) -> str:
    """Return the top of a hover: signature, then one short plain sentence a fact.

    A beginner also reads what the called functions do; an expert is spared the concepts.
    """
    blocks = [fence(_signature_code(facts), "python")]
    sentences = list(_sentences(facts, level))
    if sentences:
        blocks.append("\n".join(f"{sentence}  " for sentence in sentences).rstrip())
    shown = [_finding(finding) for finding in findings[:_MOST_FINDINGS]]
    if len(findings) > _MOST_FINDINGS:
        shown.append(f"… and {len(findings) - _MOST_FINDINGS} more findings.")
    if shown:
        blocks.append("  \n".join(shown))
    return _at_most("\n\n".join(blocks))


def facts_text(
    facts: Facts,
    findings: Sequence[FindingLike] = (),
    *,
    level: Level = Level.INTERMEDIATE,
) -> str:
    """Return the same as plain text lines for a terminal."""
    lines = [*_sentences(facts, level), *(_finding(finding) for finding in findings)]
    return "\n".join([_signature_code(facts), *map(plain_text, lines)])


def explanation_markdown(explanation: Explanation) -> str:
    """Return the prose and below it the badge: how much was checked, and which model wrote it."""
    prose = explanation.markdown or NOTHING_HELD
    return f"{prose}\n\n{badge(explanation)}"


def badge(explanation: Explanation) -> str:
    """Return `✓ 5 of 5 checked · model · smollm2-135m`, with what was dropped."""
    checks = explanation.checks
    passed = checks.passed == checks.checked
    parts = [f"{'✓' if checks.checked and passed else '·'} {checks.summary}"]
    if checks.dropped:
        count = len(checks.dropped)
        parts.append(f"{count} sentence{'s' if count > 1 else ''} dropped")
    parts += ["the model's reading", code_span(explanation.model)]
    if explanation.cached:
        parts.append("from cache")
    return " · ".join(parts)


def _signature_code(facts: Facts) -> str:
    """Return the signature as Python, wrapped one parameter a line when it is long."""
    signature = " ".join(clean(facts.signature).split())
    keyword = {"class": "class ", "module": "# module "}.get(facts.kind)
    if keyword is None:
        keyword = "async def " if facts.is_async else "def "
    if signature.startswith(("def ", "async def ", "class ")):
        keyword = ""
    decorators = "".join(f"@{clean(name).lstrip('@')}\n" for name in facts.decorators[:4])
    line = keyword + signature
    if len(line) > _SIGNATURE_WIDTH and facts.parameters and "(" in line:
        line = _wrap(line)
    return decorators + line


def _wrap(signature: str) -> str:
    """Break a signature at the commas of its own parentheses."""
    lines: list[str] = []
    depth, current = 0, ""
    for index, character in enumerate(signature):
        if character in "([{":
            depth += 1
            current += character
            if depth == 1 and character == "(":
                lines.append(current)
                current = "    "
            continue
        if character in ")]}":
            depth -= 1
            if depth == 0:
                lines.append(f"{current.rstrip()},")
                return "\n".join([*lines, signature[index:]])
        current += character
        if character == "," and depth == 1:
            lines.append(current.rstrip())
            current = "   "
    return signature


def _sentences(facts: Facts, level: Level) -> Iterator[str]:
    """Say the facts, most useful first; Markdown, one sentence a line."""
    if facts.docstring:
        yield f"*{escape(_first_sentence(facts.docstring))}*"
    if facts.members:
        what = "Methods" if facts.kind == "class" else "Defines"
        yield f"{what}: {_names(facts.members)}."
    if facts.kind in {"function", "method"}:
        yield from _outcome(facts)
    yield from _effects(facts)
    if level is Level.BEGINNER:
        yield from _callee_summaries(facts.calls)
    if facts.concepts and level is not Level.EXPERT:
        yield f"Uses {_listing([_linked(item.title, item.url) for item in facts.concepts])}."
    if facts.links:
        yield f"See {_listing([_see(link) for link in facts.links])}."


def _effects(facts: Facts) -> Iterator[str]:
    """Say what a call does besides returning."""
    if facts.raises:
        yield f"Raises {_listing([_raise(item) for item in facts.raises])}."
    if facts.mutates:
        yield f"Changes {_listing([_mutation(item) for item in facts.mutates])}."
    if facts.recursion:
        yield "Calls itself (recursive)."
    if facts.calls:
        yield f"Calls {_listing([_call(item) for item in facts.calls])}."


def _outcome(facts: Facts) -> Iterator[str]:
    """Say what a caller gets back."""
    kind = f" ({code_span(facts.return_type)})" if facts.return_type else ""
    if facts.yields:
        lines = ", ".join(str(line) for line in facts.yields[:4])
        yield f"Generator: yields values one at a time{kind} (line {lines})."
    values = [item for item in facts.returns if item.expression not in {None, "None"}]
    if values:
        said = [f"{code_span(_short(v.expression or ''))} (line {v.line})" for v in values]
        bare = len(values) < len(facts.returns)
        yield f"Returns {_listing(said, last='or')}{', or None' if bare else ''}{_typed(facts)}."
    elif not facts.yields:
        yield "Returns None."


def _typed(facts: Facts) -> str:
    """Name the returned type when the signature does not already."""
    if not facts.return_type or "->" in facts.signature or "→" in facts.signature or facts.yields:
        return ""
    return f": {code_span(facts.return_type)}"


def _raise(item: Raise) -> str:
    name = (
        "the caught exception again" if item.exception == "re-raise" else code_span(item.exception)
    )
    when = f" when {code_span(_short(item.condition))}" if item.condition else ""
    return f"{name}{when} (line {item.line})"


def _mutation(item: Mutation) -> str:
    whose = {"argument": "its argument ", "global": "the global ", "nonlocal": "the outer "}
    how = escape(item.how)
    return f"{whose.get(item.target, '')}{code_span(item.name)}: {how} (line {item.line})"


def _call(item: Call) -> str:
    return _linked(item.name, item.url, code=True)


def _callee_summaries(calls: Sequence[Call]) -> Iterator[str]:
    for call in [call for call in calls if call.summary][:4]:
        yield f"{code_span(call.name)}: {escape(_first_sentence(call.summary or ''))}"


def _see(link: Link) -> str:
    return _linked(link.title, link.url)


def _linked(title: str, url: str | None, *, code: bool = False) -> str:
    """Link `title` when `url` is a plain https address, else only show it."""
    label = code_span(_short(title)) if code else escape(title)
    return f"[{label}]({url})" if url and _DOC_URL.fullmatch(url) else label


def _finding(finding: FindingLike) -> str:
    return f"⚠ {escape(finding.code)} line {finding.line}: {escape(finding.message)}"


def _names(names: Iterable[str]) -> str:
    return _listing([code_span(name) for name in names])


def _listing(items: Sequence[str], *, last: str = "and") -> str:
    """Join like a person would, and say how many were left out."""
    unique = list(dict.fromkeys(item for item in items if item))
    if len(unique) > _MOST_NAMES:
        return f"{', '.join(unique[:_MOST_NAMES])} {last} {len(unique) - _MOST_NAMES} more"
    return f" {last} ".join(filter(None, [", ".join(unique[:-1]), *unique[-1:]]))


def _short(code: str) -> str:
    flat = " ".join(clean(code).split())
    return flat if len(flat) <= _EXPRESSION_WIDTH else flat[: _EXPRESSION_WIDTH - 1] + "…"


def _first_sentence(text: str) -> str:
    flat = " ".join(clean(text).split())
    match = re.match(r".{8,200}?[.!?](?=\s|$)", flat)
    return match.group() if match else flat[:200]


def plain_text(markdown: str) -> str:
    """Turn sanitized Markdown or a sentence of ours into plain text."""
    text = re.sub(r"(?<!\\)\[((?:[^\[\]\\]|\\.)*)\]\([^)\s]*\)", r"\1", markdown)
    text = re.sub(r"^(\s*)\*([^*]+)\*$", r"\1\2", text)
    text = re.sub(r"(?<!\\)(`+) ?(.*?) ?(?<!`)\1(?!`)", r"\2", text)
    return re.sub(r"\\([\\`*_{}\[\]<>()#+.!~|$&-])", r"\1", text)


def _at_most(markdown: str) -> str:
    """Cut to MAX_LINES without leaving a fence open."""
    lines = markdown.split("\n")
    if len(lines) <= MAX_LINES:
        return markdown
    kept = lines[: MAX_LINES - 2]
    ticks = re.match(r"`{3,}", kept[0])
    if ticks and kept.count(ticks.group()) == 0:
        kept.append(ticks.group())
    return "\n".join([*kept, "…"])
