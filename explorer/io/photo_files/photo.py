"""A photo as a value: its pages, what its numbers mean, and what its file had beside them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from jaxtyping import Float, Num, Shaped

from explorer.io.images.asked import Axes, ImageFinding, ImagesAsked
from explorer.io.photo_files.contract import PhotoContract

SUFFIXES = {"PNG": ".png", "JPEG": ".jpg", "WEBP": ".webp", "TIFF": ".tif", "BMP": ".bmp"}
"""Ending of each format that is written."""


@dataclass(frozen=True)
class PhotoValues:
    """What the numbers in a file mean.

    Args:
        dtype: of each value, as numpy calls it.
        white, black: the values that stand for them.
    """

    dtype: str = "uint8"
    white: float = 255
    black: float = 0

    @property
    def is_float(self) -> bool:
        return np.dtype(self.dtype).kind == "f"

    def to_units(self, values: Num[np.ndarray, "*shape"]) -> Float[np.ndarray, "*shape"]:
        """Values of the file as float32 in units where black is 0 and white is 1."""
        if self.black:
            return ((values.astype(np.float64) - self.black) / (self.white - self.black)).astype(np.float32)
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
        span = self.white - self.black
        values = np.asarray(image, np.float64) * span + self.black
        if self.is_float:
            return values.astype(self.dtype)
        kind = np.iinfo(self.dtype)
        high = min(kind.max, max(self.white, float(before.max()) * span + self.black))
        return np.rint(np.clip(values, kind.min, np.rint(high))).astype(self.dtype)


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
        contract: how it was read; None where it was not read from a file.
    """

    images: Float[np.ndarray, "n c h w"]
    scale: PhotoValues = PhotoValues()
    format: str = "PNG"
    kept: Shaped[np.ndarray, "n e h w"] | None = None
    profile: bytes | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    contract: PhotoContract | None = None

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

    def read_as(self, scale: PhotoValues) -> Float[np.ndarray, "n c h w"]:
        """The pictures as they are where these numbers of the file stand for black and white."""
        if (scale.black, scale.white) == (self.scale.black, self.scale.white):
            return self.images
        span = self.scale.white - self.scale.black
        return scale.to_units(self.images.astype(np.float64) * span + self.scale.black)

    def page(self, number: int) -> Photo:
        """One of the pictures alone, counted from 0."""
        kept = None if self.kept is None else self.kept[number : number + 1]
        return replace(self, images=self.images[number : number + 1], kept=kept)


@dataclass(frozen=True, eq=False)
class StoredPhoto:
    """A photo in the numbers of its file, before it is known which of them is white.

    Args:
        values: (N, C, H, W), C 1 or 3, upright.
        format, kept, profile, options, notes: as in ``Photo``.
        white: which number is white, where the file itself says so.
        axes: of a stack of grey planes, what they are; None: it is none.
        left_out: pages or frames that are not read.
    """

    values: Num[np.ndarray, "n c h w"]
    format: str
    kept: Shaped[np.ndarray, "n e h w"] | None
    profile: bytes | None
    options: Mapping[str, Any]
    notes: tuple[str, ...]
    white: float | None = None
    axes: Axes | None = None
    left_out: int = 0

    def findings(self, asked: ImagesAsked) -> tuple[ImageFinding, ...]:
        """What was found beside white."""
        findings = []
        count = len(self.values)
        if self.axes is not None:
            planes = count * self.values.shape[1]
            reason = "as asked" if asked.axes else f"{planes} grey planes, each a picture of its own"
            flag = "--axes NCHW" if planes % 3 == 0 and self.axes == "NHW" else "--axes NHW"
            findings.append(ImageFinding(what="axes", value=self.axes, reason=reason, flag=flag))
        if count > 1 or asked.pages is not None:
            reason = "as asked" if asked.pages else f"{count} pictures of one size, each cleaned on its own"
            pages = asked.pages or "all"
            flag = "--pages all" if pages == "first" else "--pages first"
            findings.append(ImageFinding(what="pages", value=pages, reason=reason, flag=flag))
        return tuple(findings)
