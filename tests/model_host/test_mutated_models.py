"""Mutated model files: refused in Python, or loaded without an end of the process.

The full number is `make fuzz-models`.
"""

from pathlib import Path

from sample_models.trials import run_trials

COUNT = 240


def test_no_mutated_file_ends_the_process_that_loads_it(tmp_path: Path) -> None:
    trials = run_trials(tmp_path, range(COUNT), ("ctransformers",))
    assert trials.deaths == []
    outcomes = trials.outcomes["ctransformers"]
    assert outcomes.total() == COUNT
    assert outcomes["header"] > COUNT // 3, outcomes
    assert outcomes["loaded"] > COUNT // 10, outcomes
