"""Photon noise, made white first: the Anscombe transform, and its exact unbiased inverse after denoising."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Num

from explorer.checkpoints import Checkpoint
from explorer.core.errors import DataError
from explorer.core.intervals import Interval
from explorer.data.base import Progress, as_float
from explorer.denoising.no_reference import region_means
from explorer.denoising.noise_level import estimate_noise
from explorer.denoising.photo import denoise_photo

DARKEST = 2 * np.sqrt(3 / 8)
"""The transform of a count of 0."""
FIRST_PEAK, MOST_PHOTONS = 100.0, 1e6
ROUNDS = 8


@dataclass(frozen=True)
class PhotonScale:
    """Photos with even noise instead of photon noise: black stays 0, white stays 1.

    Args:
        peak: photons that white collects on average: value x stands for a count of ``peak * x``.

    Raises:
        DataError: the peak is not above 0.
    """

    peak: float

    def __post_init__(self) -> None:
        if not (np.isfinite(self.peak) and self.peak > 0):
            raise DataError(f"White cannot collect {self.peak:g} photons.", "Give a number above 0.")

    @property
    def sigma(self) -> float:
        """Standard deviation of the noise after ``even``."""
        return 1 / float(anscombe(np.array(self.peak)) - DARKEST)

    def even(self, image: Num[np.ndarray, "c h w"]) -> Float[np.ndarray, "c h w"]:
        """(C, H, W) uint8, or float where white is 1 -> float32 with noise of the same size everywhere."""
        return ((anscombe(as_float(image).numpy() * self.peak) - DARKEST) * self.sigma).astype(np.float32)

    def expected_psnr(self, errors: Float[np.ndarray, "rows columns"], image: Float[np.ndarray, "c h w"]) -> float:
        """Expected PSNR in dB of a photo, from the expected errors of its evened version.

        Brightness x has the slope 1 / sqrt(x + 3 / (8 peak)) in it, so errors there are that much larger than here.

        Args:
            errors: expected root mean squared error of each region of the evened version.
            image: the photo, cleaned.
        """
        brightness = np.maximum(region_means(image.mean(0)), 0) + 3 / (8 * self.peak)
        pixels = region_means(np.ones(image.shape[1:]), np.sum)
        squares = np.square(errors) * brightness / (self.sigma**2 * self.peak)
        return -10 * float(np.log10(np.average(squares, weights=pixels)))

    def back(self, cleaned: Float[np.ndarray, "c h w"]) -> Float[np.ndarray, "c h w"]:
        """Cleaned pictures of that kind as photos again, without bias; float32, never negative."""
        return (unbiased_inverse(cleaned / self.sigma + DARKEST) / self.peak).astype(np.float32)


def anscombe(counts: Num[np.ndarray, "*shape"]) -> Float[np.ndarray, "*shape"]:
    """2 sqrt(k + 3/8): the noise of counts k ~ Poisson(m) gets a standard deviation near 1, whatever m is.

    Source: Anscombe 1948.
    """
    return np.asarray(2 * np.sqrt(np.maximum(counts, 0) + 3 / 8))


def unbiased_inverse(stabilised: Float[np.ndarray, "*shape"]) -> Float[np.ndarray, "*shape"]:
    """The mean m of the counts whose transform has this mean: E[anscombe(k)] -> m.

    The plain inverse of a mean is not the mean of the inverse: it is too small by up to a quarter of a photon. This is
    the closed form of the exact unbiased inverse, within 0.02 photons of it for every m.

    Args:
        stabilised: means of transformed counts; below ``DARKEST``, that of no photons at all, they count as it.

    Source: Makitalo and Foi 2011, equation 6.
    """
    d = np.maximum(stabilised, DARKEST)
    root = np.sqrt(3 / 2)
    return np.asarray(np.maximum(0, d**2 / 4 + root / 4 / d - 11 / 8 / d**2 + 5 / 8 * root / d**3 - 1 / 8))


def denoise_poisson(
    checkpoint: Checkpoint, image: Num[np.ndarray, "c h w"], peak: float, progress: Progress | None = None
) -> Float[np.ndarray, "c h w"]:
    """A photo without its photon noise.

    Args:
        checkpoint: a photo denoiser.
        image: (C, H, W) uint8, or float in units where white is 1.
        peak: photons that white collects on average: value x stands for a count of ``peak * x``.
        progress: as in ``denoise_photo``.

    Returns:
        (C, H, W) float32 in the same units, never negative.

    Raises:
        DataError: as ``denoise_photo``, or the peak is not above 0.
    """
    scale = PhotonScale(peak)
    return scale.back(denoise_photo(checkpoint, scale.even(image), scale.sigma, progress))


def estimate_peak(image: Num[np.ndarray, "c h w"]) -> Interval:
    """How many photons white collects in a photo whose noise is photon noise, with a 95 % interval.

    It is the peak at which the transformed photo has the noise that it should have. On photos it is off by a tenth or
    less from 30 photons on; at 5, where the transform no longer evens out the noise, up to a quarter too high. A photo
    with hardly any noise gives ``MOST_PHOTONS``.

    Args:
        image: (C, H, W) uint8, or float in units where white is 1; not clipped if it can be had so.

    Raises:
        DataError: the image is too small.
    """
    peak = FIRST_PEAK
    for _ in range(ROUNDS):
        scale = PhotonScale(peak)
        noise = estimate_noise(scale.even(image))
        # The transform is near 2 sqrt(peak x), so noise of the size s means a peak 1 / s^2 times this one.
        before, peak = peak, _bounded(peak * (scale.sigma / max(noise.value, 1e-9)) ** 2)
        if abs(peak - before) <= 1e-3 * before:
            break
    low, high = (_bounded(peak * (noise.value / max(end, 1e-9)) ** 2) for end in (noise.high, noise.low))
    return Interval(value=peak, low=low, high=high)


def _bounded(peak: float) -> float:
    return float(np.clip(peak, 1.0, MOST_PHOTONS))
