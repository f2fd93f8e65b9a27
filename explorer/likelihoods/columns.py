"""What likelihoods share that take each column as what it holds: a number, a count, or part of a category."""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar, Literal

import torch
from jaxtyping import Float, Int
from torch import Tensor

from explorer.core.counts import COUNT
from explorer.likelihoods.base import Likelihood

LOG_DISPERSION_RANGE = (-12.0, 6.0)
"""A learnt logarithm of a dispersion is kept in here: e^-12 is Poisson's for all means up to a hundred thousand."""
SMALL = 1e-12
"""A rate in place of 0, which has no logarithm: a count of 0 is as likely under it as a double can tell."""


class ColumnLikelihood(Likelihood):
    """p(x|z) of rows by columns: sum_d log p_d(x_d|z), each of the kind that the column is.

    The encoder is given counts as it is given all columns: in standard deviations. A row's total of counts has no
    factor of its own (Lopez et al. 2018 have one, the library size): the code has to say it, as all else.
    """

    of_tables: ClassVar[bool] = True
    of_images: ClassVar[bool] = False
    decoded: ClassVar[str] = (
        "What is decoded are means, no draws: of a count its rate, which need not be whole, of a category its likeliest"
        " value."
    )
    counts: ClassVar[Literal["all", "found"]] = "all"
    """Whether all columns have to be counts, or those are that are said or found to be."""

    def log_density(
        self,
        target: Float[Tensor, "n *event"],
        logits: Float[Tensor, "n *values"],
        mean: Float[Tensor, "n *event"],
        log_sigma: Float[Tensor, "*shape"] | None,
        kinds: Int[Tensor, " d"] | None = None,
    ) -> Float[Tensor, " n"]:
        """See ``Likelihood``.

        Args:
            target: numbers in standard deviations, counts, and the columns of categories (0 or 1) as they are.
            logits: the mean of numbers in standard deviations, log rates of counts, log-odds of categories.
            mean: not used.
            log_sigma: (D,) as ``sigma_shape`` says.
            kinds: (D,) what each column is, see ``core.counts``.
        """
        assert kinds is not None  # noqa: S101 - a model of rows knows its columns
        return self.by_column(target, logits, kinds, log_sigma).sum(1).to(logits.dtype)

    def deviance_by_column(
        self,
        target: Float[Tensor, "n d"],
        logits: Float[Tensor, "n d"],
        kinds: Int[Tensor, " d"],
        log_sigma: Float[Tensor, " d"] | None,
    ) -> Float[Tensor, "n d"]:
        """Half the deviance of each column, in nats: how much less likely its value is than were it decoded exactly.

        Never below 0, whatever the column is: log p_d(x_d) where the decoder says x_d itself, less log p_d(x_d|z). Of a
        number that is (x - m)^2 / (2 s^2), of a category -log p of its value. Arguments as of ``log_density``.

        Source: McCullagh and Nelder 1989, section 2.3.
        """
        exact = torch.where(kinds == COUNT, target.clamp(min=SMALL).log(), target)
        # A category that is decoded exactly has a probability of 1, and log-odds that are infinite.
        best = torch.where(kinds >= 0, 0.0, self.by_column(target, exact, kinds, log_sigma))
        return (best - self.by_column(target, logits, kinds, log_sigma)).clamp(min=0)

    @abstractmethod
    def by_column(
        self,
        target: Float[Tensor, "n d"],
        logits: Float[Tensor, "n d"],
        kinds: Int[Tensor, " d"],
        log_sigma: Float[Tensor, " d"] | None,
    ) -> Float[Tensor, "n d"]:
        """What each column adds to the logarithm, in nats; arguments as of ``log_density``."""
