"""Making an image what a model takes: its channels, and its sides cut, framed or scaled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Float, Num
from PIL import Image

from explorer.core.errors import DataError
from explorer.io.images.png import to_float

Fit = Literal["cut", "border", "tiles"]
"""How an image of another shape becomes items: its middle is cut out, a border is added, or it is cut into pieces."""
LUMA = np.array([0.299, 0.587, 0.114], np.float32)  # ITU-R BT.601, as Pillow's own conversion


@dataclass(frozen=True, eq=False)
class Fitted:
    """An image in the shape of a model's items.

    Args:
        x: (C, H, W) float32 in [0, 1].
        channels: what became of its channels, empty: nothing.
        sides: what became of its sides, empty: nothing.
        reshaped: whether some of it was cut off, or a border added.
    """

    x: Float[np.ndarray, "c h w"]
    channels: str = ""
    sides: str = ""
    reshaped: bool = False

    @property
    def words(self) -> str:
        """What was done, empty if nothing was."""
        return ", ".join(filter(None, (self.channels, self.sides)))


def fit_image(
    image: Num[np.ndarray, "*shape"], event_shape: tuple[int, ...], fit: Fit = "cut"
) -> tuple[Float[np.ndarray, "c2 h2 w2"], str]:
    """Make an image what a model takes: channels converted, its shape cut or framed, resized with antialiasing.

    Args:
        image: (C, H, W), uint8 or float32 in [0, 1].
        event_shape: (C, H, W) wanted.
        fit: how its sides get their ratio: the middle is cut out, or (else) a border of its own edge is added.

    Returns:
        (C, H, W) float32 in [0, 1], and a few words on what was done, empty if nothing was.

    Raises:
        DataError: either shape is not that of an image, or its channels cannot become those.
    """
    done = fitted(image, event_shape, fit)
    return done.x, done.words


def fitted(image: Num[np.ndarray, "*shape"], event_shape: tuple[int, ...], fit: Fit = "cut") -> Fitted:
    """As ``fit_image``, with each thing that was done by itself."""
    if image.ndim != 3 or 0 in image.shape:
        raise DataError(f"An image has the shape (channels, height, width), not {image.shape}.", "Use another image.")
    if len(event_shape) != 3 or min(event_shape) < 1:
        raise DataError(f"Items of the shape {event_shape} are not images.", "Use a model or dataset of images.")
    channels, height, width = event_shape
    x, note = with_channels(image, channels)
    h, w = x.shape[1:]
    if (h, w) == (height, width):
        return Fitted(x, note)
    left, top, _, _ = _centre_box(h, w, height, width)
    other_shape = max(left, top) >= 1  # less is rounding, not another shape
    if fit == "cut" or not other_shape:
        words = f"{'middle cut out and ' if other_shape else ''}resized from {w}x{h} to {width}x{height}"
        return Fitted(_resize(x, height, width), note, words, other_shape)
    framed = _framed(x, height, width)
    resized = (
        "" if (h == height or w == width) and max(h, w) <= max(height, width) else f" and resized to {width}x{height}"
    )
    return Fitted(framed, note, f"a border added to {w}x{h}{resized}", True)


def with_channels(image: Num[np.ndarray, "c h w"], channels: int) -> tuple[Float[np.ndarray, "c2 h w"], str]:
    """An image with the wanted number of channels, and a few words on what that took, empty if nothing.

    Args:
        image: (C, H, W), uint8 or float in [0, 1].
        channels: 1 for greyscale (ITU-R BT.601) or 3 for RGB; another number: as many as the image has.

    Returns:
        (channels, H, W) float32 in [0, 1], and the words.

    Raises:
        DataError: its channels are neither those nor grey or colours that could become them.
    """
    x = to_float(image)
    if len(x) == channels:
        return x, ""
    if channels == 1 and len(x) == 3:
        return np.tensordot(LUMA, x, axes=1)[None], "colour to greyscale"
    if channels == 3 and len(x) == 1:
        return np.repeat(x, 3, axis=0), "greyscale to RGB"
    raise DataError(
        f"An image of {len(x)} channels cannot become one of {channels}.",
        f"Give images of {channels} channels, or choose a model of {len(x)}.",
    )


def _centre_box(h: int, w: int, height: int, width: int) -> tuple[float, float, float, float]:
    """The largest centred box of h x w with the sides' ratio of height x width: left, top, right, bottom."""
    scale = min(h / height, w / width)
    top, left = (h - height * scale) / 2, (w - width * scale) / 2
    return left, top, left + width * scale, top + height * scale


def _resize(x: np.ndarray, height: int, width: int) -> np.ndarray:
    h, w = x.shape[1:]
    if (h, w) == (height, width):
        return x
    left, top, right, bottom = _centre_box(h, w, height, width)
    box = (max(0.0, left), max(0.0, top), min(float(w), right), min(float(h), bottom))
    planes = [
        np.asarray(Image.fromarray(plane).resize((width, height), Image.Resampling.LANCZOS, box=box)) for plane in x
    ]
    return np.clip(np.stack(planes), 0, 1)  # Lanczos overshoots at edges


def _framed(x: np.ndarray, height: int, width: int) -> np.ndarray:
    """The whole image scaled into the middle of height x width; the border has the colour of its edge, the median."""
    h, w = x.shape[1:]
    shrink = min(height / h, width / w)
    rows, columns = max(1, round(h * shrink)), max(1, round(w * shrink))
    edge = np.concatenate([x[:, 0], x[:, -1], x[:, :, 0], x[:, :, -1]], axis=1)
    framed = np.empty((len(x), height, width), np.float32)
    framed[:] = np.median(edge, axis=1)[:, None, None]
    top, left = (height - rows) // 2, (width - columns) // 2
    framed[:, top : top + rows, left : left + columns] = _resize(x, rows, columns)
    return framed


def shrunk(x: Num[np.ndarray, "n c h w"], step: int) -> Num[np.ndarray, "n c h2 w2"]:
    """Images whose pixels are the means of squares of ``step`` x ``step``; a rest at the right and below is left out.

    Args:
        x: (N, C, H, W), uint8 or float; sides of ``step`` or more.
        step: pixels that become one, each way.

    Returns:
        (N, C, H // step, W // step), dtype kept.
    """
    if step == 1:
        return x
    n, channels, height, width = x.shape
    rows, columns = height // step, width // step
    blocks = x[:, :, : rows * step, : columns * step].reshape(n, channels, rows, step, columns, step)
    means = blocks.mean((3, 5), dtype=np.float32)
    return np.rint(means).astype(np.uint8) if x.dtype == np.uint8 else means.astype(x.dtype)


def tiles(image: Num[np.ndarray, "c h w"], height: int, width: int) -> list[Num[np.ndarray, "c h2 w2"]]:
    """Pieces of one size that together cover an image, overlapping where it is no multiple of it; none if too small.

    Turned by a quarter first where that fits better. The pixels stay as they are.

    Args:
        image: (C, H, W), any numbers.
        height, width: of a piece.
    """
    turned = (image.shape[1] > image.shape[2]) != (height > width) and image.shape[1] != image.shape[2]
    if turned and height != width:
        image = np.rot90(image, axes=(1, 2))
    if image.shape[1] < height or image.shape[2] < width:
        return []
    starts = [_starts(side, piece) for side, piece in zip(image.shape[1:], (height, width), strict=True)]
    return [image[:, top : top + height, left : left + width] for top in starts[0] for left in starts[1]]


def _starts(side: int, piece: int) -> list[int]:
    """Evenly spread starts of as few pieces as cover a side."""
    return np.linspace(0, side - piece, -(-side // piece)).round().astype(int).tolist()
