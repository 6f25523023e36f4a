"""How large the VS Code extension is: its bundles as they are read, and what is downloaded."""

from collections.abc import Sequence
from pathlib import Path

from bench.measure import Series

FOLDER = Path(__file__).resolve().parents[2] / "client-vscode"
FILES = ("dist/extension.cjs", "dist/webview/panel.js", "dist/webview/panel.css", "procoder.vsix")


def run() -> Sequence[Series]:
    """Measure what `make vsix` wrote; nothing before it did."""
    built = [FOLDER / name for name in FILES if (FOLDER / name).exists()]
    return [Series(file.name, "kB", [file.stat().st_size / 1000]) for file in built]
