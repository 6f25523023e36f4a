"""One or two sentences on what some code is for, with further tries when nothing held."""

from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing

from procoder_tutor.answering.asking import Asking
from procoder_tutor.check import Checker
from procoder_tutor.context import Packed
from procoder_tutor.events import Delta, Event
from procoder_tutor.openings import opening_of
from procoder_tutor.prompts import PROFILES, Profile
from procoder_tutor.prompts.conversations import LANGUAGE_NAMES
from procoder_tutor.questions import Kind, Question

_PLAINEST = PROFILES["docstring"]


async def purpose(asking: Asking) -> AsyncGenerator[Event, None]:
    """Ask the model; if nothing held, in the plainest form, then with the first words given."""
    read, reserved = "", ""
    for profile, opening in _attempts(asking):
        if opening and read.startswith(opening):
            break
        checker = _checker(asking, profile)
        async with aclosing(_attempt(asking, profile, opening, checker)) as deltas:
            async for delta in deltas:
                yield delta
        if asking.shown:
            return
        read, reserved = checker.read.lstrip(), reserved or checker.reserved
    if reserved and asking.question.kind is Kind.DOCUMENT:
        # Whoever asks for a docstring reads it before it is kept.
        yield asking.say(reserved)


def _attempts(asking: Asking) -> Iterator[tuple[Profile, str]]:
    """Yield how to ask, and the words that the model shall go on from."""
    profile = asking.profile
    yield profile, ""
    if profile.converses:
        return
    if profile.shot:
        yield _PLAINEST, ""
    if opening := opening_of(asking.question.symbol.node):
        yield _PLAINEST, opening


def _checker(asking: Asking, profile: Profile) -> Checker:
    level, language = asking.question.level, asking.question.language
    shot = profile.shot_sentence(level, language)
    return asking.checker(profile.language(language), shot, strict=asking.strict)


async def _attempt(
    asking: Asking, profile: Profile, opening: str, checker: Checker
) -> AsyncGenerator[Delta, None]:
    """Stream one answer of the model; yields the sentences that hold, then what to know of it."""
    level, language = asking.question.level, asking.question.language
    limit = profile.max_tokens(level, language)
    packed = await asking.pack(
        lambda excerpt: profile.render(excerpt, level, language, opening), limit
    )
    stops = profile.stops(asking.excerpt.kind)
    sentences = asking.sentences(packed.prompt, limit, stops, checker, opening=opening)
    async with aclosing(sentences):
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
