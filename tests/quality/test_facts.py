"""Computed facts held against facts written by hand, over whole families of facts."""

from collections import defaultdict

from quality.hand_facts import FAMILIES, computed, handwritten
from quality.scores import Score, score, table, total

from procoder_tutor.facts.build import instant_facts
from procoder_tutor.symbols import Document, Snapshot

ENOUGH_FUNCTIONS = 60
OVERALL = 0.98
EACH_FAMILY = 0.9


def test_facts_agree_with_a_human() -> None:
    scores: dict[str, Score] = defaultdict(Score)
    differences = []
    for human in handwritten():
        document = Document.parse(Snapshot(human.path.read_text(encoding="utf-8")))
        found = computed(instant_facts(document, document.by_name(human.name)))
        for family in FAMILIES:
            if family not in found:
                continue
            scores[family] += score(found[family], human.items[family])
            where = f"{human.path.stem}: {human.name}: {family}"
            missing, extra = (
                human.items[family] - found[family],
                found[family] - human.items[family],
            )
            differences += [f"{where}: missing {item!r}" for item in sorted(missing, key=str)]
            differences += [f"{where}: wrong {item!r}" for item in sorted(extra, key=str)]
    overall = total(scores.values())
    low = [n for n, s in scores.items() if min(s.precision, s.recall) < EACH_FAMILY]
    message = "\n".join(["", table(scores), f"too low: {low}", *differences])
    assert overall.precision >= OVERALL, message
    assert overall.recall >= OVERALL, message
    assert not low, message


def test_there_is_enough_to_tell() -> None:
    described = list(handwritten())
    assert len(described) >= ENOUGH_FUNCTIONS
    for path in {human.path for human in described}:
        known = {symbol.name for symbol in Document.parse(Snapshot(path.read_text())).symbols}
        assert {human.name for human in described if human.path == path} <= known
