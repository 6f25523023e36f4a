"""The pages that answers are shown as."""

import pytest

from procoder_server.presentation import write_page


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("merge", "merge.md"),
        ("Account.deposit", "Account.deposit.md"),
        ("Hint for line 3", "Hint_for_line_3.md"),
        ("../..", "_.md"),
        ("...", "explanation.md"),
        ("n" * 300, "n" * 80 + ".md"),
    ],
)
def test_a_page_is_named_after_what_it_is_about(name, file, tmp_path) -> None:
    path = write_page(tmp_path, name, "It sorts.")
    assert path == tmp_path / file
    assert path.read_text() == f"# {name}\n\nIt sorts.\n"


def test_another_text_gets_another_page(tmp_path) -> None:
    texts = ["Look at line 3.", "It divides.", "By zero.", "It divides."]
    names = [write_page(tmp_path, "Hint", text).name for text in texts]
    assert names == ["Hint.md", "Hint-2.md", "Hint-3.md", "Hint-2.md"]
    assert "By zero." in (tmp_path / "Hint-3.md").read_text()


def test_what_is_no_text_is_replaced(tmp_path) -> None:
    assert write_page(tmp_path, "merge", "\ud800").read_text() == "# merge\n\n?\n"
