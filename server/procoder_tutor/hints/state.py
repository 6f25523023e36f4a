"""How far a learner has climbed, for each problem; kept with the conversation."""

import json
from dataclasses import dataclass
from enum import StrEnum

MAX_PROBLEMS = 200
"""Problems remembered; the oldest is forgotten first."""


class Rung(StrEnum):
    """Rungs of the ladder, from the bottom."""

    QUESTION = "question"
    REGION = "region"
    CONCEPT = "concept"
    PATTERN = "pattern"
    SOLUTION = "solution"

    @property
    def height(self) -> int:
        """0 for the lowest."""
        return list(Rung).index(self)


@dataclass(frozen=True, slots=True)
class HintState:
    """The highest rung shown of each problem, by the problem's key, oldest first."""

    reached: tuple[tuple[str, Rung], ...] = ()

    def rung(self, key: str) -> Rung | None:
        """Return the highest rung shown; None before the first."""
        return dict(self.reached).get(key)

    def with_rung(self, key: str, rung: Rung) -> "HintState":
        """Remember a rung as the highest shown."""
        others = [entry for entry in self.reached if entry[0] != key]
        return HintState((*others, (key, rung))[-MAX_PROBLEMS:])

    def to_json(self) -> str:
        """Write the state as a JSON object."""
        return json.dumps({key: rung.value for key, rung in self.reached})

    @classmethod
    def from_json(cls, text: str) -> "HintState":
        """Read what `to_json` wrote; what cannot be understood is left out."""
        try:
            read = json.loads(text)
        except (ValueError, RecursionError):
            return cls()
        if not isinstance(read, dict):
            return cls()
        known = {rung.value: rung for rung in Rung}
        entries = [(k, known[v]) for k, v in read.items() if isinstance(v, str) and v in known]
        return cls(tuple(entries[-MAX_PROBLEMS:]))
