"""How code is put to a model: a docstring slot to fill in, with or without an example before it.

Both profiles ask for little, one purpose sentence, and leave everything that can be computed to
the facts. A prompt is stable text first (the shot, byte-identical for a level and language, so
that the engine's KV prefix is reused), then the code, and never ends with a space.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from procoder_tutor.facts.model import SymbolKind
from procoder_tutor.prompts.shots import SHOT_CODE, SHOT_HEADER, SHOT_SENTENCES
from procoder_tutor.questions import Level

PROMPT_VERSION = 1
"""Part of every cache key: raise it when a prompt, a limit or a stop changes."""

_STOPS = ('"""', "'''", "\n\n", "\n# ", "\n###", "\ndef ", "\nclass ", "```", ">>>", ":param")
_PURPOSE_TOKENS = 45
_MORE_TOKENS: Mapping[Level, int] = MappingProxyType({Level.BEGINNER: 15})
_FOREIGN_TOKENS = 35
"""English needs the fewest tokens per word in every vocabulary we know."""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The code a prompt is about, without its docstrings."""

    kind: SymbolKind
    code: str
    header: str
    """The `def` or `class` line without decorators; empty for a module."""
    owner: str = ""
    """For a method the header of its class, e.g. `Account(Base)`."""
    context: str = ""
    """Module-level definitions that the code uses."""

    @property
    def noun(self) -> str:
        """What a prompt calls it."""
        return "script" if self.kind == "module" else self.kind


@dataclass(frozen=True, slots=True)
class Profile:
    """Prompts, limits and stops for one family of models."""

    name: str
    shot: bool
    """Whether an example stands first."""
    languages: frozenset[str]
    """Languages that the family can be made to write."""

    def language(self, wanted: str) -> str:
        """Return the language that will be written: the primary one asked for, else English."""
        primary = wanted.partition("-")[0].lower()
        return primary if primary in self.languages else "en"

    def prefix(self, level: Level, language: str) -> str:
        """Return the static text before the code; the same bytes for a level and language."""
        if not self.shot:
            return ""
        sentence = self.shot_sentence(level, language)
        return (
            f"# original function\n{SHOT_CODE}\n\n"
            f'# same function, with a docstring\n{SHOT_HEADER}\n    """{sentence}"""\n\n'
        )

    def shot_sentence(self, level: Level, language: str) -> str:
        """Return the sentence an answer must not copy; empty without a shot."""
        return SHOT_SENTENCES[self.language(language)][level] if self.shot else ""

    def render(self, excerpt: Excerpt, level: Level, language: str) -> str:
        """Return the whole prompt."""
        return self.prefix(level, language) + _slot(excerpt)

    def max_tokens(self, level: Level, language: str) -> int:
        """Return how long an answer may become; reaching it is a failure, not a length."""
        foreign = 0 if self.language(language) == "en" else _FOREIGN_TOKENS
        return _PURPOSE_TOKENS + _MORE_TOKENS.get(level, 0) + foreign

    def stops(self, kind: SymbolKind) -> tuple[str, ...]:
        """Return the strings that end an answer; one about a module begins with blank lines."""
        return tuple(stop for stop in _STOPS if kind != "module" or stop != "\n\n")


def _slot(excerpt: Excerpt) -> str:
    """Return the code, and once more its header with an opened docstring."""
    of_owner = f" of {excerpt.owner}" if excerpt.owner else ""
    context = f"{excerpt.context}\n\n" if excerpt.context else ""
    original = f"# original {excerpt.noun}{of_owner}\n{context}{excerpt.code}\n\n"
    again = f"# same {excerpt.noun}, with a docstring\n"
    opened = f'{excerpt.header}\n    """' if excerpt.header else '"""'
    return original + again + opened


DOCSTRING = Profile("docstring", shot=False, languages=frozenset({"en"}))
"""For models too small to follow an example: with one they copy it, and Spanish is gibberish."""
PURPOSE = Profile("purpose", shot=True, languages=frozenset(SHOT_SENTENCES))
"""For base models such as Code Llama."""
PROFILES: Mapping[str, Profile] = MappingProxyType({p.name: p for p in (DOCSTRING, PURPOSE)})


def profile_for(prompt_style: str) -> Profile:
    """Return the profile of a model card's style; an unknown style gets the purpose profile."""
    return PROFILES.get(prompt_style, PURPOSE)
