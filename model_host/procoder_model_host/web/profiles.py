"""Profiles of the models a host serves, each read from its file once."""

import asyncio

from procoder_model_host.errors import ModelHostError
from procoder_model_host.files.model_files import read_model
from procoder_model_host.files.profile import Profile, read_profile
from procoder_model_host.served import ServedModel


class Profiles:
    """Reads headers in a thread: a large vocabulary takes a moment."""

    def __init__(self) -> None:
        self._known: dict[str, Profile | None] = {}

    async def of(self, served: ServedModel) -> Profile | None:
        """Return the profile, or None when the model is no single file with metadata."""
        if served.digest not in self._known:
            self._known[served.digest] = await asyncio.to_thread(_read, served)
        return self._known[served.digest]


def _read(served: ServedModel) -> Profile | None:
    try:
        return read_profile(read_model(served.path), served.overrides)
    except (ModelHostError, OSError):
        return None
