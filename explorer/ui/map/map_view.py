"""The map as pages show it: colours, thumbnails, names of items, and what is decoded under the pointer."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st
import torch
from torch import nn

from explorer.checkpoints import VectorCheckpoint
from explorer.core.palette import NORMAL, NOVEL, SEQUENTIAL, UNLABELLED, class_colours
from explorer.data import Dataset
from explorer.io import images
from explorer.ui.live.latent_map import MapReport, MapSelection, Mark, SpriteSheet, latent_map
from explorer.ui.live.map_parts import MAX_CODE_BYTES, Contour, Detail, Underlay
from explorer.ui.live.pack import can_run_live, pack
from explorer.ui.live.served import ServedDecoder
from explorer.ui.map.planes import Lift, Plane
from explorer.ui.shell.cache import cached, key_of
from explorer.ui.shell.decoders import model_decoder
from explorer.ui.shell.session import Context
from explorer.ui.widgets.component import Feature
from explorer.ui.widgets.pictures import gallery
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

    groups: np.ndarray | None
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


def by_value(values: np.ndarray) -> Colouring:
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
        Feature(name, float(a), float(b) if b > a else float(a) + 1)
        for name, a, b in zip(column_names(context), low, high, strict=True)
    ]


def column_names(context: Context) -> list[str]:
    """Names of a table's columns; numbered where the data has none."""
    names = context.dataset.feature_names
    return list(names) or [f"column {i + 1}" for i in range(context.dataset.event_shape[0])]


def item_word(context: Context) -> str:
    """What one item is called."""
    return "image" if context.is_image else "row"


def item_kind(context: Context) -> str:
    """Whether items come from data or were made by the decoder, in a word: "real", "made"."""
    return "real" if context.is_real else "decoded"


def item_phrase(context: Context) -> str:
    """What one item is called where it matters whether it is real: "real image", "made row"."""
    return f"{item_kind(context)} {item_word(context)}"


def label_name(context: Context, position: int) -> str:
    """The label of a shown item; empty where it has none."""
    labels, names = context.labels(), context.dataset.label_names
    return names[labels[position]] if labels is not None and 0 <= labels[position] < len(names) else ""


def item_caption(context: Context, position: int) -> str:
    """Row and label of a shown item, as plain text; a made one is called so."""
    row = f"{'row' if context.is_real else 'decoded item'} {context.rows[position]:,}"
    return ", ".join(part for part in (row, label_name(context, position)) if part)


def show_neighbours(context: Context, positions: np.ndarray, distances: np.ndarray, size: int = 56) -> None:
    """Shown items with their distances from a code: pictures, or a table of rows.

    Args:
        positions, distances: (k,), nearest first.
        size: largest side of a picture, in screen pixels.
    """
    st.caption(f"Nearest {item_phrase(context)}s by code ({context.split}), with the distance in units of the code")
    if context.is_image:
        near = zip(positions, distances, strict=True)
        captions = [f"{label_name(context, p)}\n{three_digits(float(d))}".strip() for p, d in near]
        gallery(context.x(positions), captions, size=size, alt="Near image")
        return
    rows = [
        {"row": int(context.rows[p]), "label": label_name(context, p), "distance": float(d)}
        for p, d in zip(positions, distances, strict=True)
    ]
    number = st.column_config.NumberColumn(format="%.3g")
    st.dataframe(rows, hide_index=True, width="stretch", column_config={"distance": number})


def show_map(
    context: Context,
    shown: Plane,
    colours: Colouring,
    key: str,
    marks: Sequence[Mark] = (),
    selected: int | None = None,
    *,
    selection: np.ndarray | None = None,
    found: np.ndarray | None = None,
    details: Sequence[Detail] = (),
    rebuilt: bool = False,
    underlay: Underlay | None = None,
    contours: Sequence[Contour] = (),
    tools: bool = False,
    link: str = "",
    places_codes: bool = False,
) -> MapReport:
    """Draw a map; under the pointer is what the decoder makes of the place, or of the nearest items' codes.

    Args:
        selected: position of the ringed item among the shown ones.
        selection: positions of the chosen items; None where the page keeps no choice.
        found: positions of search hits.
        details: numbers of the item under the pointer.
        rebuilt: show its reconstruction beside it, for up to ``REBUILT_ITEMS`` items.
        underlay, contours: below and over the points.
        tools: offer lasso and box.
        link: channel that this map shares with others of the same items.
        places_codes: ring what is drawn in the browser and encoded there by the current model.

    Returns:
        The last click and the last choice.
    """
    codes = None if shown.lift is not None or not _codes_fit(context) else context.codes()
    decoder = None if shown.lift is None and codes is None else place_decoder(context, shown)
    label = by_label(context)
    return latent_map(
        shown.points,
        colours.groups,
        key=key,
        names=colours.names,
        labels=(label.groups, label.names) if label.groups is not None and colours.names != label.names else None,
        palette=colours.palette,
        sprites=sprites(context) if context.is_image else None,
        reconstructions=rebuilt_sprites(context)
        if rebuilt and context.is_image and len(context.rows) <= REBUILT_ITEMS
        else None,
        details=details,
        model_pack=decoder if isinstance(decoder, bytes) else None,
        served=decoder if isinstance(decoder, ServedDecoder) else None,
        codes=codes,
        features=features(context),
        axes=shown.axes,
        marks=marks,
        underlay=underlay,
        contours=contours,
        found=found,
        drop=shown.drop if places_codes else None,
        selected=selected,
        selection=selection,
        tools=tools,
        link=link,
        item_word=item_word(context),
        item_kind=item_kind(context),
    )


def _codes_fit(context: Context) -> bool:
    return 4 * len(context.rows) * context.checkpoint.latent_dim <= MAX_CODE_BYTES


def last_click(key: str, n: int) -> MapSelection | None:
    """The last click on the map of this key, known before the map is drawn again.

    Args:
        n: items on the map; a click on one beyond was on another map.
    """
    state: Any = st.session_state.get(key) or {}
    clicked = state.get("selected")
    if not clicked or (clicked["index"] is not None and clicked["index"] >= n):
        return None
    x, y = clicked["code"]
    return MapSelection(clicked["index"], (x, y))


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
    return SpriteSheet(png, _columns(len(context.rows)), width, height)


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
