"""Functions about lists, sets and dictionaries."""

from collections import defaultdict


def chunks(items, size):
    return [items[i : i + size] for i in range(0, len(items), size)]


def group_by(items, key):
    groups = defaultdict(list)
    for item in items:
        groups[key(item)].append(item)
    return dict(groups)


def flatten(nested):
    flat = []
    for element in nested:
        if isinstance(element, list):
            flat.extend(flatten(element))
        else:
            flat.append(element)
    return flat


def unique(items):
    seen = set()
    return [item for item in items if not (item in seen or seen.add(item))]


def add_tag(tag, tags=[]):
    if tag not in tags:
        tags.append(tag)
    return tags


def remove_negatives(numbers):
    for number in numbers:
        if number < 0:
            numbers.remove(number)
    return numbers


def transpose(matrix):
    return [[row[i] for row in matrix] for i in range(len(matrix[0]))]


def invert(mapping: dict[str, int]) -> dict[int, str]:
    return {value: key for key, value in mapping.items()}


def has_pair_with_sum(numbers, target):
    for i in range(len(numbers)):
        for j in range(i + 1, len(numbers)):
            if numbers[i] + numbers[j] == target:
                return True
    return False


def rotate(items: list, steps: int) -> None:
    if not items:
        return
    steps %= len(items)
    items[:] = items[-steps:] + items[:-steps]


def deep_merge(base: dict, extra: dict) -> dict:
    merged = dict(base)
    for key, value in extra.items():
        if isinstance(value, dict) and isinstance(merged.get(key), dict):
            merged[key] = deep_merge(merged[key], value)
        else:
            merged[key] = value
    return merged


def top_scores(scores, count=3):
    ranked = sorted(scores.items(), key=lambda pair: pair[1], reverse=True)
    return [name for name, _ in ranked[:count]]
