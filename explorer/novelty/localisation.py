"""How well maps of where images are anomalous agree with masks that say where they are: per pixel and per region."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int, Num, Shaped

from explorer.core.errors import ExplorerError
from explorer.core.row_samples import spread_sample
from explorer.data.base import Masks
from explorer.novelty.detector import Detector
from explorer.novelty.regions import numbered_regions

MAX_FALSE_POSITIVE_RATE = 0.3
"""PRO is averaged up to this share of normal pixels above the threshold, as for MVTec AD."""
MAX_PIXELS = 1 << 25
"""At most so many are compared."""
BATCH_PIXELS = 1 << 24
SIZES = ("small", "medium", "large")
"""Masked regions by their area: a third of them each."""


@dataclass(frozen=True)
class Touched:
    """How many masked regions of one size have a pixel above the pixel threshold.

    Args:
        size: a word of ``SIZES``.
        smallest, largest: area of these regions, in pixels.
        touched, regions: how many have one, of how many.
    """

    size: str
    smallest: int
    largest: int
    touched: int
    regions: int


@dataclass(frozen=True)
class Localisation:
    """How well maps find the masked pixels.

    Args:
        auroc: how often a masked pixel lies above another.
        pro: mean overlap with each region, over false-positive rates up to ``MAX_FALSE_POSITIVE_RATE``; in [0, 1].
        images, regions: how many were measured.
        touched: by size; empty where no pixel threshold is known.
    """

    auroc: float
    pro: float
    images: int
    regions: int
    touched: tuple[Touched, ...] = ()

    @property
    def words(self) -> str:
        """In one line."""
        figures = f"AUROC {self.auroc:.4f}, PRO {self.pro:.4f} (up to {MAX_FALSE_POSITIVE_RATE:.0%} false positives)"
        return f"Pixels: {figures}, {self.images:,} images, {self.regions:,} masked regions"

    @property
    def touched_words(self) -> str:
        """How many defects were touched, in one line; empty where that is not known."""
        if not self.touched:
            return ""
        total = sum(one.touched for one in self.touched)
        by_size = ", ".join(
            f"{one.size} {one.touched:,} of {one.regions:,} ({one.smallest:,} to {one.largest:,} pixels)"
            for one in self.touched
        )
        return f"Masked regions with a pixel above the pixel threshold: {total:,} of {self.regions:,}; {by_size}"


def localise(
    detector: Detector,
    images: Callable[[Int[np.ndarray, " k"]], Num[np.ndarray, "k *event"]],
    masks: Masks | None,
    is_normal: Bool[np.ndarray, " n"],
    threshold: float | None = None,
) -> Localisation | None:
    """How well a detector's maps agree with masks.

    Images with a mask count, and normal ones, whose pixels are all normal; of very many, a sample.

    Args:
        images: numbers of some of the images -> these as the detector takes them.
        masks: of the images, by their numbers.
        is_normal: (N,) bool; those of which nobody knows it are not.
        threshold: of pixels; None: it is not known.

    Returns:
        None where there are no masks of the maps' size, or the score has no maps.
    """
    if masks is None or not len(masks.rows) or masks.x.shape[1:] != detector.card.event_shape[1:]:
        return None
    is_counted = is_normal.copy()
    is_counted[masks.rows] = True
    counted = spread_sample(np.flatnonzero(is_counted), max(1, MAX_PIXELS // masks.x[0].size))
    whole = np.zeros((len(counted), *masks.x.shape[1:]), np.uint8)
    of_counted = masks.of(counted)
    whole[of_counted.rows] = of_counted.x
    if not whole.any() or whole.all():
        return None
    maps = []
    batch = max(1, BATCH_PIXELS // masks.x[0].size)
    for start in range(0, len(counted), batch):
        of_batch = detector.maps(images(counted[start : start + batch]))
        if of_batch is None:
            return None
        maps.append(of_batch.astype(np.float32))
    return localisation(np.concatenate(maps), whole, threshold)


def localisation(
    maps: Float[np.ndarray, "n h w"], masks: Shaped[np.ndarray, "n h w"], threshold: float | None = None
) -> Localisation:
    """Compare maps with masks.

    Args:
        maps: (N, H, W) higher is more anomalous.
        masks: (N, H, W) above 0 where a pixel is anomalous; all 0 for a normal image.
        threshold: of pixels; None: it is not known which regions are touched.

    Raises:
        ExplorerError: no masked pixel, or no other.
    """
    masked = np.asarray(masks) > 0
    if not masked.any() or masked.all():
        raise ExplorerError("Pixels are compared where masks cover some and leave others.", "Give such masks.")
    regions, n_regions = _regions(masked)
    return Localisation(
        _auroc(maps.ravel(), masked.ravel()),
        _per_region_overlap(maps.ravel(), regions.ravel(), n_regions),
        len(maps),
        n_regions,
        () if threshold is None else _touched(maps, regions, n_regions, threshold),
    )


def _touched(maps: np.ndarray, regions: np.ndarray, n_regions: int, threshold: float) -> tuple[Touched, ...]:
    areas = np.bincount(regions.ravel(), minlength=n_regions + 1)[1:]
    is_touched = np.bincount(regions[maps > threshold], minlength=n_regions + 1)[1:] > 0
    of_size = np.array_split(np.argsort(areas, kind="stable"), len(SIZES))
    return tuple(
        Touched(size, int(areas[rows].min()), int(areas[rows].max()), int(is_touched[rows].sum()), len(rows))
        for size, rows in zip(SIZES, of_size, strict=True)
        if len(rows)
    )


def _auroc(values: np.ndarray, masked: np.ndarray) -> float:
    from sklearn.metrics import roc_auc_score

    return float(roc_auc_score(masked, values))


def _regions(masked: np.ndarray) -> tuple[np.ndarray, int]:
    """(N, H, W) number of the region of each pixel, 0 for none, and how many regions there are."""
    numbers, total = np.zeros(masked.shape, np.int64), 0
    for i, mask in enumerate(masked):
        labelled, n = numbered_regions(mask)
        numbers[i] = np.where(labelled, labelled + total, 0)
        total += n
    return numbers, total


def _per_region_overlap(values: np.ndarray, regions: np.ndarray, n_regions: int) -> float:
    """The mean over regions of the share above a threshold, averaged over false-positive rates up to the limit.

    Source: Bergmann et al. 2021 (MVTec AD, International Journal of Computer Vision), section 5.1.2.
    """
    sizes = np.bincount(regions, minlength=n_regions + 1)
    weights = np.where(regions > 0, 1.0 / (n_regions * np.maximum(sizes, 1)[regions]), 0.0)
    order = np.argsort(-values, kind="stable")
    ends = np.flatnonzero(np.append(np.diff(values[order]) != 0, True))  # where pixels of one value end
    overlap = np.concatenate([[0.0], np.cumsum(weights[order])[ends]])
    rate = np.concatenate([[0.0], np.cumsum(regions[order] == 0)[ends] / sizes[0]])
    limit = MAX_FALSE_POSITIVE_RATE
    last = int(np.searchsorted(rate, limit, "right"))
    at_limit = float(np.interp(limit, rate, overlap))
    x, y = np.append(rate[:last], limit), np.append(overlap[:last], at_limit)
    return min(1.0, float(np.trapezoid(y, x) / limit))
