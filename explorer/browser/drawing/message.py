"""A surface to draw on: encoded and rebuilt in the browser while the hand moves; pictures can be pasted and dropped."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
from jaxtyping import UInt8
from pydantic import Field

from explorer.browser.base64_report import decoded
from explorer.browser.paste.message import PastedPicture
from explorer.browser.schema import Component, File, Message, Part, Report, Uint8, Whole
from explorer.core.errors import DataError
from explorer.io.user_image import CONTENT_SHARE, Centre, Fit, Options

SURFACE_SIDE = 168
"""Pixels of the surface's longer side, at least; a whole multiple of a small model's pictures."""
MAX_SURFACE_SIDE = 256
BRUSH = 10
"""Diameter of the pen, in percent of the surface's longer side."""


class LiveModel(Part):
    """A model as the browser runs it.

    Args:
        encoder: from ``pack_encoder``.
        rebuilder: from ``pack_decoder``, or from ``pack_reconstruction`` where more than the code passes.
        from_code: whether ``rebuilder`` takes the code; else it takes the item.
        latent_dim: of the code.
    """

    encoder: File
    rebuilder: File
    from_code: bool
    latent_dim: int


class Steps(Part):
    """How a drawing becomes its item; see ``own_image.Options``. Clearing is left out: a drawing does not need it.

    Args:
        content: what differs from the background by more than this share of the largest difference is content.
    """

    invert: bool
    crop: bool
    fit: Fit
    size: float
    centre: Centre
    content: float

    @classmethod
    def of(cls, options: Options) -> Self:
        """The steps that the browser does."""
        return cls(
            invert=options.invert,
            crop=options.crop,
            fit=options.fit,
            size=options.size,
            centre=options.centre,
            content=CONTENT_SHARE,
        )


class DrawingSurface(Message):
    """The surface with its tools.

    Args:
        shape: (C, h, w) of the model.
        raw: height and width of the surface in its own pixels.
        ground: brightness of the empty surface, from 0 to 255.
        steps: how a drawing becomes its item.
        brush: diameter of the pen, in percent of the surface's longer side.
        drawn: number of the drawing that Python holds; 0 for none.
        pixels: (C, H, W) of that drawing, to begin with; None for an empty surface.
        model: None where the browser cannot run it; then the server's answer comes after each stroke.
        reason: why there is no ``model``.
        link: name of the channel that a map of the page listens on.
        label: of the mark on that map.
        takes_pictures: whether somebody reads pictures that are pasted and dropped.
    """

    shape: tuple[int, int, int]
    raw: tuple[int, int]
    ground: int
    steps: Steps
    brush: int = BRUSH
    drawn: int = 0
    pixels: Uint8 | None = None
    model: LiveModel | None = None
    reason: str = ""
    link: str = ""
    label: str = "my drawing"
    takes_pictures: bool = True


class DrawingDone(Report):
    """What is on the surface.

    Args:
        id: tells one state of the surface from another.
        data: its pixels in base64; empty for an empty surface.
    """

    NAME = "drawn"
    id: Whole = Field(gt=0)
    data: str


COMPONENT = Component("drawing", DrawingSurface, events=(DrawingDone, PastedPicture))


@dataclass(frozen=True, eq=False)
class Drawing:
    """What is on the surface.

    Args:
        number: tells one state of the surface from another; never 0.
        pixels: (C, H, W) uint8, as ``surface_shape`` has it; None for an empty surface.
    """

    number: int
    pixels: UInt8[np.ndarray, "c h w"] | None


def surface_shape(event_shape: tuple[int, ...]) -> tuple[int, int, int]:
    """(C, H, W) of the surface for a model of (C, h, w): its sides' ratio, large enough for a fine stroke."""
    channels, height, width = event_shape
    side = max(height, width)
    scale = min(-(-SURFACE_SIDE // side), MAX_SURFACE_SIDE / side)
    return channels, max(1, round(height * scale)), max(1, round(width * scale))


def read_drawing(report: DrawingDone | None, event_shape: tuple[int, ...]) -> Drawing:
    """The drawing of a report, which comes from a browser and is not trusted.

    Raises:
        DataError: it is not what the surface sends for a model of this shape.
    """
    shape = surface_shape(event_shape)
    if report is not None and not report.data:
        return Drawing(report.id, None)
    size = shape[0] * shape[1] * shape[2]
    data = None if report is None or len(report.data) != 4 * -(-size // 3) else decoded(report.data)
    if report is None or data is None or len(data) != size:
        raise DataError("What the drawing surface sent cannot be read.", "Draw again, or load the page again.")
    return Drawing(report.id, np.frombuffer(data, np.uint8).reshape(shape).copy())


def fitting_pixels(drawn: Drawing | None, event_shape: tuple[int, ...]) -> UInt8[np.ndarray, "c h w"] | None:
    """The pixels of a drawing; None where they were drawn on a surface of another shape."""
    if drawn is None or drawn.pixels is None or drawn.pixels.shape != surface_shape(event_shape):
        return None
    return drawn.pixels
