"""The discretised logistic: a probability for each of the 256 grey levels."""

from __future__ import annotations

from typing import ClassVar

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor

from explorer.likelihoods.base import Likelihood, bounded

HALF_STEP = 1 / 510
"""Half of the distance of two grey levels."""


class DiscretisedLogistic(Likelihood):
    """P(level) = S((x + 1/510 - m) / s) - S((x - 1/510 - m) / s), S the sigmoid, m the decoded pixel, s a scale.

    The lowest and highest level take all that lies beyond them. A probability of 8-bit values, so that it bounds the
    bits that a lossless code of the image needs; of a value between two levels it is that of a step around it.

    Source: Kingma et al. 2016, appendix; Salimans et al. 2017, equation 2, with one logistic.
    """

    title: ClassVar[str] = "Discretised logistic"
    summary: ClassVar[str] = (
        "Each of the 256 grey levels has a probability, higher the nearer it is to the decoded one."
    )
    formula: ClassVar[str] = (
        r"P(x|z) = \prod_i S\big(\tfrac{x_i + 1/510 - m_i}{s}\big) - S\big(\tfrac{x_i - 1/510 - m_i}{s}\big)"
    )
    reference: ClassVar[str] = "Salimans, Karpathy, Chen and Kingma 2017"
    is_probability: ClassVar[bool] = True

    def sigma_shape(self, event_shape: tuple[int, ...]) -> tuple[int, ...] | None:
        return ()

    def log_density(
        self,
        target: Float[Tensor, "n *event"],
        logits: Float[Tensor, "n *values"],
        mean: Float[Tensor, "n *event"],
        log_sigma: Float[Tensor, "*shape"] | None,
    ) -> Float[Tensor, " n"]:
        per_scale = torch.exp(-bounded(log_sigma))
        upper, lower = (target - mean + HALF_STEP) * per_scale, (target - mean - HALF_STEP) * per_scale
        # log(S(a) - S(b)) = log S(a) + log S(-b) + log(1 - exp(b - a)), which holds far out, where S(a) - S(b) is 0.
        inside = F.logsigmoid(upper) + F.logsigmoid(-lower) + torch.log(-torch.expm1(lower - upper))
        lowest, highest = target < HALF_STEP, target > 1 - HALF_STEP
        log_p = torch.where(lowest, F.logsigmoid(upper), torch.where(highest, F.logsigmoid(-lower), inside))
        return log_p.flatten(1).sum(1)
