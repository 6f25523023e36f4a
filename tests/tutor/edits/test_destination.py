"""Where the tests of a module belong, by the folders around it."""

from pathlib import Path

import pytest

from procoder_tutor.edits.destination import Destination, find_destination
from procoder_tutor.edits.model import Rejected

LAYOUTS = [
    ("script", ["bank.py"], "bank.py", "test_bank.py", "bank"),
    ("tests beside", ["pyproject.toml", "bank.py", "tests/x"], "bank.py",
     "tests/test_bank.py", "bank"),
    ("package",
     ["setup.py", "shop/__init__.py", "shop/sub/__init__.py", "shop/sub/bank.py", "test/x"],
     "shop/sub/bank.py", "test/test_bank.py", "shop.sub.bank"),
    ("src", ["pyproject.toml", "src/shop/__init__.py", "src/shop/bank.py", "tests/x"],
     "src/shop/bank.py", "tests/test_bank.py", "shop.bank"),
    ("src without __init__", ["pyproject.toml", "src/shop/bank.py", "tests/x"],
     "src/shop/bank.py", "tests/test_bank.py", "shop.bank"),
    ("the package itself", ["pyproject.toml", "shop/__init__.py"], "shop/__init__.py",
     "shop/test_shop.py", "shop"),
    ("private", ["pyproject.toml", "_bank.py"], "_bank.py", "test_bank.py", "_bank"),
    ("folder of another project", ["tests/x", "a/pyproject.toml", "a/bank.py"], "a/bank.py",
     "a/test_bank.py", "bank"),
]  # fmt: skip


@pytest.mark.parametrize(("files", "source", "path", "module"), [x[1:] for x in LAYOUTS],
                         ids=[x[0] for x in LAYOUTS])  # fmt: skip
def test_where_tests_belong(
    files: list[str], source: str, path: str, module: str, tmp_path: Path
) -> None:
    for name in files:
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    found = find_destination(tmp_path / source)
    assert found == Destination(tmp_path / path, module)


def test_a_name_that_python_cannot_import_has_no_tests(tmp_path: Path) -> None:
    assert isinstance(find_destination(tmp_path / "my-bank.py"), Rejected)


def test_a_test_file_that_cannot_be_read_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "test_bank.py").write_bytes(b"\xff")
    assert isinstance(find_destination(tmp_path / "bank.py"), Rejected)
