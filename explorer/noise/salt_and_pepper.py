"""Salt-and-pepper noise: some values are stuck at black or white."""

from __future__ import annotations

from typing import ClassVar, Literal

import torch
from jaxtyping import Float
from pydantic import Field
from torch import Tensor

from explorer.noise.base import Noise


class SaltAndPepperNoise(Noise):
    r"""Each value is replaced with probability ``fraction``, on its own: half of those become 0, half become 1.

    Each colour channel counts as a value. Never clips.

    Source: Vincent et al. 2010, section 3.3.
    """

    title: ClassVar[str] = "Salt and pepper"
    formula: ClassVar[str] = (
        r"\tilde{x}_i = \begin{cases} 0 & \text{with probability } f/2 \\ 1 & \text{with probability } f/2 \\"
        r" x_i & \text{else} \end{cases}"
    )
    level_field: ClassVar[str] = "fraction"

    kind: Literal["salt_and_pepper"] = "salt_and_pepper"
    fraction: float = Field(
        0.1,
        ge=0.0,
        le=1.0,
        title="Share of values replaced",
        description="How likely each value is to be replaced; half of those turn black (0), half white (1).",
        json_schema_extra={"unit": "of the values"},
    )

    def __call__(
        self, x: Float[Tensor, "n *event"], generator: torch.Generator | None = None
    ) -> Float[Tensor, "n *event"]:
        # Drawn in float32 whatever x is: half precision would round small fractions away.
        u = torch.rand(x.shape, generator=generator, device=x.device, dtype=torch.float32)
        return x.masked_fill(u < self.fraction, 1).masked_fill_(u < self.fraction / 2, 0)
