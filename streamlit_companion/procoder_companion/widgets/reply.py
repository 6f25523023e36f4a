"""A reply of the tutor: facts, words, what was checked, and a change of the code."""

import streamlit as st

from procoder_companion.replies import Reply
from procoder_companion.safe_markdown import safe_markdown
from procoder_companion.state import Code, Exchange
from procoder_companion.values import Answer, Progress, Proposal
from procoder_companion.widgets.places import reference_links, step_list

_STAGES = {
    "loading": "Getting the model ready",
    "reading": "Reading your code",
    "writing": "Writing and checking",
}
_NOTHING_HELD = (
    "Nothing that the model wrote could be kept: it says more than the code shows. "
    "What is certain stands above, and in the steps."
)


def show_reply(code: Code, exchange: Exchange, key: str, *, first: bool) -> None:
    """Draw a reply as far as it has grown; the facts of the first one are unfolded."""
    reply = exchange.reply
    if reply.known is not None and reply.known.card:
        facts = reply.known.facts
        with st.expander(f"What is certain about `{facts.name}`", expanded=first):
            st.markdown(safe_markdown(reply.known.card))
            reference_links(code, reply.known.card, f"{key}-card")
    if exchange.running:
        _progress(reply.progress)
    if reply.markdown:
        st.markdown(safe_markdown(reply.markdown))
        reference_links(code, reply.markdown, f"{key}-text")
    elif reply.answer is not None and not reply.blocks and reply.proposal is None:
        st.markdown(_NOTHING_HELD)
    elif exchange.kept:
        st.caption("Of this answer no words were kept. Ask again to see what is certain.")
    if reply.blocks:
        step_list(code, reply.blocks, f"{key}-block")
    if reply.proposal is not None:
        _proposal(code, reply.proposal, key)
    if reply.trouble:
        st.warning(reply.trouble, icon=":material/cloud_off:")
    if reply.stopped:
        st.caption("Stopped. What stands here is not the whole answer.")
    _badge(reply, exchange.kept)


def _progress(progress: Progress | None) -> None:
    """Say what is happening, never just that something is."""
    if progress is None:
        st.caption(":material/hourglass_top: Looking at the code")
        return
    words = [_STAGES[progress.stage]]
    if progress.tokens:
        words.append(f"{progress.tokens} tokens")
    if progress.tokens_per_second:
        words.append(f"{progress.tokens_per_second:.0f} a second")
    if progress.seconds_left is not None and progress.seconds_left >= 1:
        words.append(f"about {progress.seconds_left:.0f} s left")
    st.caption(f":material/hourglass_top: {' · '.join(words)}")


def _proposal(code: Code, proposal: Proposal, key: str) -> None:
    if proposal.rejected:
        st.markdown(safe_markdown(proposal.rejected))
        return
    st.markdown(f"**{safe_markdown(proposal.title)}**")
    st.code(proposal.difference, language="diff")
    for note in proposal.notes:
        st.caption(safe_markdown(note))
    if proposal.code:
        st.button(
            "Put it into the editor",
            key=f"{key}-use",
            icon=":material/edit:",
            on_click=code.put,
            args=(proposal.code, code.filename),
            disabled=proposal.code == code.text,
        )


def _badge(reply: Reply, kept: str) -> None:
    """Draw the badge; it unfolds into what was dropped, measured and sent."""
    if reply.answer is None:
        if kept:
            st.caption(safe_markdown(kept))
        return
    answer = reply.answer
    words = answer.verdict.summary + (f" · {answer.model}" if answer.model else "")
    icon = ":material/verified:" if answer.verdict.checks.passed else ":material/info:"
    with st.popover(words, icon=icon, type="tertiary"):
        _unfolded(answer)


def _unfolded(answer: Answer) -> None:
    checks = answer.verdict.checks
    if checks.dropped:
        st.markdown("**Left out, and why**")
        for sentence in checks.dropped:
            st.markdown(f"- {safe_markdown(sentence)}")
    else:
        st.markdown("Nothing was left out.")
    if answer.cached:
        st.caption("Known from before: no model was asked.")
    elif answer.usage.completion_tokens:
        usage, total = answer.usage, answer.timings_ms.total or 0.0
        st.caption(
            f"{usage.completion_tokens} tokens in {total / 1000:.1f} s · prompt "
            f"{usage.prompt_tokens}, {usage.cached_tokens} from the cache"
        )
    if answer.sent:
        st.markdown("**What was sent to the model**")
        for prompt in answer.sent:
            st.code(prompt, language=None, wrap_lines=True)
