"""What was answered last: what was sent to the model for it, and how fast it came."""

from procoder_tutor.events import Explanation


class Journal:
    """Remembers the last answer of this session; its prompts are without secrets."""

    def __init__(self) -> None:
        self.title = ""
        """What the last answer was about."""
        self.last: Explanation | None = None
        self.tokens_per_second: float | None = None
        """Of the last answer that a model wrote, from its first token on."""

    def note(self, title: str, explanation: Explanation) -> None:
        """Remember an answer, in place of the one before."""
        self.title, self.last = title, explanation
        timings = explanation.timings_ms
        tokens = explanation.usage.completion_tokens
        if timings.first_token is None or timings.total is None or tokens < 1:
            return
        seconds = (timings.total - timings.first_token) / 1000
        if seconds > 0:
            self.tokens_per_second = tokens / seconds
