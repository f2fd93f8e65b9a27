"""A probability for each grey level of each pixel, none of them tied to its neighbours."""

from __future__ import annotations

from typing import ClassVar

import torch
from jaxtyping import Float
from torch import Tensor

from explorer.core.levels import level_logits
from explorer.likelihoods.base import Likelihood


class Categorical(Likelihood):
    """P(x|z) = prod_i softmax(l_i)[k_i], l_i the decoder's L values for pixel i, k_i = round(x_i (L - 1)) its level.

    Levels are not told which are neighbours, so that any shape of distribution can be learnt: two greys may be likely
    with none between. The decoder's last layer is L times as large as of other likelihoods. Of images with more levels
    than L the nats are those of the images rounded to L levels, and are not comparable with those of another L.

    Source: van den Oord, Kalchbrenner and Kavukcuoglu 2016, section 3.3.
    """

    title: ClassVar[str] = "Categorical"
    summary: ClassVar[str] = "Each pixel has a probability for each of a few grey levels, whatever its neighbours have."
    formula: ClassVar[str] = (
        r"\log P(x|z) = \sum_i \log \mathrm{softmax}(l_i)_{k_i},\quad k_i = \mathrm{round}(x_i (L - 1))"
    )
    reference: ClassVar[str] = "van den Oord, Kalchbrenner and Kavukcuoglu 2016"
    is_probability: ClassVar[bool] = True
    has_levels: ClassVar[bool] = True
    decoded: ClassVar[str] = (
        "What is decoded is the mean of each pixel's grey levels by their probabilities, no draw and not the likeliest."
    )

    def log_density(
        self,
        target: Float[Tensor, "n *event"],
        logits: Float[Tensor, "n *values"],
        mean: Float[Tensor, "n *event"],
        log_sigma: Float[Tensor, "*shape"] | None,
    ) -> Float[Tensor, " n"]:
        log_p = level_logits(logits, target.shape[1]).log_softmax(2)
        level = torch.round(target * (log_p.shape[2] - 1)).clamp(0, log_p.shape[2] - 1).long()
        return log_p.gather(2, level.unsqueeze(2)).flatten(1).sum(1)
