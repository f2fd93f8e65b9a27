"""Orthogonal codes: no number of a code repeats another."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar, Literal

import torch
from jaxtyping import Float
from pydantic import Field
from torch import Tensor

from explorer.penalties.base import Penalty

LEAST_VARIANCE = 1e-12
"""A number of the code that hardly varies in a batch has no correlation to speak of."""


class Orthogonal(Penalty):
    r"""L + w sum_{i < j} r_ij^2, r_ij the correlation of two numbers of the code over the batch.

    Correlations and not covariances, which an encoder could make as small as it likes by smaller codes that the decoder
    enlarges again. Linear relations alone are seen, and those of a batch: small batches have some by chance.

    Source: Cogswell et al. 2016, equation 2, of correlations.
    """

    title: ClassVar[str] = "Orthogonal codes"
    summary: ClassVar[str] = "Numbers of a code shall not be correlated, so that none repeats another."
    formula: ClassVar[str] = r"L + w \sum_{i < j} \mathrm{corr}(z_i, z_j)^2"
    reference: ClassVar[str] = "Cogswell et al. 2016"
    weighs_items: ClassVar[bool] = False

    kind: Literal["orthogonal"] = "orthogonal"
    weight: float = Field(1.0, ge=0, le=1e6, title="Weight", description="Of the sum of squared correlations.")

    def __call__(
        self,
        encode: Callable[[Tensor], Tensor],
        x: Float[Tensor, "n *event"],
        generator: torch.Generator | None = None,
    ) -> tuple[Float[Tensor, "n latent_dim"], dict[str, tuple[Tensor, float]]]:
        z = encode(x)
        away = z - z.mean(0)
        scaled = away * (away.square().sum(0) + LEAST_VARIANCE).rsqrt()
        correlations = (scaled.T @ scaled).triu(1)
        return z, {"squared correlations": (correlations.square().sum(), self.weight)}
