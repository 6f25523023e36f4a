"""Small questions about syntax trees."""

import ast
from pathlib import Path

from procoder_tutor.syntax import children

SOURCES = sorted((Path(__file__).parents[2] / "server" / "procoder_tutor" / "facts").glob("*.py"))


def test_children_are_those_of_ast() -> None:
    nodes = [node for path in SOURCES for node in ast.walk(ast.parse(path.read_text()))]
    assert len(nodes) > len(SOURCES)
    assert all(children(node) == list(ast.iter_child_nodes(node)) for node in nodes)
