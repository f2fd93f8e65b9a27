"""Maps against masks: by hand, against scikit-learn, and where they know all or nothing."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from explorer.core.errors import ExplorerError
from explorer.novelty.localisation import MAX_FALSE_POSITIVE_RATE, localisation


def made_up(n: int = 6, side: int = 32) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(0)
    masks = np.zeros((n, side, side), np.uint8)
    for i in range(1, n):
        masks[i, 3 : 3 + 2 * i, 4:9] = 1
        masks[i, 25:28, 20 : 20 + i] = 1
    return random.random((n, side, side)), masks


def test_a_map_that_is_the_mask_is_perfect_and_its_negative_worst() -> None:
    _, masks = made_up()
    perfect = localisation(masks.astype(np.float64), masks)
    assert (perfect.auroc, perfect.pro) == (1.0, pytest.approx(1.0))
    assert (perfect.regions, perfect.images) == (10, 6)
    worst = localisation(-masks.astype(np.float64), masks)
    assert (worst.auroc, worst.pro) == (0.0, 0.0)


def test_a_map_that_knows_nothing_is_on_the_diagonal() -> None:
    """Each region's overlap is then the false-positive rate: its mean from 0 to the limit is half of the limit."""
    random = np.random.default_rng(1)
    masks = np.zeros((40, 64, 64), np.uint8)
    masks[:, 10:40, 10:40] = 1
    result = localisation(random.random(masks.shape), masks)
    assert result.auroc == pytest.approx(0.5, abs=0.01)
    assert result.pro == pytest.approx(MAX_FALSE_POSITIVE_RATE / 2, abs=0.01)
    constant = localisation(np.zeros(masks.shape), masks)
    assert (constant.auroc, constant.pro) == (0.5, pytest.approx(MAX_FALSE_POSITIVE_RATE / 2))


def test_the_areas_agree_with_scikit_learn_and_with_thresholds_one_by_one() -> None:
    maps, masks = made_up()
    maps = np.round(maps + 0.3 * masks, 2)  # with ties
    result = localisation(maps, masks)
    assert result.auroc == pytest.approx(roc_auc_score(masks.ravel(), maps.ravel()))
    rates, overlaps = [0.0], [0.0]
    regions = [part for mask in masks for part in _parts(mask)]
    owners = [i for i, mask in enumerate(masks) for _ in _parts(mask)]
    for threshold in np.unique(maps)[::-1]:
        above = maps >= threshold
        rates.append(above[masks == 0].mean())
        overlaps.append(np.mean([above[i][region].mean() for i, region in zip(owners, regions, strict=True)]))
    inside = np.linspace(0, MAX_FALSE_POSITIVE_RATE, 200_001)
    expected = np.interp(inside, rates, overlaps).mean()
    assert result.pro == pytest.approx(expected, abs=1e-4)


def _parts(mask: np.ndarray) -> list[np.ndarray]:
    """Its two rectangles."""
    upper, lower = mask.astype(bool), mask.astype(bool)
    upper = upper & (np.arange(32) < 20)[:, None]
    lower = lower & (np.arange(32) >= 20)[:, None]
    return [part for part in (upper, lower) if part.any()]


def test_a_small_region_weighs_as_much_as_a_large_one() -> None:
    """A map that finds the large region alone: most pixels, and one region of two."""
    masks = np.zeros((1, 40, 40), np.uint8)
    masks[0, :20, :20] = 1
    masks[0, 30, 30] = 1
    maps = np.zeros(masks.shape)
    maps[0, :20, :20] = 1
    # All other pixels are equal: their overlap rises along a line from one half to 1.
    assert localisation(maps, masks).pro == pytest.approx(0.5 + 0.5 * MAX_FALSE_POSITIVE_RATE / 2)


def test_there_must_be_pixels_of_both_kinds() -> None:
    for masks in (np.zeros((1, 4, 4), np.uint8), np.ones((1, 4, 4), np.uint8)):
        with pytest.raises(ExplorerError, match="masks cover some"):
            localisation(np.zeros((1, 4, 4)), masks)


def test_a_region_is_touched_by_one_pixel_above_the_threshold() -> None:
    """Seven regions by hand, the smallest three, two and two together; one pixel of three of them is high."""
    masks, maps = np.zeros((2, 30, 40), np.uint8), np.zeros((2, 30, 40))
    for i, width in enumerate((1, 2, 3, 8, 9)):
        masks[0, 1 + 5 * i : 3 + 5 * i, :width] = 1
    masks[1, :10, :10], masks[1, 20:, 20:] = 1, 1
    maps[0, 1, 0], maps[0, 17, 7], maps[1, 29, 39] = 2.0, 2.0, 2.0
    maps[0, 11, 2], maps[1, 15, 15] = 1.0, 2.0  # at the threshold; outside of all regions
    result = localisation(maps, masks, 1.0)
    assert [tuple(vars(one).values()) for one in result.touched] == [
        ("small", 2, 6, 1, 3), ("medium", 16, 18, 1, 2), ("large", 100, 200, 1, 2),
    ]  # fmt: skip
    assert "3 of 7; small 1 of 3 (2 to 6 pixels)" in result.touched_words
    assert localisation(maps, masks).touched == ()
    assert localisation(maps, masks).touched_words == ""
