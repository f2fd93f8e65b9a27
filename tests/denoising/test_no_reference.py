"""Judging a result without the clean picture, on cases where the truth is known."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from scipy import ndimage

from explorer.denoising import NoisyPicture
from explorer.denoising.no_reference import (
    BLOCK,
    CALIBRATION,
    NoReferenceQuality,
    expected_errors,
    no_reference_quality,
    region_means,
    self_supervised_loss,
    structure_map,
)

SHAPE = (1, 160, 192)
RNG = np.random.default_rng(0)


def gaussian(level: float, seed: int = 0) -> np.ndarray:
    return (level / 255 * np.random.default_rng(seed).standard_normal(SHAPE)).astype(np.float32)


def smooth_picture() -> np.ndarray:
    """A field of large waves: brightness from 0.2 to 0.8 everywhere."""
    rows, columns = np.mgrid[: SHAPE[1], : SHAPE[2]]
    return (0.5 + 0.3 * np.sin(rows / 30) * np.cos(columns / 25))[None].astype(np.float32)


def blur(y: np.ndarray, size: float = 3.0) -> np.ndarray:
    """A denoiser that is right for smooth pictures, and known through and through."""
    return ndimage.gaussian_filter(y, (0, size, size), mode="reflect")


def quality_of(noisy: np.ndarray, sigma: float, clean: Callable[[np.ndarray], np.ndarray] = blur) -> NoReferenceQuality:
    noisy = noisy.astype(np.float32)
    return no_reference_quality(clean, NoisyPicture(noisy), clean(noisy), sigma / 255, sigma_max=75 / 255)


def test_white_noise_of_a_known_level_is_trusted() -> None:
    quality = quality_of(smooth_picture() + gaussian(25), 25)
    assert quality.verdict == "trust"
    assert not quality.regions.any()
    assert 255 * quality.noise.value == pytest.approx(25, rel=0.05)
    assert quality.left < 0.2 * quality.sigma
    assert len(quality.reasons) == 1


@pytest.mark.parametrize(
    ("noise", "sigma", "words"),
    [
        (lambda: gaussian(100), 100, "above the 75"),
        (lambda: ndimage.gaussian_filter(gaussian(60), (0, 0.7, 0.7)), 25, "neighbouring pixels"),
        (lambda: gaussian(25).repeat(2, 1)[:, : SHAPE[1]].repeat(2, 2)[..., : SHAPE[2]], 25, "neighbouring pixels"),
        (lambda: np.where(RNG.random(SHAPE) < 0.02, RNG.choice([-0.5, 0.5], SHAPE), gaussian(10)), 10, "Single pixels"),
        (lambda: gaussian(60) * smooth_picture(), 30, "dark and bright"),
    ],
    ids=["too much", "blurred", "scaled up", "wild pixels", "grows with brightness"],
)
def test_other_noise_is_outside_and_says_why(noise: Callable[[], np.ndarray], sigma: float, words: str) -> None:
    quality = quality_of(smooth_picture() + noise(), sigma)
    assert quality.verdict == "outside what this model was trained on"
    assert any(words in reason for reason in quality.reasons)


@pytest.mark.parametrize(("told", "words"), [(12, "noise may be left"), (45, "detail may be gone")])
def test_a_wrong_level_is_to_be_checked(told: float, words: str) -> None:
    quality = quality_of(smooth_picture() + gaussian(25), told)
    assert quality.verdict == "check these regions"
    assert words in quality.reasons[0]


def test_regions_in_which_nothing_was_removed_are_to_be_checked() -> None:
    def all_but_the_right(y: np.ndarray) -> np.ndarray:
        cleaned = blur(y)
        cleaned[..., 160:] = y[..., 160:]
        return cleaned

    quality = quality_of(smooth_picture() + gaussian(25), 25, all_but_the_right)
    assert quality.verdict == "check these regions"
    assert not quality.regions[:, :5].any()
    assert quality.regions[:, 5].all()
    np.testing.assert_allclose(255 * quality.expected_error[:, 5], 25 * CALIBRATION**0.5, rtol=0.05)
    assert "17% of the picture" in quality.reasons[0]


@pytest.mark.parametrize("size", [1.0, 3.0])
def test_expected_error_of_a_linear_method_is_its_variance(size: float) -> None:
    """Where f is linear, its derivative at each pixel is the middle of its kernel."""
    y = 0.5 + gaussian(30)
    impulse = np.zeros((1, 65, 65), np.float32)
    impulse[0, 32, 32] = 1
    middle = float(blur(impulse, size)[0, 32, 32])
    quality = expected_errors(lambda v: blur(v, size), y, blur(y, size), 30 / 255)
    assert quality.mean() == pytest.approx((30 / 255) ** 2 * middle, rel=0.1)


def test_of_the_best_linear_method_the_expected_error_is_the_error() -> None:
    """Of a Gaussian process, the Wiener filter is the posterior mean, so that the estimate is exact."""
    sigma = 0.2
    rows, columns = np.meshgrid(np.fft.fftfreq(128), np.fft.fftfreq(128), indexing="ij")
    power = 1 / (1 + (40 * np.hypot(rows, columns)) ** 3)
    white = np.random.default_rng(0).standard_normal((2, 128, 128))
    x = np.fft.ifft2(np.fft.fft2(white[0]) * np.sqrt(power)).real[None]
    y = (x + sigma * white[1]).astype(np.float32)

    def wiener(v: np.ndarray) -> np.ndarray:
        return np.fft.ifft2(np.fft.fft2(v) * power / (power + sigma**2)).real.astype(np.float32)

    true = np.square(wiener(y) - x).mean()
    exact = (power * sigma**2 / (power + sigma**2)).mean()
    assert true == pytest.approx(exact, rel=0.1)
    assert expected_errors(wiener, y, wiener(y), sigma).mean() == pytest.approx(exact, rel=0.1)


def test_loss_without_a_clean_picture_is_error_plus_noise() -> None:
    x, y = smooth_picture(), smooth_picture() + gaussian(25)
    loss = self_supervised_loss(lambda v: np.broadcast_to(x, v.shape), y)
    assert loss == pytest.approx((25 / 255) ** 2, rel=0.1)


def test_it_finds_the_best_strength_and_is_not_fooled_by_doing_nothing() -> None:
    y = smooth_picture() + gaussian(50)
    strengths = (0.5, 1, 2, 4, 8, 16)
    losses = [self_supervised_loss(lambda v, s=s: blur(v, s), y) for s in strengths]
    errors = [np.square(blur(y, s) - smooth_picture()).mean() for s in strengths]
    assert np.argmin(losses) == np.argmin(errors)
    # Leaving the picture as it is gives the mean of the neighbours, whose noise is a quarter of the variance more.
    assert self_supervised_loss(lambda v: v, y) == pytest.approx(1.25 * (50 / 255) ** 2, rel=0.1)


def test_structure_of_noise_is_near_zero_and_that_of_stripes_near_one() -> None:
    noise = RNG.standard_normal((3, 128, 128))
    assert structure_map(noise).mean() < 0.03
    noise[:, :64, :64] = np.sin(np.arange(64) / 4)
    quality = structure_map(noise)
    assert quality[:2, :2].min() > 0.5
    assert quality[2:, 2:].max() < 0.1


@pytest.mark.parametrize("shape", [(1, 1), (5, 40), (32, 32), (33, 100)])
def test_maps_cover_pictures_of_any_size(shape: tuple[int, int]) -> None:
    y = RNG.random((1, *shape), dtype=np.float32)
    rows, columns = -(-shape[0] // BLOCK), -(-shape[1] // BLOCK)
    assert structure_map(y).shape == (rows, columns)
    means = region_means(y[0])
    assert means.shape == (rows, columns)
    assert means[-1, -1] == pytest.approx(y[0, (rows - 1) * BLOCK :, (columns - 1) * BLOCK :].mean(), rel=1e-5)
    if min(shape) >= 5:
        assert no_reference_quality(blur, NoisyPicture(y), blur(y), 0.1).expected_error.shape == (rows, columns)


def test_nothing_to_remove_is_nothing_to_doubt() -> None:
    x = np.full((1, 64, 64), 0.5, np.float32)
    quality = no_reference_quality(lambda v: v, NoisyPicture(x), x, 0.0)
    assert quality.verdict == "trust"
    assert not quality.expected_error.any()
