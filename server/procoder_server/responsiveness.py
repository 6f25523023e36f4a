"""The interpreter, set up for a server that answers in milliseconds beside threads that compute."""

import gc
import sys

SWITCH_SECONDS = 0.001
"""After which a computing thread lets the event loop go on; Python's own 5 ms, waited for several
times in an answer and behind several threads, are most of a hover's time."""
GC_THRESHOLDS = (50_000, 20, 20)
"""A syntax tree is some 100,000 objects, none of them garbage. With Python's own thresholds, the
five largest modules of the standard library are parsed and linted with 330 collections of up to
80 ms; with these, with 3 of at most 9 ms, and parsing takes two thirds of the time."""


def favour_answers() -> None:
    """Change how often threads take turns and garbage is looked for, in the whole process."""
    sys.setswitchinterval(SWITCH_SECONDS)
    gc.set_threshold(*GC_THRESHOLDS)
