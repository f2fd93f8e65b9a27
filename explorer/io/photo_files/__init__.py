"""Photos as files: read with all their bits and pages, written back with what they had beside the pixels.

Unlike ``images``, which makes pictures what a model takes, nothing is scaled, clipped or laid over white here.
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Num

from explorer.io.photo_files import pillow, tiff
from explorer.io.photo_files.contract import PhotoContract
from explorer.io.photo_files.photo import Photo, PhotoValues
from explorer.io.photo_files.reading import PhotoSurvey, read_photo

__all__ = ["Photo", "PhotoContract", "PhotoSurvey", "PhotoValues", "read_photo", "write_photo"]


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
