"""Made parts: what a defect changes is what its mask says, and sizes are sizes."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import ndimage

from explorer.data.parts import LABELS, good_part, made_parts, spoilt_part
from explorer.data.parts.defects import DEFECTS, SIZES
from explorer.data.parts.kinds import KINDS
from explorer.data.parts.raster import UNIT, clouds, cover, length, noisy, places, wave

SOFT_RIM = 17
"""Grey levels: a spot's mask ends where an eighth of its radius's square is left, where its change is a quarter."""


def of(seed: int) -> np.random.Generator:
    return np.random.Generator(np.random.PCG64(seed))


@pytest.mark.parametrize("defect", DEFECTS)
@pytest.mark.parametrize("kind", KINDS)
def test_a_mask_covers_what_the_defect_changes(kind: str, defect: str) -> None:
    part = KINDS[kind].draw(of(1))
    for seed in range(3):
        picture, on = DEFECTS[defect](of(seed), part, SIZES["medium"])
        change = np.abs(picture - part.picture).max(0)
        assert on.any()
        assert change[~on].max() <= SOFT_RIM
        assert change[on].mean() >= 12


@pytest.mark.parametrize("defect", DEFECTS)
def test_larger_sizes_cover_more(defect: str) -> None:
    part = KINDS["fabric"].draw(of(2))
    areas = [
        np.median([DEFECTS[defect](of(seed), part, factor)[1].sum() for seed in range(8)]) for factor in SIZES.values()
    ]
    assert areas[0] * 3 < areas[1]
    assert areas[1] * 3 < areas[2]


def test_a_seed_draws_the_same_part_and_another_one_another() -> None:
    kind = KINDS["fabric"]
    np.testing.assert_array_equal(good_part(kind, of(3)), good_part(kind, of(3)))
    assert (good_part(kind, of(3)) != good_part(kind, of(4))).mean() > 0.5
    first, mask = spoilt_part(kind, "dent", "large", of(5))
    again, same = spoilt_part(kind, "dent", "large", of(5))
    np.testing.assert_array_equal(first, again)
    np.testing.assert_array_equal(mask, same)
    assert first.shape == kind.shape
    assert mask.shape == kind.shape[1:]


def test_places_are_those_of_a_rotation() -> None:
    """Against floating point: the places of a turned and shifted part, to a unit."""
    turn, shift = 100, (37, -53)
    down, right = places(40, 60, shift, turn)
    angle = 2 * np.arctan(turn / 1024)
    y = (np.arange(40) - 19.5)[:, None] * UNIT - shift[0]
    x = (np.arange(60) - 29.5)[None] * UNIT - shift[1]
    np.testing.assert_allclose(down, y * np.cos(angle) - x * np.sin(angle), atol=1)
    np.testing.assert_allclose(right, y * np.sin(angle) + x * np.cos(angle), atol=1)
    np.testing.assert_allclose(length(down, right), np.hypot(down, right), atol=1)


def test_a_disc_has_the_area_of_a_disc() -> None:
    covered = cover(20 * UNIT - length(*places(64, 64, (5, 3), 0)))
    assert covered.sum() / UNIT == pytest.approx(np.pi * 20**2, rel=0.005)


def test_waves_noise_and_clouds() -> None:
    place = np.arange(0, 1600)[None]
    np.testing.assert_allclose(wave(place, 160), 1000 * np.sin(place * 2 * np.pi / 160), atol=60)
    grey = np.full((1, 400, 400), 128)
    noise = noisy(of(0), grey, 4).astype(float) - 128
    assert noise.mean() == pytest.approx(0, abs=0.05)
    assert noise.std() == pytest.approx(4, rel=0.02)
    drift = clouds(of(0), 100, 90, 16, 8)
    assert drift.shape == (100, 90)
    assert np.abs(drift).max() <= 8
    assert np.abs(np.diff(drift, axis=0)).max() <= 2


def test_masks_belong_to_their_parts() -> None:
    """A large spot is brighter or darker than what lies around it."""
    parts = made_parts("fabric", 7)
    assert parts.masks is not None
    assert parts.labels is not None
    rows = np.flatnonzero(parts.labels == LABELS.index("spot, large"))
    for row in rows.tolist():
        mask = parts.masks.x[parts.masks.rows.tolist().index(row)].astype(bool)
        near = ndimage.binary_dilation(mask, iterations=12) & ~ndimage.binary_dilation(mask, iterations=5)
        grey = parts.x[row, 0].astype(float)
        assert abs(grey[mask].mean() - grey[near].mean()) > 8
    good = parts.x[parts.splits.train]
    assert set(parts.labels[parts.splits.train]) == {0}
    assert parts.labels.tolist().count(0) == len(good) + len(parts.splits.validation) + 40
