"""One or two sentences on what some code is for, with a second try when nothing held."""

from collections.abc import AsyncGenerator
from contextlib import aclosing

from procoder_tutor.answering.asking import Asking
from procoder_tutor.context import Packed
from procoder_tutor.events import Delta, Event
from procoder_tutor.prompts import PROFILES, Profile
from procoder_tutor.prompts.conversations import LANGUAGE_NAMES
from procoder_tutor.questions import Question

_PLAINEST = PROFILES["docstring"]


async def purpose(asking: Asking) -> AsyncGenerator[Event, None]:
    """Ask the model, and if nothing held ask once more in the plainest form."""
    profile = asking.profile
    for attempt in (profile, _PLAINEST) if profile.shot else (profile,):
        async with aclosing(_attempt(asking, attempt)) as deltas:
            async for delta in deltas:
                yield delta
        if asking.shown:
            return


async def _attempt(asking: Asking, profile: Profile) -> AsyncGenerator[Delta, None]:
    """Stream one answer of the model; yields the sentences that hold, then what to know of it."""
    level, language = asking.question.level, asking.question.language
    limit = profile.max_tokens(level, language)
    packed = await asking.pack(lambda excerpt: profile.render(excerpt, level, language), limit)
    checker = asking.checker(profile.language(language), profile.shot_sentence(level, language))
    stops = profile.stops(asking.excerpt.kind)
    async with aclosing(asking.sentences(packed.prompt, limit, stops, checker)) as sentences:
        async for sentence in sentences:
            yield asking.say(sentence)
    if asking.shown:
        for note in notes(profile, asking.question, packed):
            yield asking.remark(note)


def notes(profile: Profile, question: Question, packed: Packed) -> list[str]:
    """Say what the reader would not expect: another language, code that was left out."""
    found = []
    if packed.omitted:
        found.append(f"The model did not see {' and '.join(packed.omitted)}.")
    primary = question.language.partition("-")[0].lower()
    if profile.language(question.language) != primary:
        wanted = LANGUAGE_NAMES.get(primary, f"`{primary}`")
        found.append(f"In English: this model does not write {wanted} well enough.")
    return found
