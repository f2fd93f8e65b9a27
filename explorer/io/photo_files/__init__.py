"""Photos as files: read with all their bits and pages, written back with what they had beside the pixels.

Unlike ``images``, which makes pictures what a model takes, nothing is scaled, clipped or laid over white here.
"""

from __future__ import annotations

from pathlib import PurePath

import numpy as np
from jaxtyping import Num

from explorer.io.images import MAX_BYTES, MAX_PIXELS, read_header
from explorer.io.images import SUFFIXES as FORMATS_OF_ENDINGS
from explorer.io.photo_files import pillow, tiff
from explorer.io.photo_files.photo import Photo, PhotoValues

__all__ = ["Photo", "PhotoValues", "read_photo", "write_photo"]


def read_photo(
    data: bytes, name: str, max_pixels: int = MAX_PIXELS, max_bytes: int = MAX_BYTES, white: float | None = None
) -> Photo:
    """Read a photo of any mode and depth, with all pages or frames of one size.

    Args:
        data: the file; it is not trusted.
        name: of the file, for errors.
        max_pixels: limit of width times height times pages, checked before anything is decoded.
        max_bytes: limit of the file.
        white: the stored value that stands for white; None: found (``PhotoValues``).

    Raises:
        DataError: too large, not an image, cut short or damaged, or with values that are not finite.
    """
    if tiff.is_tiff(data) and len(data) <= max_bytes:
        photo = tiff.read(data, name, max_pixels, white)
        if photo is not None:
            return photo
    read_header(data, name, max_pixels, max_bytes)
    photo = pillow.read(data, name, max_pixels, FORMATS_OF_ENDINGS.get(PurePath(name).suffix.lower()), white)
    return tiff.with_tags(photo, data) if photo.format == "TIFF" and tiff.is_tiff(data) else photo


def write_photo(photo: Photo, images: Num[np.ndarray, "*shape"]) -> bytes:
    """A file like the one that a photo was read from, with other pixels.

    Args:
        photo: as read.
        images: (N, C, H, W) float of its shape, white is 1; of a single picture (C, H, W) will do. Clipped to what the
            file's values can be.

    Raises:
        ValueError: another shape.
    """
    pages = images[None] if images.ndim == 3 else images
    if pages.shape != photo.images.shape:
        raise ValueError(f"expected pixels of the shape {photo.images.shape}, got {images.shape}")
    return tiff.write(photo, pages) if photo.format == "TIFF" else pillow.write(photo, pages)
