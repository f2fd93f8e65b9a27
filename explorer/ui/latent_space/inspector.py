"""One item beside the map: what it is, what the model makes of it, and what lies near."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import streamlit as st
from jaxtyping import Num

from explorer import novelty
from explorer.core.neighbours import nearest
from explorer.io import images
from explorer.ui.latent_space import map_quality
from explorer.ui.map import map_view
from explorer.ui.map.columns import columns
from explorer.ui.map.latent_map import last_click
from explorer.ui.map.quantities import error_unit
from explorer.ui.map.shown_items import items_of
from explorer.ui.shell.links import open_item_in_generate
from explorer.ui.shell.session import Context
from explorer.ui.shell.vector_items import MapContext
from explorer.ui.widgets import item_choice
from explorer.ui.widgets.pictures import gallery
from explorer.ui.widgets.tables import number_columns, of_one_kind
from explorer.ui.widgets.text import plain, three_digits
from explorer.views import item_words
from explorer.views.planes import Plane

CHOICES = 5
"""Pictures to choose from at once."""
NEIGHBOURS = 6
FIRST_DIMENSIONS = 4
ITEM, MY_IMAGE = "Item", "My image"
"""What can stand beside the map."""


def beside_the_map(context: MapContext) -> str:
    """What stands beside the map: ``ITEM``, or ``MY_IMAGE``, which takes a model that encodes it."""
    if context.model is None or context.model.card.lacks:
        return ITEM
    chosen: str = st.segmented_control(
        "Beside the map",
        [ITEM, MY_IMAGE],
        default=ITEM,
        required=True,
        key="inspect",
        bind="query-params",
        label_visibility="collapsed",
    )
    return chosen


def choose_item(context: MapContext, map_keys: Sequence[str]) -> int:
    """Position of the item to inspect: the one clicked or chosen last. To be called before the maps are drawn.

    Args:
        map_keys: of the maps of these items.
    """
    for key in map_keys:
        click = last_click(key, len(context.rows))
        seen = f"latent_click.{key}"
        if click is not None and click.index is not None and click != st.session_state.get(seen):
            st.session_state[seen] = click
            item_choice.choose(str(context.rows[click.index]))
    row = item_choice.chosen_row(len(context.dataset)) or 0
    # A row that is not among the shown ones: the next one that is.
    return min(int(np.searchsorted(context.rows, row)), len(context.rows) - 1)


def other_items(context: MapContext, position: int) -> None:
    """The items beside the inspected one, to choose another by its picture, number or name."""
    row = item_choice.chosen_row(len(context.dataset))
    if row is not None and row != context.rows[position]:
        st.caption(
            f"{plain(item_words.row_title(context, row))} is not among the items of the map: this is the next one."
        )
    item_choice.item_choice(
        items_of(context), str(context.rows[position]), a_page=CHOICES if context.is_image else None
    )


def inspect(context: MapContext, shown: Plane, position: int, k: int) -> None:
    """One shown item: picture or columns, reconstruction, label, error, code, trust of its place, nearest neighbours.

    Args:
        shown: the map that it was chosen on.
        position: among the shown items.
        k: neighbours for the trust of the place.
    """
    if isinstance(context, Context) and context.encodes:
        _item_and_reconstruction(context, position)
    else:
        _item(context, position)
    _columns_beside(context, position)
    code = context.codes()[position]
    _code(context, code)
    spot = map_quality.spot(context, shown, position, k)
    if spot is not None:
        st.caption(map_quality.spot_in_a_sentence(context, spot))
    neighbours(context, code, skip=position)
    if context.model is not None and st.button(
        "Open in Generate", key="item_generate", icon=":material/tune:", help="Open its code in the sliders."
    ):
        open_item_in_generate(int(context.rows[position]))


def _columns_beside(context: MapContext, position: int) -> None:
    """What stands beside the item in its file, or in a table beside that."""
    here = np.array([position])
    rows = [{"beside it": name, "value": column.written(here)[0]} for name, column in columns(context).items()]
    if rows:
        st.dataframe(rows, hide_index=True, width="stretch", height=min(220, 36 * (len(rows) + 1)))


def _item(context: MapContext, position: int) -> None:
    """An item that nothing rebuilds: it came with its vector, or a decoder alone made it."""
    x, caption = context.x(slice(position, position + 1)), map_view.item_caption(context, position)
    if context.is_image:
        gallery(images.to_float(x), [caption], size=84, alt="Chosen item")
        return
    st.caption(plain(caption))
    named = item_words.columns_of(context, np.asarray(x, np.float64))
    rows = of_one_kind([{"column": name, "value": values[0]} for name, values in named.items()])
    st.dataframe(rows, hide_index=True, width="stretch", height=220, column_config=number_columns(rows))


def _item_and_reconstruction(context: Context, position: int) -> None:
    x = context.x(slice(position, position + 1))
    x_hat = context.checkpoint.reconstruct(x)
    error = float(context.checkpoint.reconstruction_errors(x)[0])
    caption = map_view.item_caption(context, position)
    if context.is_image:
        item = images.to_float(x)
        captions = [
            caption,
            f"reconstruction, error {three_digits(error)}" if context.is_real else "reconstruction",
        ]
        gallery(np.concatenate([item, x_hat]), captions, size=84, alt="Chosen item")
    else:
        st.caption(plain(caption))
        _columns(context, np.asarray(x, np.float64)[0], x_hat[0])
    if context.is_real:
        error_line(context, error)


def _code(context: MapContext, code: np.ndarray) -> None:
    first = ", ".join(three_digits(float(v)) for v in code[:FIRST_DIMENSIONS])
    st.caption(f"{'Code' if context.model else 'Vector'}: ({first}{', …' if len(code) > FIRST_DIMENSIONS else ''})")
    if len(code) > FIRST_DIMENSIONS:
        with st.popover(f"All {len(code)} dimensions", width="stretch"):
            named = zip(context.code_names, code.tolist(), strict=True)
            rows = [{"dimension": name, "value": value} for name, value in named]
            st.dataframe(rows, hide_index=True, width="stretch")


def _columns(context: Context, x: np.ndarray, x_hat: np.ndarray) -> None:
    named = item_words.columns_of(context, np.stack([x, x_hat]))
    rows = of_one_kind([{"column": name, "value": a, "rebuilt": b} for name, (a, b) in named.items()])
    st.dataframe(rows, hide_index=True, width="stretch", height=220, column_config=number_columns(rows))


def error_line(context: Context, error: float) -> None:
    """A reconstruction error with its unit, and how many validation items have a lower one."""
    calibration = np.asarray(context.card.calibration)
    text = f"Reconstruction error {three_digits(error)} ({error_unit(context)})"
    if len(calibration):
        share = float(novelty.percentile(np.array([error]), calibration)[0])
        text += f": higher than that of {share:.3g} % of the validation items"
    st.caption(f"{text}.")


def neighbours(context: MapContext, code: Num[np.ndarray, " d"], skip: int | None) -> None:
    """The shown items whose codes are nearest to one.

    Args:
        code: (D,).
        skip: position of an item that is the code's own; None without one.
    """
    itself = None if skip is None else np.array([skip])
    (positions,), (distances,) = nearest(context.codes(), code[None], NEIGHBOURS, itself=itself)
    map_view.show_neighbours(context, positions, distances)
