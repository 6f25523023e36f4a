"""`make demo` is what the README promises: run it, and read what it prints."""

import re
import subprocess
import sys
from pathlib import Path


def test_the_demo_shows_the_main_job(
    repository: Path, isolated_environment: dict[str, str], tmp_path: Path
) -> None:
    environment = {**isolated_environment, "PROCODER_CACHE_PATH": str(tmp_path / "cache.sqlite3")}
    demo = subprocess.run(
        [sys.executable, "examples/demo.py"],
        cwd=repository,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert demo.returncode == 0, demo.stderr
    shown = demo.stdout
    assert "bank.py:49  F841" in shown
    assert re.search(r"facts after \d+ ms", shown)
    assert "Raises ValueError when not intervals" in shown
    assert re.search(r"smollm2-135m · first token after .* \d+ tokens at \d+/s", shown)
    assert re.search(r"from the cache after \d+ ms", shown)
    assert "vim.lsp.start" in shown
    assert "client-vscode/procoder.vsix" in shown
