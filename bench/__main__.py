"""Run benchmark suites: a table on the terminal, and all samples as JSON in bench/results/."""

import json
import sys
import time
from collections.abc import Callable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from bench.measure import Series, machine, table
from bench.suites import api, host, lsp, redaction, tutor, vscode

RESULTS = Path(__file__).parent / "results"
SUITES: dict[str, Callable[[], Sequence[Series]]] = {
    "tutor": tutor.run,
    "redaction": redaction.run,
    "lsp": lsp.run,
    "host": host.run,
    "api": api.run,
    "vscode": vscode.run,
}
Choice = StrEnum("Choice", ["all", *SUITES])
ALL = Choice("all")


def main(
    suite: Annotated[Choice, typer.Argument(help="Which suite to run.")] = ALL,
) -> None:
    """Measure ProCoder on this machine."""
    console = Console(width=None if sys.stdout.isatty() else 120)
    names = list(SUITES) if suite is ALL else [str(suite)]
    suites: dict[str, Any] = {}
    report = {"machine": machine(), "suites": suites}
    for name in names:
        before = machine()["load_average"]
        rows = SUITES[name]()
        after = machine()["load_average"]
        console.print(table(f"{name} (load {before[0]:.2f} → {after[0]:.2f})", rows))
        suites[name] = [row.to_json() for row in rows]
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{time.strftime('%Y%m%dT%H%M%S')}-{suite}.json"
    path.write_text(json.dumps(report, indent=2), encoding="utf-8")
    console.print(f"All samples: {path}")


if __name__ == "__main__":
    typer.run(main)
