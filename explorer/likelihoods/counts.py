"""Likelihoods of counts, which are whole numbers from 0 on: Poisson, and the negative binomial that varies more."""

from __future__ import annotations

from typing import ClassVar

import torch
from jaxtyping import Float, Int
from torch import Tensor

from explorer.core import counts
from explorer.likelihoods.columns import LOG_DISPERSION_RANGE, ColumnLikelihood


class Poisson(ColumnLikelihood):
    """P(x_d|z) = r_d^x_d exp(-r_d) / x_d!, the logarithm of the rate r the decoder's: mean and variance are r.

    Source: Salakhutdinov and Hinton 2009 have it of words, with a decoder's rates; as a variational autoencoder Zhao et
    al. 2020, "Variational autoencoders for sparse and overdispersed discrete data", section 2.
    """

    title: ClassVar[str] = "Poisson"
    summary: ClassVar[str] = "Each column is a count whose mean the decoder gives; it varies as much as its mean."
    formula: ClassVar[str] = r"\log P(x|z) = \sum_d x_d \log r_d - r_d - \log x_d!"
    reference: ClassVar[str] = "Zhao, Rai, Du, Buntine, Phung and Zhou 2020"
    is_probability: ClassVar[bool] = True

    def by_column(
        self,
        target: Float[Tensor, "n d"],
        logits: Float[Tensor, "n d"],
        kinds: Int[Tensor, " d"],
        log_sigma: Float[Tensor, " d"] | None,
    ) -> Float[Tensor, "n d"]:
        return counts.poisson_log_probability(target, logits)


class NegativeBinomial(ColumnLikelihood):
    """P(x_d|z) with mean r_d, the decoder's, and variance r_d + a_d r_d^2; a_d is learnt, the same for all rows.

    Where a goes to 0 it is Poisson's. See ``core.counts.negative_binomial_log_probability`` for the equation.

    Source: Lopez et al. 2018 (scVI), without its factor for the size of a library and without extra zeros.
    """

    title: ClassVar[str] = "Negative binomial"
    summary: ClassVar[str] = "Each column is a count that varies more than its mean, by a factor that is learnt."
    formula: ClassVar[str] = r"x_d|z \sim \mathrm{NB},\quad \mathrm{E} = r_d,\ \mathrm{Var} = r_d + a_d r_d^2"
    reference: ClassVar[str] = "Lopez, Regier, Cole, Jordan and Yosef 2018"
    is_probability: ClassVar[bool] = True

    def sigma_shape(self, event_shape: tuple[int, ...]) -> tuple[int, ...] | None:
        return event_shape

    def by_column(
        self,
        target: Float[Tensor, "n d"],
        logits: Float[Tensor, "n d"],
        kinds: Int[Tensor, " d"],
        log_sigma: Float[Tensor, " d"] | None,
    ) -> Float[Tensor, "n d"]:
        assert log_sigma is not None  # noqa: S101 - see sigma_shape
        return counts.negative_binomial_log_probability(target, logits, torch.clamp(log_sigma, *LOG_DISPERSION_RANGE))
