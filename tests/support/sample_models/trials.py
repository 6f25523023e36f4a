"""Put mutated model files through the header check, and what passes through real loads."""

import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from procoder_model_host.errors import ModelFileError
from procoder_model_host.files.model_files import read_model

from .mutation import Original

LOADS = Path(__file__).with_name("loads.py")


@dataclass
class Trials:
    """What became of the files."""

    outcomes: dict[str, Counter[str]] = field(default_factory=dict)
    """By engine; `header` are the files that ProCoder's check refused before any engine."""
    deaths: list[str] = field(default_factory=list)
    """Engine, seed and outcome of every load that ended its process."""
    slowest_check: float = 0.0
    """Seconds."""


def run_trials(
    folder: Path, seeds: range, engines: tuple[str, ...], keep: Path | None = None
) -> Trials:
    """Check and load a mutated GGUF file for every even seed, a mutated `.bin` for every odd one.

    Any exception of the check but ModelFileError ends the trials: in the host it would reach the
    parent. `keep`: a folder for the files that ended their process.
    """
    trials = Trials({engine: Counter() for engine in engines})
    originals = [
        Original(folder / "original.gguf", binary=False),
        Original(folder / "original.bin", binary=True),
    ]
    for engine in engines:
        with _loader(engine, folder / "adapted") as (send, receive):
            for seed in seeds:
                original = originals[seed % 2]
                path = folder / f"mutated{original.suffix}"
                path.write_bytes(original.mutation(seed))
                outcome = "header"
                if _passes(path, trials):
                    send.write(f"{path}\n")
                    send.flush()
                    outcome = receive.readline().strip()
                trials.outcomes[engine][outcome] += 1
                if outcome.startswith(("died", "exit")) or not outcome:
                    trials.deaths.append(f"{engine} {seed}{original.suffix}: {outcome}")
                    if keep is not None:
                        path.replace(keep / f"{engine}-{seed}{original.suffix}")
                for copy in (folder / "adapted").glob("*"):
                    copy.unlink()
    return trials


def _passes(path: Path, trials: Trials) -> bool:
    started = time.perf_counter()
    try:
        read_model(path)
    except ModelFileError:
        return False
    finally:
        trials.slowest_check = max(trials.slowest_check, time.perf_counter() - started)
    return True


@contextmanager
def _loader(engine: str, folder: Path) -> Iterator[tuple[IO[str], IO[str]]]:
    command = [sys.executable, str(LOADS), engine, str(folder)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        yield process.stdin, process.stdout
        process.stdin.close()
