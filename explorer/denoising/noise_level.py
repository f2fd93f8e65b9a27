"""How much noise a picture has, and of what kind, without knowing the clean one."""

from __future__ import annotations

import functools

import numpy as np
import torch
from jaxtyping import Float, Num
from scipy.special import gammaincinv

from explorer.core import metrics
from explorer.core.errors import DataError
from explorer.core.intervals import Interval
from explorer.core.row_samples import spread_positions, spread_sample
from explorer.denoising.jpeg import TRACE, jpeg_trace

PATCH = 7
MAX_PATCHES = 60_000
MAX_VALUES = 1_000_000
"""More pixels than these say nothing new about the kind of values and noise."""
LEAST_PATCHES = 12 * PATCH**2
"""With fewer, the smallest eigenvalue of their covariance says little."""
ROUNDS = 6
NOISE_SHARE = 1 - 1e-6
"""Share of patches of pure noise that count as having no texture."""
ABSOLUTE_ERROR, RELATIVE_ERROR = 0.35 / 255, 0.015
"""Standard deviation of the estimate's error on photos: so much and this share of the level (docs/results.md)."""
TEXTURE_ERROR = 0.25
"""What the quick estimate finds more is texture; this share of it may be in the thorough one too."""
EDGE = 0.6
"""Correction of the smallest eigenvalue: 0.95 on pure noise; what texture is left in photos asks for less."""


COARSE_RATIO, COARSE_EXCESS = 1.5, 3 / 255
"""White noise halves when 2x2 pixels are averaged; noise that stays above both of these is correlated."""
LEAST_COARSE = 32
"""Pixels a side of the picture made half as large, to tell correlated noise by."""


class NoisyPicture:
    """A picture and what it tells of its noise: each thing is worked out once, when it is first asked for.

    Args:
        image: (C, H, W) uint8, or float where white is 1, unclipped where noise was added.
    """

    def __init__(self, image: Num[np.ndarray, "c h w"]) -> None:
        in_units = image / 255 if image.dtype == np.uint8 else image
        self.image: Float[np.ndarray, "c h w"] = np.asarray(in_units, np.float32)

    @functools.cached_property
    def noise(self) -> Interval:
        """``estimate_noise`` of it."""
        quick, (height, width) = self.quick_level, self.image.shape[1:]
        if min(height, width) < PATCH or (height - PATCH + 1) * (width - PATCH + 1) < LEAST_PATCHES:
            return _level_interval(quick, max(0.3 * quick, ABSOLUTE_ERROR))
        sigma = float(np.sqrt(np.mean([_level(plane.astype(np.float64)) ** 2 for plane in self.image])))
        texture = max(0.0, quick - sigma)
        errors = (ABSOLUTE_ERROR, RELATIVE_ERROR * sigma, TEXTURE_ERROR * texture)
        return _level_interval(sigma, float(np.linalg.norm(errors)))

    @functools.cached_property
    def quick_level(self) -> float:
        """``estimate_sigma`` of it."""
        try:
            return float(metrics.noise_level(torch.from_numpy(np.array(self.image[None], order="C")))[0])
        except ValueError as error:
            height, width = self.image.shape[1:]
            raise DataError(
                f"An image of {width}x{height} pixels is too small to estimate its noise.", "Use 2x2."
            ) from error

    @functools.cached_property
    def step(self) -> float:
        """The usual gap between neighbouring values that occur: 1/255 in bytes, near 0 where they are not rounded."""
        values = np.unique(spread_sample(self.image.reshape(-1), MAX_VALUES))
        return float(np.median(np.diff(values))) if len(values) > 1 else 0.0

    @functools.cached_property
    def is_correlated(self) -> bool:
        """Whether the noise of neighbouring pixels is alike, by what is left of it where 2x2 pixels are averaged."""
        height, width = (side // 2 * 2 for side in self.image.shape[1:])
        if min(height, width) < 2 * LEAST_COARSE:
            return False
        blocks = self.image[:, :height, :width].reshape(len(self.image), height // 2, 2, width // 2, 2)
        coarse = NoisyPicture(blocks.mean((2, 4)))
        return 2 * coarse.noise.low > COARSE_RATIO * self.noise.value + COARSE_EXCESS

    @functools.cached_property
    def was_jpeg(self) -> bool:
        """Whether it went through a JPEG file."""
        return jpeg_trace(self.image) > TRACE


def estimate_sigma(image: Num[np.ndarray, "c h w"]) -> float:
    """Standard deviation of white noise in one image, quickly: ``metrics.noise_level``.

    Fine texture counts as noise; ``estimate_noise`` tells them apart better, and takes longer.

    Args:
        image: (C, H, W) uint8 or float, at least 2x2; the mean over channels is given.

    Returns:
        In units of the value range, never negative.

    Raises:
        DataError: the image is too small.
    """
    return NoisyPicture(image).quick_level


def estimate_noise(image: Num[np.ndarray, "c h w"]) -> Interval:
    """Standard deviation of white noise in a picture, from those of its patches that hold no texture, and its interval.

    Patches whose gradients are no stronger than noise of the estimated level could make are kept, and the level is
    estimated anew from the smallest eigenvalue of their covariance: the direction in which only noise varies. Both are
    repeated until nothing changes. Noise that is correlated between pixels (JPEG, a resized picture) is underestimated.

    Args:
        image: (C, H, W) uint8 or float, unclipped where noise was added; the mean over channels is given.

    Returns:
        In units of the value range, never below 0; the interval holds the true level 19 times in 20.

    Raises:
        DataError: the image is too small.

    Source: Liu, Tanaka and Okutomi 2013.
    """
    return NoisyPicture(image).noise


def rounding_error(step: float, sigma: float) -> float:
    r"""Mean squared error that rounding leaves in values with noise, however well the noise is removed.

    Without noise it is $q^2 / 12$. Noise blurs the stairs: their k-th harmonic, of the size $q / (\pi k)$, is
    multiplied by $\exp(-2 \pi^2 k^2 \sigma^2 / q^2)$, so that noise of half a step leaves next to nothing of them.

    Args:
        step: q, between neighbouring values.
        sigma: standard deviation of the noise, that of the rounding included.

    Returns:
        In the square of their unit.

    Source: Widrow, Kollar and Liu 1996 (quantisation with dither).
    """
    if step == 0:
        return 0.0
    harmonics = np.arange(1, 100)
    ratio = max(0.0, sigma**2 / step**2 - 1 / 12)
    blurred = np.exp(-4 * np.pi**2 * harmonics**2 * ratio) / harmonics**2
    return float(step**2 / (2 * np.pi**2) * blurred.sum())


def _level_interval(sigma: float, error: float) -> Interval:
    """A level and twice its standard error each way."""
    return Interval(value=sigma, low=max(0.0, sigma - 2 * error), high=sigma + 2 * error)


def _level(plane: np.ndarray) -> float:
    patches = _patches(plane)
    strength = np.square(np.diff(patches, axis=1)).sum((1, 2)) + np.square(np.diff(patches, axis=2)).sum((1, 2))
    rows = patches.reshape(len(patches), -1)
    shape, scale = _strength_of_noise()
    sigma = _least_deviation(rows)
    for _ in range(ROUNDS):
        smooth = strength <= sigma**2 * scale * gammaincinv(shape, NOISE_SHARE)
        if smooth.sum() < LEAST_PATCHES:
            break
        before, sigma = sigma, _least_deviation(rows[smooth])
        if abs(sigma - before) <= 1e-4 * before:
            break
    return sigma


def _patches(plane: np.ndarray) -> np.ndarray:
    """(n, PATCH, PATCH) overlapping patches, some of them where there are too many."""
    windows = np.lib.stride_tricks.sliding_window_view(plane, (PATCH, PATCH))
    n = windows.shape[0] * windows.shape[1]
    chosen = spread_positions(n, MAX_PATCHES)
    return windows[chosen // windows.shape[1], chosen % windows.shape[1]]


def _least_deviation(rows: np.ndarray) -> float:
    """Square root of the smallest eigenvalue of the rows' covariance, less what chance makes of it."""
    n, size = rows.shape
    centred = rows - rows.mean(0)
    smallest = np.linalg.eigvalsh(centred.T @ centred / max(1, n - 1))[0]
    # The smallest of many equal eigenvalues comes out too small, by a share of sqrt(size / n) (Marchenko and Pastur
    # 1967).
    return float(np.sqrt(max(0.0, smallest)) / (1 - EDGE * np.sqrt(size / n)))


def _strength_of_noise() -> tuple[float, float]:
    """Shape and scale of the gamma distribution of a patch's gradient strength under noise of level 1."""
    step = np.diff(np.eye(PATCH), axis=0)
    laplacian = np.kron(np.eye(PATCH), step.T @ step) + np.kron(step.T @ step, np.eye(PATCH))
    mean, variance = np.trace(laplacian), 2 * np.trace(laplacian @ laplacian)
    return float(mean**2 / variance), float(variance / mean)
