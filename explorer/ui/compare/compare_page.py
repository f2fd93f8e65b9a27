"""What the Compare page shows: the same test items through several checkpoints and PCA."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
import streamlit as st
from jaxtyping import Int

from explorer import export
from explorer.checkpoints import VectorCheckpoint
from explorer.data.item_names import item_name
from explorer.evaluation import comparison, compression
from explorer.evaluation.comparison import ComparedItems, Entry, LinearCode
from explorer.evaluation.compression import Compressed
from explorer.export import figures
from explorer.latent.projection import PCA
from explorer.ui.shell import cache, copied, session
from explorer.ui.shell.cache import cached, cached_resource
from explorer.ui.shell.session import Context
from explorer.ui.widgets import item_choice
from explorer.ui.widgets.figure import show_figure
from explorer.ui.widgets.pictures import picture_row
from explorer.ui.widgets.tables import csv_button
from explorer.ui.widgets.terms import explained
from explorer.ui.widgets.text import duration, interval, plain, three_digits

FIRST_MODELS = 4
"""So many are chosen at first."""
PICTURE_SIZE = 84
JPEG_ITEMS = 100
"""Images that are written as JPEG files, nine times each: all of those that are compared would take a second or two."""


def model_picker(context: Context) -> list[str]:
    """Choose checkpoints of the current shape; those trained on the same data come first."""
    cards = session.cards_beside(context)
    names = [name for name, card in cards.items() if card.data.event_shape == context.checkpoint.event_shape]
    same = [name for name in names if session.have_same_data(cards[name], context.card)]
    # The sort is stable: among models of the same data, families stay together.
    names.sort(key=lambda name: (name != context.checkpoint.name, name not in same))
    # The current model decides what can be compared: another one starts from its own list.
    chosen: list[str] = st.multiselect(
        "Models",
        names,
        names[: min(FIRST_MODELS, max(1, len(same)))],
        format_func=lambda name: cards[name].title,
        key=f"compare.{context.checkpoint.name}",
    )
    return chosen


def titles(names: Sequence[str]) -> list[str]:
    """What the chosen models are called, for the sidebar."""
    cards = session.cards()
    return [cards[name].title for name in names]


def items_for(context: Context) -> ComparedItems:
    """Test items of the current dataset, of the classes that the current model was trained on.

    Raises:
        DataError: the dataset has no such rows.
    """
    return comparison.choose_items(context.dataset, context.card.classes)


def entries(names: Sequence[str], items: ComparedItems) -> list[Entry]:
    """The models and, for each size of code among them, PCA: by size, and within one by error, the smallest first."""
    models = [session.vector_checkpoint_of(name) for name in names]
    progress = st.progress(0.0, "Measuring") if len(models) > 1 else None
    compared = []
    for number, model in enumerate(models):
        if progress is not None:
            progress.progress(number / len(models), f"Measuring {plain(model.name)}")
        compared.append(entry(model, items))
    # Beside a code of whole numbers stands PCA of about as many bytes.
    compared += pca_entries(tuple(sorted({max(1, one.bytes_a_code // 4) for one in compared})), items)
    if progress is not None:
        progress.empty()
    # A wider code loses less: models of different sizes are not compared.
    return sorted(compared, key=lambda one: (one.bytes_a_code, one.code_bits is not None, one.error.value))


@cached(max_entries=64)
def entry(model: VectorCheckpoint, items: ComparedItems) -> Entry:
    """One checkpoint on the items, measured once."""
    return comparison.measure(model, items)


@cached_resource(max_entries=8, spinner="Fitting PCA")
def _pca(items: ComparedItems, size: int) -> LinearCode:
    return comparison.fit_pca(items, size)


@cached(max_entries=32, spinner="Fitting PCA")
def pca_entries(sizes: tuple[int, ...], items: ComparedItems) -> list[Entry]:
    """PCA of some sizes on the items, measured once."""
    return comparison.measure_pca(items, sizes)


# --- Pictures --------------------------------------------------------------------------------------------------------


def bytes_picture(compared: Sequence[Entry], items: ComparedItems) -> None:
    """Error against bytes: each model's code in four bytes and in one byte a value, PCA of any size, and JPEG files."""
    models = [one for one in compared if one.method != "PCA"]
    codes = {one.title: ([one.bytes_a_code, one.bytes_8bit], [one.error.value, one.error_8bit.value]) for one in models}
    most = max(1, *(one.bytes_a_code // 4 for one in models))
    widths = tuple(2**power for power in range(most.bit_length()) if 2**power <= most)
    linear = pca_entries(widths, items)
    lines: dict[str, tuple[Sequence[float], Sequence[float]]] = {}
    if linear:
        lines["PCA, 4 bytes a value"] = [one.bytes_a_code for one in linear], [one.error.value for one in linear]
    is_image = items.dataset.kind == "image"
    if is_image:
        files = _jpeg(items)
        lines["JPEG"] = [one.n_bytes for one in files], [one.error for one in files]
    unit = items.unit[:1].upper() + items.unit[1:]
    show_figure(figures.bytes_against_error(codes, lines, unit), key="compare_bytes")
    jpeg = (
        f" JPEG at qualities 1 to 95, of {len(_jpeg_rows(items)):,} of them, its header counted: it knows nothing of "
        "these images, and a small one is mostly header."
    )
    explained(
        f"Lower and further left is better. {items.split.capitalize()}, n = {len(items.rows):,}. Each model stands at "
        "4 bytes and at 1 byte a value; what all items share, the decoder or PCA's components, is not counted."
        + (jpeg if is_image else "")
    )


def picture_rows(compared: Sequence[Entry], items: ComparedItems) -> None:
    """Items, the chosen one first, and below them what each model makes of them: by size of code, the nearest first."""
    row = item_choice.chosen_row(len(items.dataset))
    if row is not None:
        items, measured = items.showing_first(row), items
        if row not in items.shown:
            st.caption(
                f"{plain(item_name(items.dataset, row))} is not shown: it is no test item of the "
                "classes that the current model was trained on."
            )
        if items is not measured:
            compared = [comparison.showing(one, _model_of(one, measured), items) for one in compared]
    with st.container(key="compare_pictures"):
        _picture_rows(compared, items)
    explained(f"Under each picture: its own {items.unit.split(' per ')[0]}.")


def _picture_rows(compared: Sequence[Entry], items: ComparedItems) -> None:
    x = items.dataset.x[items.shown]
    picture_row("Items", x, _labels(items), PICTURE_SIZE)
    for (size, values), group in itertools.groupby(compared, key=lambda one: (one.bytes_a_code, _values(one))):
        same_size = list(group)
        st.markdown(f"**{values} a code, {size:,} bytes**")
        for rank, one in enumerate(same_size, 1):
            place = f"{rank}. " if len(same_size) > 1 else ""
            label = f"{place}{plain(one.title)}: error {interval(one.error)}"
            picture_row(label, one.x_hat, [three_digits(float(e)) for e in one.shown_errors], PICTURE_SIZE)


def _values(one: Entry) -> str:
    """What a code is made of."""
    if one.code_bits is not None:
        return f"Whole numbers of {three_digits(one.code_bits)} bits"
    return "1 value" if one.latent_dim == 1 else f"{one.latent_dim} values"


def _model_of(one: Entry, items: ComparedItems) -> VectorCheckpoint | LinearCode:
    if one.method == "PCA":
        return _pca(items, one.latent_dim)
    return session.vector_checkpoint_of(one.name)


def _labels(items: ComparedItems) -> list[str]:
    labels, names = items.dataset.labels, items.dataset.label_names
    titles = [item_name(items.dataset, row) for row in items.shown.tolist()]
    if labels is None:
        return titles
    pairs = zip(titles, labels[items.shown].tolist(), strict=True)
    return [f"{title}\n{names[label]}" if label >= 0 else title for title, label in pairs]


# --- Numbers ---------------------------------------------------------------------------------------------------------


def numbers(compared: Sequence[Entry], items: ComparedItems) -> None:
    """Every figure of every model in one table, and as CSV."""
    columns = {
        "Model": [one.title for one in compared],
        "Error": [interval(one.error) for one in compared],
        "Error, 1 byte a value": [interval(one.error_8bit) for one in compared],
        "Bytes per code": [one.bytes_a_code for one in compared],
        "At 1 byte a value": [one.bytes_8bit for one in compared],
        "Weights": [one.weights for one in compared],
        "Training time": [duration(one.seconds) for one in compared],
        "Trained on": [one.trained_on for one in compared],
    }
    st.dataframe(columns, hide_index=True, width="stretch")
    fitted = f"PCA is fitted on {len(items.fit):,} training rows of this dataset."
    if not any(one.method == "PCA" for one in compared):
        fitted = "This dataset has too few training rows to fit PCA."
    explained(
        f"Error: {items.unit}, mean and 95 % interval over the same rows of {plain(items.dataset.title)} "
        f"({items.split}, n = {len(items.rows):,}). A code takes 4 bytes a value (float32), or 1 byte, rounded to 256 "
        f"levels; a code of whole numbers stays as it is. {fitted}"
    )
    csv_button("Download the numbers (CSV)", csv_rows(compared), "comparison.csv", "compare_csv")


def csv_rows(compared: Sequence[Entry]) -> list[dict[str, object]]:
    """One row a model, with all digits."""
    return [
        {
            "name": one.name,
            "title": one.title,
            "method": one.method,
            "trained_on": one.trained_on,
            "latent_dim": one.latent_dim,
            "weights": one.weights,
            "training_seconds": one.seconds,
            "split": one.error.split,
            "n": one.error.n,
            "unit": one.error.unit,
            "error": one.error.value,
            "error_low": one.error.low,
            "error_high": one.error.high,
            "bytes_a_code": one.bytes_a_code,
            "error_8bit": one.error_8bit.value,
            "error_8bit_low": one.error_8bit.low,
            "error_8bit_high": one.error_8bit.high,
            "bytes_a_code_8bit": one.bytes_8bit,
        }
        for one in compared
    ]


@cached(max_entries=16, spinner="Compressing the images as JPEG")
def _jpeg(items: ComparedItems) -> list[Compressed]:
    return compression.jpeg(items.dataset.x[_jpeg_rows(items)])


def _jpeg_rows(items: ComparedItems) -> Int[np.ndarray, " n"]:
    return cache.shown_rows(items.rows, JPEG_ITEMS)


def errors_by_column(compared: Sequence[Entry], items: ComparedItems) -> None:
    """Mean squared error of each column, for tables: a row a column, a column a model."""
    names = items.dataset.feature_names or tuple(f"column {i + 1}" for i in range(items.dataset.event_shape[0]))
    order = np.argsort(-compared[0].column_errors)
    rows = [{"column": names[c], **{one.title: float(one.column_errors[c]) for one in compared}} for c in order]
    config = {one.title: st.column_config.NumberColumn(format="%.3f") for one in compared}
    st.dataframe(rows, hide_index=True, width="stretch", column_config=config)
    explained(
        f"Mean squared error of each column in its own variances: 1 is no better than the mean. {items.split}, "
        f"n = {len(items.rows):,}. Sorted by {plain(compared[0].title)}."
    )
    csv_button("Download the errors by column (CSV)", rows, "errors-by-column.csv", "compare_columns_csv")


def as_python(names: Sequence[str], context: Context) -> str:
    """The Python that measures the same models and PCA on the same items."""
    classes = [name for name in context.card.recipe.data.classes if name in context.dataset.label_names]
    models = [copied.model_name(session.checkpoint_of(name).card) for name in names]
    jpeg_items = JPEG_ITEMS if context.is_image else 0
    first = item_choice.chosen_row(len(context.dataset))
    return export.compare_code(models, copied.data_of(context), classes, jpeg_items, first)


# --- Maps ------------------------------------------------------------------------------------------------------------


def two_maps(names: Sequence[str], items: ComparedItems) -> None:
    """The same items on the maps of two models, in the same colours; on one map where there is one model."""
    cards = {name: session.card_of(name) for name in names}
    places = ("left", "right")[: len(names)]
    for place, (column, key) in enumerate(zip(st.columns(len(places)), places, strict=True)):
        with column:
            name = st.selectbox(
                "Model",
                names,
                place,
                format_func=lambda name: card.title if (card := cards[name]) else name,
                key=f"compare_{key}.{'|'.join(names)}",
            )
            _map(session.vector_checkpoint_of(name), items, key)


def _map(model: VectorCheckpoint, items: ComparedItems, key: str) -> None:
    codes = cache.codes(model, items.dataset, items.rows)
    axes = ("z₁", "z₂")
    if codes.shape[1] != 2:
        projector = PCA().fit(codes)
        codes, axes = projector.transform(codes), ("first principal axis", "second principal axis")
        explained(f"{model.latent_dim} values a code: the plane with {projector.explained_:.0%} of their variance.")
    else:
        explained("The code itself.")
    labels = items.dataset.labels
    chart = figures.scatter2d(
        codes,
        None if labels is None else labels[items.rows],
        items.dataset.label_names,
        axes,
        [item_name(items.dataset, row) for row in items.rows.tolist()],
    )
    show_figure(chart, key=f"compare_{key}.map")
