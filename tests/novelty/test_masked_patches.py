"""Masked patches: planted defects are the peak of the map, and the normal images' own scores keep the promise."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from scipy import stats

from explorer import novelty
from explorer.core.errors import ExplorerError
from explorer.data.base import Dataset
from explorer.data.splits import Splits
from explorer.data.stored import fingerprint
from explorer.novelty import detector as detectors
from explorer.novelty.fitting import default_scorer, max_side
from explorer.novelty.image_fitting import fit_images
from explorer.novelty.patches.masked_blocks import MaskedBlocks
from explorer.novelty.scores import masked_patches
from explorer.novelty.scores.masked_patches import MaskedPatches, halved
from explorer.novelty.scores.registered_template import RegisteredTemplate


def weave(n: int, seed: int, height: int = 52, width: int = 60) -> np.ndarray:
    """(n, 1, H, W) uint8 of threads that cross, of any phase, with a little noise."""
    random = np.random.default_rng(seed)
    y, x = np.mgrid[:height, :width]
    phases = random.uniform(0, 2 * np.pi, (2, n, 1, 1))
    grey = 120 + 35 * np.sin(x * 2 * np.pi / 8 + phases[0]) * np.sin(y * 2 * np.pi / 8 + phases[1])
    return np.clip(grey + random.normal(0, 4, grey.shape), 0, 255).astype(np.uint8)[:, None]


@pytest.fixture(scope="module")
def fitted() -> MaskedPatches:
    return MaskedPatches().fit(weave(30, 0))


@pytest.mark.slow
def test_a_planted_defect_is_the_peak_of_its_map(fitted: MaskedPatches) -> None:
    spoilt = weave(12, 1)
    random = np.random.default_rng(2)
    places = np.stack([random.integers(2, 46, 12), random.integers(2, 54, 12)], 1)
    for image, (row, column) in zip(spoilt, places.tolist(), strict=True):
        image[0, row : row + 4, column : column + 4] = 120  # the mean of the weave
    maps = fitted.maps(spoilt)
    assert maps.shape == (12, 52, 60)
    peaks = np.stack(np.unravel_index(maps.reshape(12, -1).argmax(1), (52, 60)), 1)
    assert (np.abs(peaks - (places + 1.5)).max(1) <= 4).sum() >= 11
    np.testing.assert_allclose(fitted.score(spoilt), maps.max((1, 2)), rtol=1e-6)


@pytest.mark.slow
def test_the_promised_rate_holds_on_fresh_normal_images(fitted: MaskedPatches) -> None:
    """Every image was learnt from, and alarms on 200 others follow the law of 30 fresh scores (beta-binomial)."""
    assert fitted.crossed_.shape == (30,)
    threshold = novelty.threshold_for(np.sort(fitted.crossed_), 0.1)
    alarms = int((fitted.score(weave(200, 3)) > threshold.value).sum())
    above = int((fitted.crossed_ > threshold.value).sum())
    law = stats.betabinom(200, above + 1, 30 - above)
    assert min(law.cdf(alarms), law.sf(alarms - 1)) > 0.005


@pytest.mark.slow
def test_a_detector_learns_from_all_and_calibrates_on_all(tmp_path) -> None:
    x = weave(24, 4)
    rows = np.arange(24)
    dataset = Dataset("weave", "Weave", x, None, (), Splits(rows, rows[:0], rows[:0], ""), "", "", fingerprint(x, None))
    detector = fit_images(dataset, scorer="masked-patches", registered=False)
    assert (detector.card.n_fit, detector.card.n_calibration) == (24, 24)
    assert detector.calibrated_by.startswith("24 items fitted it and set thresholds as well")
    assert detector.card.event_shape == (1, 52, 60)
    again = detectors.load(detector.save(tmp_path / "d.safetensors"))
    np.testing.assert_array_equal(again.map_peaks, detector.calibration)
    fresh = weave(3, 5)
    np.testing.assert_array_equal(again.score(fresh), detector.score(fresh))
    np.testing.assert_array_equal(again.maps(fresh), detector.maps(fresh))
    with pytest.raises(ExplorerError, match="do not compare"):
        again.score(fresh[:, :, :-1])


def test_no_network_maps_an_image_that_it_has_learnt_from(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each normal image has one map, by a network of the third that it is not in."""
    x, mapped = weave(10, 6), []

    class Spy(MaskedBlocks):
        def __init__(self, images: np.ndarray) -> None:
            super().__init__(1, 2, False)
            self.seen = {image.tobytes() for image in images}

        def surprise(self, image: torch.Tensor) -> float:
            return 0.0

        def misfit(self, image: torch.Tensor) -> torch.Tensor:
            own = (image * 255).round().to(torch.uint8).numpy().tobytes()
            assert own not in self.seen
            mapped.append(own)
            return torch.rand(26, 30) + 0.5

    monkeypatch.setattr(masked_patches, "fit_masked_blocks", lambda normal, chosen, *_: Spy(normal.images[chosen]))
    scorer = MaskedPatches().fit(x)
    assert sorted(mapped) == sorted(image.tobytes() for image in x)
    assert scorer.crossed_.shape == (10,)


class Squares(MaskedBlocks):
    """In a network's place: of noise with a deviation of 0.1, the misfit is a mean of squares of normal values."""

    def __init__(self) -> None:
        super().__init__(1, 2, False)

    def surprise(self, image: torch.Tensor) -> float:
        return 0.0

    def misfit(self, image: torch.Tensor) -> torch.Tensor:
        return torch.nn.functional.avg_pool2d(((image - 0.5) / 0.1).square()[None], self.block)[0, 0]


@pytest.mark.slow
def test_the_promise_of_pixels_holds_over_200_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    """The share of normal images with any pixel above the threshold is that of the 18th of 19 values: 2 in 20."""
    squares = Squares()
    monkeypatch.setattr(masked_patches, "MIN_SIDE", 12)
    monkeypatch.setattr(masked_patches, "fit_masked_blocks", lambda *_: squares)
    random, shares = np.random.default_rng(0), []
    for _ in range(200):
        images = random.normal(0.5, 0.1, (22, 1, 24, 28)).astype(np.float32)
        scorer = MaskedPatches().fit(images[:19])
        assert scorer.scales_.tolist() == [1, 2]
        threshold = novelty.threshold_for(np.sort(scorer.crossed_), 0.1)
        assert threshold.rate.value == pytest.approx(0.1)
        shares.append((scorer.maps(images[19:]) > threshold.value).any((1, 2)).mean())
    # A draw's rate has the law Beta(2, 18), and three images are counted of each.
    law = stats.beta(2, 18)
    deviation = np.sqrt((law.var() + (0.1 * 0.9 - law.var()) / 3) / 200)
    assert np.mean(shares) == pytest.approx(0.1, abs=3 * deviation)


def test_what_cannot_be_learnt_from_is_refused() -> None:
    ours = ("masked-patches", "registered-template", "combined-maps", "place-codes", "structural-error")
    for name in (*ours, "pca-maps", "patch-neighbours"):
        with pytest.raises(ExplorerError, match="not defined for the rows"):
            novelty.REGISTRY[name]().fit(np.zeros((30, 4), np.float32))
    with pytest.raises(ExplorerError, match="cannot be compared"):
        MaskedPatches().fit(weave(1, 0))
    with pytest.raises(ExplorerError, match="cannot be compared"):
        RegisteredTemplate().fit(weave(1, 0))


def test_large_images_are_looked_at_in_patches_at_their_own_size() -> None:
    assert default_scorer((1, 512, 512)) == "combined-maps"
    assert default_scorer((3, 40, 300)) == "combined-maps"
    assert default_scorer((1, 28, 28)) == default_scorer((30,)) == "combined-mean"
    assert max_side(None) == max_side("masked-patches") == max_side("pca-maps") == 2000
    assert max_side("combined-mean") == 128
    with pytest.raises(ExplorerError, match="no score called"):
        max_side("made-up")


def test_halving_takes_means_of_squares() -> None:
    x = np.arange(2 * 3 * 4 * 6, dtype=np.uint8).reshape(2, 3, 4, 6)
    small = halved(x, 2)
    assert small.shape == (2, 3, 2, 3)
    np.testing.assert_allclose(small, x.reshape(2, 3, 2, 2, 3, 2).mean((3, 5)) / 255, rtol=1e-6)
    assert halved(x, 4).shape == (2, 3, 1, 2)
    assert halved(x, 1) is x
