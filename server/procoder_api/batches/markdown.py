"""The results of a batch as one Markdown document."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from procoder_api.batches.model import Batch, Item, ItemState
from procoder_tutor.sanitize import code_span, escape

_STATES = {
    ItemState.WAITING: "Not yet explained.",
    ItemState.RUNNING: "Being explained.",
    ItemState.CANCELLED: "Not explained: the batch was cancelled.",
}


def batch_markdown(batch: Batch, items: Sequence[Item]) -> str:
    """Write a heading for every file and every part of it, with what is known so far."""
    done, total = batch.progress.done, len(items)
    blocks = [
        f"# {escape(batch.title)}",
        f"Begun on {batch.created:%Y-%m-%d}; {done} of {total} explanations are done.",
    ]
    for name, group in groupby(items, key=lambda item: item.file):
        blocks.append(f"## {code_span(name)}")
        for item in sorted(group, key=lambda item: (bool(item.symbol), item.line)):
            blocks += _item(item)
    return "\n\n".join(blocks) + "\n"


def _item(item: Item) -> Iterator[str]:
    if item.symbol:
        yield f"### {code_span(item.symbol)} · line {item.line}"
    if item.state is ItemState.FAILED:
        yield f"*Not explained: {escape(item.error)}*"
    elif item.state is ItemState.DONE:
        yield item.markdown
    else:
        yield f"*{_STATES[item.state]}*"
