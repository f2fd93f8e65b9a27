"""Poisson noise: light counted photon by photon."""

from __future__ import annotations

from typing import ClassVar, Literal

import torch
from jaxtyping import Float
from pydantic import Field
from torch import Tensor

from explorer.noise.base import Noise


class PoissonNoise(Noise):
    r"""Shot noise of a sensor that counts ``peak`` photons where ``x`` is 1: $\mathrm{Poisson}(p\,x)/p$.

    The mean stays ``x`` and the variance is ``x / peak``: bright places are noisier, 0 stays 0, and a higher peak means
    less noise. Negative inputs, which have no photon count, are clamped to 0 first; results above 1 are kept.

    Source: Foi et al. 2008, the signal-dependent part of its sensor model.
    """

    title: ClassVar[str] = "Poisson"
    formula: ClassVar[str] = r"\tilde{x} = \frac{1}{p} k, \quad k \sim \mathrm{Poisson}(p\, x)"
    level_field: ClassVar[str] = "peak"

    kind: Literal["poisson"] = "poisson"
    peak: float = Field(
        30.0,
        ge=1.0,
        le=1000.0,
        title="Photons at white",
        description="How many photons a white value collects on average; fewer photons, more noise.",
        json_schema_extra={"unit": "photons"},
    )

    def __call__(
        self, x: Float[Tensor, "n *event"], generator: torch.Generator | None = None
    ) -> Float[Tensor, "n *event"]:
        # Counted in float32 whatever x is: half precision cannot hold every count. torch.poisson takes the generator of
        # the tensor's own device, on the CPU and on CUDA alike.
        rate = x.to(torch.promote_types(x.dtype, torch.float32)).clamp(min=0) * self.peak
        return torch.poisson(rate, generator=generator).div_(self.peak).to(x.dtype)
