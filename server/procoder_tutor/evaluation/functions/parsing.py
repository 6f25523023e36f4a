"""Parsers."""

import re

_PAIR = re.compile(r"(\w+)\s*=\s*(.*)")


def parse_pairs(text, comment="#"):
    pairs = {}
    for number, line in enumerate(text.splitlines(), start=1):
        line = line.partition(comment)[0].strip()
        if not line:
            continue
        if (found := _PAIR.fullmatch(line)) is None:
            raise SyntaxError(f"line {number}: {line}")
        pairs[found[1]] = found[2]
    return pairs


def is_balanced(text: str) -> bool:
    closing = {")": "(", "]": "[", "}": "{"}
    stack = []
    for character in text:
        if character in closing.values():
            stack.append(character)
        elif character in closing:
            if not stack or stack.pop() != closing[character]:
                return False
    return not stack


def parse_version(version):
    major, minor, *rest = version.split(".")
    patch = rest[0] if rest else 0
    return int(major), int(minor), int(patch)


def tokenize(source):
    position = 0
    while position < len(source):
        if source[position].isspace():
            position += 1
            continue
        end = position + 1
        while end < len(source) and source[end].isalnum():
            end += 1
        yield source[position:end]
        position = end


def parse_duration(text: str) -> int:
    units = {"h": 3600, "m": 60, "s": 1}
    total, digits = 0, ""
    for character in text:
        if character.isdigit():
            digits += character
        elif character in units and digits:
            total += int(digits) * units[character]
            digits = ""
        else:
            raise ValueError(f"unexpected {character!r} in {text!r}")
    return total


def roman_to_int(numeral):
    values = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}
    total = 0
    for symbol, following in zip(numeral, numeral[1:] + " "):
        value = values[symbol]
        if values.get(following, 0) > value:
            total -= value
        else:
            total += value
    return total
