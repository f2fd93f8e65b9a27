"""Distributions of codes: what a prior is for the weights that a model has now."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from explorer.core import likelihood

_LOG_2PI = math.log(2 * math.pi)


class CodeDistribution(ABC):
    """p(z): how likely codes are, and new ones."""

    @abstractmethod
    def log_density(self, z: Float[Tensor, "n d"]) -> Float[Tensor, " n"]:
        """log p(z) of each code, in nats."""

    @abstractmethod
    def kl(
        self, mu: Float[Tensor, "n d"], logvar: Float[Tensor, "n d"], z: Float[Tensor, "n d"]
    ) -> Float[Tensor, " n"]:
        """KL of each N(mu, exp(logvar)) from p, in nats.

        Args:
            mu, logvar: of the posteriors.
            z: a sample of each posterior, which a closed form does not use.
        """

    def mean_kl(
        self, mu: Float[Tensor, "n d"], logvar: Float[Tensor, "n d"], noise: Float[Tensor, "s d"]
    ) -> Float[Tensor, " n"]:
        """The same with the mean over some draws for each, whose noise is the same for all: figures that repeat."""
        std = (0.5 * logvar).exp()
        return torch.stack([self.kl(mu, logvar, mu + std * eps) for eps in noise]).mean(0)

    @abstractmethod
    def sample(
        self, n: int, generator: torch.Generator | None = None, temperature: float = 1.0
    ) -> Float[Tensor, "n d"]:
        """New codes, without gradient; the spread of each Gaussian is multiplied by ``temperature``."""

    @abstractmethod
    def moments(self) -> tuple[Float[Tensor, " d"], Float[Tensor, " d"]]:
        """Mean and variance of each dimension."""


@dataclass(frozen=True, eq=False)
class StandardNormalCodes(CodeDistribution):
    """N(0, I).

    Args:
        latent_dim: numbers in a code.
        device: on which codes are made.
    """

    latent_dim: int
    device: torch.device

    def log_density(self, z: Float[Tensor, "n d"]) -> Float[Tensor, " n"]:
        return likelihood.standard_normal_log_density(z)

    def kl(
        self, mu: Float[Tensor, "n d"], logvar: Float[Tensor, "n d"], z: Float[Tensor, "n d"]
    ) -> Float[Tensor, " n"]:
        """In closed form (Kingma and Welling 2014, appendix B)."""
        return likelihood.kl_to_standard_normal(mu, logvar)

    def mean_kl(
        self, mu: Float[Tensor, "n d"], logvar: Float[Tensor, "n d"], noise: Float[Tensor, "s d"]
    ) -> Float[Tensor, " n"]:
        return self.kl(mu, logvar, mu)

    def sample(
        self, n: int, generator: torch.Generator | None = None, temperature: float = 1.0
    ) -> Float[Tensor, "n d"]:
        return temperature * torch.randn(n, self.latent_dim, generator=generator, device=self.device)

    def moments(self) -> tuple[Float[Tensor, " d"], Float[Tensor, " d"]]:
        zeros = torch.zeros(self.latent_dim, device=self.device)
        return zeros, torch.ones_like(zeros)


@dataclass(frozen=True, eq=False)
class DiagonalMixture(CodeDistribution):
    """p(z) = sum_k w_k N(z; m_k, diag v_k).

    Args:
        log_weights: (K,) logarithms of w, normalised.
        mu, logvar: (K, D) means and logarithms of the variances.
    """

    log_weights: Float[Tensor, " k"]
    mu: Float[Tensor, "k d"]
    logvar: Float[Tensor, "k d"]

    def log_density(self, z: Float[Tensor, "n d"]) -> Float[Tensor, " n"]:
        # By differences, and not by the products that the square falls into: those lose the digits of narrow Gaussians.
        squared = (z[:, None] - self.mu).square() * torch.exp(-self.logvar)
        each = -0.5 * (squared + self.logvar + _LOG_2PI).sum(2)
        return (each + self.log_weights).logsumexp(1)

    def kl(
        self, mu: Float[Tensor, "n d"], logvar: Float[Tensor, "n d"], z: Float[Tensor, "n d"]
    ) -> Float[Tensor, " n"]:
        """log q(z|x) - log p(z) of the sample: right in the mean over samples, and below 0 for some of them."""
        return likelihood.diagonal_normal_log_density(z, mu, logvar) - self.log_density(z)

    @torch.no_grad()
    def sample(
        self, n: int, generator: torch.Generator | None = None, temperature: float = 1.0
    ) -> Float[Tensor, "n d"]:
        which = torch.multinomial(self.log_weights.exp(), n, replacement=True, generator=generator)
        mu, std = self.mu[which], (0.5 * self.logvar[which]).exp()
        eps = torch.randn(mu.shape, generator=generator, device=mu.device, dtype=mu.dtype)
        return mu + temperature * std * eps

    @torch.no_grad()
    def moments(self) -> tuple[Float[Tensor, " d"], Float[Tensor, " d"]]:
        weights = self.log_weights.exp()[:, None]
        mean = (weights * self.mu).sum(0)
        return mean, (weights * (self.logvar.exp() + (self.mu - mean).square())).sum(0)
