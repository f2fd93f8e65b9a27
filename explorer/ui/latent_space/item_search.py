"""Finding items by label and by row number: what is typed, what it finds, and what it does not."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st
from jaxtyping import Int

from explorer.data.beside import ItemColumn
from explorer.ui.latent_space import column_search
from explorer.ui.map import columns as beside
from explorer.ui.map import map_view
from explorer.ui.shell import selection
from explorer.ui.shell.vector_items import MapContext
from explorer.ui.widgets.pictures import gallery
from explorer.ui.widgets.text import plain
from explorer.views import item_words

NO_COLUMNS: Mapping[str, ItemColumn] = {}
EXAMPLES = "7, label:shirt, row 120-140"
LISTED = 12
RINGED = 100
"""More rings than that hide the map."""
_ROWS = re.compile(r"(?:rows?\s*:?\s*)?(\d{1,15})(?:\s*[-–]\s*(\d{1,15}))?", re.IGNORECASE)
_LABEL = re.compile(r"label\s*:?\s*(.+)", re.IGNORECASE)


@dataclass(frozen=True, eq=False)
class SearchHits:
    """What a search found.

    Args:
        positions: (m,) of the shown items that match, rising.
        problems: what was not found or not understood, a sentence each.
    """

    positions: Int[np.ndarray, " k"]
    problems: tuple[str, ...] = ()

    @property
    def ringed(self) -> Int[np.ndarray, " n"] | None:
        """What a map rings; None for nothing."""
        return self.positions[:RINGED] if len(self.positions) else None


def find(
    text: str,
    numbers: Int[np.ndarray, " n"],
    labels: Int[np.ndarray, " n"] | None,
    names: Sequence[str],
    titles: Sequence[str] = (),
    columns: Mapping[str, ItemColumn] = NO_COLUMNS,
) -> SearchHits:
    """Shown items by label, row number or name.

    Terms are separated by commas: a label ("shirt", "label:shirt"; part of a name will do), a row or a range of rows
    ("row 120", "120-140"), or part of an item's own name. A bare number is the label of that name where there is one,
    else a row. Columns beside the items are searched last, or first by their names ("age: > 30", "place: here").

    Args:
        text: what was typed.
        numbers: (n,) rising numbers of the shown items, as their names say them.
        labels: (n,) their labels, indices into ``names``; None where there are none.
        names: of the labels.
        titles: (n,) what the items are called; empty: by their numbers alone.
        columns: beside the shown items, by their names.
    """
    hits = np.zeros(len(numbers), bool)
    problems = []
    for term in filter(None, map(str.strip, re.split(r"[,;\n]", text))):
        matchers = (
            lambda: column_search.by_named_column(term, columns),  # noqa: B023 (called at once)
            lambda: _by_label(term, labels, names),  # noqa: B023
            lambda: _by_row(term, numbers),  # noqa: B023
            lambda: _by_title(term, titles),  # noqa: B023
            lambda: column_search.by_any_text(term, columns),  # noqa: B023
        )
        matched = next((hit for by in matchers if (hit := by()) is not None), None)
        if matched is None:
            more = (" nor part of a name" if titles else "") + (" nor in a column" if columns else "")
            problems.append(f"{term!r} is neither a label nor a row number{more}.")
        elif not matched.any():
            problems.append(f"{term!r}: none of the shown items.")
        else:
            hits |= matched
    return SearchHits(np.flatnonzero(hits), tuple(problems))


def _by_label(term: str, labels: np.ndarray | None, names: Sequence[str]) -> np.ndarray | None:
    """Which items have a label of this name; None where there is no such label."""
    asked = match[1] if (match := _LABEL.fullmatch(term)) else term
    same = [i for i, name in enumerate(names) if name.casefold() == asked.casefold()]
    # A part of a name is enough where it is not a number, which would rather be a row.
    may_be_part = match is not None or not asked.isdecimal()
    part = [i for i, name in enumerate(names) if may_be_part and asked.casefold() in name.casefold()]
    matching = same or part
    return None if labels is None or not matching else np.isin(labels, matching)


def _by_title(term: str, titles: Sequence[str]) -> np.ndarray | None:
    """Which items have this in their names; None where none has."""
    matching = np.array([term.casefold() in title.casefold() for title in titles], bool)
    return matching if matching.any() else None


def _by_row(term: str, rows: np.ndarray) -> np.ndarray | None:
    match = _ROWS.fullmatch(term)
    if match is None:
        return None
    first = int(match[1])
    last = int(match[2]) if match[2] else first
    matched: np.ndarray = (rows >= min(first, last)) & (rows <= max(first, last))
    return matched


# --- On the page ------------------------------------------------------------------------------------------------------


def search_field() -> str:
    """The field to search in; what was typed."""
    text: str | None = st.text_input(
        "Find",
        key="find",
        type="search",
        placeholder=EXAMPLES,
        max_chars=300,
        bind="query-params",
        help="Labels, row numbers or parts of names, separated by commas; of columns beside the items part of a text, "
        "or `age: > 30`, `place: paris`, `day: 2024-02`, `age: missing`. Matches are ringed on the map and listed "
        "below it.",
    )
    return text or ""


def hits(context: MapContext, text: str) -> SearchHits:
    """What a text finds among the shown items."""
    if not text.strip():
        return SearchHits(np.empty(0, np.int64))
    dataset, rows = context.dataset, context.rows
    numbers = rows if dataset.item_numbers is None else dataset.item_numbers[rows]
    # "row 7" says no more than the number, and "row" would be part of every name before a column is asked.
    has_names = bool(dataset.item_names) and item_words.numbers_alone(context) is None
    titles = [dataset.item_names[row] for row in rows.tolist()] if has_names else []
    return find(text, numbers, context.labels(), dataset.label_names, titles, beside.columns(context))


def show_hits(context: MapContext, hits: SearchHits) -> None:
    """What was found: the first few, how many, and a button that selects them."""
    for problem in hits.problems:
        st.warning(plain(problem), icon=":material/search_off:")
    n = len(hits.positions)
    if not n:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        ringed = f"; the first {RINGED} are ringed" if n > RINGED else ""
        listed = f"; the first {LISTED} are below" if n > LISTED else ""
        st.markdown(f"**{n:,} found** among {plain(context.split)}{ringed}{listed}")
        if st.button("Select the matches", key="select_found", icon=":material/select:"):
            selection.set(context, context.rows[hits.positions])
            st.rerun()
    first = hits.positions[:LISTED]
    if context.is_image:
        gallery(
            context.x(first), [map_view.item_caption(context, int(p)).replace(", ", "\n") for p in first], 56, "Found"
        )
    else:
        columns = {name: column.written(first) for name, column in beside.columns(context).items()}
        st.dataframe(
            [
                {"item": item_words.item_title(context, p), "label": item_words.label_name(context, p)}
                | {name: cells[i] for name, cells in columns.items()}
                for i, p in enumerate(first.tolist())
            ],
            hide_index=True,
            width="stretch",
            height=180,
        )
