"""Selected lines: what they widen to, and which names go in and out."""

from textwrap import dedent

import pytest

from procoder_tutor.errors import NoSymbolError
from procoder_tutor.facts.build import instant_facts
from procoder_tutor.symbols import Document, Snapshot

CODE = dedent('''\
    import os

    LIMIT = 3

    @trace
    def f(xs, extra):
        """Add."""
        # nothing yet
        total = 0
        for x in xs:
            y = x + extra
            if y > LIMIT:
                total += y
            else:
                raise ValueError(y)
        text = f(
            total,
            os.sep,
        )
        return text


    def g(): return 1


    class A:
        x = 1

        def m(self):
            self.x = 2
''')
DOCUMENT = Document.parse(Snapshot(CODE))

SELECTED = [
    ((9, 9), "line 9"),
    ((9, 11), "lines 9-15"),
    ((11, 13), "lines 11-15"),
    ((13, 13), "line 13"),
    ((13, 14), "lines 12-15"),
    ((15, 15), "line 15"),
    ((17, 17), "lines 16-19"),
    ((8, 9), "line 9"),
    ((3, 4), "line 3"),
    ((1, 3), "lines 1-3"),
    ((5, 5), "f"),
    ((6, 20), "f"),
    ((4, 21), "f"),
    ((23, 23), "g"),
    ((20, 23), "lines 5-23"),
    ((29, 29), "A.m"),
    ((30, 30), "line 30"),
    ((27, 29), "lines 27-30"),
    ((7, 7), "line 7"),
    ((1, 999), "lines 1-30"),
    ((-5, 1), "line 1"),
]


@pytest.mark.parametrize(("lines", "name"), SELECTED)
def test_selection(lines: tuple[int, int], name: str) -> None:
    assert DOCUMENT.selection(*lines).name == name


@pytest.mark.parametrize("lines", [(2, 2), (4, 4), (21, 22), (8, 8), (900, 999), (5, 1)])
def test_a_selection_without_code(lines: tuple[int, int]) -> None:
    with pytest.raises(NoSymbolError, match="no code"):
        DOCUMENT.selection(*lines)


def test_lines_that_do_not_parse_are_no_code() -> None:
    document = Document.parse(Snapshot("x = 1\ny = = 2\nz = 3\n"))
    assert document.selection(1, 3).name == "lines 1-3"
    with pytest.raises(NoSymbolError):
        document.selection(2, 2)


FLOW = [
    ((9, 15), "xs extra LIMIT", "total x y", "total"),
    ((10, 15), "xs extra LIMIT total", "x y total", "total"),
    ((11, 11), "x extra", "y", "y"),
    ((16, 19), "f total os", "text", "text"),
    ((20, 20), "text", "", ""),
    ((1, 3), "", "os LIMIT", "os LIMIT"),
]


@pytest.mark.parametrize(("lines", "reads", "sets", "after"), FLOW)
def test_data_flow(lines: tuple[int, int], reads: str, sets: str, after: str) -> None:
    flow = instant_facts(DOCUMENT, DOCUMENT.selection(*lines)).data_flow
    assert flow is not None
    assert flow.reads == tuple(reads.split())
    assert flow.sets == tuple(sets.split())
    assert flow.used_after == tuple(after.split())


NAMES = [
    ("x = 1\ny = x", "", "x y"),
    ("a = a + 1", "a", "a"),
    ("a += 1", "a", "a"),
    ("if c:\n    z = 1\nelse:\n    z = 2\nw = z", "c", "z w"),
    ("if c:\n    a = 1\nw = a", "c a", "a w"),
    ("for i in b:\n    print(i)\nw = i", "b", "i w"),
    ("with b as h:\n    w = h", "b", "h w"),
    ("w = [i for i in b if i > a]", "b a", "w"),
    ("def h(k):\n    return k + a\nw = h(b)", "a b", "h w"),
    ("try:\n    w = int(a)\nexcept ValueError as e:\n    w = e\nv = w", "a", "w e v"),
    ("match c:\n    case [q]:\n        w = q\n    case _:\n        w = a", "c a", "q w"),
    ("print(len(unknown))", "", ""),
    ("del a", "", ""),
    ("w = (n := a) + n", "a", "w n"),
    ("while a:\n    a -= 1", "a", "a"),
]


@pytest.mark.parametrize(("code", "reads", "sets"), NAMES)
def test_names_of_a_range(code: str, reads: str, sets: str) -> None:
    body = "\n".join("    " + line for line in code.split("\n"))
    document = Document.parse(Snapshot(f"def f(a, b, c):\n    pass\n{body}\n"))
    last = document.source.line_count - 1
    symbol = document.selection(3, last)
    flow = instant_facts(document, symbol).data_flow
    assert flow is not None
    assert (flow.reads, flow.sets) == (tuple(reads.split()), tuple(sets.split()))


def test_facts_of_a_range_are_those_of_its_statements() -> None:
    facts = instant_facts(DOCUMENT, DOCUMENT.selection(10, 15))
    assert (facts.kind, facts.signature) == ("range", "lines 10-15")
    assert [(r.exception, r.condition) for r in facts.raises] == [("ValueError", "not (y > LIMIT)")]
    assert (facts.nesting, facts.loop_nesting) == (2, 1)
    assert [step.line for step in facts.steps] == [10, 11, 12]
    changed = instant_facts(DOCUMENT, DOCUMENT.selection(30, 30))
    assert [m.name for m in changed.mutates] == ["self.x"]
