"""One item chosen by its picture, or in a list of rows, and by its number or name.

The chosen item is one for all pages, in the session and in the link as ``item``: by its row in the data of the link,
which is the same item for every model and on every machine; an item of other data has their name before it, as
``fashion-sample~12``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st
from jaxtyping import Int, Num

from explorer.io import images
from explorer.ui.widgets.history import went_back
from explorer.ui.widgets.picture_grid import last_picked, picture_grid
from explorer.ui.widgets.text import plain

ITEM = "item"
"""The chosen item: its name in the link."""
PICTURES_A_PAGE, ROWS_A_PAGE = 12, 6
_CHOSEN = f"{ITEM}.chosen"
_NUMBER = re.compile(r"#?\s*(\d{1,15})")


@dataclass(frozen=True, eq=False)
class ItemsToChoose:
    """What there is to choose from, in the order in which it is shown.

    Args:
        ids: (N,) by which the link knows the items, each once: see ``id_of``.
        names: (N,) what each is called: "row 77", "a/cat.png".
        numbers: (N,) what each is called by number: that in its name.
        pictures: positions (k,) -> (k, C, H, W) as stored or float in [0, 1]; None for rows of a table.
        labels: (N,) what each is labelled; empty: nothing is.
        columns: positions (k,) -> more of these rows, by the title of the column; None where there is no more, and for
            pictures.
    """

    ids: Sequence[str]
    names: Sequence[str]
    numbers: Int[np.ndarray, " n"]
    pictures: Callable[[Int[np.ndarray, " k"]], Num[np.ndarray, "k c h w"]] | None
    labels: Sequence[str] = ()
    columns: Callable[[Int[np.ndarray, " k"]], Mapping[str, Sequence[Any]]] | None = None

    def title(self, place: int) -> str:
        """Name and label of the item at this place."""
        return ", ".join(filter(None, [self.names[place], self.labels[place] if self.labels else ""]))

    def find(self, text: str) -> int | None:
        """The place of the item of this number or name, else of the first that has the text in its name or label.

        A number that no item has stands for the next one: what is shown is often a sample.
        """
        wanted = _plain_digits(text.strip())
        if not wanted:
            return None
        number = int(match[1]) if (match := _NUMBER.fullmatch(wanted)) is not None else None
        if number is not None and len(same := np.flatnonzero(self.numbers == number)):
            return int(same[0])
        names = [_plain_digits(name) for name in self.names]
        texts = [f"{name}, {label.casefold()}" for name, label in zip(names, self.labels or names, strict=True)]
        part = re.compile(rf"\b{re.escape(wanted)}\b" if number is not None else re.escape(wanted))
        tests: tuple[Callable[[int], bool], ...] = (
            lambda place: names[place] == wanted,
            lambda place: names[place].endswith(f" {wanted}"),
            lambda place: part.search(texts[place]) is not None,
        )
        hit = next((place for test in tests for place in range(len(names)) if test(place)), None)
        if hit is None and number is not None and (self.numbers > number).any():
            hit = int(np.argmin(np.where(self.numbers > number, self.numbers, np.inf)))
        return hit


def _plain_digits(text: str) -> str:
    """A text to compare: small letters, and "1,234" as "1234"."""
    return re.sub(r"(?<=\d),(?=\d{3})", "", text.casefold())


def id_of(row: int, data: str) -> str:
    """What the link calls an item.

    Args:
        row: in its data.
        data: their name.
    """
    return str(row) if data == st.session_state.get("data") else f"{data}~{row}"


def chosen_id() -> str:
    """What the link calls the chosen item: that of the link, else the one chosen last; empty where nobody has."""
    if went_back():
        st.session_state.pop(_CHOSEN, None)  # only what the address says holds
    return str(st.query_params.get(ITEM, st.session_state.get(_CHOSEN, "")))


def chosen_row(n: int) -> int | None:
    """Row of the chosen item in the data of the link, which have n; None where none of theirs is chosen."""
    text = chosen_id()
    return int(text) if text.isdecimal() and int(text) < n else None


def choose(item: str) -> None:
    """Choose an item by what the link calls it, in the session and in the link; before the page reads it."""
    st.session_state[_CHOSEN] = item
    st.query_params[ITEM] = item


def forget() -> None:
    """Choose nothing: each page shows its first item. For when a row is another item, that of other data."""
    st.session_state.pop(_CHOSEN, None)
    if ITEM in st.query_params:
        del st.query_params[ITEM]


def item_choice(
    items: ItemsToChoose, selected: str, *, label: str = "Item", a_page: int | None = None, size: int = 48
) -> None:
    """Show a page of items and a field for a number or name; a choice runs the page again with its ``chosen_id``.

    Args:
        items: to choose from, one or more.
        selected: id of the shown one, which is framed; it may be none of the items.
        label: of the field.
        a_page: items shown at once.
        size: largest side of a picture, in screen pixels.
    """
    st.session_state.pop(f"{ITEM}.picked", None)
    _choice(items, selected, label, a_page, size)


@st.fragment
def _choice(items: ItemsToChoose, selected: str, label: str, a_page: int | None, size: int) -> None:
    # Pages are turned without the page around; what is chosen concerns all of it.
    if st.session_state.pop(f"{ITEM}.picked", False):
        st.rerun()
    a_page = a_page or (ROWS_A_PAGE if items.pictures is None else PICTURES_A_PAGE)
    n = len(items.ids)
    place = items.ids.index(selected) if selected in items.ids else None
    start = _start((selected, n, a_page), place)
    _field(items, place, label, start, a_page)
    shown = np.arange(start, min(start + a_page, n))
    if items.pictures is None:
        _rows(items, shown, place)
    else:
        _pictures(items, shown, place, label, size)


def _start(of: tuple[str, int, int], place: int | None) -> int:
    """Where the shown page starts: at that of a newly chosen item, else where it was turned to.

    Args:
        of: what is chosen, of how many, and how many there are on a page.
        place: of the chosen one.
    """
    at: tuple[tuple[str, int, int], int] | None = st.session_state.get(f"{ITEM}.page")
    if at is None or at[0] != of:
        at = of, (place or 0) // of[2] * of[2]
        st.session_state[f"{ITEM}.page"] = at
    return at[1]


def _turn(to: int) -> None:
    of, _ = st.session_state[f"{ITEM}.page"]
    st.session_state[f"{ITEM}.page"] = of, to


def _pick(item: str) -> None:
    st.session_state[f"{ITEM}.picked"] = True
    choose(item)


def _field(items: ItemsToChoose, place: int | None, label: str, start: int, a_page: int) -> None:
    """The name of the chosen item, to be overwritten with another's, and the way to other pages."""
    n, field_key = len(items.ids), f"{ITEM}.field"

    def typed() -> None:
        text = st.session_state[field_key]
        hit = items.find(text)
        st.session_state[f"{ITEM}.missed"] = text if hit is None else ""
        if hit is not None:
            _pick(items.ids[hit])

    missed = st.session_state.get(f"{ITEM}.missed", "")
    if not missed:
        st.session_state[field_key] = "" if place is None else items.names[place]
    with st.container(horizontal=True, vertical_alignment="bottom", gap="xsmall"):
        st.text_input(
            label,
            key=field_key,
            on_change=typed,
            max_chars=200,
            placeholder="Number or name",
            help="Type the number or a part of the name or label of another one, or choose it below.",
        )
        if n > a_page:
            last = (n - 1) // a_page * a_page
            turns = ("Previous", "chevron_left", start - a_page), ("Next", "chevron_right", start + a_page)
            for name, icon, to in turns:
                st.button(
                    f":material/{icon}:",
                    key=f"{ITEM}.{name}",
                    help=f"{name} page: {start + 1:,} to {min(start + a_page, n):,} of {n:,} are shown.",
                    disabled=not 0 <= to <= last,
                    on_click=_turn,
                    args=(to,),
                )
    if missed:
        st.warning(f"Nothing here is called {plain(missed)}.", icon=":material/search_off:")


def _pictures(items: ItemsToChoose, shown: np.ndarray, place: int | None, label: str, size: int) -> None:
    assert items.pictures is not None  # noqa: S101 - rows are shown in a list
    x = items.pictures(shown)
    x = images.shrunk(x, max(1, max(x.shape[2:]) // (2 * size)))
    grid_key = f"{ITEM}.grid"

    def picked() -> None:
        hit = last_picked(x, key=grid_key)
        if hit is not None:
            _pick(items.ids[shown[hit]])

    selected = None if place is None or place not in shown else place - int(shown[0])
    titles = [items.title(int(i)) for i in shown]
    picture_grid(x, key=grid_key, label=label, titles=titles, selected=selected, size=size, on_pick=picked)


def _rows(items: ItemsToChoose, shown: np.ndarray, place: int | None) -> None:
    table: dict[str, list[Any]] = {
        "": ["▸" if i == place else "" for i in shown],
        "Item": [items.names[i] for i in shown],
    }
    if any(items.labels):
        table["Label"] = [items.labels[i] for i in shown]
    if items.columns is not None:
        table |= {title: list(values) for title, values in items.columns(shown).items()}
    # Another page is another table, in which nothing is selected yet.
    rows_key = f"{ITEM}.rows.{shown[0]}.{place}"

    def picked() -> None:
        rows = st.session_state[rows_key].selection.rows
        if rows:
            _pick(items.ids[shown[rows[0]]])

    st.dataframe(
        table,
        key=rows_key,
        hide_index=True,
        width="stretch",
        on_select=picked,
        selection_mode="single-row",
        column_config={"": st.column_config.TextColumn(width=24)},
    )
