"""`procoder doctor`: what works on this machine, and what to do about the rest."""

import json
import os
import platform
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Annotated, Literal

import typer

from procoder_protocol.discovery import HostAddress, read_discovery

State = Literal["ok", "note", "fault"]

SYMBOLS: dict[State, str] = {"ok": "✓", "note": "·", "fault": "✗"}
GIB = 1024**3


@dataclass(frozen=True, slots=True)
class Report:
    """The health of one part; `advice` is empty when there is nothing to do."""

    part: str
    state: State
    detail: str
    advice: str = ""


def doctor(
    *, as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for scripts.")] = False
) -> None:
    """Say what works on this machine, and what to do about the rest.

    Exits with 1 when a part that ProCoder needs is not well.
    """
    reports = [report for check in CHECKS for report in check()]
    if as_json:
        typer.echo(json.dumps([asdict(report) for report in reports], indent=2))
    else:
        for report in reports:
            typer.echo(_line(report))
    raise typer.Exit(any(report.state == "fault" for report in reports))


def _line(report: Report) -> str:
    line = f"{SYMBOLS[report.state]} {report.part:<9} {report.detail}"
    return f"{line}\n{'':<12}→ {report.advice}" if report.advice else line


def check_python() -> Iterator[Report]:
    """ProCoder and its interpreter."""
    running = f"{platform.python_version()} at {sys.executable}"
    yield Report("procoder", "ok", f"{version('procoder')} on Python {running}")


def check_machine() -> Iterator[Report]:
    """Cores and memory, which decide what model is pleasant to use."""
    memory = _physical_memory()
    amount = f"{memory / GIB:.0f} GiB of memory" if memory else "memory unknown"
    yield Report("machine", "ok", f"{os.cpu_count()} cores, {amount}, {platform.machine()}")


def check_model() -> Iterator[Report]:
    """The configured model: in the store, and whole."""
    from procoder_model_host.errors import ModelHostError
    from procoder_model_host.store.store import ModelStore
    from procoder_tutor.settings import load_settings

    settings, problems = load_settings()
    for problem in problems:
        yield Report("settings", "fault", problem, "correct or unset it; it is ignored now")
    try:
        path = ModelStore().path(settings.model)
    except ModelHostError as error:
        advice = f"procoder models pull {settings.model}"
        yield Report("model", "fault", str(error), advice)
        return
    yield Report("model", "ok", f"{settings.model}, {path.stat().st_size / 1e6:,.0f} MB at {path}")


def check_host() -> Iterator[Report]:
    """The running model host, if any: it starts by itself when it is needed."""
    address = read_discovery()
    if address is None:
        yield Report("host", "note", "not running; it starts when an explanation is asked for")
        return
    fault = _host_fault(address)
    if fault is None:
        detail = f"{address.model} on {address.engine} at {address.url}, pid {address.pid}"
        yield Report("host", "ok", detail)
    else:
        advice = "it is replaced at the next question; its log names the cause"
        yield Report("host", "note", f"announced at {address.url} but {fault}", advice)


def check_engines() -> Iterator[Report]:
    """Engines that can run a model here."""
    yield _package("ctransformers", needed=True)
    yield _package("xllamacpp", needed=False, extra="llamacpp")
    yield _package("transformers", needed=False, extra="transformers")


def check_cache() -> Iterator[Report]:
    """The file of cached explanations: there, or in a place where it can be made."""
    from procoder_tutor.settings import load_settings

    path = load_settings()[0].cache.path
    nearest = next(place for place in (path, *path.parents) if place.exists())
    if os.access(nearest, os.W_OK):
        size = path.stat().st_size if path.exists() else 0
        yield Report("cache", "ok", f"{size / 1e6:.1f} MB in {path}")
    else:
        advice = "make it writable, or name another place in PROCODER_CACHE_PATH"
        yield Report("cache", "fault", f"{path} cannot be written", advice)


def check_editors() -> Iterator[Report]:
    """Editors on the PATH that can use the language server."""
    found = [name for name in ("code", "nvim", "hx", "emacs") if shutil.which(name)]
    if found:
        advice = "README.md has the few lines that connect them to `procoder lsp`"
        yield Report("editors", "ok", ", ".join(found), advice)
    else:
        yield Report("editors", "note", "none of VS Code, Neovim, Helix or Emacs is on the PATH")


CHECKS: tuple[Callable[[], Iterator[Report]], ...] = (
    check_python,
    check_machine,
    check_model,
    check_engines,
    check_host,
    check_cache,
    check_editors,
)


def _package(name: str, *, needed: bool, extra: str = "") -> Report:
    try:
        return Report("engine", "ok", f"{name} {version(name)}")
    except PackageNotFoundError:
        advice = f"pip install 'procoder[{extra}]'" if extra else "pip install procoder again"
        return Report("engine", "fault" if needed else "note", f"{name} not installed", advice)


def _host_fault(address: HostAddress) -> str | None:
    import httpx2

    if not Path(address.token_file).exists():
        return "its token file is gone"
    try:
        httpx2.get(f"{address.url}/readyz", timeout=2, trust_env=False).raise_for_status()
    except httpx2.HTTPError as error:
        return f"it does not answer ({type(error).__name__})"
    return None


def _physical_memory() -> int | None:
    """Bytes of physical memory, where the system tells (POSIX sysconf)."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return None
