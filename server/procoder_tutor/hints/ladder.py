"""The ladder: one rung more each time a learner asks, and the solution only on the last."""

from dataclasses import dataclass

from procoder_tutor.hints.problems import Problem
from procoder_tutor.hints.state import HintState, Rung
from procoder_tutor.sanitize import code_span, fence

_LANGUAGE = "python"


@dataclass(frozen=True, slots=True)
class Hint:
    """What is shown on one rung."""

    rung: Rung
    markdown: str
    lesson: str = ""
    """Id of the concept whose lesson helps; empty when there is none."""
    more: Rung | None = None
    """Rung that can be asked for next."""


class HintLadder:
    """The hints about one problem.

    `solution` is code that has been checked, or a stored answer; `example` replaces the topic's
    example of other code on the rung of the pattern, e.g. with that of a lesson (Markdown).
    """

    def __init__(
        self,
        problem: Problem,
        *,
        solution: str | None = None,
        example: str | None = None,
        max_rung: Rung = Rung.SOLUTION,
    ) -> None:
        self.problem = problem
        self.max_rung = max_rung
        self._solution = solution
        self._example = example

    def next(self, state: HintState) -> tuple[Hint, HintState]:
        """Return the next hint and the state after it; at the top the last hint, and that it is."""
        reached = state.rung(self.problem.key)
        top = self.max_rung.height
        height = 0 if reached is None else reached.height + 1
        if height <= top:
            rung = list(Rung)[height]
            return self.hint(rung), state.with_rung(self.problem.key, rung)
        last = self.hint(list(Rung)[min(top, height - 1)])
        return Hint(last.rung, f"{last.markdown}\n\n{self._end()}", last.lesson), state

    def shown(self, state: HintState) -> tuple[Hint, ...]:
        """Return the hints given so far, from the lowest rung; never more than the cap allows."""
        reached = state.rung(self.problem.key)
        height = -1 if reached is None else min(reached.height, self.max_rung.height)
        return tuple(self.hint(rung) for rung in list(Rung)[: height + 1])

    def hint(self, rung: Rung) -> Hint:
        """Return the hint of a rung; above the cap raises ValueError."""
        if rung.height > self.max_rung.height:
            raise ValueError(f"hints end at {self.max_rung.value!r}")
        texts = {
            Rung.QUESTION: self._question,
            Rung.REGION: self._region,
            Rung.CONCEPT: self._concept,
            Rung.PATTERN: self._pattern,
            Rung.SOLUTION: self._solved,
        }
        lesson = self.problem.topic.lesson if rung is Rung.CONCEPT else ""
        more = None if rung is self.max_rung else list(Rung)[rung.height + 1]
        return Hint(rung, texts[rung](), lesson, more)

    def _question(self) -> str:
        problem = self.problem
        return problem.topic.question.format(
            name=code_span(problem.name) or "this name",
            line=problem.first,
            symbol=code_span(problem.symbol) or "this code",
        )

    def _region(self) -> str:
        problem = self.problem
        if not problem.first:
            return "Begin with the line that makes the result, and ask what it needs to know."
        one = problem.first == problem.last
        where = f"line {problem.first}" if one else f"lines {problem.first} to {problem.last}"
        inside = f", in {code_span(problem.symbol)}" if problem.symbol else ""
        return f"Look at {where}{inside}."

    def _concept(self) -> str:
        return self.problem.topic.concept

    def _pattern(self) -> str:
        if self._example is not None:
            return self._example
        topic = self.problem.topic
        before, after = fence(topic.before, _LANGUAGE), fence(topic.after, _LANGUAGE)
        shown = f"Other code with the same problem:\n\n{before}\n\nRepaired:\n\n{after}"
        return f"{shown}\n\n{topic.remark}"

    def _solved(self) -> str:
        if self._solution is None:
            return "There is no checked solution to show. Change your code as the pattern does."
        return f"A solution:\n\n{fence(self._solution, _LANGUAGE)}"

    def _end(self) -> str:
        if self.max_rung is Rung.SOLUTION:
            return "This was the last hint."
        return f"Hints end here: the limit is set to “{self.max_rung.value}”."
