"""The key of an answer: what must not change it, what must, and that it is the prompt's."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from procoder_tutor.answering import keys
from procoder_tutor.answering.keys import answer_key
from procoder_tutor.backend import ModelInfo
from procoder_tutor.cache import cache_key
from procoder_tutor.excerpts import excerpt_of
from procoder_tutor.prompts import profile_for
from procoder_tutor.questions import Level, Question
from procoder_tutor.symbols import Document, Snapshot

MODEL = ModelInfo("m", "sha256:1", "purpose", 2048)
CODE = '''\
import math
from functools import cache

RATE = 2
LIMIT = [1, 2]

def helper(x):
    return x

class Shape(Base):
    """A shape."""

    kind = "round"

    @cache
    def area(self, width, height=1, *rest: int) -> float:
        """Multiply."""
        # why
        total = width * height
        for each in rest:
            if each > RATE and not helper(each):
                total += each
        return math.sqrt(total)
'''


def key(
    code: str = CODE, name: str = "Shape.area", model: ModelInfo = MODEL, **asked: object
) -> str:
    document = Document.parse(Snapshot(code, uri="file:///m.py"))
    question = Question(document.by_name(name), **asked)  # type: ignore[arg-type]
    return answer_key(model, excerpt_of(document, question.symbol), question)


def edited(old: str, new: str) -> str:
    assert old in CODE
    return CODE.replace(old, new)


MUST_NOT_MISS = {
    "comment changed": edited("# why", "# because"),
    "comment removed": edited("        # why\n", ""),
    "comment added at the end of a line": edited("in rest:", "in rest:  # all"),
    "comment added on a line": edited("        total = ", "        # then\n        total = "),
    "blank lines": edited("        for", "\n\n        for"),
    "spaces": edited("width * height", "width*height"),
    "parentheses": edited("width * height", "(width * height)"),
    "line breaks": edited("width, height=1, *rest: int", "\n    width,\n height=1, *rest: int,\n"),
    "indentation": edited("                total += each", "                    total += each"),
    "tabs": CODE.replace("    ", "\t"),
    "carriage returns": CODE.replace("\n", "\r\n"),
    "byte order mark": "\ufeff" + CODE,
    "trailing space": CODE.replace("\n", "   \n"),
    "no newline at the end": CODE.rstrip(),
    "semicolon": edited("width * height\n", "width * height;\n"),
    "docstring changed": edited("Multiply.", "Multiply them."),
    "docstring's quotes": edited('"""Multiply."""', "'Multiply.'"),
    "docstring removed": edited('        """Multiply."""\n', ""),
    "number written otherwise": edited("height=1", "height=0x1"),
    "if on one line": edited(":\n                total", ": total"),
    "moved down": "\n" * 50 + CODE,
    "code above": "import os\n\ndef first():\n    pass\n\n" + CODE,
    "code below": CODE + "\n\ndef last():\n    pass\n",
    "another function's body": edited("return x", "return x + 1"),
    "a constant that is not used": edited("[1, 2]", "[1, 2, 3]"),
    "a comment beside a constant": edited("RATE = 2", "RATE = 2  # percent"),
    "another attribute of the class": edited('"round"', '"square"'),
    "the class's docstring": edited("A shape.", "Any shape."),
    "unfinished code below": CODE + "\ndef last(:\n",
}
MUST_MISS = {
    "constant": edited("height=1", "height=2"),
    "operator": edited("width * height", "width + height"),
    "comparison": edited("each > RATE", "each >= RATE"),
    "not": edited("and not helper", "and helper"),
    "and": edited("RATE and", "RATE or"),
    "name": edited("each", "item"),
    "parameter": edited("width", "breadth"),
    "function": edited("area", "surface"),
    "call": edited("math.sqrt", "math.cbrt"),
    "default": edited("height=1", "height"),
    "annotation": edited("rest: int", "rest: float"),
    "return annotation": edited(" -> float", ""),
    "decorator": edited("    @cache\n", ""),
    "statement": edited("                total += each", "                pass"),
    "order": edited("each > RATE and not helper(each)", "not helper(each) and each > RATE"),
    "indentation of the return": edited("        return math", "            return math"),
    "async": edited("    def area", "    async def area"),
    "text that looks like a comment": edited("# why", 'note = "# why"'),
    "used constant": edited("RATE = 2", "RATE = 3"),
    "used constant's name": CODE.replace("RATE", "SHARE"),
    "class": edited("class Shape(", "class Form(").replace("Shape", "Form"),
    "base class": edited("Base", "Root"),
}


@pytest.mark.parametrize("code", MUST_NOT_MISS.values(), ids=MUST_NOT_MISS)
def test_edit_that_must_not_miss(code: str) -> None:
    assert code != CODE
    assert key(code) == key()


@pytest.mark.parametrize("code", MUST_MISS.values(), ids=MUST_MISS)
def test_edit_that_must_miss(code: str) -> None:
    assert key(code, method_of(code)) != key()


@pytest.mark.parametrize(
    ("model", "asked"),
    [
        (replace(MODEL, id="n"), {}),
        (replace(MODEL, digest="sha256:2"), {}),
        (replace(MODEL, prompt_style="docstring"), {}),
        (replace(MODEL, context_window=4096), {}),
        (MODEL, {"level": Level.BEGINNER}),
        (MODEL, {"level": Level.EXPERT}),
        (MODEL, {"language": "es"}),
        (MODEL, {"language": "es-MX"}),
        (MODEL, {"language": "xx"}),
    ],
)
def test_other_circumstances_must_miss(model: ModelInfo, asked: dict[str, object]) -> None:
    assert key(model=model, **asked) != key()


@pytest.mark.parametrize("version", ["PROMPT_VERSION", "CHECK_VERSION"])
def test_another_version_of_ours_must_miss(monkeypatch: pytest.MonkeyPatch, version: str) -> None:
    before = key()
    monkeypatch.setattr(keys, version, 999)
    assert key() != before


@pytest.mark.parametrize("asked", [{"refresh": True}, {"language": "EN"}])
def test_the_same_question_must_not_miss(asked: dict[str, object]) -> None:
    assert key(**asked) == key()


@pytest.mark.parametrize("name", ["Shape", "m", "helper"])
@pytest.mark.parametrize("code", ["\n\n# above\n" + CODE, CODE.replace("\n", "\r\n")])
def test_other_symbols_move_too(name: str, code: str) -> None:
    assert key(code, name) == key(name=name)


REPLACEMENTS = [
    ("# why", "# because"),
    ("        # why\n", ""),
    ("Multiply.", "Multiply them."),
    ("width * height", "(width * height)"),
    ("width", "breadth"),
    ("RATE = 2", "RATE = 3"),
    ("RATE = 2", "RATE = 2  # two"),
    ("return x", "return -x"),
    ("helper", "assistant"),
    ("total += each", "total += each  # add"),
    ("total += each", "total -= each"),
    ("    @cache\n", ""),
    ("(Base)", ""),
    ("\n", "\r\n"),
    ("import math\n", "import math\n\n"),
]
edits = st.lists(st.sampled_from(REPLACEMENTS), max_size=4)


@settings(deadline=None)
@given(edits, edits)
def test_the_key_is_that_of_the_prompt(
    first: list[tuple[str, str]], second: list[tuple[str, str]]
) -> None:
    one, other = _with(first), _with(second)
    same_prompt = prompt(one) == prompt(other)
    assert (key(one, method_of(one)) == key(other, method_of(other))) is same_prompt


def prompt(code: str) -> tuple[object, ...]:
    """Return all that a model is given: the prompt's bytes, its stops and its limit."""
    document = Document.parse(Snapshot(code))
    excerpt = excerpt_of(document, document.by_name(method_of(code)))
    profile, level = profile_for(MODEL.prompt_style), Level.INTERMEDIATE
    text = profile.render(excerpt, level, "en").encode()
    return text, profile.stops(excerpt.kind), profile.max_tokens(level, "en")


def method_of(code: str) -> str:
    document = Document.parse(Snapshot(code))
    return next(symbol.name for symbol in document.symbols if symbol.kind == "method")


def _with(replacements: list[tuple[str, str]]) -> str:
    code = CODE
    for old, new in replacements:
        code = code.replace(old, new)
    return code


def test_keys_tell_parts_apart() -> None:
    assert cache_key("ab", "c") != cache_key("a", "bc")
    assert cache_key("a") != cache_key("a", "")
