"""What is taken away of the Latent space map: codes and places as files, a figure, and the Python that makes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import streamlit as st

from explorer import export
from explorer.core.errors import DataError
from explorer.data.item_names import item_columns
from explorer.export import figures, kinds
from explorer.export.item_files import anndata_is_here, item_bytes, made_of_items
from explorer.export.python_additions import (
    ComparedSpace,
    with_clusters,
    with_differences,
    with_own_picture,
    with_second_model,
    with_selection,
    with_sheet,
    with_trust,
)
from explorer.ui.latent_space import map_quality
from explorer.ui.latent_space.group_table import columns_with_label
from explorer.ui.latent_space.map_page import View, has_sheet, sheet_side
from explorer.ui.map import columns, map_clusters, map_view, planes
from explorer.ui.map.exported_page import exported_page
from explorer.ui.shell import columns_beside, copied, selection, session, user_image
from explorer.ui.shell.session import Context
from explorer.ui.shell.vector_items import MapContext, VectorItems
from explorer.ui.widgets.download import download
from explorer.ui.widgets.figure import show_figure
from explorer.ui.widgets.onnx_button import model_onnx_button
from explorer.ui.widgets.page_button import Sight, page_button
from explorer.views import item_words
from explorer.views.exported import PageWishes, ShownMap, vectors_page
from explorer.views.planes import Plane, default_kind
from explorer.views.report import Reported, report_page

FIGURE_ITEMS = 70_000
"""A browser holds no figure of many more points."""
FORMS_CALLED = {"parquet": "Parquet", "csv": "CSV", "npz": "NPZ", **({"h5ad": "AnnData"} if anndata_is_here() else {})}


def downloads(context: MapContext, view: View, shown: Plane, first: Callable[[], ShownMap]) -> None:
    """The page as one HTML file, codes and places as files, the map as a figure, and the Python that makes it.

    Args:
        first: the map, but for its view.
    """
    link = map_view.link_of(context)
    if isinstance(context, Context):
        exported_page(context, lambda sight: _with_sight(first(), sight), key="latent_page", link=link)
    else:
        _page_of_vectors(context, first, link)
    labels, names = context.labels(), context.dataset.label_names
    stem = f"{context.name}-{context.dataset.name}-codes"
    with st.container(horizontal=True):
        download("Codes as CSV", lambda: codes_csv(context), f"{stem}.csv", kinds.CODES, key="codes_csv")
        download(
            "Codes and map positions as NPZ",
            lambda: codes_npz(context, shown),
            f"{stem}.npz",
            kinds.CODES,
            key="codes_npz",
        )
        if isinstance(context, Context) and context.encodes:
            with st.popover("All of it", icon=":material/table:", key="all_of_it"):
                _all_of_it(context, shown)
            download(
                "A report (HTML)",
                lambda: report_of(context, first()),
                f"{context.card.name}-report.html",
                kinds.REPORT,
                icon=":material/description:",
                key="model_report",
                help="One page that needs no connection: the card, the training, figures with intervals, this map, "
                "items beside their reconstructions, novelty.",
            )
        _onnx(context)
    is_large = len(context.rows) > FIGURE_ITEMS
    limit = f" Of up to {FIGURE_ITEMS:,} items: show fewer." if is_large else ""
    asked = st.toggle(
        "Map as a figure", key="as_figure", disabled=is_large, help=f"To save as PNG, SVG or Plotly JSON.{limit}"
    )
    if asked and not is_large:
        titles = [item_words.item_title(context, position) for position in range(len(context.rows))]
        figure = figures.scatter2d(shown.points, labels, names, shown.axes, titles)
        show_figure(figure, key="latent_figure")
    with st.expander("Copy as Python"):
        st.code(python_of_page(context, view, shown), language="python")


@st.fragment
def _page_of_vectors(context: VectorItems, first: Callable[[], ShownMap], link: str) -> None:
    """The button that takes the map of vectors away, as it stands, with bars of what stands beside the items."""

    def make(sight: Sight | None) -> bytes:
        shown = first()
        message = shown.message.model_copy(update={"in_sight": sight})
        return vectors_page(context, message, shown.notes, columns_with_label(context), context.scale).html

    page_button(make, f"{context.dataset.name}-vectors.html", key="vectors_page", link=link)


def _onnx(context: MapContext) -> None:
    """The encoder alone that gave items the codes which are shown; a whole model goes with its page."""
    if session.lacks_decoder():
        encoder = session.vector_checkpoint_of(st.session_state["model"])
        model_onnx_button(encoder, context.dataset, context.rows, key="latent_onnx")


def _with_sight(shown: ShownMap, sight: Sight | None) -> PageWishes:
    return PageWishes(map=replace(shown, message=shown.message.model_copy(update={"in_sight": sight})))


def report_of(context: Context, shown: ShownMap) -> bytes:
    """The model as a page to read, measured on the shown items, with the map as it stands."""
    split = context.split.split(", n")[0]
    if not context.is_real:
        without = Reported(context.checkpoint, context, None, np.zeros(0, np.int64), "")
        return report_page(without, PageWishes(map=shown)).html
    try:
        beside = columns_beside.columns_of(context.dataset.name).columns
    except DataError:  # the sidebar says it
        beside = ()
    reported = Reported(context.checkpoint, context, context.dataset, context.rows, split, beside)
    return report_page(reported, PageWishes(map=shown)).html


def _all_of_it(context: Context, shown: Plane) -> None:
    """Codes, places, errors and reconstructions of the shown items in one file of a chosen form."""
    st.caption("Codes, places on the map, errors, labels and reconstructions of the shown items.")
    form = st.segmented_control(
        "Form",
        list(FORMS_CALLED),
        default="parquet",
        required=True,
        key="items_form",
        format_func=lambda form: FORMS_CALLED[form],
    )
    with_rebuilt = st.toggle("With reconstructions", True, key="items_rebuilt")
    download(
        "Download",
        lambda: items_of(context, shown, form or "parquet", with_rebuilt),
        f"{context.card.name}-{context.dataset.name}.{form}",
        kinds.ITEMS,
        key="items_file",
    )


def items_of(context: Context, shown: Plane, form: str, with_rebuilt: bool) -> bytes:
    """The shown items as the command ``export --table`` writes them, with their places on the map."""
    split = context.split.split(", n")[0]
    made = made_of_items(context.checkpoint, context.dataset, context.rows, split, with_rebuilt)
    return item_bytes(replace(made, places=shown.points), form)


def codes_csv(context: MapContext) -> bytes:
    """One line a shown item: what it is called, its row and label, and its code."""
    columns = export.code_columns(context.codes(), context.rows, context.labels(), context.dataset.label_names)
    return export.csv_bytes(item_columns(context.dataset, context.rows, columns))


def codes_npz(context: MapContext, shown: Plane) -> bytes:
    """The codes of the shown items and their places on the map, with what they are called, rows and labels."""
    arrays = {"codes": context.codes(), "places": shown.points, "rows": context.rows}
    labels = context.labels()
    if labels is not None:
        arrays["labels"] = labels
    named = item_columns(context.dataset, context.rows, arrays)
    return export.npz_bytes(**{name: np.asarray(values) for name, values in named.items()})


def python_of_page(context: MapContext, view: View, shown: Plane) -> str:
    """The Python of the map with what is shown beside it: a second map, the decoded plane, clusters, a selection."""
    python = python_of(context, view) if isinstance(context, Context) else python_of_vectors(context, view)
    if isinstance(context, Context) and (own := user_image.current(context)) is not None:
        python = with_own_picture(python, own.x[0])
    if isinstance(context, Context) and view.second is not None:
        python = _with_second(python, context, view, view.second)
    if isinstance(context, Context) and has_sheet(context, shown):
        pair = view.pair if view.kind == "pair" else None
        python = with_sheet(python, sheet_side(context), context.code_size == 2, pair)
    if map_quality.is_measured(context, view.k):
        labelled = map_quality.compares_labels(context)
        python = with_trust(python, compared_space(context), view.k, labelled)
    if map_clusters.asked():
        python = with_clusters(python, map_clusters.min_size(context), map_clusters.of_map())
    rows = selection.current(context)
    if len(rows):
        file = f"{context.name}-{context.dataset.name}-selection.npz"
        python = with_selection(python, rows, file, "" if isinstance(context, Context) else context.scale)
        compared = columns_with_label(context) if context.is_real else {}
        if compared and len(selection.positions(context)) > 1:
            beside = columns_beside.python_of(context.dataset.name, copied.data_of(context))
            names = [column.name for column in columns_beside.columns_of(context.dataset.name).columns]
            python = with_differences(python, beside, columns.renamed(context, names), columns.LABEL in compared)
    return python


def python_of_vectors(context: VectorItems, view: View) -> str:
    """The Python that makes the map of vectors, which an encoder alone may have made of the items."""
    items, also = _spread(context, view)
    pair = view.pair if view.kind == "pair" else None
    encoder, data = "", copied.data_of(context)
    if session.lacks_decoder():
        card = session.vector_checkpoint_of(st.session_state["model"]).card
        encoder, data = copied.model_name(card), copied.of_dataset(context.dataset, card)
    return export.vectors_code(data, context.scale, _kind(context, view), view.seed, pair, items, encoder, also)


def python_of(context: Context, view: View) -> str:
    """The Python that makes the map that was asked for, of the same items."""
    split = context.split.split(", n")[0]
    items, also = _spread(context, view)
    pair = view.pair if view.kind == "pair" else None
    name, kind = copied.model_name(context.card), _kind(context, view)
    if not context.is_real:
        return export.decoded_code(name, kind, view.seed, pair, items, also)
    data = copied.data_of(context)
    return export.latent_space_code(name, data, split, kind, view.seed, pair, items, also)


def _with_second(python: str, context: Context, view: View, second: str) -> str:
    other = replace(context, checkpoint=session.vector_checkpoint_of(second))
    name, dim = copied.model_name(other.card), other.code_size
    if dim == 2:
        return with_second_model(python, name, "", 0, None)
    if view.kind == "pair" and max(view.pair) < dim:
        return with_second_model(python, name, "pair", 0, view.pair)
    kind = _kind(other, view) if view.kind not in ("", "pair") else "pca"
    return with_second_model(python, name, kind, view.seed, None)


def _kind(context: MapContext, view: View) -> str:
    """The map that is shown: a slow one only once it is laid out."""
    if view.kind in planes.SLOW_KINDS and planes.slow_plane(context, view.kind, view.seed) is None:
        return default_kind(context.code_size)
    return view.kind


def _spread(context: MapContext, view: View) -> tuple[int | None, int | None]:
    """How many items were taken, spread over all (None: all of them), and the row of the one more that was chosen."""
    spread = context.thinned(view.count).rows
    whole = len(context.thinned(len(context.dataset)).rows)
    more = np.setdiff1d(context.rows, spread)
    return len(spread) if len(spread) < whole else None, int(more[0]) if len(more) else None


def compared_space(context: MapContext) -> ComparedSpace:
    """What the map is compared with."""
    if context.model is None or context.code_size > 2:
        return "codes"
    return "pixels" if context.is_image else "columns"
