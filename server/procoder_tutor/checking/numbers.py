"""Numbers a sentence mentions that the code does not."""

import re
from collections.abc import Iterator

from procoder_tutor.checking.said import Claim, Said
from procoder_tutor.vocabulary import Vocabulary

_NUMBER = re.compile(r"(?<![\w.`])-?\d+(?:\.\d+)?(?![\w`])")
_ALWAYS_KNOWN = frozenset({"0", "1", "2"})


def number_claims(said: Said, vocabulary: Vocabulary) -> Iterator[Claim]:
    """Find numbers outside code spans."""
    for match in _NUMBER.finditer(said.prose):
        number = match.group()
        known = number.lstrip("-") in vocabulary.numbers or number in _ALWAYS_KNOWN
        yield Claim("number", "" if known else f"{number} is not in the code")
