"""The first lines of a card: the signature as Python."""

from procoder_tutor.facts.model import Facts
from procoder_tutor.sanitize import clean

_SIGNATURE_WIDTH = 72
_KEYWORDS = {"class": "class ", "module": "# module ", "range": "# "}


def signature_code(facts: Facts) -> str:
    """Return the signature as Python, wrapped one parameter a line when it is long."""
    signature = " ".join(clean(facts.signature).split())
    keyword = _KEYWORDS.get(facts.kind)
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
