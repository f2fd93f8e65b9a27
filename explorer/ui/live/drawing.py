"""A surface to draw on: encoded and rebuilt in the browser while the hand moves; pictures can be pasted and dropped."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from explorer.core.errors import DataError
from explorer.io import user_image
from explorer.io.user_image import Options
from explorer.ui.widgets.component import mount_events

DRAWN, PICTURE = "drawn", "picture"
SURFACE_SIDE = 168
"""Pixels of the surface's longer side, at least; a whole multiple of a small model's pictures."""
MAX_SURFACE_SIDE = 256
MAX_FILE_BYTES = 8 << 20
"""Of a picture that is pasted or dropped; as in the browser."""
MAX_NAME = 200
BRUSH = 10
"""Diameter of the pen, in percent of the surface's longer side."""


@dataclass(frozen=True)
class LiveModel:
    """A model as the browser runs it.

    Args:
        encoder: from ``pack_encoder``.
        rebuilder: from ``pack_decoder``, or from ``pack_reconstruction`` where more than the code passes.
        from_code: whether ``rebuilder`` takes the code; else it takes the item.
        latent_dim: of the code.
    """

    encoder: bytes
    rebuilder: bytes
    from_code: bool
    latent_dim: int


@dataclass(frozen=True, eq=False)
class Drawing:
    """What is on the surface.

    Args:
        number: tells one state of the surface from another; never 0.
        pixels: (C, H, W) uint8, as ``surface_shape`` has it; None for an empty surface.
    """

    number: int
    pixels: np.ndarray | None


def surface_shape(event_shape: tuple[int, ...]) -> tuple[int, int, int]:
    """(C, H, W) of the surface for a model of (C, h, w): its sides' ratio, large enough for a fine stroke."""
    channels, height, width = event_shape
    side = max(height, width)
    scale = min(-(-SURFACE_SIDE // side), MAX_SURFACE_SIDE / side)
    return channels, max(1, round(height * scale)), max(1, round(width * scale))


def drawing(
    model: LiveModel | None,
    event_shape: tuple[int, ...],
    steps: Options,
    *,
    key: str,
    ground: float,
    on_drawn: Callable[[Any], None],
    on_picture: Callable[[Any], None],
    drawn: Drawing | None = None,
    link: str = "",
    label: str = "my drawing",
    reason: str = "",
) -> None:
    """The surface with its tools, what the model gets of the drawing, and what it makes of it.

    While a stroke is drawn nothing is sent; the browser publishes ``place`` on the channel ``link``. When it ends,
    Python hears of the pixels.

    Args:
        model: None where the browser cannot run it; then the server's answer comes after each stroke.
        event_shape: (C, h, w) of the model.
        steps: how a drawing becomes its item; ``clear`` is not done in the browser.
        key: of the widget.
        ground: brightness of the empty surface, in [0, 1].
        on_drawn: called before the page runs again with a report that ``read_drawing`` understands.
        on_picture: the same for a picture that was pasted or dropped, and ``read_picture``.
        drawn: what to begin with; another one than what came from here takes its place.
        link: name of the channel that a map of the page listens on.
        label: of the mark on that map.
        reason: why there is no ``model``.
    """
    channels, height, width = surface_shape(event_shape)
    fits = drawn is not None and drawn.pixels is not None and drawn.pixels.shape == (channels, height, width)
    header = {
        "shape": event_shape,
        "raw": (height, width),
        "ground": round(255 * ground),
        "steps": user_image.as_header(steps),
        "brush": BRUSH,
        "drawn": drawn.number if drawn else 0,
        "link": link,
        "label": label,
        "reason": reason,
        "latent_dim": model.latent_dim if model else 0,
        "from_code": model.from_code if model else False,
    }
    sections = {"encoder": model.encoder, "rebuilder": model.rebuilder} if model else {}
    if fits and drawn is not None and drawn.pixels is not None:
        sections["pixels"] = drawn.pixels.tobytes()
    mount_events("drawing", header, sections, key=key, events={DRAWN: on_drawn, PICTURE: on_picture})


def read_drawing(report: Any, event_shape: tuple[int, ...]) -> Drawing:
    """A report of the surface; it comes from a browser and is not trusted.

    Raises:
        DataError: it is not what the surface sends for a model of this shape.
    """
    shape = surface_shape(event_shape)
    problem = DataError("What the drawing surface sent cannot be read.", "Draw again, or load the page again.")
    if not isinstance(report, dict) or not isinstance(report.get("data"), str):
        raise problem
    number, text = report.get("id"), report["data"]
    if isinstance(number, bool) or not isinstance(number, int | float) or not 0 < number < 2**53:
        raise problem
    if not text:
        return Drawing(int(number), None)
    size = shape[0] * shape[1] * shape[2]
    if len(text) != 4 * -(-size // 3):
        raise problem
    data = _decoded(text, problem)
    if len(data) != size:
        raise problem
    return Drawing(int(number), np.frombuffer(data, np.uint8).reshape(shape).copy())


def read_picture(report: Any) -> tuple[str, bytes]:
    """Name and bytes of a picture file that was pasted or dropped; neither is trusted.

    Raises:
        DataError: no such report, or a file larger than ``MAX_FILE_BYTES``.
    """
    problem = DataError("What was pasted or dropped cannot be read.", "Upload the picture as a file.")
    if not isinstance(report, dict):
        raise problem
    name, text = report.get("name"), report.get("data")
    if not isinstance(name, str) or not isinstance(text, str) or len(text) > 4 * -(-MAX_FILE_BYTES // 3):
        raise problem
    return "".join(c for c in name[:MAX_NAME] if c.isprintable()) or "picture", _decoded(text, problem)


def _decoded(text: str, problem: DataError) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise problem from error
