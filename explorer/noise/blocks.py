"""Hidden blocks: whole squares of a picture are lost."""

from __future__ import annotations

from typing import ClassVar, Literal

import torch
from jaxtyping import Float
from pydantic import Field
from torch import Tensor

from explorer.core.applicability import only_where
from explorer.noise.base import Noise


class BlockNoise(Noise):
    r"""Squares of a grid are set to 0 with probability ``fraction`` each, in all channels.

    Each example has a grid of its own: its squares are 2 to ``largest`` pixels wide, all widths as likely, and it
    starts anywhere. To fill in what is hidden, a model must know what goes together over distances; the loss of single
    pixels only asks for smooth surfaces. In rows of a table, single values are lost. Never clips.

    Source: Pathak et al. 2016, section 3.2 (random blocks); DeVries and Taylor 2017.
    """

    title: ClassVar[str] = "Hidden blocks"
    formula: ClassVar[str] = (
        r"\tilde{x}_i = \begin{cases} 0 & \text{if the square of } i \text{ is hidden, with probability } f \\"
        r" x_i & \text{else} \end{cases}"
    )
    level_field: ClassVar[str] = "fraction"
    is_local: ClassVar[bool] = False

    kind: Literal["blocks"] = "blocks"
    fraction: float = Field(
        0.5,
        ge=0.0,
        le=1.0,
        title="Share of squares hidden",
        description="How likely each square is to be set to 0.",
        json_schema_extra={"unit": "of the squares"},
    )
    largest: int = Field(
        14,
        ge=2,
        le=256,
        title="Widest square",
        description="Squares are 2 to so many pixels wide.",
        json_schema_extra={"unit": "pixels", **only_where({"items": ["images"]})},
    )

    def __call__(
        self, x: Float[Tensor, "n *event"], generator: torch.Generator | None = None
    ) -> Float[Tensor, "n *event"]:
        device = x.device
        if x.ndim == 2:
            return x.masked_fill(torch.rand(x.shape, generator=generator, device=device) < self.fraction, 0)
        n, _, height, width = x.shape
        widths = torch.randint(2, self.largest + 1, (n, 1), generator=generator, device=device)
        starts = torch.rand(2, n, 1, generator=generator, device=device) * widths
        rows, columns = (
            ((torch.arange(size, device=device) + start) // widths).long()
            for size, start in zip((height, width), starts, strict=True)
        )
        # One draw a square; there are never more squares than pixels and one.
        u = torch.rand(n, height + 1, width + 1, generator=generator, device=device)
        square = torch.arange(n, device=device)[:, None, None], rows[:, :, None], columns[:, None, :]
        return x.masked_fill((u[square] < self.fraction)[:, None], 0)
