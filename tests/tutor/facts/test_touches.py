"""What code touches outside of the program's memory."""

from collections.abc import Callable

import pytest

from procoder_tutor.facts.model import Facts

TOUCHES = [
    ("", "open(x)", "file open"),
    ("", "open(x); open(x)", "file open"),
    ("", "print(x); input()", "console print, console input"),
    ("", "print(x, file=y)", ""),
    ("import sys", "print(x, file=sys.stderr)", "console print, console sys.stderr"),
    ("import sys", "sys.stdout.write(x)", "console sys.stdout"),
    ("import sys", "return sys.argv", ""),
    ("import os", "os.environ['A'] = x", "environment os.environ"),
    ("import os", "return os.environ.get('A')", "environment os.environ"),
    ("from os import environ, getenv", "environ['A']; getenv('B')",
     "environment environ, environment getenv"),
    ("import os", "os.remove(x); os.system(x)", "file os.remove, subprocess os.system"),
    ("import os", "return os.path.join(x, os.sep)", ""),
    ("import os.path", "return os.path.exists(x)", "file os.path.exists"),
    ("import shutil as s", "s.copytree(x, x)", "file s.copytree"),
    ("import subprocess", "subprocess.run(x)", "subprocess subprocess.run"),
    ("import subprocess", "raise subprocess.CalledProcessError(1, x)", ""),
    ("import urllib.request", "urllib.request.urlopen(x)", "network urllib.request.urlopen"),
    ("import requests", "requests.get(x)", "network requests.get"),
    ("import sqlite3", "sqlite3.connect(x)", "database sqlite3.connect"),
    ("import time", "time.sleep(x)", "clock time.sleep"),
    ("import asyncio", "asyncio.sleep(x)", ""),
    ("", "return x\n    open(x)", ""),
    ("import sys", "sys.exit(x)\n    open(x)", ""),
    ("", "if False:\n        open(x)", ""),
    ("from datetime import datetime", "return datetime.now()", "clock datetime.now"),
    ("import datetime", "return datetime.datetime(2026, 1, 1)", ""),
    ("import random", "return random.choice(x)", "random random.choice"),
    ("from pathlib import Path", "return Path(x).read_text()", "file Path(x).read_text"),
    ("from pathlib import Path", "p = Path(x) / 'a'\n    return p.parent.exists()",
     "file p.parent.exists"),
    ("", "return x.read_text()", ""),
    ("", "lambda: open(x)", ""),
    ("", "open = x\n    open(x)", ""),
]  # fmt: skip


@pytest.mark.parametrize(("line", "body", "touches"), TOUCHES)
def test_touches(facts_of: Callable[..., Facts], line: str, body: str, touches: str) -> None:
    found = facts_of(f"{line}\ndef f(x, y=None):\n    {body}\n").touches
    assert ", ".join(f"{touch.kind} {touch.name}" for touch in found) == touches


PATHS = [
    ("from pathlib import Path\ndef f(p: Path):\n    p.unlink()", "p.unlink"),
    ("import pathlib\ndef f(p: pathlib.Path):\n    p.unlink()", "p.unlink"),
    ("from pathlib import Path\ndef f(p: 'Path | None'):\n    p.unlink()", "p.unlink"),
    ("from pathlib import Path\ndef f(p: Path | str):\n    p.unlink()", ""),
    ("from pathlib import Path\ndef f(p: Path):\n    p = 1\n    p.unlink()", ""),
    ("from pathlib import Path\ndef f(p: Path):\n    for q in p.glob('*'):\n        q.exists()",
     "p.glob q.exists"),
    ("from pathlib import Path\ndef f(p: Path):\n    [q.stat() for q in sorted(p.iterdir())]",
     "q.stat p.iterdir"),
    ("from pathlib import Path\ndef f(p: list[Path]):\n    for q in p:\n        q.exists()",
     "q.exists"),
    ("from pathlib import Path\ndef f(p: 'tuple[Path, ...]'):\n    for q in p: q.exists()",
     "q.exists"),
    ("from pathlib import Path\ndef f(*p: Path):\n    for q in p:\n        q.exists()",
     "q.exists"),
    ("from pathlib import Path\ndef f(*p: Path):\n    p.exists()", ""),
    ("from pathlib import Path\ndef f(p: dict[str, Path]):\n    for q in p: q.exists()", ""),
    ("from pathlib import Path\ndef f(p: list[str]):\n    for q in p: q.replace('a', 'b')", ""),
    ("def f(p):\n    for q in p.glob('*'):\n        q.exists()", ""),
    ("from mine import Path\ndef f(p: Path):\n    p.unlink()", ""),
]  # fmt: skip


@pytest.mark.parametrize(("code", "touched"), PATHS)
def test_paths(facts_of: Callable[..., Facts], code: str, touched: str) -> None:
    assert " ".join(touch.name for touch in facts_of(code).touches) == touched
