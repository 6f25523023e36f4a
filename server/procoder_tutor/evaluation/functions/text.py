"""Functions about text."""

import re
import unicodedata


def slugify(title: str, separator: str = "-") -> str:
    plain = unicodedata.normalize("NFKD", title)
    plain = plain.encode("ascii", "ignore").decode()
    words = re.findall(r"[a-z0-9]+", plain.lower())
    return separator.join(words)


def is_palindrome(phrase):
    letters = [c.lower() for c in phrase if c.isalnum()]
    return letters == letters[::-1]


def word_counts(text, stop_words=()):
    counts = {}
    for word in text.split():
        word = word.strip(".,;:!?").lower()
        if not word or word in stop_words:
            continue
        counts[word] = counts.get(word, 0) + 1
    return counts


def most_common_word(text):
    counts = word_counts(text)
    if not counts:
        return None
    return max(counts, key=counts.get)


def caesar(message: str, shift: int) -> str:
    result = ""
    for letter in message:
        if letter.isupper():
            result += chr((ord(letter) - 65 + shift) % 26 + 65)
        elif letter.islower():
            result += chr((ord(letter) - 97 + shift) % 26 + 97)
        else:
            result += letter
    return result


def wrap_words(text: str, width: int) -> list[str]:
    if width < 1:
        raise ValueError(f"width must be positive, not {width}")
    lines, line = [], ""
    for word in text.split():
        if line and len(line) + 1 + len(word) > width:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}" if line else word
    if line:
        lines.append(line)
    return lines


def mask_email(address):
    name, at, domain = address.partition("@")
    if not at:
        raise ValueError("no @ in address")
    return f"{name[0]}***@{domain}"
