"""Statistics of a model's codes and errors, as its card keeps them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from jaxtyping import Float

from explorer.checkpoints import LatentStatistics
from explorer.core import likelihood

LEVELS = (0.001, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 0.999)
MAX_COVARIANCE_DIM = 256
MAX_STATISTICS_ITEMS = 10_000


def latent_statistics(codes: Float[np.ndarray, "n d"], split: str) -> LatentStatistics:
    """Mean, spread, covariance and quantiles of (n, latent_dim) codes, rounded for the card."""
    covariance = None
    if codes.shape[1] <= MAX_COVARIANCE_DIM and len(codes) > 1:
        covariance = _rounded(np.atleast_2d(np.cov(codes, rowvar=False)))
    return LatentStatistics(
        n=len(codes),
        split=split,
        mean=_rounded(codes.mean(0)),
        std=_rounded(codes.std(0)),
        covariance=covariance,
        levels=LEVELS,
        quantiles=_rounded(np.quantile(codes, LEVELS, axis=0)),
    )


def mean_kl_per_dimension(mu: Float[np.ndarray, "n d"], logvar: Float[np.ndarray, "n d"]) -> tuple[float, ...]:
    """(latent_dim,) KL of each dimension from the prior, in nats, averaged over the items."""
    return _rounded(likelihood.kl_per_dimension(torch.from_numpy(mu), torch.from_numpy(logvar)).mean(0).numpy())


def thinned(values: Float[np.ndarray, " n"], n: int = 1000) -> tuple[float, ...]:
    """Sorted values, thinned to at most ``n`` evenly spaced order statistics."""
    ordered = np.sort(values)
    if len(ordered) > n:
        ordered = ordered[np.linspace(0, len(ordered) - 1, n).round().astype(int)]
    return _rounded(ordered)


def _rounded(values: np.ndarray) -> tuple:
    """Nested tuples of floats with six significant digits."""
    if values.ndim > 1:
        return tuple(_rounded(row) for row in values)
    round6: Callable[[float], float] = lambda v: float(f"{v:.6g}")  # noqa: E731
    return tuple(round6(float(v)) for v in values)
