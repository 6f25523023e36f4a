"""Code moved to another indentation; the texts inside it stay as they are."""

from procoder_tutor.edits.text import DEFAULT_INDENT, leading
from procoder_tutor.edits.trees import string_lines
from procoder_tutor.parsing import parse_fragment


def reindented(code: str, indent: str, unit: str) -> list[str]:
    """Return the lines of `code` at `indent`, a level of it by `unit`; blank lines are empty.

    There is no line where there is no code.
    """
    if not code.strip():
        return []
    lines = [line.rstrip() if not line.strip() else line for line in code.split("\n")]
    inside = _inside_strings(code)
    own = [n for n, line in enumerate(lines, 1) if line and n not in inside]
    common = min((len(leading(lines[n - 1])) for n in own), default=0)
    steps = [len(leading(lines[n - 1])) - common for n in own]
    step = next((s for s in steps if s), len(DEFAULT_INDENT))
    for number in own:
        line = lines[number - 1]
        levels, rest = divmod(len(leading(line)) - common, step)
        lines[number - 1] = indent + unit * levels + " " * rest + line.lstrip(" \t\f")
    return lines


def _inside_strings(code: str) -> frozenset[int]:
    tree = parse_fragment(code)
    if tree is not None:
        return string_lines(tree)
    wrapped = parse_fragment("if True:\n" + code)
    return frozenset(line - 1 for line in string_lines(wrapped)) if wrapped else frozenset()
