"""Mean, variance and counts of each corruption against its formula, within the sampling error of a fixed seed."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pytest
import torch
from scipy import stats

from explorer.noise import (
    BlockNoise,
    GaussianNoise,
    MaskingNoise,
    Noise,
    PoissonNoise,
    SaltAndPepperNoise,
    SpeckleNoise,
)

N = 200_000


@dataclass(frozen=True)
class Moments:
    """Mean, variance and fourth central moment of one noisy value."""

    mean: float
    variance: float
    fourth: float


def normal(mean: float, sigma: float) -> Moments:
    return Moments(mean, sigma**2, 3 * sigma**4)


def poisson(x: float, peak: float) -> Moments:
    rate = x * peak
    return Moments(x, rate / peak**2, rate * (1 + 3 * rate) / peak**4)


def discrete(probabilities: dict[float, float]) -> Moments:
    mean = sum(p * value for value, p in probabilities.items())
    variance, fourth = (sum(p * (value - mean) ** k for value, p in probabilities.items()) for k in (2, 4))
    return Moments(mean, variance, fourth)


@pytest.mark.parametrize(
    ("noise", "x", "expected"),
    [
        (GaussianNoise(sigma=0.3), 0.5, normal(0.5, 0.3)),
        (GaussianNoise(sigma=1.5), -0.2, normal(-0.2, 1.5)),
        (MaskingNoise(fraction=0.25), 0.8, discrete({0.0: 0.25, 0.8: 0.75})),
        (MaskingNoise(fraction=0.9), -2.0, discrete({0.0: 0.9, -2.0: 0.1})),
        (BlockNoise(fraction=0.3), 0.8, discrete({0.0: 0.3, 0.8: 0.7})),
        (SaltAndPepperNoise(fraction=0.1), 0.3, discrete({0.0: 0.05, 1.0: 0.05, 0.3: 0.9})),
        (SaltAndPepperNoise(fraction=0.6), 0.7, discrete({0.0: 0.3, 1.0: 0.3, 0.7: 0.4})),
        (PoissonNoise(peak=1.0), 0.4, poisson(0.4, 1.0)),
        (PoissonNoise(peak=30.0), 1.0, poisson(1.0, 30.0)),
        (PoissonNoise(peak=1000.0), 0.9, poisson(0.9, 1000.0)),
        (SpeckleNoise(sigma=0.3), 0.5, normal(0.5, 0.15)),
        (SpeckleNoise(sigma=2.0), -0.5, normal(-0.5, 1.0)),
    ],
    ids=lambda value: repr(value) if isinstance(value, Noise) else "",
)
def test_mean_and_variance(noise: Noise, x: float, expected: Moments) -> None:
    x_noisy = noise(torch.full((N // 100, 100), x, dtype=torch.float64), torch.Generator().manual_seed(0))
    mean_error = math.sqrt(expected.variance / N)
    variance_error = math.sqrt((expected.fourth - expected.variance**2) / N)
    assert abs(x_noisy.mean().item() - expected.mean) < 4 * mean_error
    assert abs(x_noisy.var().item() - expected.variance) < 4 * variance_error


def p_value(count: int, share: float) -> float:
    return float(stats.binomtest(count, N, share).pvalue)


@pytest.mark.parametrize("fraction", [0.001, 0.25, 0.9])
def test_masking_loses_its_fraction_and_nothing_else(fraction: float) -> None:
    x = torch.full((N // 100, 1, 10, 10), 0.6)
    x_noisy = MaskingNoise(fraction=fraction)(x, torch.Generator().manual_seed(1))
    lost = x_noisy == 0
    assert p_value(int(lost.sum()), fraction) > 1e-4
    assert (x_noisy[~lost] == 0.6).all()


@pytest.mark.parametrize("fraction", [0.001, 0.1, 1.0])
def test_salt_and_pepper_takes_half_each_and_nothing_else(fraction: float) -> None:
    x = torch.full((N // 100, 1, 10, 10), 0.6)
    x_noisy = SaltAndPepperNoise(fraction=fraction)(x, torch.Generator().manual_seed(2))
    salt, pepper = x_noisy == 1, x_noisy == 0
    assert p_value(int(salt.sum()), fraction / 2) > 1e-4
    assert p_value(int(pepper.sum()), fraction / 2) > 1e-4
    assert (x_noisy[~(salt | pepper)] == 0.6).all()


def test_masking_everything_leaves_nothing() -> None:
    assert not MaskingNoise(fraction=1.0)(torch.ones(10, 100)).any()


def test_gaussian_clips_only_when_asked() -> None:
    x = torch.rand(50, 1, 8, 8, generator=torch.Generator().manual_seed(0))
    free, clipped = (GaussianNoise(sigma=0.8, clip=clip)(x, torch.Generator().manual_seed(3)) for clip in (False, True))
    assert free.min() < 0
    assert free.max() > 1
    assert torch.equal(clipped, free.clamp(0, 1))


@pytest.mark.parametrize("sigma", [0.1, 1.0])
def test_gaussian_is_gaussian(sigma: float) -> None:
    x_noisy = GaussianNoise(sigma=sigma)(torch.zeros(100, 100), torch.Generator().manual_seed(4))
    assert stats.kstest(x_noisy.flatten().numpy() / sigma, "norm").pvalue > 1e-3


def test_poisson_counts_whole_photons_with_the_right_frequencies() -> None:
    photons = 4 * PoissonNoise(peak=4.0)(torch.full((N // 100, 100), 0.5), torch.Generator().manual_seed(5))
    assert torch.equal(photons, photons.round())
    counts = torch.bincount(photons.flatten().long(), minlength=9)
    expected = stats.poisson(2.0).pmf(range(8))
    observed = [*counts[:8].tolist(), int(counts[8:].sum())]
    assert stats.chisquare(observed, [*(N * expected), N * (1 - expected.sum())]).pvalue > 1e-3


def test_poisson_takes_negative_values_for_darkness() -> None:
    x = torch.tensor([[-1.0, -0.01, 0.0]])
    assert torch.equal(PoissonNoise(peak=30.0)(x), torch.zeros(1, 3))


def test_speckle_leaves_zeros_alone() -> None:
    x = torch.tensor([[0.0, 1.0]]).expand(100, 2)
    x_noisy = SpeckleNoise(sigma=1.0)(x, torch.Generator().manual_seed(6))
    assert not x_noisy[:, 0].any()
    assert x_noisy[:, 1].std() > 0.5


@pytest.mark.parametrize("largest", [2, 5, 14])
def test_neighbours_share_the_fate_of_their_square(largest: int) -> None:
    """Two neighbours are in one square of width w with probability 1 - 1/w; in two squares they are independent."""
    noise = BlockNoise(fraction=0.4, largest=largest)
    lost = noise(torch.ones(4000, 3, 28, 20), torch.Generator().manual_seed(0)) == 0
    assert torch.equal(lost[:, 0], lost[:, 2]), "in all channels"
    lost = lost[:, 0].double()
    per_example = lost.flatten(1).mean(1)
    assert abs(per_example.mean() - 0.4) < 4.5 * per_example.std() / len(lost) ** 0.5
    widths = torch.arange(2, largest + 1, dtype=torch.float64)
    expected = (1 - 1 / widths).mean().item()
    for a, b in ((lost[:, :, 1:], lost[:, :, :-1]), (lost[:, 1:], lost[:, :-1])):
        correlation = torch.corrcoef(torch.stack([a.flatten(), b.flatten()]))[0, 1].item()
        assert correlation == pytest.approx(expected, abs=0.02)
