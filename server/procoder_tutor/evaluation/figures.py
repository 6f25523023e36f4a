"""What answers are worth, in figures: one set for each way of asking."""

import re
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from statistics import fmean
from typing import Any

from procoder_tutor.evaluation.arms import Arm, Pair
from procoder_tutor.evaluation.invented import invented_names
from procoder_tutor.evaluation.judge import contradictions

Similarity = Callable[[Sequence[tuple[str, str]]], list[float]]
"""Tells how much each two texts mean the same: 1 for the same, about 0 for unrelated ones."""
_WORD = re.compile(r"\w+(?:[.'-]\w+)*")


@dataclass(frozen=True, slots=True)
class Figures:
    """Sums over the answers of one arm."""

    functions: int
    explained: int
    """Functions of which a sentence was shown."""
    words: int
    sentences: int
    """Shown sentences."""
    generated: int
    """Sentences that the model wrote."""
    checked: int
    """Of these, the ones that made a claim the checker could test."""
    invented: int
    """Names in shown sentences that exist neither in the code nor in Python."""
    contradicting: int
    """Shown sentences that the hand-made facts deny."""
    seconds: float

    @property
    def invented_per_100_words(self) -> float:
        """Invented names in a hundred shown words."""
        return _ratio(100 * self.invented, self.words)

    @property
    def share_contradicting(self) -> float:
        """Share of the shown sentences that the hand-made facts deny."""
        return _ratio(self.contradicting, self.sentences)

    @property
    def share_checked(self) -> float:
        """Share of the generated sentences that made a testable claim."""
        return _ratio(self.checked, self.generated)

    @property
    def share_kept(self) -> float:
        """Share of the generated sentences that were shown."""
        return _ratio(self.sentences, self.generated)

    @property
    def words_per_answer(self) -> float:
        """Shown words a function; none where nothing was shown."""
        return _ratio(self.words, self.functions)

    @property
    def seconds_per_answer(self) -> float:
        """Time from the question to the end of its answer, mean."""
        return _ratio(self.seconds, self.functions)


@dataclass(frozen=True, slots=True)
class Likeness:
    """Mean similarity to the docstrings written by hand."""

    prose: float
    """ProCoder's prose, over the functions of which it shows some."""
    plain_of_same: float
    """Plain answers, over these same functions."""
    with_steps: float
    """ProCoder's prose, or the steps from the facts where it shows none, over all functions."""
    plain: float
    """Plain answers, over all functions."""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """How one model does in both ways of asking."""

    model: str
    procoder: Figures
    plain: Figures
    likeness: Likeness | None
    """None without an embedding model."""

    @classmethod
    def of(cls, model: str, pairs: Sequence[Pair], similarity: Similarity | None) -> "Evaluation":
        """Judge and add up; `pairs` may be empty."""
        return cls(
            model,
            figures(pairs, Arm.PROCODER),
            figures(pairs, Arm.PLAIN),
            likeness(pairs, similarity) if similarity and pairs else None,
        )

    def as_json(self) -> dict[str, Any]:
        """Return sums and shares, ready for JSON."""
        return {
            **asdict(self),
            "procoder": _with_shares(self.procoder),
            "plain": _with_shares(self.plain),
        }


def figures(pairs: Sequence[Pair], arm: Arm) -> Figures:
    """Add up the answers of one arm."""
    answers = [pair.answer(arm) for pair in pairs]
    shown = [(s, pair.subject) for pair in pairs for s in pair.answer(arm).sentences]
    return Figures(
        functions=len(pairs),
        explained=sum(bool(answer.sentences) for answer in answers),
        words=sum(len(_WORD.findall(sentence)) for sentence, _ in shown),
        sentences=len(shown),
        generated=sum(answer.generated for answer in answers),
        checked=sum(answer.checks.checked for answer in answers if answer.checks),
        invented=sum(len(invented_names(s, subject.document)) for s, subject in shown),
        contradicting=sum(bool(contradictions(s, subject)) for s, subject in shown),
        seconds=sum(answer.seconds for answer in answers),
    )


def likeness(pairs: Sequence[Pair], similarity: Similarity) -> Likeness:
    """Compare every answer with the docstring; needs at least one pair."""
    ours = similarity([(p.procoder.prose or p.procoder.steps, p.subject.docstring) for p in pairs])
    plain = similarity([(p.plain.prose, p.subject.docstring) for p in pairs])
    with_prose = [bool(pair.procoder.sentences) for pair in pairs]
    return Likeness(
        prose=_mean_where(ours, with_prose),
        plain_of_same=_mean_where(plain, with_prose),
        with_steps=fmean(ours),
        plain=fmean(plain),
    )


def _mean_where(values: Sequence[float], wanted: Sequence[bool]) -> float:
    chosen = [value for value, take in zip(values, wanted, strict=True) if take]
    return fmean(chosen) if chosen else 0.0


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else 0.0


def _with_shares(sums: Figures) -> dict[str, Any]:
    shares = [name for name, value in vars(Figures).items() if isinstance(value, property)]
    return {**asdict(sums), **{name: getattr(sums, name) for name in shares}}
