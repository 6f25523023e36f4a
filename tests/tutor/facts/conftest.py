"""Facts of short pieces of code."""

from collections.abc import Callable
from textwrap import dedent

import pytest

from procoder_tutor.facts.build import instant_facts
from procoder_tutor.facts.model import Facts
from procoder_tutor.symbols import Document, Snapshot

FactsOf = Callable[..., Facts]


@pytest.fixture(name="facts_of", scope="session")
def fixture_facts_of() -> FactsOf:
    """Return a function that gives the facts of `name` in `code`."""

    def facts_of(code: str, name: str = "f") -> Facts:
        document = Document.parse(Snapshot(dedent(code)))
        return instant_facts(document, document.by_name(name))

    return facts_of
