"""What a decoder of rows gives by column: numbers in their unit, rates of counts, chances of a category's values."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import torch
from jaxtyping import Float
from torch import Tensor, nn

from explorer.core.counts import COUNT, NUMBER, log_shares

MAX_LOG_RATE = 30.0
"""Of a count: e^30 is 10^13; a decoder that is far off shall not give infinity."""


class ColumnUnits(nn.Module):
    """x * std + mean for numbers, exp(x + log mean) for counts, softmax(x + log shares) over a category's columns.

    Means, standard deviations and shares are those of the training rows, so that a decoder that gives 0 everywhere
    gives each column's mean; saved with the weights, as what each column is.

    Args:
        columns: how many.
    """

    mean: Tensor
    std: Tensor
    kinds: Tensor

    def __init__(self, columns: int, kind: int = NUMBER) -> None:
        super().__init__()
        self.register_buffer("mean", torch.zeros(columns))
        self.register_buffer("std", torch.ones(columns))
        self.register_buffer("kinds", torch.full((columns,), kind, dtype=torch.int64))

    def fit(
        self,
        mean: Float[Tensor, " d"],
        std: Float[Tensor, " d"],
        categories: Iterable[Sequence[int]] = (),
        counts: Sequence[int] = (),
    ) -> None:
        """Take what training rows have.

        Args:
            mean, std: (D,) of each column; of a category's columns the mean is a share.
            categories: the columns of each.
            counts: columns that are counts; all others are numbers.
        """
        self.kinds.fill_(NUMBER)
        self.mean.copy_(mean)
        self.std.copy_(std)
        for places in categories:
            # A value that no training row has keeps a small chance.
            share = self.mean[list(places)].clamp(min=0) + 1e-3
            self.mean[list(places)] = (share / share.sum()).log()
            self.kinds[list(places)] = min(places)
            self.std[list(places)] = 1.0
        for place in counts:
            self.mean[place] = self.mean[place].clamp(min=1e-3).log()
            self.kinds[place] = COUNT
            self.std[place] = 1.0

    def natural(self, x: Float[Tensor, "n d"]) -> Float[Tensor, "n d"]:
        """Log rates of counts, log-odds of categories, and numbers as they are: in standard deviations."""
        return torch.where(self.kinds == NUMBER, x, self._shifted(x))

    def _shifted(self, x: Tensor) -> Tensor:
        values = x * self.std + self.mean
        return torch.where(self.kinds == COUNT, values.clamp(max=MAX_LOG_RATE), values)

    def forward(self, x: Float[Tensor, "n d"]) -> Float[Tensor, "n d"]:
        values = self._shifted(x)
        is_count = self.kinds == COUNT
        # 0 in place of other columns, whose exponential may be infinite: its gradient would be no number.
        rates = torch.where(is_count, values, 0.0).exp()
        chances = log_shares(values, self.kinds).exp()
        return torch.where(is_count, rates, torch.where(self.kinds >= 0, chances, values))
