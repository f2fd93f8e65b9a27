"""Parts that the messages of several components have."""

from __future__ import annotations

from typing import Self

from pydantic import model_validator

from explorer.browser.schema import File, Part
from explorer.core.errors import ExplorerError


class Feature(Part):
    """A column of a table, for the bar beside its decoded value.

    Args:
        name: of the column.
        low, high: ends of the bar, in the column's unit; usually its range in the data.
    """

    name: str
    low: float
    high: float


class SpriteSheet(Part):
    """Thumbnails of items in one picture, item i in row i // columns, column i % columns.

    Args:
        png: its bytes.
        columns: thumbnails in a row.
        width, height: of one thumbnail, in pixels.
    """

    png: File
    columns: int
    width: int
    height: int


class Served(Part):
    """A decoder that stays in Python.

    Args:
        channel: on which codes are asked for.
        model: tells one decoder from another.
        shape: of one decoded item, (C, H, W) or (D,).
    """

    channel: str
    model: str
    shape: tuple[int, ...]


class Decoder(Part):
    """What decodes for a component: at most one of the two.

    Args:
        pack: a network that the browser runs, from ``pack_decoder``.
        served: a decoder too large for that.
    """

    pack: File | None = None
    served: Served | None = None


class Underlay(Part):
    """A picture under a plane of codes.

    Args:
        png: its bytes, the first row at the top.
        left, bottom, right, top: the edges of the place it fills, in units of the plane.
    """

    png: File
    left: float
    bottom: float
    right: float
    top: float

    @model_validator(mode="after")
    def _is_a_rectangle(self) -> Self:
        if not (self.left < self.right and self.bottom < self.top):
            edges = (self.left, self.bottom, self.right, self.top)
            raise ExplorerError(f"The picture under a plane has the edges {edges}, which are not a rectangle.")
        return self
