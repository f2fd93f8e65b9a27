"""The drawer under the map: what is selected, in pictures and numbers, and what can be done with it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import streamlit as st
from jaxtyping import Int, Num

from explorer import evaluation, export
from explorer.core.intervals import POSITIVE
from explorer.data.item_names import item_columns
from explorer.export import kinds
from explorer.ui.latent_space import group_table
from explorer.ui.map import columns as beside
from explorer.ui.map import map_view
from explorer.ui.map.quantities import density_of, error_unit, has_density, kl
from explorer.ui.map.told_items import told
from explorer.ui.shell import selection
from explorer.ui.shell.links import open_page
from explorer.ui.shell.session import Context
from explorer.ui.shell.vector_items import MapContext
from explorer.ui.widgets.download import download
from explorer.ui.widgets.pictures import gallery
from explorer.ui.widgets.tables import number_columns
from explorer.ui.widgets.terms import explained
from explorer.ui.widgets.text import interval, plain
from explorer.views import item_words

PAGE = 24
"""Pictures at once."""
PICTURE_SIZE = 56
REFERENCE_ITEMS = 5000
"""Means of the shown items are taken over at most so many."""


def drawer(context: MapContext) -> None:
    """The current selection; how to make one, where there is none."""
    rows = selection.current(context)
    fits = selection.write_link(context)
    if not len(rows):
        st.caption("Nothing is selected. Draw around points with the lasso or the box above the map.")
        _groups(context)
        return
    chosen = selected(context, rows)
    with st.container(border=True):
        st.subheader(f"Selection: {len(rows):,} {item_words.item_word(context)}{'s' if len(rows) > 1 else ''}")
        if not fits:
            st.caption("So many rows do not fit into a link: the selection stays in this session only.")
        on_map = len(selection.positions(context))
        if on_map < len(rows):
            st.caption(f"{on_map:,} of them are on the map.")
        left, right = st.columns(2, gap="medium")
        with left:
            _items(chosen)
        with right:
            _classes(context, chosen)
            _numbers(context, chosen)
        group_table.against_the_rest(context)
        _actions(context, rows)
        _downloads(context, chosen)
        _groups(context)


def selected(context: MapContext, rows: Int[np.ndarray, " n"]) -> MapContext:
    """The same choice with just these rows, which may be more or others than those that are shown."""
    split = context.split.split(", n")[0]
    return replace(context, rows=rows, split=f"{split}, selected, n = {len(rows):,}")


def _items(chosen: MapContext) -> None:
    """The selected items, a page at a time."""
    n = len(chosen.rows)
    pages = -(-n // PAGE)
    page = 0
    if pages > 1:
        page = int(st.number_input(f"Page of {pages:,}", 1, pages, 1, key=f"selection_page.{n}")) - 1
    positions = np.arange(page * PAGE, min(n, (page + 1) * PAGE))
    rows = told(chosen, positions)
    if chosen.is_image:
        captions = [map_view.item_caption(chosen, int(p)).replace(", ", "\n") for p in positions]
        gallery(chosen.x(positions), captions, PICTURE_SIZE, "Selected")
    if rows:
        height = min(260, 36 * (len(rows) + 1))
        st.dataframe(rows, hide_index=True, width="stretch", height=height, column_config=number_columns(rows))


def _classes(context: MapContext, chosen: MapContext) -> None:
    """How many of each class are selected, and what share of the shown ones that is."""
    labels, shown = chosen.labels(), context.labels()
    if labels is None or shown is None:
        return
    among_shown = np.isin(context.rows, chosen.rows)
    table = []
    classes, counts = np.unique(labels, return_counts=True)
    for label, count in sorted(zip(classes, counts, strict=True), key=lambda pair: -pair[1]):
        name = context.dataset.label_names[label] if label >= 0 else "not labelled"
        of_class = shown == label
        share = float(among_shown[of_class].mean()) if of_class.any() else float("nan")
        table.append({"class": name, "selected": int(count), "of those shown": share})
    share_column = st.column_config.ProgressColumn(format="percent", min_value=0.0, max_value=1.0)
    st.dataframe(
        table, hide_index=True, width="stretch", height="content", column_config={"of those shown": share_column}
    )


@dataclass(frozen=True, eq=False)
class Compared:
    """One number of the selected items beside that of the shown ones, of which a part will do.

    Args:
        name: in files.
        title, unit: on the page.
        selected: (n,) of the selected items.
        shown: (m,) of the shown ones.
        bounds: lowest and highest value that the number can have.
    """

    name: str
    title: str
    unit: str
    selected: Num[np.ndarray, " n"]
    shown: Num[np.ndarray, " m"]
    bounds: tuple[float, float] = (-math.inf, math.inf)


def reference(context: MapContext) -> MapContext:
    """The shown items, or as many of them, spread over all, as are enough for a mean."""
    return context if len(context.rows) <= REFERENCE_ITEMS else context.thinned(REFERENCE_ITEMS)


def compared(context: MapContext, chosen: MapContext) -> list[Compared]:
    """Error, KL and density of the selected items and of ``reference(now)``, as far as they have them."""
    comparisons = []
    shown = reference(context)
    if context.is_real and isinstance(context, Context) and isinstance(chosen, Context) and isinstance(shown, Context):
        comparisons.append(Compared("error", "Error", error_unit(context), chosen.errors(), shown.errors(), POSITIVE))
        if context.checkpoint.is_variational:
            comparisons.append(Compared("kl", "KL", "nats", kl(chosen), kl(shown), POSITIVE))
    if has_density(context):
        of_chosen, of_shown = (density_of(context).log_density(each.codes()) for each in (chosen, shown))
        comparisons.append(Compared("density", "Log density", "nats", of_chosen, of_shown))
    return comparisons


def statistics(context: MapContext, chosen: MapContext) -> list[dict[str, str]]:
    """The mean of each number over the selected and over the shown items, each with its 95 % interval."""
    return [
        {
            "mean (95 % interval)": one.title,
            "selected": interval(evaluation.summary(one.title, one.unit, one.selected, chosen.split, one.bounds)),
            "shown": interval(evaluation.summary(one.title, one.unit, one.shown, context.split, one.bounds)),
        }
        for one in compared(context, chosen)
    ]


def _numbers(context: MapContext, chosen: MapContext) -> None:
    lines = statistics(context, chosen)
    if lines:
        st.dataframe(lines, hide_index=True, width="stretch", height="content")
        has_error = context.is_real and context.model is not None
        error = f"Error: {error_unit(context)}; the others in nats. " if has_error else "In nats. "
        explained(f"{error}Selected: {plain(chosen.split)}. Shown: {plain(reference(context).split)}.")


# --- What can be done with it -----------------------------------------------------------------------------------------


def _actions(context: MapContext, rows: np.ndarray) -> None:
    with st.container(horizontal=True):
        for name in selection.GROUPS:
            if st.button(f"Keep as group {name}", key=f"keep_{name}", icon=":material/bookmark:"):
                selection.set(context, rows, name)
                st.rerun()
        paths = "Interpolate through the selected items on the Generate page."
        with_model = context.model is not None
        if with_model and st.button("Open in Generate", key="selection_generate", icon=":material/tune:", help=paths):
            open_page("generate", selection.query(context), view="Interpolate")
        if (
            context.is_real
            and with_model
            and st.button("Mark in Novelty", key="selection_novelty", icon=":material/flag:")
        ):
            open_page("novelty", selection.query(context))
        if st.button("Clear", key="selection_clear", icon=":material/deselect:"):
            selection.set(context, np.empty(0, np.int64))
            st.rerun()


def _groups(context: MapContext) -> None:
    """The groups that were kept, and what they are for."""
    kept = selection.groups(context)
    if not kept:
        return
    sizes = " and ".join(f"group {name}: {len(rows):,} items" for name, rows in kept.items())
    with st.container(horizontal=True, vertical_alignment="center"):
        slider = len(kept) == len(selection.GROUPS) and context.model is not None
        hint = " With both, the Generate page has a slider from A to B." if context.model is not None else ""
        st.caption(f"Kept: {sizes}.{hint}")
        if slider and st.button("Open the slider", key="groups_generate", icon=":material/tune:"):
            open_page("generate", selection.query(context), view="Attribute")
        for name in kept:
            if st.button(f"Remove {name}", key=f"forget_{name}", type="tertiary"):
                selection.set(context, np.empty(0, np.int64), name)
                st.rerun()


def _downloads(context: MapContext, chosen: MapContext) -> None:
    stem = f"{context.name}-{context.dataset.name}-selection"
    offers = [
        ("CSV", lambda: table_csv(context, chosen), f"{stem}.csv"),
        ("NPZ", lambda: arrays_npz(context, chosen), f"{stem}.npz"),
    ]
    if context.is_image:
        offers.append(("Pictures (zip of PNG)", lambda: pictures_zip(chosen), f"{stem}.zip"))
    with st.container(horizontal=True):
        for title, content, name in offers:
            download(title, content, name, kinds.SELECTION, key=f"selection.{title}")


def table_csv(context: MapContext, chosen: MapContext) -> bytes:
    """One line a selected item: names, row, label, error, KL, density and code; of table rows also their columns."""
    columns: dict[str, Sequence[object] | np.ndarray] = {"row": chosen.rows}
    if chosen.labels() is not None:
        columns["label"] = [item_words.label_name(chosen, i) for i in range(len(chosen.rows))]
    columns |= {one.name: one.selected for one in compared(context, chosen)}
    columns |= dict(zip(chosen.code_names, chosen.codes().T, strict=True))
    if not chosen.is_image:
        columns |= item_words.columns_of(chosen, chosen.x())
    every = np.arange(len(chosen.rows))
    columns |= {
        name: column.written(every)
        for name, column in beside.columns(chosen, with_clusters=False).items()
        if name not in columns
    }
    return export.csv_bytes(item_columns(context.dataset, chosen.rows, columns))


def arrays_npz(context: MapContext, chosen: MapContext) -> bytes:
    """The selected items with rows, labels, codes and numbers, as named arrays."""
    arrays = {"x": np.asarray(chosen.x()), "rows": chosen.rows, "codes": chosen.codes()}
    labels = chosen.labels()
    if labels is not None:
        arrays |= {"labels": labels, "label_names": np.array(context.dataset.label_names)}
    arrays |= {one.name: one.selected for one in compared(context, chosen)}
    named = item_columns(context.dataset, chosen.rows, arrays)
    return export.npz_bytes(**{name: np.asarray(values) for name, values in named.items()})


def pictures_zip(chosen: MapContext) -> bytes:
    """The selected pictures as PNG files, named as their files are, else by row and label."""
    if chosen.is_real and chosen.dataset.item_names:
        files = export.picture_names([chosen.dataset.item_names[row] for row in chosen.rows.tolist()])
        return export.images_zip(chosen.x(), [file.removesuffix(".png") for file in files])
    digits = len(str(int(chosen.rows[-1])))
    names = [
        "-".join(filter(None, [f"row-{row:0{digits}d}", item_words.label_name(chosen, i)]))
        for i, row in enumerate(chosen.rows)
    ]
    return export.images_zip(chosen.x(), names)
