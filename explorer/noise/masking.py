"""Masking noise: some values are lost."""

from __future__ import annotations

from typing import ClassVar, Literal

import torch
from jaxtyping import Float
from pydantic import Field
from torch import Tensor

from explorer.noise.base import Noise


class MaskingNoise(Noise):
    r"""Each value is set to 0 with probability ``fraction``, on its own; each colour channel counts as a value.

    The number of lost values therefore varies a little between examples, with mean ``fraction`` of them. Never clips.

    Source: Vincent et al. 2010, section 3.3 (which sets a fixed number of values to 0).
    """

    title: ClassVar[str] = "Masking"
    formula: ClassVar[str] = (
        r"\tilde{x}_i = \begin{cases} 0 & \text{with probability } f \\ x_i & \text{else} \end{cases}"
    )
    level_field: ClassVar[str] = "fraction"

    kind: Literal["masking"] = "masking"
    fraction: float = Field(
        0.25,
        ge=0.0,
        le=1.0,
        title="Share of values lost",
        description="How likely each value is to be set to 0.",
        json_schema_extra={"unit": "of the values"},
    )

    def __call__(
        self, x: Float[Tensor, "n *event"], generator: torch.Generator | None = None
    ) -> Float[Tensor, "n *event"]:
        # Drawn in float32 whatever x is: half precision would round small fractions away.
        u = torch.rand(x.shape, generator=generator, device=x.device, dtype=torch.float32)
        return x.masked_fill(u < self.fraction, 0)
