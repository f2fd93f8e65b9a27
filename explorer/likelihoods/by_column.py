"""A mixed table: numbers as Gaussian, counts as negative binomial, categories as shares of their values."""

from __future__ import annotations

import math
from typing import ClassVar, Literal

import torch
from jaxtyping import Float, Int
from torch import Tensor

from explorer.core import counts
from explorer.likelihoods.base import LOG_SIGMA_RANGE
from explorer.likelihoods.columns import LOG_DISPERSION_RANGE, ColumnLikelihood


class ByColumn(ColumnLikelihood):
    """log p(x|z) = sum of log N(x; m, s^2) over numbers, log NB(x; r, a) over counts, and log p_v over categories.

    p is the softmax of the decoder's values for the values of one category, v the one that the row has: the nats of a
    category are those of its value's probability. Spreads s and dispersions a are learnt, one for each column.

    Source: Nazabal et al. 2020 (HI-VAE), section 2.2, with these three kinds.
    """

    title: ClassVar[str] = "By column"
    summary: ClassVar[str] = (
        "Numbers are Gaussian, counts negative binomial, and each value of a category has a chance."
    )
    formula: ClassVar[str] = (
        r"\sum_{\mathrm{numbers}} \log \mathcal{N}(x; \mu, \sigma^2) + \sum_{\mathrm{counts}} \log \mathrm{NB}(x; r, a)"
        r" + \sum_{\mathrm{categories}} \log p_v"
    )
    reference: ClassVar[str] = "Nazabal, Olmos, Ghahramani and Valera 2020"
    counts: ClassVar[Literal["all", "found"]] = "found"

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
        is_count = kinds == counts.COUNT
        # A 0 where a column is of another kind: its own value might have no logarithm there.
        spread = torch.clamp(log_sigma, *LOG_SIGMA_RANGE)
        of_numbers = -0.5 * ((target - logits) * torch.exp(-spread)).square() - spread - 0.5 * math.log(2 * math.pi)
        of_counts = counts.negative_binomial_log_probability(
            torch.where(is_count, target, 0.0),
            torch.where(is_count, logits, 0.0),
            torch.clamp(log_sigma, *LOG_DISPERSION_RANGE),
        )
        of_categories = target * counts.log_shares(logits, kinds)
        of_others = torch.where(kinds >= 0, of_categories, of_numbers)
        return torch.where(is_count, of_counts.to(of_others.dtype), of_others)
