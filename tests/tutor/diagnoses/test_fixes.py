"""Repairs: exact, proved, and only where there is one right way."""

from pathlib import Path

import pytest

from procoder_tutor.diagnoses.fixes import known_fix, verified
from procoder_tutor.edits.model import TextEdit
from procoder_tutor.edits.text import apply_edits
from procoder_tutor.lint import lint
from procoder_tutor.positions import Position
from procoder_tutor.symbols import Document, Snapshot

IMPORTS = [
    ("import os\nx = 1\n", "x = 1\n"),
    ("import os", ""),
    ("x = 1\nimport os", "x = 1"),
    ("import os  # for paths\nx = 1\n", "x = 1\n"),
    ("import os, sys\nsys\n", "import sys\nsys\n"),
    ("import sys, os\nsys\n", "import sys\nsys\n"),
    ("import os.path as p, sys\nsys\n", "import sys\nsys\n"),
    ("import os; x = 1\n", "x = 1\n"),
    ("x = 1; import os\n", "x = 1\n"),
    ("if True:\n    import os\n", "if True:\n    pass\n"),
    ("if True: import os\n", "if True: pass\n"),
    ("from os import (\n    path,  # a\n    sep,  # b\n)\npath\n",
     "from os import (\n    path,  # a\n)\npath\n"),
    ("from os import (\n    path,  # a\n    sep,  # b\n)\nsep\n",
     "from os import (\n    sep,  # b\n)\nsep\n"),
    ("from os import (path,\n                sep)\nsep\n", "from os import (sep)\nsep\n"),
    ("from os import path \\\n    as p\nx = 1\n", "x = 1\n"),
    ("def f():\n    import os\n    return 1\n", "def f():\n    return 1\n"),
]  # fmt: skip
NAMES = [
    ("price = 5\nprint(prise)\n", "price = 5\nprint(price)\n"),
    ("done = true\n", "done = True\n"),
    ("print(math.pi)\n", "import math\n\nprint(math.pi)\n"),
    ('"""Doc."""\nprint(math.pi)\n', '"""Doc."""\nimport math\n\nprint(math.pi)\n'),
    ('"""Doc."""\n\nimport os\nprint(math.pi, os)\n',
     '"""Doc."""\n\nimport math\nimport os\nprint(math.pi, os)\n'),
    ("from __future__ import annotations\n\nprint(math.pi)",
     "from __future__ import annotations\n\nimport math\n\nprint(math.pi)"),
    ("#!/usr/bin/env python\n# coding: utf-8\nprint(math.pi)\n",
     "#!/usr/bin/env python\n# coding: utf-8\nimport math\n\nprint(math.pi)\n"),
    ("# Licence.\n\nprint(math.pi)\n", "# Licence.\n\nimport math\n\nprint(math.pi)\n"),
    ("# shows pi\nprint(math.pi)\n", "import math\n\n# shows pi\nprint(math.pi)\n"),
    ("p = Path('a')\n", "from pathlib import Path\n\np = Path('a')\n"),
    ("def f():\n    return math.pi\n", "import math\n\ndef f():\n    return math.pi\n"),
]  # fmt: skip
VARIABLES = [
    ("def f():\n    x = 1\n    return 2\n", "def f():\n    return 2\n"),
    ("def f():\n    x = 1\n", "def f():\n    pass\n"),
    ("def f(g):\n    x = g(1)\n", "def f(g):\n    g(1)\n"),
    ("def f(g):\n    x: int = g(1)\n", "def f(g):\n    g(1)\n"),
    ("def f(g):\n    x = (\n        g(1)\n    )\n", "def f(g):\n    (\n        g(1)\n    )\n"),
    ("def f(g):\n    x = y = g()\n    return y\n", "def f(g):\n    y = g()\n    return y\n"),
    ("def f(g):\n    y = x = g()\n    return y\n", "def f(g):\n    y = g()\n    return y\n"),
    ("def f(a, b):\n    x = a + b\n", "def f(a, b):\n    a + b\n"),
    ("def f():\n    x: int\n    return 1\n", "def f():\n    return 1\n"),
    ("def f(g):\n    try:\n        g()\n    except OSError as e:\n        pass\n",
     "def f(g):\n    try:\n        g()\n    except OSError:\n        pass\n"),
    ("def f():\n    with open('a') as b:\n        pass\n",
     "def f():\n    with open('a'):\n        pass\n"),
    ("def f():\n    with open('a') as b, open('c') as d:\n        return b\n",
     "def f():\n    with open('a') as b, open('c'):\n        return b\n"),
    ("def f():\n    global x, y\n    x = 1\n", "def f():\n    global x\n    x = 1\n"),
    ("x = 1\ndef f():\n    global x\n    return x\n", "x = 1\ndef f():\n    return x\n"),
]  # fmt: skip
MEANINGS = [
    ("x = 1\nx is 'a'\n", "x = 1\nx == 'a'\n"),
    ("x = 1\nx  is  not  5\n", "x = 1\nx  !=  5\n"),
    ("x = 1\n(x is 'is')\n", "x = 1\n(x == 'is')\n"),
    ("def f():\n    raise NotImplemented\n", "def f():\n    raise NotImplementedError\n"),
    ("def f():\n    raise NotImplemented('later')\n",
     "def f():\n    raise NotImplementedError('later')\n"),
    ("x = 1\nassert (x > 0, 'small')\n", "x = 1\nassert x > 0, 'small'\n"),
    ("x = 1\nassert(x > 0, f'small {x}')\n", "x = 1\nassert x > 0, f'small {x}'\n"),
    ("import sys\nprint >> sys.stderr, 'a', 1\n",
     "import sys\nprint('a', 1, file=sys.stderr)\n"),
    ("x = f'plain'\n", "x = 'plain'\n"),
    ("x = rF'\\d'\n", "x = r'\\d'\n"),
    ("x = f'{{a}}'\n", "x = '{a}'\n"),
    ("x = (f'a'\n     'b'\n     F\"c\")\n", "x = ('a'\n     'b'\n     \"c\")\n"),
    ("x = f'''a\n{{b}}'''\n", "x = '''a\n{b}'''\n"),
    ("x = '\\d+'\n", "x = r'\\d+'\n"),
    ("x = '\\d\\n'\n", "x = '\\\\d\\n'\n"),
    ("x = b'\\d'\n", "x = rb'\\d'\n"),
    ("x = '😀\\d'\n", "x = r'😀\\d'\n"),
]  # fmt: skip
SYNTAX = [
    ("if x\n    pass\n", "if x:\n    pass\n"),
    ("def f()  # what\n    pass\n", "def f():  # what\n    pass\n"),
    ("if x: pass\nelse if y: pass\n", "if x: pass\nelif y: pass\n"),
    ("if x: pass\nelseif y: pass\n", "if x: pass\nelif y: pass\n"),
    ("if x = 1: pass\n", "if x == 1: pass\n"),
    ("if f(a=1) and x = 1: pass\n", "if f(a=1) and x == 1: pass\n"),
    ("if x.a = 1: pass\n", "if x.a == 1: pass\n"),
    ("print('a'\nx = 1\n", "print('a')\nx = 1\n"),
    ("x = f(1, (2, 3)  # note\ny = 1\n", "x = f(1, (2, 3))  # note\ny = 1\n"),
    ("print(f(1\nx = 1\n", "print(f(1))\nx = 1\n"),
    ("def f(x, y:\n    pass\n", "def f(x, y):\n    pass\n"),
    ("if (a == 1:\n    pass\n", "if (a == 1):\n    pass\n"),
    ("print('a'))\n", "print('a')\n"),
    ("print('a\")\n", "print('a')\n"),
    ("print(“a”)\n", 'print("a")\n'),
    ("x = \u2018it\u2019\n", "x = 'it'\n"),
    ("x =\u00a01\u00a0+ 2\n", "x = 1 + 2\n"),
    ("x = 1\u200b\n", "x = 1\n"),
    ("x = '\u00a0' + \u00a0y\n", "x = '\u00a0' +  y\n"),
    ("x = 3 \u00d7 4\n", "x = 3 * 4\n"),
    ("x = f(1\uff0c2)\n", "x = f(1,2)\n"),
    ("print 'a'\n", "print('a')\n"),
    ("print 'a', b  # c\n", "print('a', b)  # c\n"),
    ("x = [1 2]\n", "x = [1, 2]\n"),
    ("print('a' b)\n", "print('a', b)\n"),
    ("x = {'a': 1 'b': 2}\n", "x = {'a': 1, 'b': 2}\n"),
    ("print(a + b c)\n", "print(a + b, c)\n"),
    ("whlie True: pass\n", "while True: pass\n"),
    ("def f():\n    retrun 1\n", "def f():\n    return 1\n"),
    ("i++\n", "i += 1\n"),
    ("if a && b: pass\n", "if a and b: pass\n"),
    ("if !a: pass\n", "if not a: pass\n"),
    ("if a <> b: pass\n", "if a != b: pass\n"),
    ("if a =< b: pass\n", "if a <= b: pass\n"),
    ("if a === b: pass\n", "if a == b: pass\n"),
    ("if x then\n    pass\n", "if x:\n    pass\n"),
    ("var x = 1\n", "x = 1\n"),
    ("// note\n", "# note\n"),
    ("x = '//'; // note\n", None),
    ("x := 1\n", "x = 1\n"),
    ("import a from b\n", "from b import a\n"),
    ("from a import b,  # c\n", "from a import b  # c\n"),
    ("open('C:\\Users\\me')\n", "open(r'C:\\Users\\me')\n"),
]
NONE = [
    "try:\n    import os\nexcept ImportError:\n    pass\n",
    "print(nowhere)\n",
    "ab1 = ab2 = 1\nprint(ab3)\n",
    "def f(): ...\ndef f(): ...\n",
    "{'a': 1, 'a': 2}\n",
    "x = 1\nif (x, 2): pass\n",
    "x = 1\nassert (x, 2)\n",
    "import sys\nprint >> sys.stderr, 'a',\n",
    "'%s %s' % (1,)\n",
    "def f():\n    x, y = 1, 2\n",
    "def f(a, a): ...\n",
    "x = [\n    1,\ny = 2\n",
    "x = (1))2\n",
    "f(1]\n",
    "1, 2)\n",
    "x = 0123\n",
    "if x:\n    a\n  b\n",
    "x ! y\n",
    "x = {'a' 1}\n",
    "x = dict(a=1, b = 2\n  y = 3\n",
    "def f():\n    await 1\n",
    "print 'a',\n",
    "1 = x\n",
]


def first_fix(text: str, path: Path | None = None) -> str | None:
    """The text after the first repair that is offered; every repair offered must hold."""
    document = Document.parse(Snapshot(text, path=path))
    for finding in lint(document):
        fix = known_fix(document, finding)
        if fix is not None:
            assert fix.title
            assert verified(document, finding, fix.edits)
            return apply_edits(text, fix.edits)
    return None


@pytest.mark.parametrize(("before", "after"), [*IMPORTS, *NAMES, *VARIABLES, *MEANINGS, *SYNTAX])
def test_a_known_fix(before: str, after: str | None) -> None:
    assert first_fix(before) == after


@pytest.mark.parametrize(
    "prefix", ["\ufeff", "y = '😀'\n", "\ty = 1\n"], ids=["bom", "astral", "tab"]
)
@pytest.mark.parametrize(("before", "after"), [*VARIABLES, *SYNTAX])
def test_a_fix_keeps_the_rest_of_the_text(before: str, after: str | None, prefix: str) -> None:
    if prefix.startswith("\t"):
        prefix = "if True:\n" + prefix
    for end in ("\n", "\r\n", "\r"):
        text = (prefix + before).replace("\n", end)
        assert first_fix(text) == (after and (prefix + after).replace("\n", end))


@pytest.mark.parametrize("end", ["\r\n", "\r"])
@pytest.mark.parametrize(("before", "after"), [*IMPORTS, *NAMES, *MEANINGS])
def test_a_fix_keeps_line_ends(before: str, after: str, end: str) -> None:
    assert first_fix(before.replace("\n", end)) == after.replace("\n", end)


@pytest.mark.parametrize("code", NONE)
def test_what_has_no_one_repair_is_left_alone(code: str) -> None:
    assert first_fix(code) is None


def test_an_import_of_a_package_is_kept() -> None:
    assert first_fix("from os import path\n", Path("shapes/__init__.py")) is None


@pytest.mark.parametrize(
    ("text", "edit", "holds"),
    [
        ("import os\nx = 1\n", TextEdit(Position(1, 0), Position(2, 0), ""), True),
        ("import os\nx = 1\n", TextEdit(Position(1, 0), Position(1, 9), "pass"), True),
        ("import os\nx = 1\n", TextEdit(Position(1, 0), Position(1, 0), ""), False),
        ("import os\nx = 1\n", TextEdit(Position(1, 7), Position(1, 9), "sys"), False),
        ("import os\nx = 1\n", TextEdit(Position(1, 0), Position(1, 9), "print(y)"), False),
        ("import os\nx = 1\n", TextEdit(Position(1, 0), Position(1, 6), "imp"), False),
        ("import os\nx = 1\n", TextEdit(Position(1, 9), Position(1, 0), ""), False),
        ("import os\nx = 1\n", TextEdit(Position(1, 0), Position(1, 99), ""), False),
        ("import os\nx = 1\n", TextEdit(Position(9, 0), Position(9, 0), ""), False),
        ("x = (\n", TextEdit(Position(1, 5), Position(1, 5), ")"), True),
        ("x = = 1\ny = = 2\n", TextEdit(Position(1, 4), Position(1, 6), ""), True),
        ("x = = 1\ny = = 2\n", TextEdit(Position(2, 4), Position(2, 6), ""), False),
    ],
)
def test_what_an_edit_must_prove(text: str, edit: TextEdit, holds) -> None:
    document = Document.parse(Snapshot(text))
    assert verified(document, lint(document)[0], [edit]) is holds


def test_edits_may_not_overlap() -> None:
    edits = [
        TextEdit(Position(1, 0), Position(1, 3), "a"),
        TextEdit(Position(1, 2), Position(1, 4), "b"),
    ]
    with pytest.raises(ValueError, match="overlaps"):
        apply_edits("some text", edits)
