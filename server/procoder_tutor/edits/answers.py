"""Code taken out of what a model wrote."""

from markdown_it import MarkdownIt

from procoder_tutor.parsing import parse_fragment
from procoder_tutor.positions import SourceText, split_lines

MAX_ANSWER = 100_000
"""Characters of an answer that are read; what follows is ignored."""


def code_of(answer: str) -> str:
    """Return the code of an answer, `\\n` for its line ends: the first fence that parses.

    Without a fence the whole answer is taken for code; where nothing parses, the first candidate.
    """
    text = "\n".join(split_lines(answer[:MAX_ANSWER]))
    tokens = MarkdownIt("commonmark").parse(text)
    candidates = [token.content for token in tokens if token.type == "fence"] or [text]
    fit = [SourceText(candidate).text.strip("\n").rstrip() for candidate in candidates]
    return next((code for code in fit if code and parses(code)), fit[0])


def parses(code: str) -> bool:
    """Tell whether code parses, also when it is indented as a whole."""
    return parse_fragment(code) is not None or parse_fragment("if True:\n" + code) is not None
