"""Novelty of a series: the worked example, and how the rows of a visitor's table are cut into windows."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import streamlit as st

from explorer.export import novelty_python
from explorer.io.tables.roles import NUMBERS
from explorer.novelty.inputs import TableInput
from explorer.novelty.scores.registry import REGISTRY
from explorer.novelty.series import heartbeat
from explorer.novelty.table_recipe import BODIES, Body
from explorer.novelty.windowing import WindowsAsked, find_windows
from explorer.novelty.windows import Windows
from explorer.ui.novelty import link as link
from explorer.ui.novelty.scored import Case, ScoredItems, score_items
from explorer.ui.novelty.uploads import Upload, opened
from explorer.ui.shell import kept
from explorer.ui.shell.cache import cached, cached_resource, key_of
from explorer.ui.widgets.text import plain, with_code
from explorer.ui.widgets.threshold_memory import RATE


def example_case() -> Case:
    """Two heart beats that were learnt, and what follows them with faults that code has added."""
    scored = _heartbeat()
    detector, card = scored.detector, scored.detector.card
    novel = 0 if scored.is_novel is None else int(scored.is_novel.sum())
    words = (
        f":blue[**Normal**]: {plain(card.normal)}. :orange[**Novel**]: {novel:,} of {len(scored):,} windows of what "
        "follows, which hold a fault that code has added. It stands there as it was recorded, and then once with each "
        f"fault: {', '.join(heartbeat.FAULTS)}."
    )
    case = Case(detector, f"example|{heartbeat.NAME}", words, scored, None, tuple(f"{note}." for note in card.notes),
                compares=False, data=(heartbeat.TITLE,), code=novelty_python.heartbeat())  # fmt: skip
    return replace(case, rate=None if link.came_with(RATE) else heartbeat.RATE)


@cached_resource(max_entries=1, spinner="Opening the example")
def _heartbeat() -> ScoredItems:
    detector, items = heartbeat.open_heartbeat()
    is_novel = np.array([label != heartbeat.AS_RECORDED for label in items.labels])
    title = f"{len(items.x):,} windows of what follows the two beats"
    return score_items(detector, items, is_novel, f"example|{heartbeat.NAME}|{key_of(items.x)}", title)


def windows_form(given: Upload, table: TableInput) -> tuple[Windows, WindowsAsked] | None:
    """Ask whether the rows of a table follow one another in time, and how they are cut; None: they do not.

    Returns:
        The windows, and what was said of them.

    Raises:
        DataError: they are no series, with what to do.
    """
    numbers = [name for name in table.contract.of(*NUMBERS) if name != table.label_column]
    if not numbers:
        return None
    time = table.contract.of("time")
    follows = st.toggle(
        "Rows follow one another: a series",
        key=kept.control(f"novelty_series.{given.key}"),
        help="They are then looked at in windows of many rows, and the spans that raise an alarm are shown over time."
        + (f" Times are in {time[0]}." if time else ""),
    )
    if not follows:
        return None
    columns = tuple(
        st.multiselect(
            "Columns over time (none: all numbers)", numbers, key=kept.control(f"novelty_series_columns.{given.key}")
        )
    )
    proposed = _found(given, columns)
    if proposed is None:
        return None
    key = kept.control(f"novelty_series_length.{given.key}.{columns}")
    length = int(st.number_input("Rows of a window", 2, 100_000, proposed.length, key=key))
    windows, asked = proposed, WindowsAsked(columns=columns)
    if length != proposed.length:
        asked = WindowsAsked(columns=columns, length=length)
        windows = find_windows(table, asked, given.options.dialect)
    st.caption(with_code(f"{windows.words[:1].upper()}{windows.words[1:]}."))
    return windows, asked


def body_form(score: str, key: str) -> Body:
    """Choose what the layers of a series' network see; dense where the score trains none.

    Args:
        score: a name of the registry.
        key: of the widget.
    """
    if not REGISTRY[score].uses_checkpoint:
        return "dense"
    body: Body = st.segmented_control(
        "Layers of the network",
        BODIES,
        default=BODIES[0],
        required=True,
        format_func=str.capitalize,
        key=kept.control(key),
        help="Dense layers see all values of a window at once. Convolutions see rows beside one another, and have the "
        "same weights all along the window.",
    )
    return body


@cached(max_entries=16, spinner="Looking for a period")
def _found(given: Upload, columns: tuple[str, ...]) -> Windows | None:
    table = opened(given)
    if not isinstance(table, TableInput):
        return None
    return find_windows(table, WindowsAsked(columns=columns), given.options.dialect)
