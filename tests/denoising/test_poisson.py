"""The Anscombe transform: noise of one size, and an inverse without bias."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from scipy.stats import poisson

from explorer import denoising
from explorer.checkpoints import Checkpoint
from explorer.core.errors import DataError

MakeDenoiser = Callable[..., Checkpoint]


def mean_of_transform(mean: float) -> float:
    """E[anscombe(k)] for k ~ Poisson(mean), by its sum."""
    counts = np.arange(int(mean + 20 * np.sqrt(mean) + 60))
    return float(np.sum(poisson.pmf(counts, mean) * denoising.anscombe(counts)))


@pytest.mark.parametrize("mean", [4, 10, 100, 1000])
def test_noise_of_counts_gets_a_standard_deviation_of_one(mean: float) -> None:
    counts = np.random.default_rng(0).poisson(mean, 200_000)
    assert denoising.anscombe(counts).std() == pytest.approx(1, abs=0.04)


@pytest.mark.parametrize("mean", [0, 0.05, 0.2, 0.5, 1, 2, 5, 30, 500])
def test_the_inverse_gives_the_mean_back(mean: float) -> None:
    stabilised = mean_of_transform(mean)
    assert denoising.unbiased_inverse(np.array(stabilised)) == pytest.approx(mean, abs=0.02)
    if mean >= 1:
        algebraic = (stabilised / 2) ** 2 - 3 / 8
        assert mean - algebraic > 0.15


def test_below_no_photons_there_are_none() -> None:
    assert denoising.unbiased_inverse(np.array([-5.0, 0.0, 1.0])).tolist() == pytest.approx([0, 0, 0], abs=0.01)


def test_a_network_that_changes_nothing_gives_bright_pictures_back(random_denoiser: MakeDenoiser) -> None:
    still = random_denoiser()
    still.model.tail.weight.zero_()
    x = np.linspace(0.3, 1, 40 * 40, dtype=np.float32).reshape(1, 40, 40)
    # Each value is taken for a mean of transformed counts, which is a quarter of a photon above its plain inverse.
    np.testing.assert_allclose(denoising.denoise_poisson(still, x, 500), x + 0.25 / 500, atol=1e-4)


@pytest.mark.parametrize("peak", [0, -3, np.nan, np.inf])
def test_white_must_be_some_photons(random_denoiser: MakeDenoiser, peak: float) -> None:
    with pytest.raises(DataError, match="photons"):
        denoising.denoise_poisson(random_denoiser(), np.zeros((1, 9, 9), np.float32), peak)


@pytest.mark.slow
@pytest.mark.parametrize("peak", [20, 100, 500])
def test_the_peak_is_found_from_the_noise_alone(photo: np.ndarray, peak: float) -> None:
    counts = np.random.default_rng(1).poisson(photo * peak)
    photons = denoising.estimate_peak((counts / peak).astype(np.float32))
    assert photons.value == pytest.approx(peak, rel=0.2)
    assert photons.low < photons.value < photons.high


def test_without_noise_white_collects_as_many_photons_as_can_be_said() -> None:
    photons = denoising.estimate_peak(np.full((1, 64, 64), 0.5, np.float32))
    assert photons.value == denoising.poisson.MOST_PHOTONS


def test_the_even_scale_goes_there_and_back() -> None:
    scale = denoising.PhotonScale(200)
    x = np.linspace(0, 1, 50, dtype=np.float32)[None, None]
    even = scale.even(x).image
    assert (even.min(), even.max()) == pytest.approx((0, 1), abs=1e-5)
    counts = np.random.default_rng(0).poisson(100, (1, 300, 300)) / 200
    assert scale.even(counts).image.std() == pytest.approx(scale.sigma, rel=0.02)
    np.testing.assert_allclose(scale.back(scale.even(counts).image.mean(keepdims=True)), 0.5, atol=1e-3)
