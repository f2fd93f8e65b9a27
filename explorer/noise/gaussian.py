"""Additive Gaussian noise."""

from __future__ import annotations

from typing import ClassVar, Literal

import torch
from jaxtyping import Float
from pydantic import Field
from torch import Tensor

from explorer.noise.base import Noise


class GaussianNoise(Noise):
    r"""White noise of one size everywhere: $x + \sigma n$ with $n \sim N(0, I)$.

    Values leave the range of ``x`` unless ``clip`` is set, which clamps the result to [0, 1] and so makes the noise
    smaller and biased near black and white.

    Source: Vincent et al. 2010, section 3.3.
    """

    title: ClassVar[str] = "Gaussian"
    formula: ClassVar[str] = r"\tilde{x} = x + \sigma n, \quad n \sim \mathcal{N}(0, I)"
    level_field: ClassVar[str] = "sigma"

    kind: Literal["gaussian"] = "gaussian"
    sigma: float = Field(
        0.3,
        ge=0.0,
        le=2.0,
        title="Noise level",
        description="Standard deviation of what is added to every value; 1 is the way from black to white.",
        json_schema_extra={"unit": "of the value range"},
    )
    clip: bool = Field(
        False,
        title="Clip to [0, 1]",
        description="Clamp the noisy values to the range of a picture, as saving it to a file would.",
    )

    def __call__(
        self, x: Float[Tensor, "n *event"], generator: torch.Generator | None = None
    ) -> Float[Tensor, "n *event"]:
        n = torch.randn(x.shape, generator=generator, dtype=x.dtype, device=x.device)
        x_noisy = torch.add(x, n, alpha=self.sigma)
        return x_noisy.clamp_(0, 1) if self.clip else x_noisy
