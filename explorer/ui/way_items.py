"""The items that a way leads through: chosen by picture, by number or on a map; kept in the session and in the link."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import streamlit as st

from explorer import images
from explorer.paths import MAX_ITEMS
from explorer.ui import cache, latent_view, selection
from explorer.ui.live.item_picker import Item, Shelf, item_picker, last_picked
from explorer.ui.live.map_parts import SpriteSheet
from explorer.ui.session import Current

PARAMETER = "way"
"""Row numbers in the link, parted by commas."""
KEY = "way_items"
_MAP_KEY = "way_map"
_KEPT = "kept_way"
FIRST = 3
"""Items to begin with, of as many classes."""
ON_SHELF = 24
SPRITE_SIDE = 48
"""Largest side of a thumbnail, in pixels."""


def pick_items(now: Current) -> tuple[int, ...]:
    """Draw the picker; the dataset's row numbers of the chosen items, in order, 0 to 8 of them."""
    rows = _taken(now)
    shelves = _shelves(now)
    item_picker(
        [_item(now, row) for row in rows],
        [shelf for shelf, _ in shelves],
        _sprites(now, [*rows, *(row for _, shelf_rows in shelves for row in shelf_rows)]) if now.is_image else None,
        key=KEY,
        most=MAX_ITEMS,
        rows=len(now.dataset),
        item_word=latent_view.item_word(now),
    )
    return rows


def map_toggle() -> bool:
    """Whether the map to pick from is wanted."""
    wanted: bool = st.toggle("Add items from a map", key="way_on_map", help="A click on it adds the nearest item.")
    return wanted


def map_to_pick_from(now: Current) -> None:
    """A map on which a click adds the nearest item."""
    latent_view.show_map(now, latent_view.plane(now), latent_view.by_label(now), _MAP_KEY)


def caption(now: Current, row: int) -> str:
    """What an item is called: its row, and its label where it has one."""
    labels, names = now.dataset.labels, now.dataset.label_names
    label = int(np.asarray(labels)[row]) if labels is not None else -1
    return f"row {row:,} ({names[label]})" if 0 <= label < len(names) else f"row {row:,}"


def codes_of(now: Current, rows: Sequence[int]) -> np.ndarray:
    """(K, latent_dim) codes of rows of the dataset."""
    if now.drawn is not None:
        return now.drawn[list(rows)]
    return cache.codes(now.checkpoint, now.dataset, np.array(rows, np.int64))


# --- What is chosen -------------------------------------------------------------------------------------------------


def _taken(now: Current) -> tuple[int, ...]:
    """The rows as of this run: as picker or map last said, else as kept, as the link says, or the first ones."""
    rows = _kept(now)
    picked = last_picked(KEY)
    if picked is not None and _is_new("picker", picked.stamp):
        rows = rows_of_text(",".join(picked.names), len(now.dataset))
    click = latent_view.last_click(_MAP_KEY, len(now.rows))
    if click is not None and click.index is not None and _is_new("map", click) and len(rows) < MAX_ITEMS:
        rows = (*rows, int(now.rows[click.index]))
    st.session_state[_KEPT] = (now.dataset.fingerprint, rows)
    text = ",".join(map(str, rows))
    if st.query_params.get(PARAMETER) != text:
        st.query_params[PARAMETER] = text
    return rows


def _is_new(source: str, report: object) -> bool:
    """Whether this report is seen for the first time."""
    key = f"{_KEPT}.{source}"
    if st.session_state.get(key) == report:
        return False
    st.session_state[key] = report
    return True


def _kept(now: Current) -> tuple[int, ...]:
    fingerprint, rows = st.session_state.get(_KEPT, ("", ()))
    if fingerprint == now.dataset.fingerprint:
        return tuple(rows)
    if not fingerprint and PARAMETER in st.query_params:
        return rows_of_text(st.query_params[PARAMETER], len(now.dataset))
    return tuple(int(row) for row in now.rows[now.samples(FIRST)])


def rows_of_text(text: str, n: int) -> tuple[int, ...]:
    """Row numbers in a link or a report; what is no row of ``n`` is left out, and so are those beyond the most."""
    numbers = (int(part) for part in text.split(",") if part.isascii() and part.isdecimal() and len(part) < 16)
    return tuple(number for number in numbers if number < n)[:MAX_ITEMS]


# --- What there is to choose from -----------------------------------------------------------------------------------


def _shelves(now: Current) -> list[tuple[Shelf, list[int]]]:
    groups = {"Samples": now.rows[now.samples(ON_SHELF)]}
    labels, names = now.labels(), now.dataset.label_names
    if labels is not None:
        for k, name in enumerate(names):
            if (labels == k).any():
                groups[name] = now.rows[labels == k][:ON_SHELF]
    groups["Selection"] = selection.current(now)[:ON_SHELF]
    empty = "Nothing is selected. Select items on the map of the Latent space page; they are then offered here."
    return [
        (Shelf(title, [_item(now, int(row)) for row in rows], empty), [int(row) for row in rows])
        for title, rows in groups.items()
    ]


def _item(now: Current, row: int) -> Item:
    return Item(str(row), caption(now, row))


def _sprites(now: Current, rows: Sequence[int]) -> SpriteSheet | None:
    if not len(rows):
        return None
    step = -(-max(now.dataset.event_shape[1:]) // SPRITE_SIDE)
    height, width = (len(range(0, side, step)) for side in now.dataset.event_shape[1:])
    columns = int(np.ceil(np.sqrt(len(rows))))
    return SpriteSheet(_sheet(now.dataset.fingerprint, tuple(rows), columns, step, now), columns, width, height)


@st.cache_data(max_entries=32, show_spinner=False)
def _sheet(data_key: str, rows: tuple[int, ...], columns: int, step: int, _now: Current) -> bytes:
    return images.sprite_sheet(_now.dataset.x[np.array(rows)][:, :, ::step, ::step], columns)
