"""2,000 mutated model files through the header check, and what passes into both engines.

    PYTHONPATH=tests/support python -m bench.mutate_models [COUNT] [FOLDER FOR WHAT ENDED A LOAD]

Prints what became of them; exits 1 when the check let a file through that ends ctransformers, or
raised anything but its own error.
"""

import sys
import tempfile
import time
from pathlib import Path

from sample_models.trials import run_trials

ENGINES = ("ctransformers", "llamacpp")


def main(count: int, keep: Path | None) -> int:
    """Run the trials and return the exit code."""
    started = time.perf_counter()
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        trials = run_trials(Path(folder), range(count), ENGINES, keep)
    for engine, outcomes in trials.outcomes.items():
        print(f"{engine}: " + ", ".join(f"{n} {what}" for what, n in outcomes.most_common()))
    for death in trials.deaths:
        print(death)
    print(
        f"slowest check {trials.slowest_check:.2f} s; {time.perf_counter() - started:.0f} s in all"
    )
    return int(any(death.startswith("ctransformers") for death in trials.deaths))


if __name__ == "__main__":
    arguments = sys.argv[1:]
    number = int(arguments[0]) if arguments else 2000
    sys.exit(main(number, Path(arguments[1]) if len(arguments) > 1 else None))
