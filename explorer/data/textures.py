"""A texture with defects: clean crops of a free photo, and crops into which code has drawn defects, labelled so."""

from __future__ import annotations

import numpy as np

from explorer.data.base import Progress
from explorer.data.bundled import photos
from explorer.data.source import Source, SourceItems
from explorer.data.splits import Splits

PHOTO = "brick"
SIDE = 48
"""Crops are so many pixels wide and high."""
STRIDE, TEST_STRIDE = 4, 8
"""Crops to train on start so many pixels apart, and those to validate and test on."""
BANDS = (("train", 0, 128), ("validation", 128, 184), ("train", 184, 312), ("test", 312, 376), ("train", 376, 512))
"""Rows of the photo: bands of different splits share no pixel. By perspective, bricks grow from top to bottom."""
N_DEFECTS = 60
"""Of each kind."""
CLEAN = "clean"
SEED = 0
OVERLAP = "its crops overlap, and only these bands share no pixel"


def _texture(seed: int, progress: Progress | None) -> SourceItems:
    photo = next(photo for photo in photos() if photo.name == PHOTO).array
    by_split: dict[str, list[np.ndarray]] = {"train": [], "validation": [], "test": []}
    for split, top, bottom in BANDS:
        by_split[split].append(_crops(photo[top:bottom], STRIDE if split == "train" else TEST_STRIDE))
    parts = [np.concatenate(crops) for crops in by_split.values()]
    test = next(photo[top:bottom] for split, top, bottom in BANDS if split == "test")
    random = np.random.Generator(np.random.PCG64(SEED))
    parts += [
        np.stack([draw(_any_crop(test, random), photo, random) for _ in range(N_DEFECTS)]) for draw in DEFECTS.values()
    ]
    numbers = np.split(np.arange(sum(map(len, parts))), np.cumsum([len(part) for part in parts])[:-1])
    labels = np.repeat([0, 0, 0, *range(1, len(DEFECTS) + 1)], [len(part) for part in parts])
    note = "By region: bands of the photo's rows train, validate and test; test crops are clean or have drawn defects."
    splits = Splits(numbers[0], numbers[1], np.concatenate(numbers[2:]), note, fixed=OVERLAP)
    names = (CLEAN, *(f"{name} (drawn)" for name in DEFECTS))
    return SourceItems(np.concatenate(parts)[:, None], labels.astype(np.int64), names, splits)


def _crops(region: np.ndarray, stride: int) -> np.ndarray:
    """(H, W) to (n, SIDE, SIDE): overlapping squares, row by row."""
    windows = np.lib.stride_tricks.sliding_window_view(region, (SIDE, SIDE))
    return windows[::stride, ::stride].reshape(-1, SIDE, SIDE)


def _any_crop(region: np.ndarray, random: np.random.Generator) -> np.ndarray:
    top, left = (int(random.integers(size - SIDE + 1)) for size in region.shape)
    return region[top : top + SIDE, left : left + SIDE]


# Whole numbers throughout: the items are then the same to the bit on every machine.


def _scratch(crop: np.ndarray, photo: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """A straight line, 2 pixels wide and 15 to 38 long, much lighter or darker than what it crosses."""
    while True:
        y0, x0, y1, x1 = (int(v) for v in random.integers(4, SIDE - 4, 4))
        dy, dx = y1 - y0, x1 - x0
        squared = dy * dy + dx * dx
        if 15**2 <= squared <= 38**2:
            break
    y, x = np.mgrid[:SIDE, :SIDE]
    along = (y - y0) * dy + (x - x0) * dx
    across = (y - y0) * dx - (x - x0) * dy
    return _shifted(crop, (across * across <= squared) & (along >= 0) & (along <= squared), random)


def _spot(crop: np.ndarray, photo: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """A round spot of 2 to 5 pixels radius, much lighter or darker."""
    radius = int(random.integers(2, 6))
    y0, x0 = (int(v) for v in random.integers(radius + 2, SIDE - radius - 2, 2))
    y, x = np.mgrid[:SIDE, :SIDE]
    return _shifted(crop, (y - y0) ** 2 + (x - x0) ** 2 <= radius * radius, random)


def _wrong_piece(crop: np.ndarray, photo: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """A piece of 12 to 18 pixels from elsewhere in the photo, turned by a quarter: right in itself, not in its place.

    Brick on brick would not be seen: the piece differs from what it covers by 12 grey levels a pixel or more.
    """
    while True:
        side = int(random.integers(12, 19))
        top, left = (int(random.integers(size - side + 1)) for size in photo.shape)
        y, x = (int(v) for v in random.integers(2, SIDE - side - 2, 2))
        piece = np.rot90(photo[top : top + side, left : left + side])
        if np.abs(piece.astype(np.int64) - crop[y : y + side, x : x + side]).sum() >= 12 * side * side:
            break
    out = crop.copy()
    out[y : y + side, x : x + side] = piece
    return out


def _shifted(crop: np.ndarray, where: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """The crop, 40 to 70 grey levels lighter or darker in some places."""
    change = int(random.integers(40, 71)) * int(random.choice([-1, 1]))
    return np.clip(crop.astype(np.int64) + change * where, 0, 255).astype(np.uint8)


DEFECTS = {"scratch": _scratch, "spot": _spot, "wrong piece": _wrong_piece}
"""Each kind with what draws it into a crop."""

SOURCES = (
    Source(
        name="brick-defects",
        title="Brick with drawn defects",
        kind="image",
        licence="CC0",
        source="CC0Textures, Bricks25; scikit-image, skimage.data.brick; the defects are drawn by this program",
        offline=True,
        n_items=8_080,
        event_shape=(1, SIDE, SIDE),
        read=_texture,
        fingerprint="9dcdb5960dca8bb87ddbf75ecc6699d5c3ece17499f27b24f4b62136185dd231",
    ),
)
