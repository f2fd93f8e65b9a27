"""A photo as a value: its pages, what its numbers mean, and what its file had beside them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from jaxtyping import Float, Num, Shaped

from explorer.core.errors import DataError
from explorer.io.images.scale import find_scales
from explorer.io.images.values import Values

SUFFIXES = {"PNG": ".png", "JPEG": ".jpg", "WEBP": ".webp", "TIFF": ".tif", "BMP": ".bmp"}
"""Ending of each format that is written."""
BITS = (8, 10, 12, 14, 15, 16, 24, 31, 32)
"""Bits a value that cameras, scanners and microscopes give, also in wider files."""
FLOAT_WHITES = (1, *(2**bits - 1 for bits in BITS))
"""What white may be in a file of floating-point values: the first of these that most of the values stay below."""


@dataclass(frozen=True)
class PhotoValues:
    """What the numbers in a file mean.

    Args:
        dtype: of each value, as numpy calls it.
        white: the value that stands for white; 0 stands for black.
        note: how white was found, where the kind of file does not say it.
    """

    dtype: str = "uint8"
    white: float = 255
    note: str = ""

    @property
    def is_float(self) -> bool:
        return np.dtype(self.dtype).kind == "f"

    def to_units(self, values: Num[np.ndarray, "*shape"]) -> Float[np.ndarray, "*shape"]:
        """Values of the file as float32 in units where white is 1."""
        return np.divide(values, self.white, dtype=np.float32 if values.dtype.itemsize <= 2 else None).astype(
            np.float32, copy=False
        )

    def to_values(
        self, image: Num[np.ndarray, "*shape"], before: Float[np.ndarray, "*shape2"]
    ) -> Num[np.ndarray, "*shape"]:
        """The other way: rounded and clipped where the file holds whole numbers, never beyond white and what was there.

        Args:
            image: in units where white is 1.
            before: what the file held, in the same units.
        """
        if self.is_float:
            return (np.asarray(image, np.float64) * self.white).astype(self.dtype)
        kind = np.iinfo(self.dtype)
        high = min(kind.max, max(self.white, float(before.max()) * self.white))
        return np.rint(np.clip(np.asarray(image, np.float64) * self.white, kind.min, np.rint(high))).astype(self.dtype)


@dataclass(frozen=True, eq=False)
class Photo:
    """One picture, or several of one size, and what their file had beside the pixels.

    Args:
        images: (N, C, H, W) float32, C 1 or 3, upright; white is 1. Values beyond black and white stay as they are.
        scale: what the numbers in the file mean.
        format: of the file to write, as Pillow calls it.
        kept: (N, E, H, W) planes beside the colours, as stored: transparency, or channels of another meaning.
        profile: the ICC colour profile of these colours, or None.
        options: what else the writer of that format is given: metadata, layout, times of frames.
        notes: a few words on each thing that was decided, converted or could not be kept.
    """

    images: Float[np.ndarray, "n c h w"]
    scale: PhotoValues = PhotoValues()
    format: str = "PNG"
    kept: Shaped[np.ndarray, "n e h w"] | None = None
    profile: bytes | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.images)

    @property
    def image(self) -> Float[np.ndarray, "c h w"]:
        """The first picture."""
        return self.images[0]

    @property
    def suffix(self) -> str:
        """Ending of the file that ``write_photo`` gives."""
        return SUFFIXES[self.format]

    def page(self, number: int) -> Photo:
        """One of the pictures alone, counted from 0."""
        kept = None if self.kept is None else self.kept[number : number + 1]
        return replace(self, images=self.images[number : number + 1], kept=kept)


def find_values(values: Num[np.ndarray, "*shape"], name: str, white: float | None = None) -> PhotoValues:
    """What white is among the values of one file, from all of them; black is 0.

    Bytes reach up to 255. Wider whole numbers are read as those of a set of images (``images.find_scales``), so that
    12-bit pictures in 16-bit files are not sixteen times too dark. Floating-point values, which noise may take beyond
    white, are judged by all but their largest hundredth.

    Args:
        values: as stored.
        name: of the file, for errors.
        white: what the user says it is.

    Raises:
        DataError: values that are not finite, or a white that is not above 0.
    """
    dtype = values.dtype.name
    if not np.isfinite(values).all():
        raise DataError(f"{name} holds values that are not finite.", "Replace them, or save it anew.")
    if white is not None:
        if not (np.isfinite(white) and white > 0):
            raise DataError(f"White cannot be {white:g}.", "Give the stored value that stands for white.")
        return PhotoValues(dtype, float(white), f"{white:g} is white, as told")
    if values.dtype.kind == "f":
        most = float(np.quantile(values, 0.99))
        usual = next((float(one) for one in FLOAT_WHITES if most <= 2 * one), float(values.max()))
        return PhotoValues(dtype, usual, "" if usual == 1 else f"{usual:g} is taken for white")
    full = float(np.iinfo(values.dtype).max)
    if values.dtype == np.uint8 or values.max(initial=0) <= 0:
        return PhotoValues(dtype, full)
    if values.dtype.kind == "i" and values.min() < 0:
        usual = min(full, next(2.0**bits - 1 for bits in (*BITS, 64) if values.max() <= 2**bits - 1))
        words = f"no value is above {values.max()}"
        return PhotoValues(dtype, usual, "" if usual == full else _said(usual, words))
    seen = Values()
    seen.add(values)
    result = find_scales({dtype: seen})
    usual, finding = min(full, next(iter(result.scales.values())).white), result.findings[0]
    other = "".join(f", or it is {one.white:g}" for one in finding.readings if one.white != usual)
    return PhotoValues(dtype, usual, "" if usual == full else _said(usual, f"{finding.reason}{other}"))


def _said(white: float, why: str) -> str:
    return f"{white:g} is taken for white ({why}; --white sets it)"
