"""Noise in, noise out: levels against their definition, figures against scikit-image, methods against the noise."""

from __future__ import annotations

import numpy as np
import pytest
from skimage import metrics as reference

from explorer import denoising
from explorer.core.errors import DataError
from explorer.data import photos
from explorer.noise import GaussianNoise, SaltAndPepperNoise


@pytest.fixture(scope="module")
def photo():
    """A 96x96 piece of a colour photo, (3, H, W) in [0, 1]."""
    array = next(p.array for p in photos() if p.name == "coffee")
    return array[100:196, 200:296].transpose(2, 0, 1).astype(np.float32) / 255


@pytest.fixture(scope="module")
def noisy(photo):
    return denoising.add_noise(photo[None], GaussianNoise(sigma=0.1), seed=1)[0]


def test_noise_has_its_level_and_its_seed():
    x = np.full((4, 1, 64, 64), 128, np.uint8)
    x_noisy = denoising.add_noise(x, GaussianNoise(sigma=0.2), seed=5)
    assert x_noisy.dtype == np.float32
    assert x_noisy.std() == pytest.approx(0.2, rel=0.02)
    assert x_noisy.mean() == pytest.approx(128 / 255, abs=0.005)
    np.testing.assert_array_equal(x_noisy, denoising.add_noise(x, GaussianNoise(sigma=0.2), seed=5))
    assert not np.array_equal(x_noisy, denoising.add_noise(x, GaussianNoise(sigma=0.2), seed=6))


def test_figures_agree_with_scikit_image(photo, noisy):
    cleaner = (photo + noisy) / 2
    figures = denoising.compare(photo[None], noisy[None], cleaner[None])
    assert figures.psnr_before[0] == pytest.approx(
        reference.peak_signal_noise_ratio(photo, noisy, data_range=1), abs=1e-3
    )
    # Half the noise is 20 log10(2) dB better.
    assert figures.psnr_after[0] - figures.psnr_before[0] == pytest.approx(6.0206, abs=1e-3)
    expected = reference.structural_similarity(
        photo, noisy, data_range=1, channel_axis=0, gaussian_weights=True, sigma=1.5, use_sample_covariance=False
    )
    assert figures.ssim_before[0] == pytest.approx(expected, abs=2e-3)
    assert figures.ssim_after[0] > figures.ssim_before[0]


@pytest.mark.parametrize("sigma", [0.02, 0.1, 0.3])
def test_estimated_level_of_noise_on_a_smooth_image(sigma):
    ramp = np.linspace(0, 1, 128, dtype=np.float32)[None, None] * np.ones((3, 128, 1), np.float32)
    image = denoising.add_noise(ramp[None], GaussianNoise(sigma=sigma))[0]
    assert denoising.estimate_sigma(image) == pytest.approx(sigma, rel=0.05)


def test_level_of_an_image_without_noise_is_zero_and_of_a_pixel_an_error():
    assert denoising.estimate_sigma(np.full((1, 9, 7), 200, np.uint8)) == 0
    with pytest.raises(DataError, match="too small"):
        denoising.estimate_sigma(np.zeros((1, 1, 5), np.float32))


@pytest.mark.parametrize("name", denoising.REGISTRY)
def test_every_method_takes_noise_away(name, photo, noisy):
    method = denoising.REGISTRY[name]
    cleaned = method.denoise(noisy, 0.1)
    assert cleaned.shape == photo.shape
    assert cleaned.dtype == np.float32
    figures = denoising.compare(photo[None], noisy[None], cleaned[None])
    assert figures.psnr_after[0] > figures.psnr_before[0] + 3
    assert method.title
    assert method.summary.endswith(".")


@pytest.mark.parametrize("name", denoising.REGISTRY)
def test_every_method_leaves_a_flat_image_alone_and_takes_any_size(name):
    flat = np.full((1, 9, 14), 0.25, np.float32)
    np.testing.assert_allclose(denoising.REGISTRY[name].denoise(flat, 0.05), flat, atol=1e-5)


def test_median_removes_single_wild_pixels():
    flat = np.full((1, 1, 40, 40), 0.5, np.float32)
    noisy = denoising.add_noise(flat, SaltAndPepperNoise(fraction=0.05))
    assert (noisy != 0.5).any()
    np.testing.assert_array_equal(denoising.REGISTRY["median"].denoise(noisy[0], 0.2), flat[0])


def test_a_checkpoint_brings_noisy_digits_nearer_to_the_clean_ones(digits, digits_autoencoder):
    x = digits.test.x[:100]
    noisy = denoising.add_noise(x, GaussianNoise(sigma=0.5))
    figures = denoising.compare(x, noisy, denoising.denoise(digits_autoencoder, noisy))
    assert figures.psnr_after.mean() > figures.psnr_before.mean() + 3


def test_time_is_measured():
    result = denoising.timed(lambda: np.zeros((1, 2, 2), np.float32))
    assert result.image.shape == (1, 2, 2)
    assert 0 <= result.seconds < 5


@pytest.mark.parametrize("shape", [(1, 1, 1), (1, 2, 2), (3, 5, 7), (1, 8, 8), (3, 33, 20)])
@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("name", denoising.REGISTRY)
def test_pictures_of_any_size_stay_that_size(name, shape):
    image = np.random.default_rng(0).random(shape, dtype=np.float32)
    cleaned = denoising.REGISTRY[name].denoise(image, 0.1)
    assert cleaned.shape == shape
    assert cleaned.dtype == np.float32
    assert np.isfinite(cleaned).all()


def test_large_pictures_are_compared_strip_by_strip_as_they_would_be_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(0)
    x = rng.random((2, 3, 301, 97), np.float32)
    noisy = x + 0.2 * rng.standard_normal(x.shape, np.float32)
    whole = denoising.compare(x, noisy, x)
    monkeypatch.setattr(denoising.items, "STRIP_PIXELS", 97 * 40)
    strips = denoising.compare(x, noisy, x)
    np.testing.assert_allclose(strips.ssim_before, whole.ssim_before, rtol=1e-6)
    np.testing.assert_allclose(strips.ssim_after, 1)
