"""Parts that the messages of several components have."""

from __future__ import annotations

from explorer.browser.schema import File, Part


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
