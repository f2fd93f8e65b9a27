"""Any picture as the one item that a model takes: each step is an option, and the automatic choice says why.

Comparing a picture of one's own with a model's data goes wrong where the two differ in what the eye forgives: light ink
on dark or dark on light, the grey of the paper, how much of the frame a digit fills, and where it stands.
``explorer/browser/drawing/`` does the same steps in the browser while a hand draws; a test holds the two together.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from jaxtyping import Float, Num
from scipy import ndimage

from explorer.core.errors import DataError
from explorer.io import images

Fit = Literal["pad", "cut", "stretch"]
Centre = Literal["middle", "mass"]

COLOURS = (1, 3)
"""Channels of grey and of coloured pictures, each of which can become the other."""
MAX_SIDE = 1024
"""Pixels that are kept of a visitor's picture; models take far fewer."""
CONTENT_SHARE = 0.1
"""What differs from the background by more than this share of the largest difference is content."""


@dataclass(frozen=True)
class Options:
    """How a picture becomes a model's item, in the order of the steps.

    Args:
        invert: light and dark are swapped.
        clear: the background, however unevenly lit, becomes black where it is dark and white where it is light, and the
            strokes on it get the full contrast.
        crop: only what stands out from the background counts for size and place.
        fit: that part fits into its room whole ("pad"), fills the room and loses what sticks out ("cut"), or fills it
            with each side scaled by itself ("stretch").
        size: of that room, as a share of the frame; in (0, 1].
        centre: the part's middle lies in the middle of the frame ("middle"), or its centre of mass does ("mass", as in
            MNIST).

    Raises:
        DataError: a value that is none of these.
    """

    invert: bool = False
    clear: bool = False
    crop: bool = False
    fit: Fit = "cut"
    size: float = 1.0
    centre: Centre = "middle"

    def __post_init__(self) -> None:
        if self.fit not in get_args(Fit) or self.centre not in get_args(Centre):
            raise DataError(f"There is no fit {self.fit!r} with centre {self.centre!r}.", "Choose from the controls.")
        if not 0 < self.size <= 1:
            raise DataError(f"A picture cannot take {self.size:g} of its frame.", "Choose a share from 0 to 1.")


@dataclass(frozen=True, eq=False)
class Converted:
    """A picture in a model's format.

    Args:
        x: (C, h, w) float32 in [0, 1].
        steps: what was done, in order, a few words each; empty if nothing was.
    """

    x: Float[np.ndarray, "c h w"]
    steps: tuple[str, ...]


# --- What a model's pictures are like --------------------------------------------------------------------------------


# --- The automatic choice ---------------------------------------------------------------------------------------------


# --- The steps --------------------------------------------------------------------------------------------------------


def bounded(image: Num[np.ndarray, "c h w"]) -> Num[np.ndarray, "c h2 w2"]:
    """The picture with at most ``MAX_SIDE`` pixels a side, (C, H, W), dtype kept; reduced by whole blocks' means."""
    factor = -(-max(image.shape[1:]) // MAX_SIDE)
    if factor == 1:
        return image
    # Edges that do not fill a block are left out: fewer than `factor` pixels of thousands; thin pictures keep one line.
    height, width = (max(1, size // factor) for size in image.shape[1:])
    rows, columns = (min(factor, size) for size in image.shape[1:])
    blocks = image[:, : height * rows, : width * columns].reshape(len(image), height, rows, width, columns)
    means = blocks.mean(axis=(2, 4), dtype=np.float32)
    return np.rint(means).astype(np.uint8) if image.dtype == np.uint8 else means


def convert(image: Num[np.ndarray, "*shape"], event_shape: tuple[int, ...], options: Options) -> Converted:
    """A picture as a model's item.

    Args:
        image: (C, H, W), uint8 or float in [0, 1].
        event_shape: (C, h, w) of the model: the picture's channels, or grey for colours and the other way round.
        options: the steps.

    Raises:
        DataError: either shape is not that of an image.
    """
    x, note = coloured(image, event_shape)
    steps = [note] if note else []
    x = x.astype(np.float64)
    if options.invert:
        x = 1 - x
        steps.append("light and dark swapped")
    if options.clear:
        x = _cleared(x)
        steps.append("background cleared")
    background = np.median(border_ring(x), axis=1)
    window = _window(x, background, event_shape, options)
    y = _resampled(x, background, window, event_shape[1], event_shape[2])
    steps += _said(x.shape, event_shape, options, window)
    return Converted(np.clip(y, 0, 1).astype(np.float32), tuple(steps))


def coloured(image: Num[np.ndarray, "*shape"], event_shape: tuple[int, ...]) -> tuple[Num[np.ndarray, "c h w"], str]:
    """A picture (C, H, W) with a model's number of channels, and what changed.

    Raises:
        DataError: it is no picture, or the model takes none.
    """
    if image.ndim != 3 or 0 in image.shape:
        raise DataError(f"An image has the shape (channels, height, width), not {image.shape}.", "Use another image.")
    if len(event_shape) != 3 or min(event_shape) < 1:
        raise DataError(f"Items of the shape {event_shape} are not images.", "Use a model of images.")
    return images.with_channels(image, event_shape[0])


def has_channels(image: Num[np.ndarray, "c h w"], event_shape: tuple[int, ...]) -> bool:
    """Whether a picture (C, H, W) has the channels that a model takes, or colours or greys that become them."""
    return len(image) == event_shape[0] or (len(image) in COLOURS and event_shape[0] in COLOURS)


def border_ring(x: Num[np.ndarray, "c h w"]) -> Num[np.ndarray, "c n"]:
    """(C, n) the outermost pixels of (C, H, W)."""
    sides = [x[:, 0], x[:, 1:-1, 0], x[:, 1:-1, -1], x[:, -1]]
    return np.concatenate(sides, axis=1)


@dataclass(frozen=True)
class Content:
    """What stands out from the background, in pixels from the upper left corner.

    Args:
        box: left, top, right, bottom.
        mass: x and y of the centre of mass.
    """

    box: tuple[float, float, float, float]
    mass: tuple[float, float]


def content_of(x: Num[np.ndarray, "c h w"], background: Num[np.ndarray, " c"]) -> Content | None:
    """The content of (C, H, W) over a background (C,); None for an empty picture."""
    difference = np.abs(x - background[:, None, None]).max(axis=0)
    largest = float(difference.max())
    if largest == 0:
        return None
    is_content = difference > CONTENT_SHARE * largest
    rows, columns = np.flatnonzero(is_content.any(axis=1)), np.flatnonzero(is_content.any(axis=0))
    height, width = difference.shape
    total = difference.sum()
    mass = (
        float(difference.sum(axis=0) @ (np.arange(width) + 0.5) / total),
        float(difference.sum(axis=1) @ (np.arange(height) + 0.5) / total),
    )
    return Content((float(columns[0]), float(rows[0]), float(columns[-1] + 1), float(rows[-1] + 1)), mass)


@dataclass(frozen=True)
class _Window:
    """The part of a picture's plane that a model's frame shows; it may reach beyond the picture.

    Args:
        left, top: of the frame's corner, in the picture's pixels.
        across, down: picture pixels for each pixel of the frame.
    """

    left: float
    top: float
    across: float
    down: float


def _window(x: np.ndarray, background: np.ndarray, event_shape: tuple[int, ...], options: Options) -> _Window:
    height, width = event_shape[1:]
    content = content_of(x, background)
    whole = (0.0, 0.0, float(x.shape[2]), float(x.shape[1]))
    left, top, right, bottom = content.box if options.crop and content is not None else whole
    across, down = (right - left) / (options.size * width), (bottom - top) / (options.size * height)
    if options.fit != "stretch":
        across = down = max(across, down) if options.fit == "pad" else min(across, down)
    if options.centre == "mass" and content is not None:
        # In the middle pixel of the frame, as in MNIST: of 28 pixels the one with 14 to its left.
        return _Window(
            content.mass[0] - across * (width // 2 + 0.5), content.mass[1] - down * (height // 2 + 0.5), across, down
        )
    return _Window((left + right - across * width) / 2, (top + bottom - down * height) / 2, across, down)


def _resampled(x: np.ndarray, background: np.ndarray, window: _Window, height: int, width: int) -> np.ndarray:
    """(C, height, width) what a window shows of (C, H, W), the background beyond its edges."""
    rows = _weights(height, window.top, window.down, x.shape[1])
    columns = _weights(width, window.left, window.across, x.shape[2])
    offset = background[:, None, None]
    return rows @ (x - offset) @ columns.T + offset


def _weights(n: int, start: float, step: float, size: int) -> np.ndarray:
    """(n, size) what each of ``n`` output pixels takes from each of ``size`` input pixels.

    A triangle around its centre, two input pixels wide, or as wide as two output pixels where the picture is reduced;
    nothing where the centre lies outside. The triangle's part outside is cut off, the rest adds up to 1.
    """
    centres = start + (np.arange(n) + 0.5) * step
    reach = max(1.0, step)
    weights = np.maximum(0, 1 - np.abs(np.arange(size) + 0.5 - centres[:, None]) / reach)
    inside = (centres >= 0) & (centres <= size)
    sums = weights.sum(axis=1)
    return np.where(inside[:, None], weights / np.where(sums > 0, sums, 1)[:, None], 0)


def _cleared(x: np.ndarray) -> np.ndarray:
    """Strokes at full contrast on black or white: the local background is taken off, the strokes scaled to reach 1.

    The local background is the median over half the picture, which thin strokes do not touch; it follows uneven light.
    Strokes are what lies above it by more than half of Otsu's threshold (Otsu 1979).
    """
    from skimage.filters import threshold_otsu

    dark = float(np.median(border_ring(x))) < 0.5
    ink = x if dark else 1 - x
    factor = max(1, min(x.shape[1:]) // 48)
    small = ink[:, ::factor, ::factor]
    window = (1, *(max(3, size // 2 | 1) for size in small.shape[1:]))
    ground = ndimage.median_filter(small, size=window, mode="nearest")
    scale = (1, *(size / small_size for size, small_size in zip(ink.shape[1:], small.shape[1:], strict=True)))
    ground = ndimage.zoom(ground, scale, order=1, mode="nearest", grid_mode=True)
    height = np.maximum(0, ink - ground)
    threshold = float(threshold_otsu(height.ravel()))
    strokes = height[height > threshold]
    full = float(np.percentile(strokes, 75)) if strokes.size else 1.0
    low = threshold / 2
    cleared = np.clip((height - low) / max(full - low, np.finfo(np.float64).tiny), 0, 1)
    return cleared if dark else 1 - cleared


def _said(shape: tuple[int, ...], event_shape: tuple[int, ...], options: Options, window: _Window) -> list[str]:
    """What cropping, fitting and centring did, where they did anything."""
    size, frame = f"{shape[2]}x{shape[1]}", f"{event_shape[2]}x{event_shape[1]}"
    if window == _Window(0, 0, 1, 1) and size == frame:
        return []
    part = "its content" if options.crop else f"its {size} pixels"
    room = f"{options.size * event_shape[2]:.3g}x{options.size * event_shape[1]:.3g}"
    how = {"pad": "fitted into", "cut": "cut to", "stretch": "stretched to"}[options.fit]
    within = "" if room == frame else f" of {frame}"
    placed = ["centre of mass in the middle"] if options.centre == "mass" else []
    return [f"{part} {how} {room}{within}", *placed]
