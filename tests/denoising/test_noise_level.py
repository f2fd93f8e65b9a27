"""Noise levels from one picture: near the truth on photos, with an interval that holds it."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm

from explorer import denoising
from explorer.core.errors import DataError
from explorer.data import photos
from explorer.denoising.noise_level import NoisyPicture, rounding_error


def with_noise(x: np.ndarray, level: float, seed: int = 0) -> np.ndarray:
    return (x + level / 255 * np.random.default_rng(seed).standard_normal(x.shape)).astype(np.float32)


@pytest.mark.parametrize("level", [2, 15, 50])
def test_level_of_pure_noise(level: float) -> None:
    noise = denoising.estimate_noise(with_noise(np.full((1, 300, 300), 0.5), level))
    assert 255 * noise.value == pytest.approx(level, rel=0.03)


@pytest.mark.slow
@pytest.mark.parametrize("level", [5, 15, 25, 50, 75])
def test_the_interval_holds_the_level_on_photos(level: float) -> None:
    held = []
    for photo in photos():
        array = photo.array if photo.array.ndim == 3 else photo.array[..., None]
        noise = denoising.estimate_noise(with_noise(array.transpose(2, 0, 1)[:, :400, :400] / 255, level))
        held.append(255 * noise.low <= level <= 255 * noise.high)
        # Grass is texture all over: nothing in it shows the noise alone.
        assert photo.name == "grass" or 255 * noise.value == pytest.approx(level, rel=0.03, abs=0.8), photo.name
    assert np.mean(held) >= 0.85


def test_it_tells_texture_from_noise_better_than_the_quick_estimate() -> None:
    texture = next(photo for photo in photos() if photo.array.ndim == 2 or photo.name == "chelsea").array
    array = texture if texture.ndim == 3 else texture[..., None]
    noisy = with_noise(array.transpose(2, 0, 1) / 255, 5)
    quick, thorough = denoising.estimate_sigma(noisy), denoising.estimate_noise(noisy).value
    assert abs(255 * thorough - 5) < abs(255 * quick - 5)


def test_colours_count_together() -> None:
    noisy = np.concatenate([with_noise(np.full((1, 200, 200), 0.5), level, seed=level) for level in (10, 20, 30)])
    expected = np.sqrt(np.mean(np.square([10, 20, 30])))
    assert 255 * denoising.estimate_noise(noisy).value == pytest.approx(expected, rel=0.05)


def test_a_small_picture_has_a_wide_interval_and_a_pixel_none() -> None:
    noise = denoising.estimate_noise(with_noise(np.full((1, 20, 20), 0.5), 25))
    assert noise.low < 25 / 255 < noise.high
    assert noise.high - noise.low > 0.8 * noise.value
    with pytest.raises(DataError, match="too small"):
        denoising.estimate_noise(np.zeros((1, 1, 5), np.float32))


def test_a_flat_picture_has_none() -> None:
    noise = denoising.estimate_noise(np.full((1, 100, 100), 200, np.uint8))
    assert noise.value == 0
    assert noise.low == 0


@pytest.mark.parametrize("sigma", [0.0, 0.1, 0.3, 0.5, 1.0])
def test_what_rounding_leaves_is_the_error_of_the_mean_of_rounded_values(sigma: float) -> None:
    x = np.linspace(0, 1, 2001)[:-1]
    steps = np.arange(-12, 14)
    # The mean of round(x + noise) is a sum over the edges between whole numbers, by the noise's distribution.
    passed = norm.cdf((x[:, None] - (steps - 0.5)) / sigma) if sigma else x[:, None] >= steps - 0.5
    mean = passed.sum(1) + steps[0] - 1
    of_stairs = sigma**2 + 1 / 12
    expected = np.mean((mean - x) ** 2)
    assert rounding_error(1.0, np.sqrt(of_stairs) if sigma else 0.0) == pytest.approx(expected, rel=0.02, abs=1e-6)
    assert rounding_error(0.0, sigma) == 0


@pytest.mark.parametrize(("bits", "step"), [(8, 1 / 255), (5, 1 / 31), (3, 1 / 7)])
def test_the_step_between_values_is_that_of_their_bits(bits: int, step: float) -> None:
    x = np.random.default_rng(0).random((1, 80, 90))
    rounded = (np.rint(x * (2**bits - 1)) / (2**bits - 1)).astype(np.float32)
    assert NoisyPicture(rounded).step == pytest.approx(step, rel=1e-4)
    assert NoisyPicture(x.astype(np.float32)).step < 1e-3
    assert NoisyPicture(np.zeros((1, 8, 8), np.float32)).step == 0
