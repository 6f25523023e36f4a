"""Links into Python's documentation, held against Python's own inventory."""

import builtins
from pathlib import Path

import pytest

from procoder_tutor.documentation.inventory import (
    BASE,
    Inventory,
    InventoryFormatError,
    python_inventory,
)
from procoder_tutor.documentation.regenerate import main as regenerate
from procoder_tutor.facts.docs import documentation_url

INSTALLED = sorted(Path("/usr/share/doc").glob("python3*/html/objects.inv"))


@pytest.fixture(scope="module")
def installed() -> Path:
    """The inventory of the Python version that ours is made from."""
    version = python_inventory().version
    for path in INSTALLED:
        if path.read_bytes().split(b"\n")[2].endswith(b" " + version.encode()):
            return path
    pytest.skip(f"Debian's package python{version}-doc is not installed: apt install it")


def test_the_data_is_what_python_publishes(installed: Path, tmp_path: Path) -> None:
    regenerate(installed, tmp_path / "made")
    assert Inventory.from_json((tmp_path / "made").read_bytes()) == python_inventory()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"# Sphinx inventory version 1\n\n\n\nx",
        b"# Sphinx inventory version 2\n\n\n\nx",
        b"\xff",
    ],
)
def test_other_files_are_refused(content: bytes) -> None:
    with pytest.raises(InventoryFormatError):
        Inventory.from_sphinx(content)


URLS = [
    ("builtins.len", "library/functions.html#len"),
    ("builtins.str", "library/stdtypes.html#str"),
    ("builtins.str.join", "library/stdtypes.html#str.join"),
    ("builtins.list.sort", "library/stdtypes.html#list.sort"),
    ("builtins.list.append", "library/stdtypes.html#typesseq-mutable"),
    ("builtins.tuple.index", "library/stdtypes.html#typesseq-common"),
    ("builtins.set.add", "library/stdtypes.html#frozenset.add"),
    ("builtins.object.__init__", "reference/datamodel.html#object.__init__"),
    ("builtins.KeyError", "library/exceptions.html#KeyError"),
    ("builtins.KeyError.with_traceback", "library/exceptions.html#KeyError"),
    ("builtins.list.__reversed__", None),
    ("builtins.nothing", None),
    ("builtins", None),
    ("heapq.heappush", "library/heapq.html#heapq.heappush"),
    ("heapq._siftup", None),
    ("os._exit", "library/os.html#os._exit"),
    ("collections", "library/collections.html#module-collections"),
    ("collections.OrderedDict.keys", "library/collections.html#collections.OrderedDict"),
    ("posixpath.join", "library/os.path.html#os.path.join"),
    ("_io.open", "library/io.html#io.open"),
    ("asyncio.tasks.gather", "library/asyncio-task.html#asyncio.gather"),
    ("json.decoder.JSONDecoder.decode", "library/json.html#json.JSONDecoder.decode"),
    (
        "concurrent.futures._base.Future.result",
        "library/concurrent.futures.html#concurrent.futures.Future.result",
    ),
    ("test.support.make", None),
    ("numpy.array", None),
    ("", None),
    ("...", None),
]


@pytest.mark.parametrize(("name", "page"), URLS)
def test_page_of_a_name(name: str, page: str | None) -> None:
    assert documentation_url(name) == (page and BASE + page)


TARGETS = [
    ("std:term:generator", "glossary.html#term-generator"),
    ("std:term:context manager", "glossary.html#term-context-manager"),
    ("std:label:tut-lambda", "tutorial/controlflow.html#tut-lambda"),
    ("py:obj:enum.Enum", "library/enum.html#enum.Enum"),
    (
        "std:token:python-grammar:or_test",
        "reference/expressions.html#grammar-token-python-grammar-or_test",
    ),
    ("std:term:nothing", None),
    ("c:func:PyList_New", None),
    ("generator", None),
]


@pytest.mark.parametrize(("target", "page"), TARGETS)
def test_page_of_a_target(target: str, page: str | None) -> None:
    assert python_inventory().url(target) == (page and BASE + page)


def test_every_public_builtin_has_a_page() -> None:
    names = {name for name in dir(builtins) if name[0] != "_"}
    newer = {"PythonFinalizationError"}
    without = {name for name in names if documentation_url(f"builtins.{name}") is None}
    assert without <= newer
