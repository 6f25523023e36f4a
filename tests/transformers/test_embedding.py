"""The embedding model of the evaluation, from its package."""

import pytest

from procoder_tutor.evaluation.embedding import Embedder, missing_packages


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    assert missing_packages() == []
    return Embedder()


def test_the_same_is_more_alike_than_the_unrelated(embedder: Embedder) -> None:
    same, alike, unrelated, empty = embedder.similarity(
        [
            ("Adds two numbers.", "Adds two numbers."),
            ("Returns the sum of a and b.", "Adds two numbers."),
            ("Deletes expired sessions.", "Adds two numbers."),
            ("", "Adds two numbers."),
        ]
    )
    assert same == pytest.approx(1, abs=1e-5)
    assert same > alike > 2 * unrelated
    assert empty == 0


def test_a_text_has_one_embedding_in_any_batch(embedder: Embedder) -> None:
    pair = ("Sorts a list.", "Orders the items of a list in place by bubble sort.")
    (alone,) = embedder.similarity([pair])
    among = embedder.similarity([pair] * 40 + [("word " * 400, "word")])
    assert among[:40] == pytest.approx([alone] * 40, abs=1e-5)
