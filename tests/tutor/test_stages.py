"""What is told of a request to the model: how many tokens, how fast, how long yet."""

import pytest

from procoder_tutor.answering.stages import Stages
from procoder_tutor.clock import Speed
from procoder_tutor.events import Working


class Times:
    """A clock that is set by hand."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize(
    ("speed", "expected"),
    [
        (Speed(), Working("reading", 200)),
        (Speed(prefill=5.0), Working("reading", 200, 5.0, 40.0)),
    ],
)
def test_reading(speed: Speed, expected: Working) -> None:
    told: list[Working] = []
    Stages(told.append, speed, 10).reads(200)
    assert told == [expected]


@pytest.mark.parametrize(
    ("speed", "first"),
    [(Speed(), Working("writing", 1)), (Speed(decode=3.0), Working("writing", 1, 3.0, 3.0))],
)
def test_writing_is_told_once_a_second(speed: Speed, first: Working) -> None:
    told: list[Working] = []
    clock = Times()
    stages = Stages(told.append, speed, 10, clock)
    for _ in range(9):
        stages.wrote_one()
        clock.now += 0.25
    assert told == [first, Working("writing", 5, 4.0, 1.25), Working("writing", 9, 4.0, 0.25)]
