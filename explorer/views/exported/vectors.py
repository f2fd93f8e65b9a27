"""Vectors that came without a model as one page that is opened from a file: their map, and filters of its columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int, Num

from explorer.browser.filters.message import Filters
from explorer.browser.latent_map.message import LatentMap
from explorer.browser.latent_map.parts import NearestItem, PlaceDecoder
from explorer.core.errors import DataError
from explorer.data import Dataset
from explorer.data.beside import ItemColumn
from explorer.data.vectors import VectorScale, vectors_of
from explorer.export.vector_files import PlacedVectors
from explorer.io.contract import Contract
from explorer.views import colouring, item_words
from explorer.views.colouring import Colouring
from explorer.views.exported.assembled import ExportedPage
from explorer.views.exported.page import facts_part, page_html
from explorer.views.exported.parts import LINK, PagePart, sprites
from explorer.views.filter_contents import filter_column
from explorer.views.items import CodedItems, class_by_class
from explorer.views.map_contents import map_points
from explorer.views.planes import plane_of
from explorer.views.row_values import row_columns

LABEL = "label"
MAX_FILTERS = 12


@dataclass(frozen=True)
class PlacedItems:
    """Laid-out vectors as the items of a view.

    Args:
        placed: the items and where they lie.
    """

    placed: PlacedVectors

    @property
    def model(self) -> None:
        return None

    @property
    def dataset(self) -> Dataset:
        return self.placed.dataset

    @property
    def rows(self) -> Int[np.ndarray, " n"]:
        return self.placed.rows

    @property
    def code_size(self) -> int:
        return int(self.placed.vectors.shape[1])

    @property
    def code_names(self) -> tuple[str, ...]:
        return vectors_of(self.dataset).names

    @property
    def contract(self) -> Contract | None:
        return self.dataset.contract

    @property
    def split(self) -> str:
        n, total = len(self.rows), len(self.dataset)
        return f"all, n = {n:,}" if n == total else f"a sample of {total:,}, n = {n:,}"

    @property
    def is_image(self) -> bool:
        return self.dataset.kind == "image"

    @property
    def is_real(self) -> bool:
        return True

    def x(self, positions: Int[np.ndarray, " k"] | slice = slice(None)) -> Num[np.ndarray, "n *event"]:
        return self.dataset.x[self.rows[positions]]

    def labels(self) -> Int[np.ndarray, " n"] | None:
        return None if self.dataset.labels is None else np.asarray(self.dataset.labels)[self.rows]

    def codes(self) -> Float[np.ndarray, "n d"]:
        return self.placed.vectors

    def samples(self, n: int) -> Int[np.ndarray, " k"]:
        return class_by_class(self.labels(), len(self.rows), n)


def placed_page(
    placed: PlacedVectors, columns: Mapping[str, ItemColumn], scale: VectorScale, colour: str = LABEL
) -> ExportedPage:
    """A page of vectors that were laid out by a command.

    Args:
        placed: the vectors and their places.
        columns: beside the placed items, (n,) each.
        scale: what distances are measured in.
        colour: ``LABEL``, or the name of one of these columns.

    Raises:
        DataError: there is no such column, or it holds text.
    """
    items = PlacedItems(placed)
    colours, about = _colours(items, columns, colour)
    shown = plane_of(items, placed.projector, placed.places)
    message = LatentMap(
        points=map_points(items, shown, colours, item_words.described(columns)),
        nearest=NearestItem(sprites=sprites(items), columns=row_columns(items, columns)),
        decoding=PlaceDecoder(features=item_words.features(items)),
        tools=True,
        link=LINK,
    )
    return vectors_page(items, message, (f"{placed.about} {about}".strip(),), columns, scale)


def vectors_page(
    items: CodedItems, message: LatentMap, notes: tuple[str, ...], columns: Mapping[str, ItemColumn], scale: VectorScale
) -> ExportedPage:
    """A page of a map as it stands.

    Args:
        items: that it shows.
        message: the map.
        notes: below it, a paragraph each.
        columns: beside the shown items, (n,) each; those that can be cut into bars are filters.
        scale: what distances are measured in.
    """
    features = PlaceDecoder(features=item_words.features(items))
    own = message.model_copy(update={"decoding": features, "link": LINK, "height": None, "drop": None})
    dataset, word = items.dataset, item_words.item_word(items)
    sentence = (
        f"Every point is one {word}, where its own numbers put it. Move over the points; drag to move the map, turn "
        "the wheel to zoom; draw around points to choose them. With the keyboard: arrows, plus, minus and Enter."
    )
    parts = [PagePart("map", "Map of the vectors", sentence, "latent_map", own, [note for note in notes if note])]
    bars = {name: bar for name, column in columns.items() if (bar := filter_column(name, column)) is not None}
    left_out = [f"No bars of {', '.join(more)}." for more in [[name for name in columns if name not in bars]] if more]
    if len(bars) > MAX_FILTERS:
        left_out.append(f"Bars of the first {MAX_FILTERS} of {len(bars)} columns.")
    if bars:
        chosen = np.empty(0, np.int64)
        filters = Filters(n=len(items.rows), columns=tuple(bars.values())[:MAX_FILTERS], link=LINK, chosen=chosen)
        said = "What passes all columns stays on the map; a choice on the map shows in the bars what it holds."
        parts.append(PagePart("filters", "Filter", said, "filters", filters, []))
    facts = [*_facts(items, scale), ("Not in this page", " ".join(left_out))]
    title = f"{dataset.title}: {items.code_size:,} numbers an item"
    html = page_html(title, f"{len(items.rows):,} items without a model.", [*parts, facts_part(facts, "The vectors")])
    return ExportedPage(html, tuple(part.title for part in parts), tuple(left_out), "")


def label_column(items: CodedItems) -> dict[str, ItemColumn]:
    """The labels of the items as a column beside them; nothing without labels."""
    labels = items.labels()
    if labels is None:
        return {}
    return {LABEL: ItemColumn(LABEL, "category", labels.astype(np.int64), items.dataset.label_names)}


def _colours(items: CodedItems, columns: Mapping[str, ItemColumn], colour: str) -> tuple[Colouring, str]:
    if colour == LABEL:
        return colouring.by_label(items), ""
    known = [name for name, column in columns.items() if column.kind != "text" and name != LABEL]
    if colour not in known:
        raise DataError(f"There is no colour {colour!r}.", f"Use one of: {', '.join([LABEL, *known])}.")
    return colouring.by_column(columns[colour]), f"Colour: {colour}."


def _facts(items: CodedItems, scale: VectorScale) -> Iterator[tuple[str, str]]:
    vectors = vectors_of(items.dataset)
    yield "Items", f"{items.dataset.title}, {items.split}. {items.dataset.source}"
    yield "Distances", f"Between {items.code_size:,} numbers an item, {scale}."
    if vectors.beside:
        yield "Not part of the vectors", ", ".join(vectors.beside)
    yield "Licence", items.dataset.licence
