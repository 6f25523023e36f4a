"""Syntax errors: each kind is told from the others, whatever the version of Python calls it."""

import sys

import pytest

from procoder_tutor.diagnoses import diagnose
from procoder_tutor.findings import Finding
from procoder_tutor.lint import lint
from procoder_tutor.symbols import Document, Snapshot

SNIPPETS = [
    # other languages and slips
    ("if x: pass\nelse if y: pass", "else-if"),
    ("if x: pass\nelse if y:\n    pass", "else-if"),
    ("if x: pass\nelseif y: pass", "elseif"),
    ("i++", "increment"),
    ("x = y++", "increment"),
    ("i--", "decrement"),
    ("a && b", "and-sign"),
    ("if a > 0 && b > 0: pass", "and-sign"),
    ("a || b", "or-sign"),
    ("!a", "not-sign"),
    ("if !a: pass", "not-sign"),
    ("x =< 1", "less-or-equal-order"),
    ("if x =< 1: pass", "less-or-equal-order"),
    ("if x => 1: pass", "greater-or-equal-order"),
    ("f = x => 1", "arrow"),
    ("x <> 1", "old-not-equal"),
    ("x === y", "triple-equals"),
    ("x !== y", "triple-equals"),
    ("a ? b : c", "question-mark"),
    ("if x then: pass", "then"),
    ("do:\n    x", "do-loop"),
    ("switch x: pass", "switch"),
    ("case 1: pass", "stray-case"),
    ("function f(): pass", "function-word"),
    ("var x = 1", "declaration"),
    ("int x = 1", "declaration"),
    ("x = new Foo()", "new-word"),
    ("public def f(): pass", "access-word"),
    ("// a comment", "slash-comment"),
    ("/* a comment */", "block-comment"),
    ("x = $a", "dollar-sign"),
    ("for (i = 0; i < 3; i++): pass", "counting-for"),
    ("for i of x: pass", "for-without-in"),
    ("for i range(3): pass", "for-without-in"),
    ("while (true) { }", "curly-block"),
    ("def f(x) { return x }", "curly-block"),
    ("class = 3", "keyword-as-name"),
    ("def class(): pass", "keyword-as-name"),
    ("def f(None): pass", "keyword-as-name"),
    ("import class", "keyword-as-name"),
    ("x = pass", "keyword-as-name"),
    ("x := 1", "walrus-statement"),
    ("raise A, 'b'", "raise-comma"),
    ("global x = 1", "global-with-value"),
    ("x = lambda: return 1", "lambda-statement"),
    ("import a from b", "import-order"),
    ("from a import", "import-nothing"),
    ("x.", "missing-attribute"),
    ("x = 1.2.3", "two-decimal-points"),
    ("while : pass", "empty-condition"),
    ("x = [1, 2, , 3]", "extra-comma"),
    ("f(, 1)", "extra-comma"),
    ("x = = 1", "doubled-operator"),
    ("a and and b", "doubled-operator"),
    ("x = ", "missing-value"),
    ("x = 1 +", "missing-value"),
    ("if a and: pass", "missing-value"),
    ("else:\n    pass", "stray-branch"),
    ("elif x: pass", "stray-branch"),
    ("def f('a'): pass", "bad-parameter"),
    ("def f(a b): pass", "bad-parameter"),
    ("area(side):\n    return 1", "missing-def"),
    ("items.0", "dotted-number"),
    ('x = "say "hi""', "quotes-inside"),
    ('print("say "hi" now")', "quotes-inside"),
    ("while True print(1)", "missing-colon-inline"),
    ("if (a == 1: pass", "bracket-before-colon"),
    ("x = 1 2", "two-things"),
    ("foo bar", "two-things"),
    ("whlie True: pass", "keyword-typo"),
    ("fro x in y: pass", "keyword-typo"),
    ("form os import path", "keyword-typo"),
    ("retrun 1", "keyword-typo"),
    ("x = 1 if b else pass", "statement-in-choice"),
    ("f(a; b)", "invalid-syntax"),
    # colons and blocks
    ("if x\n    pass", "missing-colon"),
    ("def f()\n    pass", "missing-colon"),
    ("class A\n    x = 1", "missing-colon"),
    ("if x:\n    y\nelse\n    z", "missing-colon"),
    ("def f:\n    pass", "def-without-brackets"),
    ("x = 1\n  y = 2", "unexpected-indent"),
    ("if x:\n    a\n  b", "unindent-mismatch"),
    ("if x:\n\ta\n        b", "mixed-tabs"),
    ("def f():", "empty-block"),
    ("for x in y:\n# c\nz", "empty-block"),
    ("try:\n    a\nb", "try-without-except"),
    ("try:\n    a\nexcept A:\n    b\nexcept* B:\n    c", "except-mixed"),
    ("try:\n    a\nexcept*:\n    b", "except-nothing"),
    ("import a as b.c", "bad-target"),
    ("x = a if b", "expected-else"),
    ("x = 1 + \\", "end-of-file"),
    ("raise A() from", "from-nothing"),
    # brackets, texts, numbers, characters
    ("x = (1", "never-closed"),
    ("print('a'\nx = 1", "never-closed"),
    ("f(1]", "mismatched-bracket"),
    ("f(\n1]", "mismatched-bracket"),
    ("f(1))", "unmatched-bracket"),
    ("x = 'it's'", "apostrophe-in-text"),
    ("x = 'abc\\'", "escaped-quote"),
    ("x = 'abc", "unterminated-string"),
    ("x = 'a\nb'", "unterminated-string"),
    ("print('a\")", "mixed-quotes"),
    ('x = """abc\ny = 1', "unterminated-triple-string"),
    ("f = open('C:\\Users\\me')", "windows-path"),
    ("x = '\\x1'", "bad-escape"),
    ("x = b'é'", "bytes-not-ascii"),
    ("x = b'a' 'b'", "bytes-and-text"),
    ("x = ur'a'", "bad-prefix"),
    ("f'{}'", "f-string-empty"),
    ("f'{a'", "f-string-open"),
    ("f'}'", "f-string-single"),
    ("f'{a!x}'", "f-string-conversion"),
    ("x = 1 \\ 2", "after-backslash"),
    ("1st = 2", "name-starts-with-digit"),
    ("x = 1a", "bad-decimal"),
    ("x = 0b2", "bad-base"),
    ("x = 0xg", "bad-base"),
    ("x = 0123", "leading-zeros"),
    ("x = “a”", "curly-quote"),
    ("x = 3 \u00d7 4", "invalid-character"),
    ("x = 1\u200b", "invisible-character"),
    ("x = 1\0", "null-character"),
    ("(" * 300 + ")" * 300, "too-many-brackets"),
    # assignments
    ("if x = 1: pass", "single-equals"),
    ("if x.a = 1: pass", "assign-in-condition"),
    ("my-name = 1", "dash-in-name"),
    ("None = 1", "assign-to-constant"),
    ("f() = 1", "assign-to-call"),
    ("for f() in x: pass", "assign-to-call"),
    ("1 = x", "assign-to-literal"),
    ("a + b = 1", "assign-to-expression"),
    ("f() += 1", "bad-augmented-target"),
    ("del f()", "bad-delete"),
    ("(a.b := 1)", "bad-walrus-target"),
    ("assert n := 3", "walrus-brackets"),
    ("(a, b): int = 1", "several-annotated"),
    ("f(): int = 1", "bad-annotation-target"),
    ("*a = []", "starred-target"),
    ("x = *[]", "stray-star"),
    ("a = yield = 1", "yield-target"),
    # calls and collections
    ('print "a"', "print-statement"),
    ("print x", "print-statement"),
    ("x = [1 2]", "missing-comma"),
    ("f(a b)", "missing-comma"),
    ("f(a=1, 2)", "positional-after-keyword"),
    ("f(**k, *a)", "unpacking-order"),
    ("print(end='', end='')", "repeated-keyword"),
    ("f('a'=1)", "assignment-in-call"),
    ("def f(a=): pass", "argument-value-missing"),
    ("f(x for x in y, 1)", "generator-brackets"),
    ("def f(a=1, b): pass", "default-order"),
    ("def f(*): pass", "bare-star"),
    ("def f(**a, b): pass", "star-parameters"),
    ("def f(*a, *b): pass", "star-parameters"),
    ("def f((a, b)): pass", "bracketed-parameters"),
    ("from a import b,", "trailing-comma"),
    ("[a, b for a, b in c]", "comprehension-pair"),
    ("{a: }", "dict-value-missing"),
    ("{a: 1, b}", "dict-colon-missing"),
    ("{a: *b}", "dict-star"),
    ("x = 1 + not y", "not-brackets"),
    ("match 1:\n    case y: pass\n    case 2: pass", "pattern-unreachable"),
    ("match 1:\n    case A(b=1, 2): pass", "pattern-order"),
    ("match 1:\n    case 1 as _: pass", "pattern-names"),
    # scopes
    ("def f():\n    await 1", "await-outside-async"),
    ("def f():\n    async with 1: pass", "await-outside-async"),
    ("async def f():\n    yield 1\n    return 2", "async-return"),
    ("async def f():\n    yield from []", "async-yield-from"),
    ("def f():\n    [(yield 1) for y in []]", "yield-in-comprehension"),
    ("nonlocal x", "nonlocal-at-top"),
    ("def f():\n    nonlocal x", "nonlocal-unknown"),
    ("def f(x):\n    global x", "parameter-and-global"),
    ("def f():\n    x = 1\n    global x", "global-too-late"),
    ("def f():\n    global x\n    x: int = 1", "annotated-global"),
    ("[(x := 1) for x in []]", "walrus-in-comprehension"),
]
BEFORE = ["", "\ufeff", "y = 'é😀'\r\n\r\n"]


def diagnoses_of(text: str) -> list[tuple[str, str]]:
    document = Document.parse(Snapshot(text))
    return [(d.id, d.meaning) for d in (diagnose(document, f) for f in lint(document))]


@pytest.mark.parametrize("before", BEFORE, ids=["plain", "bom", "crlf"])
@pytest.mark.parametrize(("code", "expected"), SNIPPETS)
def test_a_syntax_error_is_recognized(code: str, expected: str, before: str) -> None:
    assert expected in [found for found, _ in diagnoses_of(before + code)]


@pytest.mark.parametrize(
    ("code", "old", "new"),
    [
        ("f'{a b}'", "f-string-code", "missing-comma"),
        ("f'{if}'", "f-string-code", "f-string-empty"),
        ("f'{a #}'", "f-string-comment", "never-closed"),
        ("f'{[1]\\n}'", "f-string-backslash", "after-backslash"),
        ("f'{lambda x: 1}'", "f-string-code", "f-string-lambda"),
    ],
)
def test_f_strings_before_and_since_python_3_12(code: str, old: str, new: str) -> None:
    assert [found for found, _ in diagnoses_of(code)] == [
        new if sys.version_info >= (3, 12) else old
    ]


WORDINGS = [
    # What versions from 3.8 to 3.14 say; the running one gives some of these only.
    ("invalid syntax. Did you mean 'while'?", "whille x: pass", "keyword-typo"),
    ("'elif' block follows an 'else' block", "elif x: pass", "stray-branch"),
    ("expected expression after 'else', but statement is given", "x", "statement-in-choice"),
    ("expected expression before 'if', but statement is given", "x", "statement-in-choice"),
    ("invalid syntax. Is this intended to be part of the string?", "'a'b'c'", "quotes-inside"),
    ("'u' and 'b' prefixes are incompatible", "ub'abc'", "bad-prefix"),
    ("cannot use attribute as import target", "import a as b.c", "bad-target"),
    ("cannot use except statement with attribute", "except A as b.c:", "bad-target"),
    ("cannot use list as pattern target", "case 1 as []:", "bad-target"),
    ("multiple exception types must be parenthesized", "except A, B:", "except-comma"),
    ("multiple exception types must be parenthesized when using 'as'", "x", "except-comma"),
    ("unterminated string literal (detected at line 1); perhaps you escaped the end quote",
     "'a\\'", "escaped-quote"),
    ("unterminated f-string literal (detected at line 1)", "f'a", "unterminated-string"),
    ("unterminated t-string literal (detected at line 1)", "t'a", "unterminated-string"),
    ("unterminated triple-quoted t-string literal (detected at line 1)", "t'''a",
     "unterminated-triple-string"),
    ("EOL while scanning string literal", "'a", "unterminated-string"),
    ("EOF while scanning triple-quoted string literal", "'''a", "unterminated-triple-string"),
    ("unexpected EOF while parsing", "x = (", "end-of-file"),
    ("cannot mix t-string literals with string or bytes literals", "t'' ''", "bytes-and-text"),
    ("t-string: valid expression required before '}'", "t'{}'", "f-string-empty"),
    ("f-string: expecting '=', or '!', or ':', or '}'", "f'{a b}'", "f-string-open"),
    ("named parameters must follow bare *", "def f(*): pass", "bare-star"),
    ("parameters cannot follow var-keyword parameter", "def f(**a, b): pass", "star-parameters"),
    ("at least one parameter must precede /", "def f(/): pass", "star-parameters"),
    ("parameter without a default follows parameter with a default", "x", "default-order"),
    ("non-default argument follows default argument", "x", "default-order"),
    ("duplicate parameter 'a' in function definition", "x", "DuplicateArgument"),
    ("'in' expected after for-loop variables", "for x y", "for-without-in"),
    ("case statement must be inside match statement", "case 1: pass", "stray-case"),
    ("Expected one or more names after 'import'", "import", "import-nothing"),
    ("Did you mean to use 'from ... import ...' instead?", "import a from b", "import-order"),
    ("the last 'with' item has a trailing comma", "with a,: pass", "trailing-comma"),
    ("expected argument value expression", "f(a=)", "argument-value-missing"),
    ("Invalid star expression", "f(*)", "stray-star"),
    ("cannot unpack only part of a conditional expression", "x", "stray-star"),
    ("cannot use dict unpacking in a dictionary value", "{a: **b}", "dict-star"),
    ("did you forget an expression after 'from'?", "raise A from", "from-nothing"),
    ("cannot use named expression without parentheses here", "x", "walrus-brackets"),
    ("'not' after an operator must be parenthesized", "x", "not-brackets"),
    ("non-default type parameter 'T' follows default type parameter", "x", "type-default-order"),
    ("duplicate type parameter 'T'", "class A[T, T]: pass", "duplicate-type-parameter"),
    ("too many statically nested blocks", "x", "too-many-levels"),
    ("expected an indented block", "x", "empty-block-unnamed"),
    ("expected an indented block after 'except*' statement on line 3", "x", "empty-block"),
    ("assignment expression within a comprehension cannot be used in a class body", "x",
     "walrus-in-comprehension"),
    ("name 'x' is nonlocal and global", "x", "global-and-nonlocal"),
]  # fmt: skip


@pytest.mark.parametrize(("message", "line", "expected"), WORDINGS)
def test_a_wording_of_any_version_is_recognized(message: str, line: str, expected: str) -> None:
    document = Document.parse(Snapshot(line))
    finding = Finding("E999", "SyntaxError", f"SyntaxError: {message}", "error", 1, 0, 1, 1)
    assert diagnose(document, finding).id == expected


@pytest.mark.parametrize(
    ("code", "phrases"),
    [
        ("x = 1\ny = (2", ["bracket `(` on line 2"]),
        ("f(\n1]", ["Line 2 closes with `]`", "is `(`"]),
        ("for x in y:\nz", ["Line 1 starts a block (`for`)"]),
        ("def f():\nz", ["Line 1 starts a block (`function`)"]),
        ("x = 3 \u00d7 4", ["character `\u00d7`"]),
        ("print(end='', end='')", ["gives `end` two values"]),
        ("retrun 1", ["says `retrun`", "the word `return`"]),
        ("class = 3", ["Line 1 uses `class`"]),
        ("var total = 3", ["puts `var` before `total`"]),
        ("if x\n    pass", ["found the end of the line"]),
        ("a" * 3000 + " b", ["line 1", "`b`"]),
    ],
)
def test_a_text_names_the_code_it_is_about(code: str, phrases: list[str]) -> None:
    ((_, meaning),) = diagnoses_of(code)
    for phrase in phrases:
        assert phrase.lower() in meaning.lower()
