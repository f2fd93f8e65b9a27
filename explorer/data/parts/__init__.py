"""Made parts with defects: pictures of four kinds of part at their own size, good ones and spoilt ones with masks."""

from __future__ import annotations

import numpy as np
from jaxtyping import Bool, UInt8

from explorer.data.base import Masks, Progress
from explorer.data.parts.defects import DEFECTS, SIZES
from explorer.data.parts.kinds import KINDS, PartKind
from explorer.data.parts.raster import lit, noisy
from explorer.data.source import Source, SourceItems
from explorer.data.splits import Splits

N_TRAIN, N_VALIDATION, N_GOOD, N_EACH = 48, 12, 40, 4
"""Good parts to learn from, to validate and to test on; spoilt ones to test on of each defect in each size."""
GOOD = "good"
LABELS = (GOOD, *(f"{name}, {size}" for name in DEFECTS for size in SIZES))
SEED = 0
FINGERPRINTS = {
    "washer": "63d3a476b6b8c88ee9765c790db3bbded97ef6850aa6b2661f9974d798b9bafc",
    "fabric": "3900effeb1e73ed85835e35a7853a3a95872965228e3c84dbec4fde1f9fe6989",
    "label": "c201f771902627dd8ce6985b9210fee63b816755f12faa3e1ba54efde316ee33",
    "plate": "a2b3f51b3d7b74846d6f254e0ca9be048c953d761b91cc440cb5c56814efd86d",
}
"""Of the parts of that seed, by kind: the same on every machine."""


def _photographed(random: np.random.Generator, kind: PartKind, picture: np.ndarray) -> np.ndarray:
    return noisy(random, lit(random, picture, kind.light), kind.noise)


def good_part(kind: PartKind, random: np.random.Generator) -> UInt8[np.ndarray, "c h w"]:
    """(C, H, W) uint8, a part without a defect."""
    return _photographed(random, kind, kind.draw(random).picture)


def spoilt_part(
    kind: PartKind, defect: str, size: str, random: np.random.Generator
) -> tuple[UInt8[np.ndarray, "c h w"], Bool[np.ndarray, "h w"]]:
    """(C, H, W) uint8, a part with a defect, and (H, W) bool, which pixels it changes."""
    part = kind.draw(random)
    while True:
        picture, on = DEFECTS[defect](random, part, SIZES[size])
        if on.any() and (on & part.where).sum() * 2 >= on.sum():
            return _photographed(random, kind, picture), on


def made_parts(name: str, seed: int = SEED, progress: Progress | None = None) -> SourceItems:
    """Parts of one kind: good ones to learn from and to test on, and spoilt ones to test on, with masks.

    Args:
        name: a name of ``KINDS``.
        seed: other parts with another one.
        progress: called while they are drawn.
    """
    kind = KINDS[name]
    random = np.random.Generator(np.random.PCG64([seed, *name.encode()]))
    n_good, n_spoilt = N_TRAIN + N_VALIDATION + N_GOOD, len(DEFECTS) * len(SIZES) * N_EACH
    x = np.empty((n_good + n_spoilt, *kind.shape), np.uint8)
    masks = np.empty((n_spoilt, *kind.shape[1:]), np.uint8)
    labels = np.repeat(np.arange(len(LABELS)), [n_good, *[N_EACH] * (len(LABELS) - 1)])
    for row, label in enumerate(labels.tolist()):
        if progress is not None and row % 10 == 0:
            progress(row / len(x), f"Drawing part {row + 1} of {len(x)}")
        if label == 0:
            x[row] = good_part(kind, random)
        else:
            defect, size = list(DEFECTS)[(label - 1) // len(SIZES)], list(SIZES)[(label - 1) % len(SIZES)]
            x[row], masks[row - n_good] = spoilt_part(kind, defect, size, random)
    train, validation, test = np.split(np.arange(len(x)), [N_TRAIN, N_TRAIN + N_VALIDATION])
    note = "Good parts train and validate; other good ones and all spoilt ones test."
    return SourceItems(
        x, labels, LABELS, Splits(train, validation, test, note), masks=Masks(np.arange(n_good, len(x)), masks)
    )


def _source(name: str, fingerprint: str) -> Source:
    kind = KINDS[name]
    return Source(
        name=f"parts-{name}",
        title=f"{kind.title} (drawn)",
        kind="image",
        licence="MIT, drawn by this program",
        source="Drawn by explorer/data/parts; no photo is used",
        offline=True,
        n_items=N_TRAIN + N_VALIDATION + N_GOOD + len(DEFECTS) * len(SIZES) * N_EACH,
        event_shape=kind.shape,
        read=lambda seed, progress: made_parts(name, SEED, progress),
        fingerprint=fingerprint,
    )


SOURCES = tuple(_source(name, fingerprint) for name, fingerprint in FINGERPRINTS.items())
