"""Methods tuned and compared on a noisy picture alone, where the truth is known or scikit-image says the same."""

from __future__ import annotations

import numpy as np
import pytest
from skimage import restoration

from explorer import denoising
from explorer.denoising.classical import TUNING_FACTORS
from tests.denoising.conftest import with_noise

SIZE = 25 / 255


@pytest.fixture(scope="module")
def noisy(grey: np.ndarray) -> np.ndarray:
    return with_noise(grey[:, :128, :128], 25)


@pytest.fixture(scope="module")
def tuned(noisy: np.ndarray) -> dict[str, denoising.Tuned]:
    return {one.name: one for one in denoising.tune_each_self_supervised(noisy, SIZE)}


def test_each_method_gets_one_of_the_strengths(tuned: dict[str, denoising.Tuned]) -> None:
    assert tuned.keys() == denoising.REGISTRY.keys()
    assert all(min(abs(one.sigma / SIZE - f) for f in TUNING_FACTORS) < 1e-9 for one in tuned.values())


@pytest.mark.parametrize("name", ["total-variation", "wavelet"])
def test_strengths_are_near_those_of_calibrate_denoiser(
    name: str, noisy: np.ndarray, tuned: dict[str, denoising.Tuned]
) -> None:
    method = denoising.REGISTRY[name]
    sigmas = [factor * SIZE for factor in TUNING_FACTORS]

    def run(image: np.ndarray, sigma: float) -> np.ndarray:
        return method.denoise(image[None], sigma)[0]

    _, (_, losses) = restoration.calibrate_denoiser(
        noisy[0], run, {"sigma": sigmas}, extra_output=True, approximate_loss=True
    )
    ours, theirs = sigmas.index(tuned[name].sigma), int(np.argmin(losses))
    assert abs(ours - theirs) <= 1, "they hide other pixels, so a neighbouring strength may come out"


def test_the_self_supervised_order_is_the_true_one(
    grey: np.ndarray, noisy: np.ndarray, tuned: dict[str, denoising.Tuned]
) -> None:
    clean = grey[:, :128, :128]
    methods = [tuned[name] for name in ("median", "non-local-means")]
    errors = [
        np.hstack(
            [denoising.method_errors(denoising.REGISTRY[one.name], one.sigma, noisy, draw=draw) for draw in range(16)]
        )
        for one in methods
    ]
    truth = [float(np.square(one.denoise(noisy[None])[0] - clean).mean()) for one in methods]
    assert truth[1] < truth[0]
    difference = denoising.error_difference(errors[1], errors[0])
    assert difference.mean < 0
    assert difference.is_clear


def test_a_difference_has_the_error_of_a_mean() -> None:
    rng = np.random.default_rng(0)
    means = [
        denoising.error_difference(rng.normal(0, 1, (1, 20, 20)), rng.normal(0, 1, (1, 20, 20))) for _ in range(400)
    ]
    assert np.std([one.mean for one in means]) == pytest.approx(np.mean([one.error for one in means]), rel=0.1)
    assert np.mean([one.is_clear for one in means]) == pytest.approx(0.05, abs=0.03)
    with pytest.raises(ValueError, match="shapes"):
        denoising.error_difference(np.zeros((1, 2, 2)), np.zeros((1, 2, 3)))
