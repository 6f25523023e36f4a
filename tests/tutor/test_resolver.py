"""The resolver with its real worker process, and with workers that misbehave."""

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from procoder_tutor.facts.build import instant_facts
from procoder_tutor.facts.model import Facts
from procoder_tutor.resolver import WORKER, Resolver
from procoder_tutor.symbols import Document, Snapshot, Symbol
from procoder_tutor.targets import Target

CODE = """\
import heapq
import json
from collections import deque

class Log:
    '''Keeps lines.'''
    def __init__(self):
        self.lines = deque()
    def add(self, text):
        '''Add one line.

        More.'''
        self.lines.append(text)

def f(log=Log(), n=1, nothing=None, typed: int = 2):
    log.add("😀"); heapq.heappush([], n)
    log.lines.appendleft(n)
    unknown(n)
    return json.dumps(n)

def g(x):
    return sum(x)
"""


def ask(name: str, code: str = CODE, path: Path | None = None) -> tuple[Document, Symbol, Facts]:
    document = Document.parse(Snapshot(code, path=path))
    symbol = document.by_name(name)
    return document, symbol, instant_facts(document, symbol)


@pytest.fixture
async def resolver() -> AsyncIterator[Resolver]:
    resolver = Resolver()
    yield resolver
    await resolver.aclose()


async def test_types_full_names_and_summaries(resolver: Resolver) -> None:
    facts = await resolver.complete(*ask("f"), budget=None)
    assert facts.complete
    calls = {call.name: call for call in facts.calls}
    assert calls["log.add"].summary == "Add one line."
    assert calls["heapq.heappush"].full_name == "heapq.heappush"
    assert calls["log.lines.appendleft"].full_name == "collections.deque.appendleft"
    assert calls["log.lines.appendleft"].url == (
        "https://docs.python.org/3/library/collections.html#collections.deque.appendleft"
    )
    assert calls["unknown"].full_name is None
    assert [parameter.inferred for parameter in facts.parameters] == ["Log", "int", None, None]
    assert facts.return_type == "str"


async def test_a_cache_that_a_killed_worker_spoilt_is_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    for _ in range(2):
        resolver = Resolver()
        facts = await resolver.complete(*ask("f"), budget=None)
        await resolver.aclose()
        names = {call.name: call.full_name for call in facts.calls}
        assert names["log.lines.appendleft"] == "collections.deque.appendleft"
        kept = [file for file in tmp_path.rglob("*.pkl") if file.is_file()]  # noqa: ASYNC240
        assert kept
        for file in kept:
            file.write_bytes(file.read_bytes()[:10])


async def test_a_type_that_jedi_only_guesses_is_left_out(resolver: Resolver) -> None:
    facts = await resolver.complete(*ask("g"), budget=None)
    assert (facts.complete, facts.return_type) == (True, None)


async def test_classes_and_modules(resolver: Resolver) -> None:
    document, _, _ = ask("f")
    for symbol in (document.by_name("Log"), document.module):
        facts = instant_facts(document, symbol)
        assert (await resolver.complete(document, symbol, facts, budget=None)).complete


async def test_out_of_budget_gives_the_facts_back_and_the_work_goes_on(resolver: Resolver) -> None:
    question = ask("f")
    first = await resolver.complete(*question, budget=0)
    assert first is question[2]
    assert (await resolver.complete(*question, budget=None)).complete


async def test_a_cancelled_caller_does_not_cancel_the_work(resolver: Resolver) -> None:
    question = ask("f")
    caller = asyncio.create_task(resolver.complete(*question, budget=None))
    other = asyncio.create_task(resolver.complete(*question, budget=None))
    assert await resolver.complete(*question, budget=0) is question[2]
    caller.cancel()
    assert (await other).complete


async def test_what_was_found_is_kept(resolver: Resolver) -> None:
    question = ask("f")
    found = await resolver.complete(*question, budget=None)
    assert await resolver.complete(*question, budget=0) == found


async def test_a_killed_worker_is_replaced(resolver: Resolver) -> None:
    await resolver.complete(*ask("g"), budget=None)
    process = resolver._process
    assert process is not None
    process.kill()
    await process.wait()
    assert (await resolver.complete(*ask("f"), budget=None)).complete


GROWN = """
from procoder_tutor import resolver_worker
resolver_worker._MAX_MEGABYTES = 0
resolver_worker.main()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only there a process knows its size")
async def test_a_worker_that_has_grown_too_large_answers_and_leaves() -> None:
    resolver = Resolver((sys.executable, "-P", "-c", GROWN))
    try:
        for name in ("f", "g"):
            assert (await resolver.complete(*ask(name), budget=None)).complete
            assert resolver._process is not None
            assert await resolver._process.wait() == 0
    finally:
        await resolver.aclose()


DIES_ONCE = """
import os, pathlib, sys
flag = pathlib.Path(sys.argv[1])
if not flag.exists():
    flag.touch()
    sys.stdin.readline()
    os.abort()
from procoder_tutor.resolver_worker import main
main()
"""


async def test_a_worker_that_dies_over_a_request_is_replaced(tmp_path: Path) -> None:
    resolver = Resolver((sys.executable, "-P", "-c", DIES_ONCE, str(tmp_path / "flag")))
    try:
        assert (await resolver.complete(*ask("f"), budget=None)).complete
    finally:
        await resolver.aclose()


HANGS_ONCE = """
import os, pathlib, sys
flag = pathlib.Path(sys.argv[1])
if not flag.exists():
    flag.touch()
    sys.stdin.readline()
    sys.stdin.readline()
from procoder_tutor.resolver_worker import main
main()
"""


async def test_a_worker_that_hangs_is_killed_and_the_next_one_answers(tmp_path: Path) -> None:
    command = (sys.executable, "-P", "-c", HANGS_ONCE, str(tmp_path / "flag"))
    resolver = Resolver(command, hard_limit=5.0)
    try:
        question = ask("g")
        assert await resolver.complete(*question, budget=None) is question[2]
        assert (await resolver.complete(*ask("f"), budget=None)).complete
    finally:
        await resolver.aclose()


MISBEHAVING = [
    ("ends at once", "pass"),
    ("writes no JSON", "import sys; sys.stdin.readline(); print('noise', flush=True); input()"),
    ("writes something else", "import sys; sys.stdin.readline(); print('[]', flush=True); input()"),
]


@pytest.mark.parametrize("code", [m[1] for m in MISBEHAVING], ids=[m[0] for m in MISBEHAVING])
async def test_a_worker_that_misbehaves_costs_no_facts(code: str) -> None:
    resolver = Resolver((sys.executable, "-c", code))
    try:
        question = ask("f")
        assert await resolver.complete(*question, budget=None) is question[2]
    finally:
        await resolver.aclose()


async def test_the_worker_survives_noise_and_leaves_at_the_end_of_its_input() -> None:
    noisy = "import procoder_tutor.resolver_worker as w, os\nreal = w.resolve\n"
    noisy += "def loud(r):\n    print('noise'); os.write(1, b'more\\n')\n    return real(r)\n"
    noisy += "w.resolve = loud\nw.main()"
    for command in ((sys.executable, "-P", "-c", noisy), WORKER):
        resolver = Resolver(command)
        assert (await resolver.complete(*ask("f"), budget=None)).complete
        process = resolver._process
        await resolver.aclose()
        assert process is not None
        assert process.returncode == 0


async def test_the_users_code_is_not_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mark = tmp_path / "ran"
    for name in ("json", "gi", "helper", "sitecustomize"):
        (tmp_path / f"{name}.py").write_text(f"open({str(mark)!r}, 'w')\ndef go(): ...\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PYTHONPATH", raising=False)
    code = "import gi, helper, json\ndef f():\n    gi.go(); helper.go(); json.dumps(1)\n"
    resolver = Resolver()
    try:
        facts = await resolver.complete(*ask("f", code, tmp_path / "x.py"), budget=None)
    finally:
        await resolver.aclose()
    assert {call.name: call.full_name for call in facts.calls}["helper.go"] == "helper.go"
    assert not mark.exists()


TARGETS = """\
import heapq
import os.path as p

class Log:
    @staticmethod
    def make(size: int = 3) -> "Log":
        '''Make a log.

        More.'''
        return Log()
    def add(self, *lines, end=""):
        return lines

def f(count):
    "😀"; log = Log.make(); log.add("a")
    heapq.heappush([], count)
    return p.join(log, "é"), count.real
"""


@pytest.mark.parametrize(
    ("word", "signature", "summary", "line"),
    [
        ('add("a', 'add(self, *lines, end="")', None, 11),
        ("make()", 'make(size: int=3) -> "Log"', "Make a log.", 6),
        ("Log()", "Log()", None, 4),
        ("heappush(", "heappush(heap: ", "Push item onto heap", None),
        ("join(", "join(", None, None),
        ("log, ", None, None, None),
        ("count)\n    ret", None, None, None),
        ("real", None, None, None),
        ("return lines", None, None, None),
    ],
)
async def test_what_a_name_refers_to(
    resolver: Resolver, word: str, signature: str | None, summary: str | None, line: int | None
) -> None:
    before = TARGETS[: TARGETS.index(word)]
    place = before.count("\n") + 1, len(before) - before.rfind("\n") - 1
    target = await resolver.target(Document.parse(Snapshot(TARGETS)), *place, budget=None)
    if signature is None:
        assert target is None
        return
    assert target is not None
    assert target.signature.startswith(signature)
    assert (target.summary or "").startswith(summary or "")
    assert target.line == line
    assert (target.url or "").startswith("https://docs.python.org/") is (line is None)


async def test_a_target_of_another_file_has_no_line(resolver: Resolver, tmp_path: Path) -> None:
    (tmp_path / "other.py").write_text('def help_out():\n    "Help."\n')
    code = "import other\nother.help_out()\n"
    document = Document.parse(Snapshot(code, path=tmp_path / "mine.py"))
    target = await resolver.target(document, 2, 8, budget=None)
    assert target == Target("other.help_out", "help_out()", "Help.")


async def test_a_target_in_a_saved_file_has_its_line(resolver: Resolver, tmp_path: Path) -> None:
    code = "class A:\n    def b(self): ...\ndef f(a: A):\n    a.b()\n"
    document = Document.parse(Snapshot(code, path=tmp_path / "mine.py"))
    target = await resolver.target(document, 4, 6, budget=None)
    assert target is not None
    assert (target.name, target.line) == ("mine.A.b", 2)
