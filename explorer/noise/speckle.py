"""Speckle: noise that grows with the value it sits on."""

from __future__ import annotations

from typing import ClassVar, Literal

import torch
from jaxtyping import Float
from pydantic import Field
from torch import Tensor

from explorer.noise.base import Noise


class SpeckleNoise(Noise):
    r"""Multiplicative noise, as in radar and ultrasound pictures: $x (1 + \sigma n)$ with $n \sim N(0, I)$.

    The mean stays ``x``, the standard deviation is ``sigma * |x|``, and 0 stays 0. Never clips.

    Source: the multiplicative model of Lee 1980.
    """

    title: ClassVar[str] = "Speckle"
    formula: ClassVar[str] = r"\tilde{x} = x \odot (1 + \sigma n), \quad n \sim \mathcal{N}(0, I)"
    level_field: ClassVar[str] = "sigma"

    kind: Literal["speckle"] = "speckle"
    sigma: float = Field(
        0.3,
        ge=0.0,
        le=2.0,
        title="Noise level",
        description="Standard deviation of the noise as a share of each value.",
        json_schema_extra={"unit": "of the value itself"},
    )

    def __call__(
        self, x: Float[Tensor, "n *event"], generator: torch.Generator | None = None
    ) -> Float[Tensor, "n *event"]:
        n = torch.randn(x.shape, generator=generator, dtype=x.dtype, device=x.device)
        return torch.addcmul(x, x, n, value=self.sigma)
