"""Larger pictures of a map's items than the thumbnails that come with it: made as they come into sight."""

from __future__ import annotations

import math

import numpy as np
import streamlit as st
from jaxtyping import Int

from explorer.browser.latent_map.parts import FinerPictures
from explorer.browser.parts import SpriteSheet
from explorer.browser.picture_tiles.message import COMPONENT, PicturesAsked, PicturesMade, PictureTiles
from explorer.data import Dataset
from explorer.ui.shell.cache import cached, key_of
from explorer.ui.shell.vector_items import MapContext
from explorer.ui.widgets.component import last_report, mount
from explorer.views import thumbnails

LARGEST_SIDE = 128
"""Of a picture on the map, in its own pixels."""


def finer_steps(event_shape: tuple[int, ...], packed: int) -> tuple[int, ...]:
    """How many pixels of an image (C, H, W) become one in each size larger than the thumbnails; rising by doubling.

    Args:
        packed: the same of the thumbnails that come with the map.
    """
    first = math.ceil(max(event_shape[1:]) / LARGEST_SIDE)
    return tuple(first << k for k in range(packed.bit_length()) if first << k < packed)


def finer_pictures(context: MapContext, key: str) -> FinerPictures | None:
    """What a map needs to ask for larger pictures, and what answers it; None where its thumbnails are as large already.

    Args:
        key: of the part that answers. It is a fragment, so that an answer runs only this again.
    """
    shape = context.dataset.event_shape
    steps = finer_steps(shape, thumbnails.thumbnail_step(len(context.rows), shape))
    if not steps:
        return None
    items = key_of(context.dataset, context.rows)
    _answer(context, items, steps, key)
    return FinerPictures(channel=key, items=items, steps=steps, width=shape[2], height=shape[1])


@st.fragment
def _answer(context: MapContext, items: str, steps: tuple[int, ...], key: str) -> None:
    asked = last_report(key, PicturesAsked)
    answer = None
    # A question about other items may still be on its way when the page has moved on.
    if asked and asked.items == items and asked.step in steps and max(asked.positions) < len(context.rows):
        positions = np.array(asked.positions)
        answer = PicturesMade(
            number=asked.number,
            step=asked.step,
            positions=positions,
            sheet=_sheet(context.dataset, context.rows[positions], asked.step),
        )
    mount(COMPONENT, PictureTiles(channel=key, items=items, answer=answer), key=key)


@cached(max_entries=8)
def _sheet(dataset: Dataset, rows: Int[np.ndarray, " k"], step: int) -> SpriteSheet:
    png = thumbnails.thumbnails_png(rows, step, lambda part: dataset.x[part])
    height, width = (side // step for side in dataset.event_shape[1:])
    return SpriteSheet(png=png, columns=thumbnails.sheet_columns(len(rows)), width=width, height=height)
