"""How many lessons were finished by when, as a plot."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import accumulate

import altair
import streamlit as st

_HEIGHT = 120


def finished_by_day(times: Sequence[datetime]) -> list[dict[str, str | int]]:
    """Return a row a day on which lessons were finished, and one before the first: 0 lessons."""
    days = Counter(time.date() for time in times)
    ordered = sorted(days)
    counts = accumulate(days[day] for day in ordered)
    rows: list[dict[str, str | int]] = [
        {"day": day.isoformat(), "lessons": count}
        for day, count in zip(ordered, counts, strict=True)
    ]
    start = ordered[0] - timedelta(days=1)
    return [{"day": start.isoformat(), "lessons": 0}, *rows]


def progress_plot(times: Sequence[datetime], total: int) -> None:
    """Draw how the number of finished lessons grew; `times` has at least one."""
    rows = finished_by_day(times)
    highest = min(total, max(len(times) + 1, 5))
    ends = [str(rows[0]["day"]), str(rows[-1]["day"])]
    days = altair.Axis(format="%d %b", values=ends, grid=False)
    base = altair.Chart(altair.InlineData(values=rows)).encode(
        x=altair.X("day:T", title=None, axis=days),
        y=altair.Y(
            "lessons:Q",
            title=None,
            scale=altair.Scale(domain=[0, highest]),
            axis=altair.Axis(tickMinStep=1, tickCount=3),
        ),
    )
    chart = base.mark_area(interpolate="step-after", opacity=0.25, line=True) + base.mark_point(
        filled=True, size=50
    )
    st.altair_chart(chart.properties(height=_HEIGHT))
