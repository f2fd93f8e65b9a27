"""The map as pages show it: colours, thumbnails, names of items, and what is decoded under the pointer."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import streamlit as st
from jaxtyping import Int, Num

from explorer.browser.latent_map.message import LatentMap, MapReport
from explorer.browser.latent_map.parts import (
    MAX_CODE_BYTES,
    Detail,
    FinerPictures,
    Layers,
    LinearPlace,
    Mark,
    NearestItem,
    PlaceDecoder,
    Selection,
)
from explorer.browser.pack import can_run_live, pack
from explorer.browser.parts import SpriteSheet
from explorer.checkpoints import VectorCheckpoint, affordable
from explorer.data import Dataset
from explorer.ui.map.columns import columns as columns_beside
from explorer.ui.map.columns import described
from explorer.ui.map.finer_pictures import finer_pictures
from explorer.ui.map.latent_map import latent_map
from explorer.ui.map.planes import mark
from explorer.ui.map.told_items import told
from explorer.ui.shell import user_image
from explorer.ui.shell.cache import cached, key_of
from explorer.ui.shell.decoders import model_decoder
from explorer.ui.shell.session import Context
from explorer.ui.shell.vector_items import MapContext, VectorItems
from explorer.ui.widgets.pictures import gallery
from explorer.ui.widgets.served import ServedDecoder, decoder_for
from explorer.ui.widgets.tables import number_columns, of_one_kind
from explorer.ui.widgets.text import three_digits
from explorer.views import item_words, thumbnails
from explorer.views.colouring import Colouring
from explorer.views.map_contents import map_points
from explorer.views.planes import Lift, Plane, lifting_layer
from explorer.views.row_values import row_columns

REBUILT_ITEMS = 10_000
"""Reconstructions are shown beside the items under the pointer up to so many; fewer where a model takes long."""


# --- The map ------------------------------------------------------------------------------------------------------


def item_phrase(context: MapContext) -> str:
    """What one item is called where it matters whether it is real: "real image", "made row"."""
    return f"{item_words.item_kind(context)} {item_words.item_word(context)}"


def item_caption(context: MapContext, position: int) -> str:
    """Name and label of a shown item, as plain text."""
    return ", ".join(filter(None, [item_words.item_title(context, position), item_words.label_name(context, position)]))


def show_neighbours(
    context: MapContext, positions: Int[np.ndarray, " k"], distances: Num[np.ndarray, " k"], size: int = 56
) -> None:
    """Shown items with their distances from a code: pictures, or a table of rows.

    Args:
        positions, distances: (k,), nearest first.
        size: largest side of a picture, in screen pixels.
    """
    word = "code" if context.model else "vector"
    st.caption(f"Nearest {item_phrase(context)}s by {word} ({context.split}), with the distance in units of the {word}")
    if context.is_image:
        near = zip(positions.tolist(), distances.tolist(), strict=True)
        captions = ["\n".join([*item_caption(context, p).split(", "), three_digits(float(d))]) for p, d in near]
        gallery(context.x(positions), captions, size=size, alt="Near image")
    near_by = [
        {"item": row["item"], "distance": distance} | row
        for row, distance in zip(told(context, positions), distances.tolist(), strict=not context.is_image)
    ]
    rows = of_one_kind(near_by)
    if rows:
        st.dataframe(rows, hide_index=True, width="stretch", column_config=number_columns(rows))


@dataclass(frozen=True)
class Extras:
    """What a page adds to a map of items.

    Args:
        layers: below and over the points.
        selection: what is ringed or chosen.
        details: numbers of the item under the pointer.
        rebuilt: show its reconstruction beside it, for up to ``most_rebuilt`` items.
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


def show_map(context: MapContext, shown: Plane, colours: Colouring, key: str, extras: Extras = Extras()) -> MapReport:
    """Draw a map; under the pointer is what the decoder makes of the place, or of the nearest items' codes.

    Returns:
        The last click and the last choice.
    """
    decoding = None if isinstance(context, VectorItems) else _decoding(context, shown, key)
    with st.container(gap=None):  # what answers for pictures takes no room
        finer = finer_pictures(context, f"{key}_pictures") if context.is_image else None
        return latent_map(map_message(context, shown, colours, extras, decoding, finer), key=key)


def _decoding(context: Context, shown: Plane, key: str) -> PlaceDecoder:
    codes = None if shown.lift is not None or not _codes_fit(context) else context.codes()
    decoder = None if shown.lift is None and codes is None else place_decoder(context, shown)
    return PlaceDecoder(
        decoder=decoder_for(decoder, f"{key}_served"), codes=codes, features=item_words.features(context)
    )


def map_message(
    context: MapContext,
    shown: Plane,
    colours: Colouring,
    extras: Extras,
    decoding: PlaceDecoder | None = None,
    finer: FinerPictures | None = None,
) -> LatentMap:
    """What a map gets.

    Args:
        context, shown, colours, extras: as for ``show_map``.
        decoding: what is decoded under the pointer; None: nothing.
        finer: larger pictures in place of points than the thumbnails that come with the map; None: there are none.
    """
    return LatentMap(
        points=map_points(context, shown, colours, described(context)),
        nearest=_nearest(context, extras).model_copy(update={"finer": finer}),
        decoding=decoding or PlaceDecoder(),
        layers=extras.layers,
        selection=extras.selection,
        tools=extras.tools,
        link=extras.link,
        height=extras.height,
        drop=LinearPlace.of(*shown.drop) if extras.places_codes and shown.drop is not None else None,
    )


def _nearest(context: MapContext, extras: Extras) -> NearestItem:
    columns = row_columns(context, columns_beside(context, with_clusters=False))
    if not context.is_image:
        return NearestItem(details=extras.details, columns=columns)
    rebuilt = None
    if (
        extras.rebuilt
        and isinstance(context, Context)
        and context.encodes
        and len(context.rows) <= most_rebuilt(context)
    ):
        rebuilt = rebuilt_sprites(context)
    return NearestItem(sprites=sprites(context), reconstructions=rebuilt, details=extras.details, columns=columns)


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
    return pack([lifting_layer(lift), *checkpoint.model.decoder_chain()], (2,))


def user_marks(context: MapContext, shown: Plane) -> list[Mark]:
    """The ring of the visitor's picture, with the ellipse of its posterior where the map is linear."""
    image = None if isinstance(context, VectorItems) else user_image.current(context)
    return (
        [] if image is None else [mark(shown, image.code[0], None if image.std is None else image.std[0], "my image")]
    )


def link_of(context: MapContext) -> str:
    """The channel of all maps of the shown items."""
    return f"items.{key_of(context.rows)[:8]}"


# --- Thumbnails -------------------------------------------------------------------------------------------------------


def sprites(context: MapContext) -> SpriteSheet:
    """Thumbnails of the shown items, as large as ``thumbnails.SPRITE_SIDE`` and ``SHEET_PIXELS`` allow."""
    png = _sprite_png(context.dataset, context.rows, thumbnail_step(context))
    return thumbnails.sheet_of(png, len(context.rows), context.dataset.event_shape)


def rebuilt_sprites(context: Context) -> SpriteSheet:
    """Thumbnails of what the model makes of the shown items, in the same size."""
    png = _rebuilt_png(context, thumbnail_step(context))
    return thumbnails.sheet_of(png, len(context.rows), context.dataset.event_shape)


def most_rebuilt(context: MapContext) -> int:
    """Up to so many shown items are rebuilt unasked: ``REBUILT_ITEMS``, or what a model's work allows."""
    if not isinstance(context, Context) or not context.encodes:
        return REBUILT_ITEMS
    return min(REBUILT_ITEMS, affordable.items_rebuilt_within(context.checkpoint))


def thumbnail_step(context: MapContext) -> int:
    """How many pixels of a shown image, each way, become one of its thumbnail."""
    return thumbnails.thumbnail_step(len(context.rows), context.dataset.event_shape)


def full_size_items(context: MapContext) -> int:
    """So many items have thumbnails as large as one item would."""
    height, width = context.dataset.event_shape[1:]
    step = min(math.ceil(max(height, width) / thumbnails.SPRITE_SIDE), height, width)
    return thumbnails.SHEET_PIXELS * step * step // (height * width)


@cached(max_entries=8, spinner="Making thumbnails")
def _sprite_png(dataset: Dataset, rows: np.ndarray, step: int) -> bytes:
    return thumbnails.thumbnails_png(rows, step, lambda part: dataset.x[part])


@cached(max_entries=8, spinner="Making thumbnails")
def _rebuilt_png(context: Context, step: int) -> bytes:
    return thumbnails.thumbnails_png(
        context.rows, step, lambda part: context.checkpoint.reconstruct(context.dataset.x[part])
    )
