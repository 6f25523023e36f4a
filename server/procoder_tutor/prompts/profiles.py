"""How a family of models is asked what some code is for.

All profiles ask for little, one purpose sentence, and leave everything that can be computed to
the facts.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from procoder_tutor.backend import Prompt
from procoder_tutor.facts.model import SymbolKind
from procoder_tutor.prompts import completions, conversations
from procoder_tutor.prompts.excerpt import Excerpt
from procoder_tutor.prompts.limits import answer_limit
from procoder_tutor.prompts.shots import SHOT_SENTENCES
from procoder_tutor.questions import Kind, Level

PROMPT_VERSION = 3
"""Part of every cache key: raise it when a prompt, a limit or a stop changes."""


@dataclass(frozen=True, slots=True)
class Profile:
    """Prompts, limits and stops for one family of models."""

    name: str
    shot: bool
    """Whether an example stands first."""
    languages: frozenset[str]
    """Languages that the family can be made to write."""
    converses: bool = False
    """Whether it is asked in a conversation, not given a text to complete."""

    def language(self, wanted: str) -> str:
        """Return the language that will be written: the primary one asked for, else English."""
        primary = wanted.partition("-")[0].lower()
        return primary if primary in self.languages else "en"

    def prefix(self, level: Level, language: str) -> str:
        """Return the static text before the code; the same bytes for a level and language."""
        return completions.example(self.shot_sentence(level, language)) if self.shot else ""

    def shot_sentence(self, level: Level, language: str) -> str:
        """Return the sentence an answer must not copy; empty without a shot."""
        return SHOT_SENTENCES[self.language(language)][level] if self.shot else ""

    def render(self, excerpt: Excerpt, level: Level, language: str, opening: str = "") -> Prompt:
        """Return the whole prompt; `opening` is what a text to complete ends with."""
        if self.converses:
            return conversations.purpose_question(excerpt, level, self.language(language))
        return self.prefix(level, language) + completions.docstring_slot(excerpt, opening)

    def max_tokens(self, level: Level, language: str, kind: Kind = Kind.EXPLAIN) -> int:
        """Return how long an answer may become; reaching it is a failure, not a length."""
        return answer_limit(kind, level, english=self.language(language) == "en")

    def stops(self, kind: SymbolKind) -> tuple[str, ...]:
        """Return the strings that end an answer."""
        return conversations.SENTENCE_STOPS if self.converses else completions.sentence_stops(kind)


DOCSTRING = Profile("docstring", shot=False, languages=frozenset({"en"}))
"""For models too small to follow an example: with one they copy it, and Spanish is gibberish."""
PURPOSE = Profile("purpose", shot=True, languages=frozenset(SHOT_SENTENCES))
"""For base models such as Code Llama."""
CHAT = Profile(
    "chat", shot=False, languages=frozenset(conversations.LANGUAGE_NAMES), converses=True
)
"""For instruct models large enough to do what they are told, and servers that only converse."""
PROFILES: Mapping[str, Profile] = MappingProxyType({p.name: p for p in (DOCSTRING, PURPOSE, CHAT)})


def profile_for(prompt_style: str) -> Profile:
    """Return the profile of a model card's style; an unknown style gets the purpose profile."""
    return PROFILES.get(prompt_style, PURPOSE)
