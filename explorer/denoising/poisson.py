"""Photon noise, made white first: the Anscombe transform, and its exact unbiased inverse after denoising."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Float, Num

from explorer.checkpoints import Checkpoint
from explorer.core.errors import DataError
from explorer.core.intervals import Interval
from explorer.data.base import Progress
from explorer.denoising.noise_level import NoisyPicture
from explorer.denoising.photo import denoise_photo

DARKEST = 2 * np.sqrt(3 / 8)
"""The transform of a count of 0."""
FIRST_PEAK, MOST_PHOTONS = 100.0, 1e6
ROUNDS = 8
AUTO: Literal["auto"] = "auto"
"""In place of a number of photons: what the photo itself tells."""


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

    def even(self, image: Num[np.ndarray, "c h w"]) -> NoisyPicture:
        """(C, H, W) uint8, or float where white is 1 -> the picture with noise of the same size everywhere."""
        counts = NoisyPicture(image).image * self.peak
        return NoisyPicture((anscombe(counts) - DARKEST) * self.sigma)

    def back(self, cleaned: Float[np.ndarray, "c h w"]) -> Float[np.ndarray, "c h w"]:
        """Cleaned pictures of that kind as photos again, without bias; float32, never negative."""
        return (unbiased_inverse(cleaned / self.sigma + DARKEST) / self.peak).astype(np.float32)

    def growth(self, photo: Float[np.ndarray, "c h w"]) -> Float[np.ndarray, "h w"]:
        """How many times larger a squared error is in a cleaned photo than in its even version, at each pixel.

        Brightness x has the slope 1 / sqrt(x + 3 / (8 peak)) there.
        """
        return (photo.mean(0) + 3 / (8 * self.peak)) / (self.sigma**2 * self.peak)


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
    return scale.back(denoise_photo(checkpoint, scale.even(image).image, scale.sigma, progress))


def photon_scale(image: Num[np.ndarray, "c h w"], peak: float | Literal["auto"]) -> PhotonScale:
    """The scale of a photo whose white collects so many photons; ``AUTO``: as many as are estimated.

    Raises:
        DataError: the peak is not above 0, or the image is too small to estimate one.
    """
    return PhotonScale(estimate_peak(image).value if peak == AUTO else peak)


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
        noise = scale.even(image).noise
        # The transform is near 2 sqrt(peak x), so noise of the size s means a peak 1 / s^2 times this one.
        before, peak = peak, _bounded(peak * (scale.sigma / max(noise.value, 1e-9)) ** 2)
        if abs(peak - before) <= 1e-3 * before:
            break
    low, high = (_bounded(peak * (noise.value / max(end, 1e-9)) ** 2) for end in (noise.high, noise.low))
    return Interval(value=peak, low=low, high=high)


def _bounded(peak: float) -> float:
    return float(np.clip(peak, 1.0, MOST_PHOTONS))
