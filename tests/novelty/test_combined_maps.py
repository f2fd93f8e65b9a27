"""Registered template and combined maps: planted defects, the promise over many draws, and when the template joins."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from explorer import novelty
from explorer.data.base import Dataset
from explorer.data.splits import Splits
from explorer.data.stored import fingerprint
from explorer.novelty import detector as detectors
from explorer.novelty.image_fitting import fit_images
from explorer.novelty.patches import registration
from explorer.novelty.patches.registration import Pose
from explorer.novelty.scores import combined_maps, masked_patches
from explorer.novelty.scores.combined_maps import CombinedMaps
from explorer.novelty.scores.registered_template import RegisteredTemplate
from tests.novelty.test_masked_patches import Squares, weave

SIZE = (72, 96)


def plates(n: int, seed: int) -> np.ndarray:
    """(n, 1, H, W) uint8 of a plate with bars, each shifted, turned and lit a little otherwise."""
    random = np.random.default_rng(seed)
    images = []
    for _ in range(n):
        pose = Pose(*random.uniform(-3, 3, 2).tolist(), float(random.uniform(-0.02, 0.02)))
        row, column = (places.numpy() for places in pose.on_reference(SIZE))
        y, x = row - SIZE[0] / 2, column - SIZE[1] / 2
        inside = np.clip(np.minimum(26 - abs(y), 38 - abs(x)) + 0.5, 0, 1)
        bars = np.clip(2 * np.sin(x * 1.1 + 0.3 * np.sin(x * 0.23)) + 0.5, 0, 1) * (abs(y) < 15)
        grey = (40 + 150 * inside - 90 * bars * inside) * random.uniform(0.95, 1.05)
        images.append(np.clip(grey + random.normal(0, 3, SIZE), 0, 255))
    return np.stack(images)[:, None].astype(np.uint8)


@pytest.fixture(scope="module")
def template() -> RegisteredTemplate:
    return RegisteredTemplate().fit(plates(30, 0))


def test_a_planted_defect_is_the_peak_of_its_map(template: RegisteredTemplate) -> None:
    spoilt, random = plates(12, 1), np.random.default_rng(2)
    places = np.stack([random.integers(16, 50, 12), random.integers(16, 74, 12)], 1)
    for image, (row, column) in zip(spoilt, places.tolist(), strict=True):
        image[0, row : row + 5, column : column + 5] = image[0, row : row + 5, column : column + 5] // 2 + 100
    maps = template.maps(spoilt)
    assert maps.shape == (12, *SIZE)
    peaks = np.stack(np.unravel_index(maps.reshape(12, -1).argmax(1), SIZE), 1)
    assert (np.abs(peaks - (places + 2)).max(1) <= 5).sum() >= 11
    assert template.score(spoilt).min() > np.quantile(template.score(plates(20, 4)), 0.8)


def test_the_promised_rate_holds_on_fresh_parts(template: RegisteredTemplate) -> None:
    """Every part was learnt from, and alarms on 150 others follow the law of 30 fresh scores (beta-binomial)."""
    assert template.crossed_.shape == (30,)
    threshold = novelty.threshold_for(np.sort(template.crossed_), 0.1)
    alarms = int((template.score(plates(150, 3)) > threshold.value).sum())
    above = int((template.crossed_ > threshold.value).sum())
    law = stats.betabinom(150, above + 1, 30 - above)
    assert min(law.cdf(alarms), law.sf(alarms - 1)) > 0.005


def test_poses_are_told(template: RegisteredTemplate) -> None:
    moved = np.roll(plates(1, 5), (2, -3), (2, 3))
    before, after = template.poses(np.concatenate([plates(1, 5), moved]))
    assert (after.down - before.down, after.right - before.right) == (
        pytest.approx(2, abs=0.2),
        pytest.approx(-3, abs=0.2),
    )


@pytest.mark.slow
def test_the_template_joins_for_parts_and_not_for_a_texture(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    monkeypatch.setattr(masked_patches, "FULL_STEPS", 150)
    for x, is_registered in ((plates(24, 6), True), (weave(24, 7), False)):
        nothing = np.empty(0, np.int64)
        splits = Splits(np.arange(24), nothing, nothing, "")
        dataset = Dataset("x", "X", x, None, (), splits, "", "", fingerprint(x, None))
        detector = fit_images(dataset, scorer="combined-maps", registered=False)
        scorer = detector.scorer
        assert isinstance(scorer, CombinedMaps)
        assert scorer.joined_.tolist() == [True, is_registered]
        (note,) = detector.card.notes
        assert note.startswith("Parts are registered" if is_registered else "Parts are not registered")
        again = detectors.load(detector.save(tmp_path / "d.safetensors"))
        fresh = x[:4] // 2 + 60
        np.testing.assert_array_equal(again.maps(fresh), detector.maps(fresh))
        np.testing.assert_array_equal(again.score(fresh), again.maps(fresh).max((1, 2)))
        np.testing.assert_array_equal(again.map_peaks, np.sort(scorer.crossed_))


@pytest.mark.slow
def test_the_promise_of_pixels_holds_over_200_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    """The share of normal images with any pixel above the threshold is that of the 18th of 19 values: 2 in 20."""
    squares = Squares()
    monkeypatch.setattr(masked_patches, "MIN_SIDE", 12)
    monkeypatch.setattr(masked_patches, "fit_masked_blocks", lambda *_: squares)
    monkeypatch.setattr(combined_maps, "MARGIN", np.inf)  # both join, whatever they are worth
    monkeypatch.setattr(registration, "ITERATIONS", 3)  # a disc in noise has a place, which is found, and no turn
    random, shares = np.random.default_rng(0), []
    y, x = np.mgrid[:24, :28]
    part = 0.15 * ((y - 12) ** 2 + (x - 14) ** 2 < 64)
    for _ in range(200):
        images = (random.normal(0.45, 0.1, (22, 1, 24, 28)) + part).astype(np.float32)
        scorer = CombinedMaps().fit(images[:19])
        assert scorer.joined_.all()
        threshold = novelty.threshold_for(np.sort(scorer.crossed_), 0.1)
        assert threshold.rate.value == pytest.approx(0.1)
        shares.append((scorer.maps(images[19:]) > threshold.value).any((1, 2)).mean())
    # A draw's rate has the law Beta(2, 18), and three images are counted of each.
    law = stats.beta(2, 18)
    deviation = np.sqrt((law.var() + (0.1 * 0.9 - law.var()) / 3) / 200)
    assert np.mean(shares) < 0.1 + 3 * deviation
    # Of noise alone, 18 parts to compare with are fewer than 19: it errs to fewer alarms, but does not stop alarming.
    assert np.mean(shares) > 0.03
