"""Codes at their place and structural error: planted defects, the promised rate, and brute force over codes."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
import torch
from scipy import stats

from explorer import novelty
from explorer.core.errors import ExplorerError
from explorer.novelty.patches.patch_autoencoder import PatchAutoencoder, fit_patch_autoencoder
from explorer.novelty.scores import autoencoder_maps
from explorer.novelty.scores.autoencoder_maps import AutoencoderMaps
from explorer.novelty.scores.place_codes import PlaceCodes
from explorer.novelty.scores.structural_error import StructuralError

HEIGHT, WIDTH = 52, 60


def stamps(n: int, seed: int) -> np.ndarray:
    """(n, 1, H, W) uint8 of a stamp with bars, whose light and noise differ."""
    random = np.random.default_rng(seed)
    y, x = np.mgrid[:HEIGHT, :WIDTH]
    grey = np.where((y % 16 < 7) & (x % 20 < 13), 170, 80) + 20 * np.sin(x / 9)
    lit = grey * random.uniform(0.95, 1.05, (n, 1, 1))
    return np.clip(lit + random.normal(0, 4, lit.shape), 0, 255).astype(np.uint8)[:, None]


@pytest.fixture(scope="module", params=[PlaceCodes, StructuralError])
def fitted(request: pytest.FixtureRequest) -> Iterator[AutoencoderMaps]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(autoencoder_maps, "STEPS", 70)
        yield request.param().fit(stamps(30, 0))


@pytest.mark.slow
def test_a_planted_defect_is_the_peak_of_its_map(fitted: AutoencoderMaps) -> None:
    spoilt, random = stamps(12, 1), np.random.default_rng(2)
    places = np.stack([random.integers(2, 42, 12), random.integers(2, 50, 12)], 1)
    for image, (row, column) in zip(spoilt, places.tolist(), strict=True):
        image[0, row : row + 8, column : column + 8] = image[0, row : row + 8, column : column + 8].T
        image[0, row : row + 8 : 2, column : column + 8] //= 2
    maps = fitted.maps(spoilt)
    assert maps.shape == (12, HEIGHT, WIDTH)
    peaks = np.stack(np.unravel_index(maps.reshape(12, -1).argmax(1), (HEIGHT, WIDTH)), 1)
    assert (np.abs(peaks - (places + 3.5)).max(1) <= 8).sum() >= 11
    np.testing.assert_allclose(fitted.score(spoilt), maps.max((1, 2)), rtol=1e-6)


@pytest.mark.slow
def test_the_promised_rate_holds_on_fresh_normal_images(fitted: AutoencoderMaps) -> None:
    """Every image was learnt from, and alarms on 200 others follow the law of 30 fresh scores (beta-binomial)."""
    assert fitted.crossed_.shape == (30,)
    threshold = novelty.threshold_for(np.sort(fitted.crossed_), 0.1)
    alarms = int((fitted.score(stamps(200, 3)) > threshold.value).sum())
    above = int((fitted.crossed_ > threshold.value).sum())
    law = stats.betabinom(200, above + 1, 30 - above)
    assert min(law.cdf(alarms), law.sf(alarms - 1)) > 0.005


@pytest.mark.slow
def test_what_was_learnt_gives_the_same_scores(fitted: AutoencoderMaps) -> None:
    fresh = stamps(3, 5)
    again = type(fitted)().restore({name: values.copy() for name, values in fitted.learnt().items()})
    np.testing.assert_array_equal(again.maps(fresh), fitted.maps(fresh))
    with pytest.raises(ExplorerError, match="do not compare"):
        again.score(fresh[:, :, :-1])


def test_codes_are_compared_with_every_normal_one_a_square_around() -> None:
    torch.manual_seed(0)
    network = PatchAutoencoder(1)
    x = stamps(6, 6)
    known = PlaceCodes()._of_normal(network, x)
    assert known.shape == (7, 16, 7, 8)
    spread, codes = known[0].astype(np.float64), known[1:].astype(np.float64)
    # A square off in both directions, so that what is nearest lies beside the place.
    image = torch.from_numpy(np.roll(stamps(1, 7)[0], (8, 8), (1, 2)) / np.float32(255))
    with torch.inference_mode():
        (log,) = PlaceCodes()._logarithmic_maps(network, known, image)
        own = network.encode(image[None])[0].double().numpy() / spread
    for row, column in ((0, 0), (3, 4), (6, 7), (0, 5)):
        around = codes[:, :, max(0, row - 1) : row + 2, max(0, column - 1) : column + 2]
        others = np.moveaxis(around, 1, -1).reshape(-1, 16)
        nearest = np.square(others - own[:, row, column]).mean(1).min()
        assert float(log[row, column]) == pytest.approx(np.log(nearest + 1e-3), rel=1e-4, abs=1e-4)


def test_a_normal_image_is_not_its_own_nearest() -> None:
    torch.manual_seed(0)
    network, scorer, x = PatchAutoencoder(1), PlaceCodes(), stamps(5, 6)
    image = torch.from_numpy(x[3] / np.float32(255))
    with torch.inference_mode():
        (log,) = scorer._logarithmic_maps(network, scorer._of_normal(network, x), image, (3, 5))
        (to_itself,) = scorer._logarithmic_maps(network, scorer._of_normal(network, x), image)
    assert float(to_itself.max()) < np.log(2e-3)
    assert float(log.min()) > np.log(2e-3)


def test_each_normal_image_has_a_score_by_what_has_not_seen_it(monkeypatch: pytest.MonkeyPatch) -> None:
    x, learnt, scored = stamps(10, 8), [], []

    def spied_fit(images: np.ndarray, *_: object) -> PatchAutoencoder:
        learnt.append({image.tobytes() for image in images})
        return PatchAutoencoder(1)

    def spied_map(_: object, __: object, image: torch.Tensor) -> torch.Tensor:
        own = (image * 255).round().to(torch.uint8).numpy().tobytes()
        assert own not in learnt[-1]
        scored.append(own)
        return torch.full((1,), float(len(scored)))

    monkeypatch.setattr(autoencoder_maps, "fit_patch_autoencoder", spied_fit)
    monkeypatch.setattr(AutoencoderMaps, "_map", spied_map)
    scorer = StructuralError().fit(x)
    assert len(learnt[-1]) == 10
    assert [scored[int(score) - 1] for score in scorer.crossed_] == [image.tobytes() for image in x]


def test_an_autoencoder_of_crops_rebuilds_pictures_of_any_size() -> None:
    network = fit_patch_autoencoder(stamps(8, 9), np.arange(6), 0, 60)
    for height, width in ((52, 60), (1, 5), (9, 16), (70, 33)):
        images = torch.rand(2, 1, height, width)
        assert network.encode(images).shape == (2, 16, -(-height // 8), -(-width // 8))
        assert network.rebuild(images).shape == images.shape
    held = torch.from_numpy(stamps(4, 10) / np.float32(255))
    with torch.inference_mode():
        error = float((network.rebuild(held) - held).square().mean())
    assert error < 0.5 * float(held.var()), "less than the mean alone leaves"
