"""Prompt profiles: one per family of models, chosen by the `prompt_style` of the model card."""

from procoder_tutor.prompts.excerpt import Excerpt
from procoder_tutor.prompts.profiles import PROFILES, PROMPT_VERSION, Profile, profile_for

__all__ = ["PROFILES", "PROMPT_VERSION", "Excerpt", "Profile", "profile_for"]
