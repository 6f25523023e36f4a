"""What can be said of code that a model writes into an answer: whether it parses, and its names.

It is not run, and what it does is not compared with the code it is about.
"""

import ast
import builtins
from collections.abc import Iterator

from procoder_tutor.fences import CodeBlock
from procoder_tutor.parsing import parse_fragment
from procoder_tutor.vocabulary import Vocabulary

_PYTHON = frozenset({"", "py", "python", "python3"})
NOT_CHECKED = "Code by the model, not checked."
_PARSES = "Code by the model: it parses, and its names exist. What it does was not checked."
_BROKEN = "Code by the model: this is not valid Python."


def unknown_names(tree: ast.AST, vocabulary: Vocabulary) -> tuple[str, ...]:
    """Return the names that code reads, and neither it, the studied code nor Python defines."""
    defined = set(_defined(tree)) | set(dir(builtins))
    read = [
        node.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    ]
    return tuple(
        name for name in dict.fromkeys(read) if name not in defined and not vocabulary.knows(name)
    )


def verdict(block: CodeBlock, vocabulary: Vocabulary) -> tuple[str, tuple[str, ...]]:
    """Return what to say under a block, and the names in it that do not exist."""
    if block.language not in _PYTHON:
        return NOT_CHECKED, ()
    tree = parse_fragment(block.code) or parse_fragment(f"if True:\n{block.code}")
    if tree is None:
        return (_BROKEN if block.language else NOT_CHECKED), ()
    unknown = unknown_names(tree, vocabulary)
    if unknown:
        return f"Code by the model: `{unknown[0]}` is not defined anywhere.", unknown
    return _PARSES, ()


def _defined(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            yield node.id
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.alias):
            yield (node.asname or node.name).partition(".")[0]
        elif isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar) and node.name:
            yield node.name
