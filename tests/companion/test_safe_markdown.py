"""Markdown that has passed: what stays as it is, and what can load or lead anywhere no more."""

import re

import pytest
from markdown_it import MarkdownIt

from procoder_companion.safe_markdown import safe_markdown


@pytest.mark.parametrize(
    "text",
    [
        "Returns `a * b`, *twice* or **more**.",
        "One.\n\nTwo.",
        "- one\n- two",
        "1. one\n2. two",
        "```python\nprint('`')\n```",
        "Uses [lambda](<https://docs.python.org/3/x.html#y>).",
        "A line,  \nand the next.",
    ],
)
def test_what_is_harmless_stays(text: str) -> None:
    assert safe_markdown(text) == text


@pytest.mark.parametrize(
    "poison",
    [
        "![x](http://evil.example/a.png)",
        "![x][r]\n\n[r]: http://evil.example/a.png",
        "[click](http://evil.example/)",
        "[click](javascript:alert\\(1\\))",
        "[docs](https://docs.python.org.evil.example/)",
        "[docs](https://docs.python.org@evil.example/)",
        "[docs](http://docs.python.org/)",
        "<http://evil.example/>",
        "http://evil.example/ and www.evil.example and eve@evil.example",
        "<img src=http://evil.example/a.png>",
        "a <b onclick=x>b</b>",
        "[![x](http://evil.example/a.png)](http://evil.example/)",
        "> ![x](http://evil.example/a.png)",
        "- item\n\n  ![x](http://evil.example/a.png)",
        "# ![x](http://evil.example/a.png)",
        "\\![x](http://evil.example/a.png)",
        "!\\[x](http://evil.example/a.png)",
        "`a`![x](http://evil.example/a.png)`b`",
        "&#33;&#91;x&#93;(http://evil.example/a.png)",
    ],
)
def test_what_loads_or_leads_elsewhere_becomes_text(poison: str) -> None:
    once = safe_markdown(poison)
    tokens = MarkdownIt("commonmark").parse(once)
    inline = [child for token in tokens for child in token.children or ()]
    kinds = {token.type for token in (*tokens, *inline)}
    assert not kinds & {"image", "link_open", "html_inline", "html_block"}
    # Browsers are shown GitHub's flavour, which makes links of bare addresses.
    text = "".join(token.content for token in inline if token.type == "text")
    assert not re.search(r"https?:|www\.|@evil", text)
    assert safe_markdown(once) == once


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (":red[x] :material/home: :smile:", r"\:red\[x\] \:material/home\: \:smile\:"),
        ("$x$", r"\$x\$"),
        ("# Title", "**Title**"),
        ("1\\. not a list", "1\\. not a list"),
        ("\\- not a list", "\\- not a list"),
        ("> quoted", "quoted"),
        ("| a | b |", r"\| a \| b \|"),
    ],
)
def test_directives_and_blocks_lose_their_meaning(text: str, shown: str) -> None:
    assert safe_markdown(text) == shown
