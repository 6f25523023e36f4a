"""Model text never becomes HTML, an image, a link or an autolink, whoever parses it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from procoder_tutor.sanitize import clean, code_span, escape, fence, sanitize

FORBIDDEN = {"html_block", "html_inline", "image", "link_open", "heading_open", "table_open"}
PAYLOADS = [
    "<script>alert(1)</script>",
    "<script>\nalert(1)\n</script>",
    "<img src=x onerror=alert(1)>",
    "text <b>bold</b>",
    "<!-- comment -->",
    "<!--\ncomment\n-->",
    "<?php echo 1 ?>",
    "<![CDATA[ x ]]>",
    "<!DOCTYPE html>",
    "</div>",
    "<div\nclass=x>",
    "<a href='x'>y</a>",
    "<iframe src=//x>",
    "<svg/onload=alert(1)>",
    "<https://evil.example>",
    "<me@evil.example>",
    "<javascript:alert(1)>",
    "<command:workbench.action.quit>",
    "![x](http://evil.example/p.png)",
    "![x][1]\n\n[1]: http://evil.example/p.png",
    "![]()",
    "![a![b](c)](d)",
    "[![x](y)](z)",
    "[click](http://evil.example)",
    "[click](command:workbench.action.quit)",
    "[click](javascript:alert(1))",
    "[click](data:text/html;base64,AAAA)",
    "[click](<http://evil.example/a b>)",
    "[click](http://evil.example 'title')",
    "[ref]\n\n[ref]: http://evil.example",
    "[ref][]\n\n[ref]: http://evil.example",
    "[a][ref]\n\n[ref]: http://evil.example",
    "[ref]: http://evil.example",
    "- [x](y)\n- ![x](y)",
    "> [x](y)\n> <b>z</b>",
    "1. <b>\n2. ![](z)",
    "# [x](y)",
    "[x](y)\n===",
    "<b>\n---",
    "| a | b |\n|---|---|\n| [x](y) | <b> |",
    "http://evil.example",
    "www.evil.example",
    "see https://evil.example/?q=1.",
    "me@evil.example",
    r"\<b>",
    r"\\<b>",
    r"\\\<b>",
    r"\[x](y)",
    r"\\[x](y)",
    r"[x\](y)](z)",
    "`a` <b> `c`",
    "`a <b>",
    "``a` <b>``",
    "`<b>`[x](y)",
    "[`x`](y)[`z`](w)",
    "`![x](y)",
    "*[x](y)*",
    "**<b>**",
    "*a **b* c**",
    "&lt;b&gt;",
    "&#60;b&#62;",
    "&amp;lt;",
    "    <b>indented</b>",
    "```\n<b>\n```\n<i>",
    "```html\n<b>",
    "````\n```\n````\n<b>",
    "``` `x` <b>\n",
    "~~~\n<b>\n~~~ \n[x](y)",
    "```a b<c>\nx\n```",
    "- a\n\n      <b>\n\n  ```\n  <b>\n",
    "- - - <b>",
    "* * *\n<b>",
    "a\n<b>\n===",
    "\u200b<b>",
    "<\u200bb>",
    "<\x00b>",
    "<b\r>",
    "[x\u202e](y)",
    "\ud800<b>",
    "$x$ :red[a](b)",
    "[^1]\n\n[^1]: <b>",
    "<b" + ">" * 200,
    "[" * 60 + "x" + "](y)" * 60,
    "> " * 60 + "<b>",
    "- " * 40 + "[x](y)",
    "`" * 50 + "<b>" + "`" * 49,
]


def kinds(markdown: str) -> set[str]:
    """All token types a full CommonMark parser with HTML and tables finds."""
    parser = MarkdownIt("commonmark", {"html": True}).enable("table")
    found = set()
    for token in parser.parse(markdown):
        found.add(token.type)
        found |= {child.type for child in token.children or ()}
    return found


@pytest.mark.parametrize("payload", PAYLOADS)
def test_nothing_active_survives(payload: str) -> None:
    assert not kinds(sanitize(payload)) & FORBIDDEN
    assert not kinds(escape(payload)) & FORBIDDEN


MARKUP = st.text(alphabet=st.sampled_from("<>![]()`*_~#-+=|\\&;:/.'\" \n\tabhtpw1{}$\r\u2028"))


@settings(max_examples=400, deadline=None)
@given(st.one_of(MARKUP, st.lists(st.sampled_from(PAYLOADS)).map("".join), st.text()))
def test_nothing_active_survives_any_text(text: str) -> None:
    once = sanitize(text)
    assert not kinds(once) & FORBIDDEN
    assert not kinds(escape(text)) & FORBIDDEN
    assert not kinds(f"a {code_span(text)} b") & FORBIDDEN
    assert kinds(fence(text, text)) == {"fence"}
    once.encode("utf-8")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Adds `a` to *b* and **c**.", "Adds `a` to *b* and **c**."),
        ("one\n\ntwo", "one\n\ntwo"),
        ("- a\n- b\n  - c", "-   a\n-   b\n\n    -   c"),
        ("3. a\n4. b", "1.  a\n2.  b"),
        ("```python\nx = 1\n```", "```python\nx = 1\n```"),
        ("# Title", "Title"),
        ("snake_case and _private", r"snake_case and \_private"),
        ("a < b & c > d", r"a \< b \& c \> d"),
        ("1\\. no list", r"1\. no list"),
        ("see http://a.example now", "see `http://a.example` now"),
        ("[label](http://a.example)", "label"),
    ],
)
def test_plain_markdown_stays_readable(text: str, expected: str) -> None:
    assert sanitize(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\x1b[31mb", "a[31mb"),
        ("a\u202eb\u2066c", "abc"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("\ud83d", "\ufffd"),
        ("naïve 🎈 \U0001d538", "naïve 🎈 \U0001d538"),
    ],
)
def test_clean_removes_what_cannot_be_seen(text: str, expected: str) -> None:
    assert clean(text) == expected


@pytest.mark.parametrize("text", ["x" * 200_000, "a.b-" * 50_000, "@" * 100_000, "a@" * 50_000])
def test_long_words_are_escaped_in_one_pass(text: str) -> None:
    # A pattern that tries every suffix of a word takes minutes here.
    assert escape(text).replace("\\", "").replace("`", "").replace(" ", "") == text
