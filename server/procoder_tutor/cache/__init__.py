"""Finished explanations, by what they were made from; bounded, and never in the way.

Keys are digests of content, so an entry is never stale, only unused. A store that is corrupt,
locked, slow or not there costs speed, not answers.
"""

from procoder_tutor.cache.key import cache_key
from procoder_tutor.cache.layers import ExplanationCache

__all__ = ["ExplanationCache", "cache_key"]
