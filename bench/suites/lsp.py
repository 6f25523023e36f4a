"""The language server as an editor sees it, beside jedi-language-server.

The same client drives both over the same files, one after the other, in turns that begin with
another one each round. jedi keeps what it parsed in its users' cache, and so both begin with a
round that is not counted. Memory is read from /proc: this suite runs on Linux.
"""

import asyncio
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from statistics import median
from typing import TypeVar

from bench.code import Code, generated_module, largest_modules, read_code
from bench.editor import Editor, editing
from bench.hosts import started_host
from bench.measure import Goal, Series, percentile
from bench.processes import tree_megabytes

MODEL = "smollm2-135m"
MODULES = 5
PLACES = 12
"""Functions to hover in each file, evenly spread, so that one file's style does not decide."""
ROUNDS = 3
STARTS = 10
EDITED = 4
"""One in so many of the functions has a keystroke before it."""
CACHED_PLACES = 3
CACHED_HOVERS = 100
BANK = Path(__file__).parents[2] / "examples" / "bank.py"
BROKEN = "(\n"
"""A line that no file parses with."""

PROCODER = (sys.executable, "-P", "-m", "procoder_cli", "lsp")
PEER = (str(Path(sys.executable).with_name("jedi-language-server")),)
PEER_NAME = "jedi-language-server"
HOVER = Goal(at_most=150, of_peer=0.5)
HALF = Goal(of_peer=0.5)
Environment = Mapping[str, str]
T = TypeVar("T")
p95 = partial(percentile, percent=95)


@dataclass(slots=True)
class Session:
    """What one server did in one round; milliseconds, but for `megabytes`."""

    started: float = 0.0
    """From starting the process to the first hover that says something about a small file."""
    opened: list[float] = field(default_factory=list)
    """The first hover in each file, as soon as it was opened."""
    first: list[float] = field(default_factory=list)
    """The first hover of each further function."""
    again: list[float] = field(default_factory=list)
    keystrokes: list[float] = field(default_factory=list)
    """From a change that breaks the file, or mends it, to the diagnostics of that version."""
    megabytes: float = 0.0


@dataclass(frozen=True, slots=True)
class Pair:
    """The rounds of both servers."""

    mine: Sequence[Session]
    peer: Sequence[Session]

    def series(
        self, name: str, figure: Callable[[Session], float], goal: Goal | None, unit: str = "ms"
    ) -> Series:
        """One figure of each round."""
        mine, peer = ([figure(session) for session in rounds] for rounds in (self.mine, self.peer))
        return Series(name, unit, mine, PEER_NAME, peer, goal)


def run() -> Sequence[Series]:
    """Everything that can be told without a model, then hovers while one works."""
    with tempfile.TemporaryDirectory(prefix="procoder-bench-") as name:
        folder = Path(name)
        files = _files(folder)
        starting = asyncio.run(_starts(folder))
        calm = asyncio.run(_rounds(files, folder))
        with _model() as model:
            busy = [asyncio.run(_session(PROCODER, files, folder, model)) for _ in range(ROUNDS)]
            cached = asyncio.run(_cached(folder, model))
    return [
        starting,
        calm.series("start until the first hover", lambda s: s.started, None),
        *_hovers("", calm),
        *_hovers(", model at work", Pair(busy, calm.peer)),
        Series("explanation from the cache, p95", "ms", cached, goal=Goal(at_most=10)),
        calm.series("keystroke to diagnostics", lambda s: median(s.keystrokes), HALF),
        calm.series("keystroke to diagnostics, p95", lambda s: p95(s.keystrokes), HALF),
        calm.series("memory after this work", lambda s: s.megabytes, Goal(above_peer=50), "MB"),
    ]


def _files(folder: Path) -> list[Code]:
    generated = folder / "generated.py"
    generated.write_text(generated_module(), encoding="utf-8")
    return [read_code(path, PLACES) for path in (*largest_modules(MODULES), generated)]


async def _starts(folder: Path) -> Series:
    """From starting the process to the answer to `initialize`; the first pair is not counted."""
    mine: list[float] = []
    peer: list[float] = []
    for number in range(STARTS + 1):
        for command, times in _in_turn(number, (PROCODER, mine), (PEER, peer)):
            async with editing(command, _isolated(folder)) as editor:
                times.append(editor.initialize_ms)
    return Series("initialize", "ms", mine[1:], PEER_NAME, peer[1:], Goal(of_peer=1.0))


async def _rounds(files: Sequence[Code], folder: Path) -> Pair:
    """Rounds in which no model writes."""
    mine: list[Session] = []
    peer: list[Session] = []
    variables = {"PROCODER_HOST_START": "false"}
    for number in range(ROUNDS + 1):
        for command, sessions in _in_turn(number, (PROCODER, mine), (PEER, peer)):
            sessions.append(await _session(command, files, folder, variables))
    return Pair(mine[1:], peer[1:])


def _in_turn(number: int, *both: T) -> Sequence[T]:
    """Return both, the other way round in every second round."""
    return both if number % 2 else both[::-1]


async def _session(
    command: Sequence[str], files: Sequence[Code], folder: Path, variables: Environment
) -> Session:
    session = Session()
    async with editing(command, {**_isolated(folder), **variables}) as editor:
        bank = read_code(BANK, 1)
        editor.open_unchecked(bank.path, bank.text)
        hovered = await editor.hover_until_read(bank.path, *bank.places[0])
        session.started = editor.initialize_ms + hovered.ms
        for code in files:
            await _hover_all(editor, code, session)
        for code in files:
            for line, _ in code.places[::EDITED]:
                session.keystrokes.append(await editor.change(code.path, line, line, BROKEN))
                session.keystrokes.append(await editor.change(code.path, line, line + 1, ""))
        session.megabytes = tree_megabytes(editor.process_id)
    return session


async def _hover_all(editor: Editor, code: Code, session: Session) -> None:
    """Hover a file's functions twice, the first of them as soon as the file is opened."""
    editor.open_unchecked(code.path, code.text)
    session.opened.append((await editor.hover_until_read(code.path, *code.places[0])).ms)
    for times in (session.first, session.again):
        for place in code.places[1:]:
            times.append((await editor.hover_until_read(code.path, *place)).ms)


async def _cached(folder: Path, model: Environment) -> list[float]:
    """The 95th percentile of hovers that show an explanation, of each of some functions."""
    code = read_code(BANK, CACHED_PLACES)
    slowest = []
    async with editing(PROCODER, {**_isolated(folder), **model}) as editor:
        await editor.open(code.path, code.text)
        for place in code.places:
            await editor.hover_until_explained(code.path, *place)
            times = [(await editor.hover(code.path, *place)).ms for _ in range(CACHED_HOVERS)]
            slowest.append(p95(times))
    return slowest


def _isolated(folder: Path) -> Environment:
    """Variables by which a server knows nothing of other sessions, and they nothing of it."""
    own = Path(tempfile.mkdtemp(dir=folder))
    return {
        "PROCODER_RUNTIME_DIR": str(own / "runtime"),
        "PROCODER_CACHE_PATH": str(own / "explanations.sqlite3"),
        "PROCODER_CONVERSATIONS_PATH": str(own / "conversations.sqlite3"),
    }


@contextmanager
def _model() -> Iterator[Environment]:
    """Variables that name a host which is ready, and which is no child of the server's."""
    with started_host(MODEL) as address:
        yield {"PROCODER_HOST_URL": address.url, "PROCODER_HOST_TOKEN_FILE": address.token_file}


def _hovers(when: str, pair: Pair) -> list[Series]:
    return [
        pair.series(f"slowest first hover in a file{when}", lambda s: max(s.opened), None),
        pair.series(f"first hovers, p95{when}", lambda s: p95(s.opened + s.first), HOVER),
        pair.series(f"hovers again, p95{when}", lambda s: p95(s.again), HOVER),
    ]
