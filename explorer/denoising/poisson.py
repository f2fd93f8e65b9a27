"""Photon noise, made white first: the Anscombe transform, and its exact unbiased inverse after denoising."""

from __future__ import annotations

import numpy as np

from explorer.checkpoints import Checkpoint
from explorer.data.base import Progress, as_float
from explorer.denoising.photo import denoise_photo
from explorer.errors import DataError

DARKEST = 2 * np.sqrt(3 / 8)
"""The transform of a count of 0."""


def anscombe(counts: np.ndarray) -> np.ndarray:
    """2 sqrt(k + 3/8): the noise of counts k ~ Poisson(m) gets a standard deviation near 1, whatever m is.

    Source: Anscombe 1948.
    """
    return 2 * np.sqrt(np.maximum(counts, 0) + 3 / 8)


def unbiased_inverse(stabilised: np.ndarray) -> np.ndarray:
    """The mean m of the counts whose transform has this mean: E[anscombe(k)] -> m.

    The plain inverse of a mean is not the mean of the inverse: it is too small by up to a quarter of a photon. This is
    the closed form of the exact unbiased inverse, within 0.02 photons of it for every m.

    Args:
        stabilised: means of transformed counts; below ``DARKEST``, that of no photons at all, they count as it.

    Source: Makitalo and Foi 2011, equation 6.
    """
    d = np.maximum(stabilised, DARKEST)
    root = np.sqrt(3 / 2)
    return np.maximum(0, d**2 / 4 + root / 4 / d - 11 / 8 / d**2 + 5 / 8 * root / d**3 - 1 / 8)


def denoise_poisson(
    checkpoint: Checkpoint, image: np.ndarray, peak: float, progress: Progress | None = None
) -> np.ndarray:
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
    if not (np.isfinite(peak) and peak > 0):
        raise DataError(f"White cannot collect {peak:g} photons.", "Give a number above 0.")
    stabilised = anscombe(as_float(image).numpy() * peak)
    # Scaled to the range that the network knows: black is 0, white is 1, and the noise of 1 becomes sigma.
    span = float(anscombe(np.array(peak)) - DARKEST)
    cleaned = denoise_photo(checkpoint, ((stabilised - DARKEST) / span).astype(np.float32), 1 / span, progress)
    return (unbiased_inverse(cleaned * span + DARKEST) / peak).astype(np.float32)
