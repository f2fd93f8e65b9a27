"""Moving through a latent space: which dimensions matter, samples, density and neighbours.

Codes are float arrays (N, D). scikit-learn is imported where it is used: it takes about a second.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from scipy.spatial.distance import cdist
from scipy.special import ndtri

from explorer.checkpoints import Card, Checkpoint, LatentStatistics
from explorer.errors import ExplorerError

ACTIVE_VARIANCE = 0.01
"""A dimension of a variational code is active where its posterior mean varies more than this (Burda et al. 2016)."""
ACTIVE_SHARE = 0.01
"""Other codes have no scale of their own: active is a variance above this share of the average dimension's."""
SLIDER_LEVELS = (0.001, 0.999)
"""Quantiles of the training codes at which a slider ends."""
MAX_FULL_COVARIANCE = 64
"""A mixture of codes larger than this has diagonal covariances: there are too few codes for full ones."""
CHUNK = 512


# --- Dimensions ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Dimension:
    """One dimension of the code, as a slider shows it.

    Args:
        index: its place in the code, from 0.
        share: how much it carries, in ``unit``.
        unit: "nats" (KL from the prior, variational models) or "share of variance" (in [0, 1], others).
        low, high: range of a slider; ``low < high``.
        centre: median of the training codes.
        active: whether the model uses it.
    """

    index: int
    share: float
    unit: str
    low: float
    high: float
    centre: float
    active: bool


def dimension_order(card: Card) -> list[Dimension]:
    """Every dimension of a checkpoint's code, the one that carries most first.

    Args:
        card: with statistics of its codes.

    Raises:
        ExplorerError: the card has no such statistics.

    Source: Burda et al. 2016, section 5.1, for active units.
    """
    latent = _statistics(card)
    variance = np.square(latent.std)
    low, centre, high = code_quantiles(latent, (SLIDER_LEVELS[0], 0.5, SLIDER_LEVELS[1]))
    if card.kl_per_dimension is not None:
        share, unit = np.asarray(card.kl_per_dimension), "nats"
        active = variance > ACTIVE_VARIANCE
        # Codes barely move along an unused dimension, but samples from the prior do.
        low, high = (np.where(active, q, ndtri(level)) for q, level in zip((low, high), SLIDER_LEVELS, strict=True))
    else:
        total = variance.sum()
        share, unit = variance / total if total > 0 else np.zeros_like(variance), "share of variance"
        active = variance > ACTIVE_SHARE * variance.mean()
        constant = high - low <= 1e-6 * np.abs(centre)
        low, high = np.where(constant, centre - 1, low), np.where(constant, centre + 1, high)
    return [
        Dimension(int(i), float(share[i]), unit, float(low[i]), float(high[i]), float(centre[i]), bool(active[i]))
        for i in np.argsort(-share, kind="stable")
    ]


def code_quantiles(latent: LatentStatistics, levels: tuple[float, ...] | np.ndarray) -> np.ndarray:
    """Quantiles of each dimension, between the card's levels by interpolation: (len(levels), D)."""
    quantiles = np.asarray(latent.quantiles)
    return np.stack([np.interp(levels, latent.levels, column) for column in quantiles.T], axis=1)


def _statistics(card: Card) -> LatentStatistics:
    if card.latent is None:
        raise ExplorerError(
            f"{card.name} was saved without statistics of its codes.", "Let its training finish, then open it again."
        )
    return card.latent


# --- Directions ----------------------------------------------------------------------------------------------------


def attribute_direction(codes_a: np.ndarray, codes_b: np.ndarray) -> np.ndarray:
    """The step in the code that leads from one group of items to another: the difference of their means.

    Args:
        codes_a, codes_b: (n, D) and (m, D) codes without and with the attribute, at least one each.

    Returns:
        (D,): add it to a code to give it the attribute, a multiple for more or less of it.

    Raises:
        ExplorerError: a group is empty.

    Source: Larsen et al. 2016, section 4.2.
    """
    if not len(codes_a) or not len(codes_b):
        raise ExplorerError("A direction needs items in both groups.", "Choose at least one item for each.")
    return np.asarray(codes_b, np.float64).mean(0) - np.asarray(codes_a, np.float64).mean(0)


# --- Grids and samples --------------------------------------------------------------------------------------------


def manifold_grid(card: Card, n: int) -> np.ndarray:
    """Codes that cover a 2-D latent space evenly by probability, as an n x n sheet of pictures read row by row.

    At quantiles of the prior for variational models, of the training codes for others. The first row has the largest
    second coordinate, so that the sheet lies like a map whose second axis points up.

    Args:
        card: of a checkpoint with two latent dimensions.
        n: rows and columns.

    Returns:
        (n * n, 2).

    Raises:
        ExplorerError: the code has another size, or the card no statistics.

    Source: Kingma and Welling 2014, figure 4.
    """
    latent = _statistics(card)
    if len(latent.mean) != 2:
        raise ExplorerError(
            f"{card.name} has {len(latent.mean)} latent dimensions; a sheet needs 2.",
            "Choose a checkpoint with a 2-D code.",
        )
    levels = (np.arange(n) + 0.5) / n
    if card.kl_per_dimension is not None:
        axes = np.repeat(ndtri(levels)[:, None], 2, axis=1)
    else:
        axes = code_quantiles(latent, levels)
    across, down = np.meshgrid(axes[:, 0], axes[::-1, 1])
    return np.stack([across.ravel(), down.ravel()], axis=1)


def sample_prior(checkpoint: Checkpoint, n: int, seed: int = 0, temperature: float = 1.0) -> np.ndarray:
    """(n, latent_dim) codes drawn from a variational model's prior, its standard deviation times ``temperature``.

    Raises:
        ExplorerError: the model has no prior.
    """
    if not checkpoint.is_variational:
        raise ExplorerError(
            f"{checkpoint.name} has no prior to sample from: only variational autoencoders are trained towards one.",
            "Sample from a mixture fitted to its codes instead.",
        )
    generator = torch.Generator().manual_seed(seed)
    codes: np.ndarray = checkpoint.model.prior(n, generator, temperature).numpy()  # type: ignore[operator]
    return codes


def sample_codes(checkpoint: Checkpoint, n: int, seed: int = 0) -> tuple[np.ndarray, str]:
    """Codes to decode into new items, from what the checkpoint alone holds.

    Returns:
        (n, latent_dim) codes, and where they come from: the prior of a variational model, else a Gaussian with the
        mean and covariance (of large codes: variances) of the training codes on the card.

    Raises:
        ExplorerError: the card has no statistics of its codes.
    """
    if checkpoint.is_variational:
        return sample_prior(checkpoint, n, seed), "the prior N(0, I)"
    known = _statistics(checkpoint.card)
    covariance = np.diag(np.square(known.std)) if known.covariance is None else np.array(known.covariance)
    codes = np.random.default_rng(seed).multivariate_normal(known.mean, covariance, n, method="eigh")
    return codes.astype(np.float32), f"a Gaussian fitted to the codes of {known.n:,} {known.split} items"


class GaussianMixtureSampler:
    """A Gaussian mixture over codes: what a plain autoencoder has in place of a prior, and how likely a code is.

    Args:
        components: numbers of components to choose from, by the likelihood of held-out codes.
        held_out: share of the codes to choose on, in (0, 1).
        seed: of the split and of the starts.

    Attributes:
        n_components_: the number chosen.
        held_out_: number -> mean log density of held-out codes, in nats.
        mixture_: the fitted ``sklearn.mixture.GaussianMixture``.
        log_densities_: (N,) sorted log densities of the fitted codes.
    """

    def __init__(
        self, components: tuple[int, ...] = (1, 2, 5, 10, 20, 40), held_out: float = 0.2, seed: int = 0
    ) -> None:
        self.components = components
        self.held_out = held_out
        self.seed = seed

    def fit(self, codes: np.ndarray) -> GaussianMixtureSampler:
        """Choose the number of components, then fit that many to all codes (N, D), N >= 10.

        Raises:
            ExplorerError: too few codes.
        """
        if len(codes) < 10:
            raise ExplorerError(f"A mixture needs 10 codes or more, not {len(codes)}.", "Choose more items.")
        codes = np.asarray(codes, np.float64)
        order = np.random.default_rng(self.seed).permutation(len(codes))
        n_held = max(2, round(self.held_out * len(codes)))
        held, kept = codes[order[:n_held]], codes[order[n_held:]]
        # Each component needs a few codes to have a spread.
        fitting = [m for m in self.components if 4 * m <= len(kept)] or [1]
        self.held_out_ = {m: float(self._mixture(m, kept).score(held)) for m in fitting}
        self.n_components_ = max(self.held_out_, key=lambda m: self.held_out_[m])
        self.mixture_ = self._mixture(self.n_components_, codes)
        self.log_densities_ = np.sort(self.mixture_.score_samples(codes))
        return self

    def _mixture(self, n_components: int, codes: np.ndarray) -> Any:
        from sklearn.mixture import GaussianMixture

        kind = "full" if codes.shape[1] <= MAX_FULL_COVARIANCE else "diag"
        # Relative to the codes' own scale, so that a constant dimension does not make a singular covariance.
        floor = 1e-6 * max(float(codes.var(0).mean()), 1e-12)
        mixture = GaussianMixture(n_components, covariance_type=kind, reg_covar=floor, random_state=self.seed)
        return mixture.fit(codes)

    def sample(self, n: int, seed: int = 0, temperature: float = 1.0) -> np.ndarray:
        """(n, D) float32 codes, the same for the same seed; each component's spread is scaled by ``temperature``."""
        random = np.random.default_rng(seed)
        which = random.choice(self.n_components_, n, p=self.mixture_.weights_)
        noise = random.standard_normal((n, self.mixture_.means_.shape[1]))
        covariances = self.mixture_.covariances_
        if covariances.ndim == 2:
            spread = np.sqrt(covariances)[which] * noise
        else:
            spread = np.einsum("nij,nj->ni", np.linalg.cholesky(covariances)[which], noise)
        return (self.mixture_.means_[which] + temperature * spread).astype(np.float32)

    def log_density(self, z: np.ndarray) -> np.ndarray:
        """(N,) log density of codes (N, D), in nats."""
        log_density: np.ndarray = self.mixture_.score_samples(np.asarray(z, np.float64))
        return log_density

    def percentile(self, z: np.ndarray) -> np.ndarray:
        """(N,) percentage of the fitted codes that are less likely than each of these (N, D); 0 is unlike any."""
        return 100 * np.searchsorted(self.log_densities_, self.log_density(z)) / len(self.log_densities_)


def density(codes: np.ndarray, seed: int = 0) -> GaussianMixtureSampler:
    """How likely a code is among these (N, D): fitted, with ``log_density`` and ``percentile``."""
    return GaussianMixtureSampler(seed=seed).fit(codes)


def nearest(codes: np.ndarray, z: np.ndarray, k: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """The real codes nearest to given ones.

    Args:
        codes: (N, D).
        z: (M, D), or one code (D,).
        k: how many, at most N.

    Returns:
        (M, k) row numbers, nearest first, and (M, k) Euclidean distances; (k,) each for one code.
    """
    asked = np.atleast_2d(z)
    k = min(k, len(codes))
    indices, distances = np.empty((len(asked), k), np.int64), np.empty((len(asked), k))
    for start in range(0, len(asked), CHUNK):  # in chunks, since all distances at once may not fit in memory
        rows = slice(start, start + CHUNK)
        all_distances = cdist(asked[rows], codes)
        near = np.argpartition(all_distances, k - 1, axis=1)[:, :k]
        near_distances = np.take_along_axis(all_distances, near, 1)
        order = np.argsort(near_distances, axis=1, kind="stable")
        indices[rows] = np.take_along_axis(near, order, 1)
        distances[rows] = np.take_along_axis(near_distances, order, 1)
    return (indices[0], distances[0]) if np.ndim(z) == 1 else (indices, distances)
