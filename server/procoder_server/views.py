"""Where the user looks and works: what idle work goes by, from the messages that tell it."""

from collections.abc import Iterator
from typing import Any

from procoder_server.background import Job
from procoder_server.server import ProcoderServer
from procoder_server.workspace import is_open

VISIBLE_RANGES = "procoder/visibleRanges"
"""A notification of our own, `{textDocument, ranges}`: the protocol tells servers of no view."""
_MOST_RANGES = 64


def register(server: ProcoderServer) -> None:
    """Have idle work follow the user, and give way to all that is asked for."""
    server.running.when_begun.append(server.background.give_way)

    def written(job: Job) -> None:
        if job.wanted:
            server.idle.touched(job.question.symbol.snapshot.uri)

    server.background.when_written.append(written)

    @server.feature(VISIBLE_RANGES)
    def visible_ranges(params: Any) -> None:
        document = getattr(params, "textDocument", None)
        uri, ranges = getattr(document, "uri", None), getattr(params, "ranges", None)
        if not isinstance(uri, str) or not is_open(server.workspace, uri):
            return
        if isinstance(ranges, list | tuple):
            server.idle.shows(uri, list(lines_of(ranges)))


def lines_of(ranges: list[Any] | tuple[Any, ...]) -> Iterator[tuple[int, int]]:
    """Yield first and last lines, 1-based, of what the client sent; what is no range is left out.

    Lines do not depend on the encoding of columns.
    """
    for item in ranges[:_MOST_RANGES]:
        start, end = getattr(item, "start", None), getattr(item, "end", None)
        first, last = getattr(start, "line", None), getattr(end, "line", None)
        if isinstance(first, int) and isinstance(last, int) and 0 <= first <= last:
            yield first + 1, last + 1
