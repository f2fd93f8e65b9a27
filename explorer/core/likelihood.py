"""Log-likelihoods and KL divergences in closed form, per example, in nats."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor

_LOG_2PI = math.log(2 * math.pi)


def bernoulli_log_likelihood(x: Float[Tensor, "n *event"], logits: Float[Tensor, "n *event"]) -> Float[Tensor, " n"]:
    """Log-probability of ``x`` under independent Bernoulli values, per example.

    ``x`` may be grey (between 0 and 1): the result is then the negative cross-entropy, the usual loss for MNIST, and
    not the log-probability of anything; it is at its highest, but below 0, where the probabilities equal ``x``.

    Args:
        x: (N, *event) values in [0, 1].
        logits: (N, *event) log-odds of a 1.

    Returns:
        (N,) in nats, summed over the event, never positive.

    Raises:
        ValueError: the shapes differ.

    Source: Kingma and Welling 2014, appendix C.1.
    """
    # The fused kernel is the fastest exact form on the CPU, forward and backward (against softplus(logits) - x * logits
    # and its variants), and it does not overflow for large logits.
    return -F.binary_cross_entropy_with_logits(logits, x, reduction="none").flatten(1).sum(1)


def gaussian_log_likelihood(
    x: Float[Tensor, "n *event"], mean: Float[Tensor, "n *event"], log_sigma: Float[Tensor, "..."]
) -> Float[Tensor, " n"]:
    """Log-density of ``x`` under independent Gaussian values, per example.

    Args:
        x: (N, *event) values.
        mean: (N, *event) mean of each value.
        log_sigma: logarithm of the standard deviation: one for all values, or any shape that broadcasts to ``x``.

    Returns:
        (N,) in nats, summed over the event.

    Raises:
        ValueError: ``x`` and ``mean`` differ in shape.

    Source: Kingma and Welling 2014, appendix C.2.
    """
    _require_same_shape(x, mean)
    residual = x - mean
    if log_sigma.numel() == 1:
        # One sigma for all values leaves the sum, which saves two passes over the event.
        log_sigma = log_sigma.reshape(())
        squared_error = residual.square().flatten(1).sum(1)
        return -0.5 * squared_error * torch.exp(-2 * log_sigma) - math.prod(x.shape[1:]) * (log_sigma + 0.5 * _LOG_2PI)
    log_density = -0.5 * (residual * torch.exp(-log_sigma)).square() - log_sigma - 0.5 * _LOG_2PI
    return log_density.flatten(1).sum(1)


def kl_per_dimension(mu: Float[Tensor, "n d"], logvar: Float[Tensor, "n d"]) -> Float[Tensor, "n d"]:
    """KL divergence of N(mu, exp(logvar)) from N(0, 1), per example and dimension.

    Args:
        mu: (N, D) mean of the posterior.
        logvar: (N, D) logarithm of its variance.

    Returns:
        (N, D) in nats, never negative.

    Raises:
        ValueError: the shapes differ.

    Source: Kingma and Welling 2014, appendix B.
    """
    _require_same_shape(mu, logvar)
    # expm1 keeps the digits of exp(logvar) - 1 that a posterior close to the prior would lose.
    return 0.5 * (mu.square() + torch.expm1(logvar) - logvar)


def kl_to_standard_normal(mu: Float[Tensor, "n d"], logvar: Float[Tensor, "n d"]) -> Float[Tensor, " n"]:
    """KL divergence of N(mu, exp(logvar)) from N(0, I), per example.

    Args:
        mu: (N, D) mean of the posterior.
        logvar: (N, D) logarithm of its variance.

    Returns:
        (N,) in nats, never negative.

    Raises:
        ValueError: the shapes differ.

    Source: Kingma and Welling 2014, appendix B.
    """
    return kl_per_dimension(mu, logvar).sum(1)


def standard_normal_log_density(z: Float[Tensor, "n d"]) -> Float[Tensor, " n"]:
    """Log-density of codes under N(0, I).

    Args:
        z: (N, D) codes.

    Returns:
        (N,) in nats.
    """
    return -0.5 * (z.square().sum(1) + z.shape[1] * _LOG_2PI)


def diagonal_normal_log_density(
    z: Float[Tensor, "n d"], mu: Float[Tensor, "n d"], logvar: Float[Tensor, "n d"]
) -> Float[Tensor, " n"]:
    """Log-density of codes under N(mu, exp(logvar)), one Gaussian per example.

    Args:
        z: (N, D) codes.
        mu: (N, D) means.
        logvar: (N, D) logarithms of the variances.

    Returns:
        (N,) in nats.

    Raises:
        ValueError: the shapes differ.
    """
    _require_same_shape(z, mu)
    _require_same_shape(mu, logvar)
    return -0.5 * ((z - mu).square() * torch.exp(-logvar) + logvar + _LOG_2PI).sum(1)


def _require_same_shape(a: Tensor, b: Tensor) -> None:
    # Broadcasting would turn (N, D) against (D,) or (N, 1) into a plausible wrong number.
    if a.shape != b.shape:
        raise ValueError(f"The shapes differ: {tuple(a.shape)} and {tuple(b.shape)}.")
