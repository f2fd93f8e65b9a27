"""New codes to decode: from a prior, from what a card knows, or from a Gaussian mixture fitted to real codes.

Codes are float arrays (N, D). scikit-learn is imported where it is used: it takes about a second.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from jaxtyping import Float, Num
from threadpoolctl import threadpool_limits

from explorer.checkpoints import VectorCheckpoint
from explorer.core.errors import ExplorerError
from explorer.latent import statistics_of

MAX_FULL_COVARIANCE = 64
"""A mixture of codes larger than this has diagonal covariances: there are too few codes for full ones."""
FOLDS = 5
"""Parts of the codes whose density is measured under a mixture fitted to the other parts."""


def sample_prior(
    checkpoint: VectorCheckpoint, n: int, seed: int = 0, temperature: float = 1.0
) -> Float[np.ndarray, "n latent_dim"]:
    """(n, latent_dim) codes drawn from a model's prior.

    Args:
        temperature: of a variational model the prior's standard deviation is times this, of one that is a mixture that
            of each of its Gaussians; of a vector-quantised one the logits of each place are divided by it.

    Raises:
        ExplorerError: the model has no prior.
    """
    model = checkpoint.model
    if not model.has_prior:
        known = (
            "its training ended before the prior was fitted"
            if model.prior_described
            else "only variational and vector-quantised autoencoders are trained with one"
        )
        raise ExplorerError(
            f"{checkpoint.name} has no prior to sample from: {known}.",
            "Sample from a mixture fitted to its codes instead.",
        )
    generator = torch.Generator().manual_seed(seed)
    codes: np.ndarray = model.prior(n, generator, temperature).numpy()
    return codes


def sample_codes(checkpoint: VectorCheckpoint, n: int, seed: int = 0) -> tuple[Float[np.ndarray, "n latent_dim"], str]:
    """Codes to decode into new items, from what the checkpoint alone holds.

    Returns:
        (n, latent_dim) codes, and where they come from: the model's prior, if it has one, else a Gaussian with the
        mean and covariance (of large codes: variances) of the training codes on the card.

    Raises:
        ExplorerError: the card has no statistics of its codes.
    """
    if checkpoint.model.has_prior:
        return sample_prior(checkpoint, n, seed), checkpoint.prior_words
    known = statistics_of(checkpoint.card)
    covariance = np.diag(np.square(known.std)) if known.covariance is None else np.array(known.covariance)
    codes = np.random.default_rng(seed).multivariate_normal(known.mean, covariance, n, method="eigh")
    if checkpoint.model.lacks == "encoder":
        return codes.astype(np.float32), "N(0, I), which is assumed: nothing tells where its codes lie"
    return codes.astype(np.float32), f"a Gaussian fitted to the codes of {known.n:,} {known.split} items"


def middle_code(checkpoint: VectorCheckpoint) -> Float[np.ndarray, " d"]:
    """(latent_dim,) the prior's mean for a variational model, the training codes' mean for others."""
    if checkpoint.is_variational or checkpoint.card.latent is None:
        return checkpoint.prior_moments()[0]
    return np.asarray(checkpoint.card.latent.mean, np.float64)


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
        log_densities_: (N,) sorted log densities of the codes, each under a mixture that was fitted without it.
    """

    def __init__(
        self, components: tuple[int, ...] = (1, 2, 5, 10, 20, 40), held_out: float = 0.2, seed: int = 0
    ) -> None:
        self.components = components
        self.held_out = held_out
        self.seed = seed

    def fit(self, codes: Num[np.ndarray, "n d"]) -> GaussianMixtureSampler:
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
        import sklearn.mixture  # noqa: F401  (before the limit: it loads a linear algebra of its own)

        # Matrices of a code's size are too small to share: two threads of linear algebra wait for one another, which
        # makes a fit three to six times as slow on two busy cores.
        with threadpool_limits(1, "blas"):
            self.held_out_ = {m: float(self._mixture(m, kept).score(held)) for m in fitting}
            self.n_components_ = max(self.held_out_, key=lambda m: self.held_out_[m])
            self.mixture_ = self._mixture(self.n_components_, codes)
            self.log_densities_ = np.sort(self._cross_fitted(codes[order]))
        return self

    def _cross_fitted(self, codes: np.ndarray) -> np.ndarray:
        """(N,) log density of each code in random order (N, D), under a mixture fitted without its part of them."""
        densities = np.empty(len(codes))
        for part in range(FOLDS):
            own = np.arange(len(codes)) % FOLDS == part
            densities[own] = self._mixture(self.n_components_, codes[~own]).score_samples(codes[own])
        return densities

    def _mixture(self, n_components: int, codes: np.ndarray) -> Any:
        from sklearn.mixture import GaussianMixture

        kind = "full" if codes.shape[1] <= MAX_FULL_COVARIANCE else "diag"
        # Relative to the codes' own scale, so that a constant dimension does not make a singular covariance.
        floor = 1e-6 * max(float(codes.var(0).mean()), 1e-12)
        mixture = GaussianMixture(n_components, covariance_type=kind, reg_covar=floor, random_state=self.seed)
        return mixture.fit(codes)

    def sample(self, n: int, seed: int = 0, temperature: float = 1.0) -> Float[np.ndarray, "n d"]:
        """(n, D) float32 codes, the same for the same seed; each component's spread is scaled by ``temperature``."""
        random = np.random.default_rng(seed)
        which = random.choice(self.n_components_, n, p=self.mixture_.weights_)
        noise = random.standard_normal((n, self.mixture_.means_.shape[1]))
        covariances = self.mixture_.covariances_
        if covariances.ndim == 2:
            offsets = np.sqrt(covariances)[which] * noise
        else:
            offsets = np.einsum("nij,nj->ni", np.linalg.cholesky(covariances)[which], noise)
        return (self.mixture_.means_[which] + temperature * offsets).astype(np.float32)

    def log_density(self, z: Num[np.ndarray, "n d"]) -> Float[np.ndarray, " n"]:
        """(N,) log density of codes (N, D), in nats."""
        log_density: np.ndarray = self.mixture_.score_samples(np.asarray(z, np.float64))
        return log_density

    def percentile(self, z: Num[np.ndarray, "n d"]) -> Float[np.ndarray, " n"]:
        """(N,) percentage of codes that are less likely than each of these (N, D); 0 is unlike any.

        The codes are measured by mixtures fitted without them, so that fresh ones are spread evenly from 0 to 100:
        under a mixture that has seen them, codes are more likely than fresh ones of the same source.
        """
        return 100 * np.searchsorted(self.log_densities_, self.log_density(z)) / len(self.log_densities_)


def density(codes: Num[np.ndarray, "n d"], seed: int = 0) -> GaussianMixtureSampler:
    """How likely a code is among these (N, D): fitted, with ``log_density`` and ``percentile``."""
    return GaussianMixtureSampler(seed=seed).fit(codes)
