"""Pictures of a map's items that the browser asks for as they come into sight."""

from __future__ import annotations

from pydantic import Field

from explorer.browser.parts import SpriteSheet
from explorer.browser.schema import Component, Message, Part, Report, Uint32, Whole

MAX_ASKED = 512
"""Pictures in one question."""


class PicturesMade(Part):
    """Pictures of some items.

    Args:
        number: of the question.
        step: how many pixels of an item's picture, each way, became one.
        positions: (k,) of the items, in the sheet's order.
        sheet: their pictures.
    """

    number: int
    step: int
    positions: Uint32
    sheet: SpriteSheet


class PictureTiles(Message):
    """What the server has made of the pictures that a map wants.

    Args:
        channel: on which the map asks.
        items: tells one list of items from another.
        answer: to the last question about these; None before the first.
    """

    channel: str
    items: str
    answer: PicturesMade | None = None


class PicturesAsked(Report):
    """Pictures to make.

    Args:
        items: which items these are positions among.
        step: how many pixels, each way, are to become one.
        positions: of the items.
        number: of the question.
    """

    NAME = "asked"
    items: str
    step: Whole
    positions: tuple[Whole, ...] = Field(min_length=1, max_length=MAX_ASKED)
    number: Whole


COMPONENT = Component("picture_tiles", PictureTiles, states=(PicturesAsked,))
