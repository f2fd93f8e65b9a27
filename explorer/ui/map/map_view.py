"""The map as pages show it: colours, thumbnails, names of items, and what is decoded under the pointer."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import streamlit as st
import torch
from jaxtyping import Int, Num
from torch import nn

from explorer.browser.latent_map.message import LatentMap, MapReport
from explorer.browser.latent_map.parts import (
    MAX_CODE_BYTES,
    Detail,
    Layers,
    LinearPlace,
    Mark,
    NearestItem,
    PlaceDecoder,
    Points,
    Selection,
)
from explorer.browser.pack import can_run_live, pack
from explorer.browser.parts import Feature, SpriteSheet
from explorer.checkpoints import VectorCheckpoint
from explorer.core.palette import NORMAL, NOVEL, SEQUENTIAL, UNLABELLED, class_colours
from explorer.data import Dataset
from explorer.data.item_names import item_name
from explorer.io import images
from explorer.io.contract import as_columns
from explorer.ui.map.latent_map import latent_map
from explorer.ui.map.planes import Lift, Plane, mark
from explorer.ui.shell import user_image
from explorer.ui.shell.cache import cached, key_of
from explorer.ui.shell.decoders import model_decoder
from explorer.ui.shell.session import Context
from explorer.ui.widgets.pictures import gallery
from explorer.ui.widgets.served import ServedDecoder, decoder_for
from explorer.ui.widgets.text import three_digits

SPRITE_SIDE = 48
"""Largest side of a thumbnail in the sheet the browser gets, in pixels."""
SHEET_PIXELS = 16_000_000
"""Of all thumbnails together: what every browser still draws as one picture. More items have smaller ones."""
REBUILT_ITEMS = 10_000
"""Reconstructions are shown beside the items under the pointer up to so many."""


@dataclass(frozen=True, eq=False)
class Colouring:
    """Colours of the items: ``groups`` (n,) from 0 into ``names`` and ``palette``; None for one colour."""

    groups: Int[np.ndarray, " n"] | None
    names: tuple[str, ...]
    palette: tuple[str, ...]


# --- Colours ------------------------------------------------------------------------------------------------------


def by_label(context: Context) -> Colouring:
    """One colour a class; normal and novel in their own, where a model was trained on one class of two."""
    labels = context.labels()
    if labels is None:
        return Colouring(None, (), (UNLABELLED,))
    names = context.dataset.label_names
    palette = class_colours(range(len(names)))
    trained_on = context.card.recipe.data.classes
    if len(names) == 2 and len(trained_on) == 1 and trained_on[0] in names:
        palette = [NORMAL if name == trained_on[0] else NOVEL for name in names]
    if (labels < 0).any():
        labels = np.where(labels < 0, len(names), labels)
        names, palette = (*names, "not labelled"), [*palette, UNLABELLED]
    return Colouring(labels, tuple(names), tuple(palette))


def by_value(values: Num[np.ndarray, " n"]) -> Colouring:
    """Eight steps of colour with about as many items each, dark to light; the legend names their ranges."""
    edges = np.unique(np.quantile(values, np.linspace(0, 1, len(SEQUENTIAL) + 1)))
    if len(edges) < 2:
        return Colouring(None, (), (SEQUENTIAL[0],))
    groups = np.searchsorted(edges[1:-1], values, side="right")
    names = tuple(f"{three_digits(a)} to {three_digits(b)}" for a, b in itertools.pairwise(edges))
    return Colouring(groups, names, SEQUENTIAL)


# --- The map ------------------------------------------------------------------------------------------------------


def features(context: Context) -> list[Feature]:
    """Columns of a table with the range that holds 98 % of the shown rows; empty for images."""
    if context.is_image:
        return []
    low, high = np.quantile(np.asarray(context.x(), np.float64), (0.01, 0.99), axis=0)
    return [
        Feature(name=name, low=float(a), high=float(b) if b > a else float(a) + 1)
        for name, a, b in zip(column_names(context), low, high, strict=True)
    ]


def column_names(context: Context) -> list[str]:
    """Names of a table's columns; numbered where the data has none."""
    names = context.dataset.feature_names
    return list(names) or [f"column {i + 1}" for i in range(context.dataset.event_shape[0])]


def columns_of(context: Context, x: Num[np.ndarray, "n d"]) -> dict[str, list[Any]]:
    """Rows (n, D) of a table, real or decoded, column by column: numbers, and categories as their values."""
    columns = as_columns(np.asarray(x), context.card.data.contract, column_names(context))
    return {name: values if isinstance(values, list) else values.tolist() for name, values in columns.items()}


def rows_of(context: Context, x: Num[np.ndarray, "n d"]) -> list[dict[str, Any]]:
    """The same, row by row."""
    columns = columns_of(context, x)
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def item_word(context: Context) -> str:
    """What one item is called."""
    return "image" if context.is_image else "row"


def item_kind(context: Context) -> str:
    """Whether items are real or decoded samples, in a word: "real", "decoded"."""
    return "real" if context.is_real else "decoded"


def item_phrase(context: Context) -> str:
    """What one item is called where it matters whether it is real: "real image", "made row"."""
    return f"{item_kind(context)} {item_word(context)}"


def label_name(context: Context, position: int) -> str:
    """The label of a shown item; empty where it has none."""
    labels, names = context.labels(), context.dataset.label_names
    return names[labels[position]] if labels is not None and 0 <= labels[position] < len(names) else ""


def item_caption(context: Context, position: int) -> str:
    """Name and label of a shown item, as plain text."""
    return ", ".join(filter(None, [item_title(context, position), label_name(context, position)]))


def item_title(context: Context, position: int) -> str:
    """What a shown item is called, as plain text; a made one is called so."""
    return row_title(context, int(context.rows[position]))


def row_title(context: Context, row: int) -> str:
    """What the item of a row of the current data is called, as plain text; a made one is called so."""
    return item_name(context.dataset, row) if context.is_real else f"decoded item {row:,}"


def show_neighbours(
    context: Context, positions: Int[np.ndarray, " k"], distances: Num[np.ndarray, " k"], size: int = 56
) -> None:
    """Shown items with their distances from a code: pictures, or a table of rows.

    Args:
        positions, distances: (k,), nearest first.
        size: largest side of a picture, in screen pixels.
    """
    st.caption(f"Nearest {item_phrase(context)}s by code ({context.split}), with the distance in units of the code")
    if context.is_image:
        near = zip(positions, distances, strict=True)
        captions = ["\n".join([*item_caption(context, p).split(", "), three_digits(float(d))]) for p, d in near]
        gallery(context.x(positions), captions, size=size, alt="Near image")
        return
    rows = [
        {"item": item_title(context, p), "label": label_name(context, p), "distance": float(d)}
        for p, d in zip(positions, distances, strict=True)
    ]
    number = st.column_config.NumberColumn(format="%.3g")
    st.dataframe(rows, hide_index=True, width="stretch", column_config={"distance": number})


@dataclass(frozen=True)
class Extras:
    """What a page adds to a map of items.

    Args:
        layers: below and over the points.
        selection: what is ringed or chosen.
        details: numbers of the item under the pointer.
        rebuilt: show its reconstruction beside it, for up to ``REBUILT_ITEMS`` items.
        tools: offer lasso and box.
        link: channel that this map shares with others of the same items.
        places_codes: ring what is drawn in the browser and encoded there by the current model.
        height: CSS pixels of the map; None for one that suits its width.
    """

    layers: Layers = field(default_factory=Layers)
    selection: Selection = field(default_factory=Selection)
    details: Sequence[Detail] = ()
    rebuilt: bool = False
    tools: bool = False
    link: str = ""
    places_codes: bool = False
    height: int | None = None


def show_map(context: Context, shown: Plane, colours: Colouring, key: str, extras: Extras = Extras()) -> MapReport:
    """Draw a map; under the pointer is what the decoder makes of the place, or of the nearest items' codes.

    Returns:
        The last click and the last choice.
    """
    codes = None if shown.lift is not None or not _codes_fit(context) else context.codes()
    decoder = None if shown.lift is None and codes is None else place_decoder(context, shown)
    contents = LatentMap(
        points=_points(context, shown, colours),
        nearest=_nearest(context, extras),
        decoding=PlaceDecoder(decoder=decoder_for(decoder, f"{key}_served"), codes=codes, features=features(context)),
        layers=extras.layers,
        selection=extras.selection,
        tools=extras.tools,
        link=extras.link,
        height=extras.height,
        drop=LinearPlace.of(*shown.drop) if extras.places_codes and shown.drop is not None else None,
    )
    return latent_map(contents, key=key)


def _have_names(context: Context) -> bool:
    return context.is_real and bool(context.dataset.item_names)


def _points(context: Context, shown: Plane, colours: Colouring) -> Points:
    label = by_label(context)
    named = label.groups is not None and colours.names != label.names
    return Points(
        places=shown.points,
        groups=colours.groups,
        names=colours.names,
        palette=colours.palette,
        labels=label.groups if named else None,
        titles=tuple(item_title(context, i) for i in range(len(context.rows))) if _have_names(context) else (),
        label_names=label.names if named else (),
        axes=shown.axes,
        item_word=item_word(context),
        item_kind=item_kind(context),
    )


def _nearest(context: Context, extras: Extras) -> NearestItem:
    if not context.is_image:
        return NearestItem(details=extras.details)
    rebuilt = extras.rebuilt and len(context.rows) <= REBUILT_ITEMS
    return NearestItem(
        sprites=sprites(context), reconstructions=rebuilt_sprites(context) if rebuilt else None, details=extras.details
    )


def _codes_fit(context: Context) -> bool:
    return 4 * len(context.rows) * context.checkpoint.latent_dim <= MAX_CODE_BYTES


def place_decoder(context: Context, shown: Plane) -> bytes | ServedDecoder:
    """What decodes a place on a map: of a code, where the map has no linear way back."""
    if shown.lift is None:
        return model_decoder(context.checkpoint)
    lift = shown.lift
    reason = can_run_live(context.checkpoint.model)
    if reason is None:
        return _plane_pack(context.checkpoint, lift)
    decode = context.checkpoint.decode
    return ServedDecoder(
        key_of(context.checkpoint, lift), context.checkpoint.event_shape, lambda z: decode(lift.codes(z)), reason
    )


@cached(max_entries=16)
def _plane_pack(checkpoint: VectorCheckpoint, lift: Lift) -> bytes:
    layer = nn.Linear(2, checkpoint.latent_dim)
    layer.weight.data = torch.tensor(lift.directions.T, dtype=torch.float32)
    layer.bias.data = torch.tensor(lift.origin, dtype=torch.float32)
    return pack([layer, *checkpoint.model.decoder_chain()], (2,))


def user_marks(context: Context, shown: Plane) -> list[Mark]:
    """The ring of the visitor's picture, with the ellipse of its posterior where the map is linear."""
    image = user_image.current(context)
    return (
        [] if image is None else [mark(shown, image.code[0], None if image.std is None else image.std[0], "my image")]
    )


def link_of(context: Context) -> str:
    """The channel of all maps of the shown items."""
    return f"items.{key_of(context.rows)[:8]}"


# --- Thumbnails -------------------------------------------------------------------------------------------------------


def sprites(context: Context) -> SpriteSheet:
    """Thumbnails of the shown items, as large as ``SPRITE_SIDE`` and ``SHEET_PIXELS`` allow."""
    return _sheet(context, _sprite_png(context.dataset, context.rows, thumbnail_step(context)))


def rebuilt_sprites(context: Context) -> SpriteSheet:
    """Thumbnails of what the model makes of the shown items, in the same size."""
    return _sheet(context, _rebuilt_png(context, thumbnail_step(context)))


def thumbnail_step(context: Context) -> int:
    """How many pixels of a shown image, each way, become one of its thumbnail."""
    height, width = context.dataset.event_shape[1:]
    for_all = math.sqrt(len(context.rows) * height * width / SHEET_PIXELS)
    return min(max(math.ceil(max(height, width) / SPRITE_SIDE), math.ceil(for_all)), height, width)


def full_size_items(context: Context) -> int:
    """So many items have thumbnails as large as one item would."""
    height, width = context.dataset.event_shape[1:]
    step = min(math.ceil(max(height, width) / SPRITE_SIDE), height, width)
    return SHEET_PIXELS * step * step // (height * width)


def _sheet(context: Context, png: bytes) -> SpriteSheet:
    height, width = (side // thumbnail_step(context) for side in context.dataset.event_shape[1:])
    return SpriteSheet(png=png, columns=_columns(len(context.rows)), width=width, height=height)


def _columns(n: int) -> int:
    return math.ceil(math.sqrt(n))


@cached(max_entries=8, spinner="Making thumbnails")
def _sprite_png(dataset: Dataset, rows: np.ndarray, step: int) -> bytes:
    return _png(rows, step, lambda part: dataset.x[part])


@cached(max_entries=8, spinner="Making thumbnails")
def _rebuilt_png(context: Context, step: int) -> bytes:
    return _png(context.rows, step, lambda part: context.checkpoint.reconstruct(context.dataset.x[part]))


def _png(rows: np.ndarray, step: int, pictures: Callable[[np.ndarray], np.ndarray]) -> bytes:
    # In parts, since many images in full size take much memory and their thumbnails little.
    parts = np.array_split(rows, -(-len(rows) // 2048))
    thumbnails = np.concatenate([images.shrunk(pictures(part), step) for part in parts])
    return images.sprite_sheet(thumbnails, _columns(len(rows)))
