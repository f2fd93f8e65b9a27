"""Probabilities of counts and of categories in closed form, value by value, in nats; and which columns hold counts."""

from __future__ import annotations

import math

import numpy as np
import torch
from jaxtyping import Bool, Float, Int, Num
from torch import Tensor

NUMBER, COUNT = -1, -2
"""What a column of a table is to a likelihood by columns; from 0 on: the first of the columns that are one category."""
_HALF = 4
"""Twice so many steps of the recurrence go before Stirling's series, which is then exact to 1e-11."""


def hold_counts(x: Num[np.ndarray, "n d"]) -> Bool[np.ndarray, " d"]:
    """Which columns hold counts as far as rows (n, D) tell: whole numbers, none below 0."""
    return np.asarray(((x >= 0) & (x == np.round(x))).all(0))


def vary_as_counts(
    mean: Float[np.ndarray, " d"], variance: Float[np.ndarray, " d"], highest: Float[np.ndarray, " d"], n: int
) -> Bool[np.ndarray, " d"]:
    """Which columns of whole numbers vary at least as much as their mean, as counts do and years or grades do not.

    Of Poisson's counts n give a quotient of variance and mean with a standard deviation of sqrt(2 / n): three of them
    are let pass. Columns of 0 and 1 are no counts.

    Args:
        mean, variance, highest: of each column.
        n: rows that they are of.

    Source: Fisher 1950, the index of dispersion.
    """
    return np.asarray((highest > 1) & (variance > 0) & (variance >= mean * (1 - 3 * math.sqrt(2 / n))))


def log_gamma(x: Float[Tensor, "*shape"]) -> Float[Tensor, "*shape"]:
    """Logarithm of the gamma function of positive numbers, by sums and logarithms alone: ONNX has no own.

    Source: Abramowitz and Stegun 1964, 6.1.15 (the recurrence) and 6.1.41 (Stirling's series).
    """
    # In two products, neither of which leaves single precision below a billion.
    lower, upper = x, x + _HALF
    for step in range(1, _HALF):
        lower, upper = lower * (x + step), upper * (x + _HALF + step)
    y = x + 2 * _HALF
    inverse = y.reciprocal()
    square = inverse * inverse
    series = inverse * (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square / 1680)))
    return (y - 0.5) * y.log() - y + 0.5 * math.log(2 * math.pi) + series - lower.log() - upper.log()


def poisson_log_probability(x: Float[Tensor, "n d"], log_rate: Float[Tensor, "n d"]) -> Float[Tensor, "n d"]:
    """log P(x) = x log(rate) - rate - log(x!) of each count, in nats.

    Args:
        x: (N, D) counts; one below 0 has no probability, of one between two whole numbers the formula goes through.
        log_rate: (N, D) logarithm of the mean of each.
    """
    x, log_rate = _exact(x), _exact(log_rate)
    count = x.clamp(min=0)
    return torch.where(x < 0, -math.inf, count * log_rate - log_rate.exp() - log_gamma(count + 1))


def negative_binomial_log_probability(
    x: Float[Tensor, "n d"], log_rate: Float[Tensor, "n d"], log_dispersion: Float[Tensor, "*d"]
) -> Float[Tensor, "n d"]:
    """log P(x) of each count with mean m and variance m + a m^2, in nats; a = 0 is Poisson's.

    P(x) = G(x + t) / (G(t) x!) (t / (t + m))^t (m / (t + m))^x with t = 1/a and G the gamma function.

    Args:
        x: (N, D) counts.
        log_rate: (N, D) logarithm of the mean of each.
        log_dispersion: (D,) or of one number: log a.

    Source: Lopez et al. 2018 (scVI), whose inverse dispersion is t.
    """
    x, log_rate, log_t = _exact(x), _exact(log_rate), -_exact(log_dispersion)
    t, count = log_t.exp(), x.clamp(min=0)
    of_counts = log_gamma(count + t) - log_gamma(t) - log_gamma(count + 1)
    log_p = of_counts - t * _softplus(log_rate - log_t) - count * _softplus(log_t - log_rate)
    return torch.where(x < 0, -math.inf, log_p)


def log_shares(logits: Float[Tensor, "n d"], kinds: Int[Tensor, " d"]) -> Float[Tensor, "n d"]:
    """Log-softmax over the columns of each category; 0 for columns of others.

    Args:
        logits: (N, D).
        kinds: (D,) as ``NUMBER`` says.
    """
    own = torch.arange(logits.shape[1], device=logits.device)
    groups = torch.where(kinds >= 0, kinds, own).expand_as(logits)
    # As many places as columns, so that no size depends on what the columns hold: ONNX wants them beforehand.
    highest = torch.full_like(logits, -math.inf).scatter_reduce(1, groups, logits.detach(), "amax")
    above = logits - highest.gather(1, groups)
    sums = torch.zeros_like(logits).scatter_add(1, groups, above.exp())
    return above - sums.gather(1, groups).log()


def _softplus(x: Tensor) -> Tensor:
    """log(1 + e^x) by what onnxruntime has in double precision: no own of it."""
    return x.clamp(min=0) + (1 + (-x.abs()).exp()).log()


def _exact(values: Tensor) -> Tensor:
    """In double precision where the device has it: large gammas nearly cancel."""
    return values if values.device.type == "mps" else values.double()
