"""The items of a path: chosen by picture, by number or on a map; kept in the session and in the link."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import streamlit as st
from jaxtyping import Num

from explorer.browser.item_picker.message import Item, ItemPicker, Shelf
from explorer.browser.parts import SpriteSheet
from explorer.core.row_samples import spread_sample
from explorer.data import Dataset
from explorer.data.item_names import item_name
from explorer.io import images
from explorer.latent.interpolation import MAX_ITEMS
from explorer.ui.map import map_view, planes
from explorer.ui.map.latent_map import last_click
from explorer.ui.shell import cache, selection, user_image, user_image_controls
from explorer.ui.shell.cache import cached
from explorer.ui.shell.session import Context
from explorer.ui.widgets.item_picker import item_picker, last_picked
from explorer.views import colouring

PARAMETER = "path"
"""Row numbers in the link, separated by commas."""
USER_IMAGE = -1
"""Stands for the user image among row numbers; the link, which cannot carry a picture, names it."""
_USER_IMAGE_NAME = "user-image"
_FORMER_NAME = "mine"
KEY = "path_items"
_MAP_KEY = "path_map"
_KEPT = "kept_path"
FIRST = 3
"""Items to begin with, of as many classes."""
ON_SHELF = 24
SPRITE_SIDE = 48
"""Largest side of a thumbnail, in pixels."""


def pick_items(context: Context) -> tuple[int, ...]:
    """Draw the picker; the dataset's row numbers of the chosen items (or ``USER_IMAGE``), in order, 0 to 8 of them."""
    rows = _taken(context)
    shelves = _shelves(context)
    shown = [*rows, *(row for _, shelf_rows in shelves for row in shelf_rows)]
    picker = ItemPicker(
        chosen=[_item(context, row) for row in rows],
        shelves=[shelf for shelf, _ in shelves],
        sprites=_sprites(context, shown) if context.is_image else None,
        most=MAX_ITEMS,
        rows=len(context.dataset),
    )
    item_picker(picker, key=KEY)
    return rows


def source_toggles(context: Context) -> tuple[bool, bool]:
    """Whether a map to pick from, and the visitor's own image, are wanted."""
    on_map = st.toggle("Add items from a map", key="path_on_map", help="Click the map to add the nearest item.")
    from_image = user_image.applies_to(context) and st.toggle(
        "My image", key="path_user_image", help="Draw, paste or upload an image; it is then offered under Add items."
    )
    return on_map, from_image


def show_sources(context: Context, sources: tuple[bool, bool]) -> None:
    """The map on which a click adds the nearest item, and the controls of the visitor's own image, where wanted."""
    on_map, from_image = sources
    if on_map:
        map_view.show_map(context, planes.plane(context), colouring.by_label(context), _MAP_KEY)
    if from_image:
        had = user_image.current(context)
        image = user_image_controls.picker(context, "path_picture")
        if (image is None) != (had is None):
            st.rerun()  # the picker above offers it from now on, or no longer


def caption(context: Context, row: int) -> str:
    """What an item is called, with its label where it has one."""
    if row == USER_IMAGE:
        return "my image"
    labels, names = context.dataset.labels, context.dataset.label_names
    label = int(np.asarray(labels)[row]) if labels is not None else -1
    name = item_name(context.dataset, row)
    return f"{name} ({names[label]})" if 0 <= label < len(names) else name


def codes_of(context: Context, rows: Sequence[int]) -> Num[np.ndarray, "n d"]:
    """(K, latent_dim) codes of rows of the dataset, and of the visitor's own image."""
    image = user_image.current(context)
    given = np.array([row for row in rows if row != USER_IMAGE], np.int64)
    known = (
        context.drawn[given] if context.drawn is not None else cache.codes(context.checkpoint, context.dataset, given)
    )
    codes = iter(known)
    return np.array([image.code[0] if image is not None and row == USER_IMAGE else next(codes) for row in rows])


# --- What is chosen -------------------------------------------------------------------------------------------------


def _taken(context: Context) -> tuple[int, ...]:
    """The rows as of this run: as picker or map last said, else as kept, as the link says, or the first ones."""
    rows = _kept(context)
    picked = last_picked(KEY)
    if picked is not None and _is_new("picker", picked.stamp):
        rows = rows_of_text(",".join(picked.names), len(context.dataset))
    click = last_click(_MAP_KEY, len(context.rows))
    if click is not None and click.index is not None and _is_new("map", click) and len(rows) < MAX_ITEMS:
        rows = (*rows, int(context.rows[click.index]))
    if user_image.current(context) is None:
        rows = tuple(row for row in rows if row != USER_IMAGE)
    st.session_state[_KEPT] = (context.dataset.fingerprint, rows)
    text = ",".join(_name(row) for row in rows)
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


def _kept(context: Context) -> tuple[int, ...]:
    fingerprint, rows = st.session_state.get(_KEPT, ("", ()))
    if fingerprint == context.dataset.fingerprint:
        return tuple(rows)
    if not fingerprint and PARAMETER in st.query_params:
        return rows_of_text(st.query_params[PARAMETER], len(context.dataset))
    return tuple(int(row) for row in context.rows[context.samples(FIRST)])


def rows_of_text(text: str, n: int) -> tuple[int, ...]:
    """Row numbers in a link or a report; what is no row of ``n`` is left out, and so are those beyond the most."""
    rows = []
    for part in text.split(","):
        if part in (_USER_IMAGE_NAME, _FORMER_NAME):
            rows.append(USER_IMAGE)
        elif part.isascii() and part.isdecimal() and len(part) < 16 and int(part) < n:
            rows.append(int(part))
    return tuple(rows[:MAX_ITEMS])


def _name(row: int) -> str:
    return _USER_IMAGE_NAME if row == USER_IMAGE else str(row)


# --- What there is to choose from -----------------------------------------------------------------------------------


def _shelves(context: Context) -> list[tuple[Shelf, list[int]]]:
    groups = {"Samples": context.rows[context.samples(ON_SHELF)]}
    labels, names = context.labels(), context.dataset.label_names
    if labels is not None:
        for k, name in enumerate(names):
            if (labels == k).any():
                groups[name] = spread_sample(context.rows[labels == k], ON_SHELF)
    groups["Selection"] = spread_sample(selection.current(context), ON_SHELF)
    if user_image.current(context) is not None:
        groups["My image"] = np.array([USER_IMAGE])
    empty = "Nothing is selected. Select items on the map of the Latent space page; they are then offered here."
    return [
        (Shelf(title=title, items=[_item(context, int(row)) for row in rows], empty=empty), [int(row) for row in rows])
        for title, rows in groups.items()
    ]


def _item(context: Context, row: int) -> Item:
    return Item(name=_name(row), caption=caption(context, row))


def _sprites(context: Context, rows: Sequence[int]) -> SpriteSheet | None:
    if not len(rows):
        return None
    step = -(-max(context.dataset.event_shape[1:]) // SPRITE_SIDE)
    height, width = (len(range(0, side, step)) for side in context.dataset.event_shape[1:])
    columns = int(np.ceil(np.sqrt(len(rows))))
    image = user_image.current(context)
    from_image = None if image is None else images.to_uint8(image.x[0])
    png = _sheet(context.dataset, np.array(rows), columns, step, from_image)
    return SpriteSheet(png=png, columns=columns, width=width, height=height)


@cached(max_entries=32)
def _sheet(dataset: Dataset, rows: np.ndarray, columns: int, step: int, user_picture: np.ndarray | None) -> bytes:
    x = images.to_uint8(dataset.x[np.maximum(rows, 0)])
    if user_picture is not None:
        x[rows == USER_IMAGE] = user_picture
    return images.sprite_sheet(x[:, :, ::step, ::step], columns)
