"""Classical methods tuned on a noisy picture alone, and which method predicts it best."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Num

from explorer.data.stored import as_float
from explorer.denoising.classical import REGISTRY, TUNING_FACTORS, Denoiser, Tuned
from explorer.denoising.no_reference import self_supervised_errors

SURE = 2.0
"""Standard errors between two methods from which on one is said to be better."""


def tune_each_self_supervised(noisy: Num[np.ndarray, "c h w"], size: float, seed: int = 0) -> list[Tuned]:
    """Each classical method at the strength that best predicts pixels that it cannot see.

    As ``skimage.restoration.calibrate_denoiser`` does, with the same hidden pixels for every method and strength, so
    that they can be compared with each other and with a model.

    Args:
        noisy: (C, H, W) uint8 or float, white is 1.
        size: about the standard deviation of the noise; multiples of it are tried as strengths.
        seed: of the choice of hidden pixels.

    Source: Batson and Royer 2019 (J-invariance).
    """
    y = as_float(noisy).numpy()
    # Below this level there is nothing to remove, and no method takes a level of 0.
    sigmas = [factor * max(1e-3, size) for factor in TUNING_FACTORS]
    return [
        Tuned(name, min(sigmas, key=lambda sigma: float(method_errors(method, sigma, y, seed).mean())))
        for name, method in REGISTRY.items()
    ]


def method_errors(
    method: Denoiser, sigma: float, noisy: Float[np.ndarray, "c h w"], seed: int = 0, draw: int = 0
) -> Float[np.ndarray, "c h2 w2"]:
    """``self_supervised_errors`` of a classical method at a strength."""
    return self_supervised_errors(lambda y: np.clip(method.denoise(y, sigma), 0, 1), noisy, seed, draw)


@dataclass(frozen=True)
class ErrorDifference:
    """How much better one method predicts than another.

    Args:
        mean: of the difference of their squared errors, below 0 where the first one is better.
        error: standard error of that mean.
    """

    mean: float
    error: float

    @property
    def is_clear(self) -> bool:
        return abs(self.mean) > SURE * self.error


def error_difference(first: Float[np.ndarray, "c h w"], second: Float[np.ndarray, "c2 h2 w2"]) -> ErrorDifference:
    """Compare two methods on the same hidden pixels.

    Args:
        first, second: (C, h, w) squared errors.

    Raises:
        ValueError: the shapes differ.
    """
    if first.shape != second.shape:
        raise ValueError(f"The shapes differ: {first.shape} and {second.shape}.")
    # The colours of one pixel hang together, so they count as one.
    difference = (first - second).mean(0)
    return ErrorDifference(float(difference.mean()), float(difference.std() / np.sqrt(difference.size)))
