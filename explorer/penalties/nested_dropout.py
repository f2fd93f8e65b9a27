"""Nested dropout: a code in the order of importance, the first numbers of which are a code on their own."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar, Literal

import torch
from jaxtyping import Float
from pydantic import Field
from torch import Tensor

from explorer.core.applicability import only_where
from explorer.penalties.base import Penalty


class NestedDropout(Penalty):
    r"""For each item a width B is drawn, and the decoder sees the first B numbers of the code, the others as 0.

    With K numbers in the code and rate r, number k is seen with the probability P(B >= k): 1 - (k - 1) / K by the
    uniform law, r^(k - 1) by the geometric one, whose draws above K count as K. So a rate of 1 is no dropout at all,
    and a rate of 0 trains the first number alone. Early numbers learn what helps at every width, later ones what is
    left; for a linear autoencoder they are PCA's components in their order.

    Source: Rippel, Gelbart and Adams 2014, whose law is the geometric one; without their unit sweeping.
    """

    title: ClassVar[str] = "Nested dropout"
    summary: ClassVar[str] = "Each item is rebuilt from a beginning of its code, so the first numbers matter most."
    formula: ClassVar[str] = (
        r"L = \mathbb{E}_{B}\, \lVert x - g(z_{\downarrow B}) \rVert^2,\qquad"
        r" z_{\downarrow B} = (z_1, \ldots, z_B, 0, \ldots, 0)"
    )
    reference: ClassVar[str] = "Rippel, Gelbart and Adams 2014"

    kind: Literal["nested_dropout"] = "nested_dropout"
    law: Literal["uniform", "geometric"] = Field(
        "uniform",
        title="Law of the width",
        description="Uniform: every width is as likely. Geometric: from width to width less likely by the rate.",
    )
    rate: float = Field(
        0.9,
        ge=0,
        le=1,
        title="Rate",
        description="Of the geometric law: how likely the next number is to be seen where the one before is.",
        json_schema_extra=only_where({"law": ["geometric"]}),
    )

    def seen(self, latent_dim: int) -> Float[Tensor, " latent_dim"]:
        """How likely the decoder is to see each number of a code; 1 for the first, never rising."""
        before = torch.arange(latent_dim, dtype=torch.float32)
        return 1 - before / latent_dim if self.law == "uniform" else self.rate**before

    def __call__(
        self,
        encode: Callable[[Tensor], Tensor],
        x: Float[Tensor, "n *event"],
        generator: torch.Generator | None = None,
    ) -> tuple[Float[Tensor, "n latent_dim"], dict[str, tuple[Tensor, float]]]:
        z = encode(x)
        # One draw an item for all of its numbers: where a number is not seen, none of the less likely ones after it is.
        u = torch.rand(len(z), 1, generator=generator, device=z.device)
        return z.masked_fill(u >= self.seen(z.shape[1]).to(z.device), 0), {}
