"""Where the tests of a module belong, and how they import it.

This reads folders and the test file that may exist already; everything else about tests is
decided without touching the disk.
"""

from dataclasses import dataclass, field
from pathlib import Path

from procoder_tutor.edits.model import Rejected

_PROJECT_SIGNS = ("pyproject.toml", "setup.py", "setup.cfg", "tox.ini", ".git")
_TEST_FOLDERS = ("tests", "test")
_SOURCE_FOLDER = "src"


@dataclass(frozen=True, slots=True)
class Destination:
    """A test file, which may exist, and the module it is about."""

    path: Path
    module: str
    """Dotted name that the tests import."""
    existing: str | None = field(default=None, repr=False)
    """Text of the file when it exists."""


def find_destination(source: Path) -> Destination | Rejected:
    """Choose the test file of a module on disk: `tests/test_<module>.py` of its project.

    Without a folder for tests it lies beside the module. The module's name follows the folders
    with an `__init__.py`, or those below `src`, as pytest's documentation on layouts has it.
    """
    names, root = _module_name(source)
    if not names or not all(name.isidentifier() for name in names):
        return Rejected(
            f"`{source.name}` cannot be imported by its name, so a test cannot reach it."
        )
    folder = _test_folder(root, source.parent)
    path = folder / f"test_{names[-1].strip('_')}.py"
    try:
        existing = path.read_bytes().decode() if path.exists() else None
    except (OSError, UnicodeDecodeError):
        return Rejected(f"`{path.name}` exists, but could not be read as UTF-8.")
    return Destination(path, ".".join(names), existing)


def _module_name(source: Path) -> tuple[list[str], Path]:
    """Parts of the module's dotted name, and the folder that has to be on Python's path."""
    names = [] if source.stem == "__init__" else [source.stem]
    folder = source.parent
    while (folder / "__init__.py").is_file() or _below_source(folder):
        names.insert(0, folder.name)
        folder = folder.parent
    return names, folder


def _below_source(folder: Path) -> bool:
    """Tell whether a folder without `__init__.py` is a namespace package of a src layout."""
    above = [parent for parent in folder.parents if parent.name == _SOURCE_FOLDER]
    return bool(above) and any((above[0].parent / sign).exists() for sign in _PROJECT_SIGNS)


def _test_folder(root: Path, beside: Path) -> Path:
    """The nearest folder for tests from `root` up to the project's own folder."""
    for folder in (root, *root.parents):
        for name in _TEST_FOLDERS:
            if (folder / name).is_dir():
                return folder / name
        if any((folder / sign).exists() for sign in _PROJECT_SIGNS):
            break
    return beside
