"""A window of a series as lines, and the whole series with its heat and the spans that raise an alarm."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import streamlit as st
from jaxtyping import Float

from explorer.export import figures
from explorer.novelty.detector import Detector
from explorer.novelty.series.heat import HeatOverTime, Span
from explorer.novelty.windows import Windows
from explorer.ui.novelty.scored import ScoredItems
from explorer.ui.shell.cache import cached
from explorer.ui.widgets.figure import show_figure
from explorer.ui.widgets.text import plain, three_digits

COLUMNS = 4
"""Drawn below one another; of more those with the largest share of the score."""
POINTS = 4000
"""Of a longer series each point is the hottest of several rows."""
LISTED = 50


def windows_of(detector: Detector) -> Windows | None:
    """How a detector cuts a series; None: its items are no windows."""
    return detector.card.windows


def window(scored: ScoredItems, item: int) -> None:
    """A window as lines, with the nearest normal one and the places that add most to its score."""
    detector, x = scored.detector, scored.x[item : item + 1]
    windows = windows_of(detector)
    if windows is None or detector.card.encoding is None:
        return
    near, _ = detector.nearest(x, 1)
    normal = detector.card.encoding.decode(detector.examples[near[0]])
    values = _lines(windows, {name: np.asarray(cells)[item] for name, cells in scored.cells.items()})
    beside = _lines(windows, {name: float(np.asarray(cells)[0]) for name, cells in normal.items()})
    parts = detector.contributions(x)
    shares = np.zeros_like(values)
    if parts is not None:
        shares = _lines(windows, dict(zip(detector.card.encoding.names, parts[0].tolist(), strict=True)))
    order = np.argsort(-np.nan_to_num(shares).sum(1), kind="stable")[:COLUMNS]
    rows = (0 if scored.rows is None else int(scored.rows[item])) + np.arange(windows.length)
    names = [windows.columns[i] for i in order]
    chart = figures.window_lines(rows, values[order], beside[order], np.nan_to_num(shares[order]), names)
    show_figure(chart, key="novelty_window")
    more = len(windows.columns) - len(order)
    st.caption(
        f"A window of {windows.length:,} rows, the nearest normal one that is kept, and the places that add most to "
        "its score." + (f" {more:,} more columns add less." if more else "")
    )


def over_time(scored: ScoredItems, threshold: float) -> None:
    """The scored part of a series, its heat, and the spans that raise an alarm."""
    windows = windows_of(scored.detector)
    if windows is None or scored.rows is None:
        return
    st.subheader("Over time")
    rows, values, heat, spans = _over_time(scored, threshold)
    counts = np.array([sum(span.column == name for span in spans) for name in windows.columns])
    order = np.sort(np.argsort(-counts, kind="stable")[:COLUMNS])
    names = [windows.columns[i] for i in order]
    ends = [(span.first, span.last) for span in spans]
    show_figure(figures.series_with_spans(rows, values[order], heat, ends, names), key="novelty_over_time")
    if scored.rows.max() - scored.rows.min() >= len(rows):
        st.caption("Each point is the hottest of several rows.")
    if not spans:
        st.markdown("No span raises an alarm.")
        return
    st.markdown(f"{len(spans):,} span{'s' if len(spans) > 1 else ''} with an alarm, shaded:")
    st.dataframe(
        {
            "First row": [span.first for span in spans[:LISTED]],
            "Last row": [span.last for span in spans[:LISTED]],
            "Hottest row": [span.peak for span in spans[:LISTED]],
            "Score": [three_digits(span.score) for span in spans[:LISTED]],
            "p-value": [three_digits(span.p_value) for span in spans[:LISTED]],
            "Column": [plain(span.column) for span in spans[:LISTED]],
        },
        hide_index=True,
        width="stretch",
    )
    if len(spans) > LISTED:
        st.caption(f"The first {LISTED} of {len(spans):,}.")


@cached(max_entries=16)
def _over_time(scored: ScoredItems, threshold: float) -> tuple[np.ndarray, np.ndarray, np.ndarray, list[Span]]:
    """Rows (n,), values (C, n), heat (n,) and spans of the scored windows."""
    windows, firsts = scored.detector.card.windows, scored.rows
    assert windows is not None and firsts is not None  # noqa: S101, PT018 - whoever asks has looked
    gathered = HeatOverTime(scored.detector)
    order = np.argsort(firsts, kind="stable")
    scores = scored.scores[order]
    gathered.add(firsts[order], scored.x[order], scores, scored.p_values[order], scores > threshold)
    heat = gathered.heat().sum(1)
    values = np.full((len(windows.columns), len(heat)), np.nan)
    for c, of_column in enumerate(windows.through_time(scored.cells).values()):
        for offset in range(windows.length):
            values[c, firsts - 1 + offset] = of_column[:, offset]
    start = int(firsts.min()) - 1
    rows = np.arange(start, len(heat))
    if len(rows) > POINTS:
        known = np.nan_to_num(heat)
        rows = np.array([int(part[known[part].argmax()]) for part in np.array_split(rows, POINTS)])
    return rows + 1, values[:, rows], heat[rows], gathered.spans()


def _lines(windows: Windows, values: Mapping[str, float]) -> Float[np.ndarray, "c n"]:
    """(C, L) values of a window by column; those that are not there are missing."""
    return np.concatenate(list(windows.through_time({name: np.array([v]) for name, v in values.items()}).values()))
