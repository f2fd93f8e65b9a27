"""Sparse codes: few numbers of a code are large (L1), or each is active for few items (a target rate)."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar, Literal

import torch
import torch.nn.functional as F
from jaxtyping import Float
from pydantic import Field
from torch import Tensor

from explorer.penalties.base import Penalty


class SparseCode(Penalty):
    r"""L + w (1/N) sum_n sum_k |z_nk|: each number of a code costs its size, so that most of them become small.

    The decoder could undo it by larger weights; it is bounded only by what its own training makes of it.

    Source: Olshausen and Field 1996; Goodfellow, Bengio and Courville 2016, section 14.2.1.
    """

    title: ClassVar[str] = "Sparse code"
    summary: ClassVar[str] = "Each number of a code costs its size, so an item is described by few of them."
    formula: ClassVar[str] = r"L + w \sum_k \lvert z_k \rvert"
    reference: ClassVar[str] = "Goodfellow, Bengio and Courville 2016, section 14.2"

    kind: Literal["sparse"] = "sparse"
    weight: float = Field(0.1, ge=0, le=1e6, title="Weight", description="Of the sum of absolute numbers of a code.")

    def __call__(
        self,
        encode: Callable[[Tensor], Tensor],
        x: Float[Tensor, "n *event"],
        generator: torch.Generator | None = None,
    ) -> tuple[Float[Tensor, "n latent_dim"], dict[str, tuple[Tensor, float]]]:
        z = encode(x)
        return z, {"absolute code": (z.abs().sum(1), self.weight)}


class TargetRate(Penalty):
    r"""L + w sum_k KL(rho || rho_k), rho_k the mean over the batch of S(z_k), S the sigmoid, rho the rate aimed at.

    KL(rho || rho_k) = rho log(rho / rho_k) + (1 - rho) log((1 - rho) / (1 - rho_k)). A number of a code is active by
    its sigmoid; the decoder sees the number itself. Batches need to be large enough for a mean of that rate.

    Source: Lee, Ekanadham and Ng 2008; Ng 2011, Sparse autoencoder, section 3.
    """

    title: ClassVar[str] = "Target rate"
    summary: ClassVar[str] = "Each number of a code is active for a small share of the items."
    formula: ClassVar[str] = (
        r"L + w \sum_k \mathrm{KL}\big(\rho \,\|\, \hat\rho_k\big),\qquad"
        r" \hat\rho_k = \tfrac{1}{N} \sum_n S(z_{nk})"
    )
    reference: ClassVar[str] = "Lee, Ekanadham and Ng 2008"
    weighs_items: ClassVar[bool] = False

    kind: Literal["target_rate"] = "target_rate"
    rate: float = Field(
        0.05, ge=0.001, le=0.999, title="Rate", description="Share of items for which a number is active."
    )
    weight: float = Field(1.0, ge=0, le=1e6, title="Weight", description="Of the sum of divergences from the rate.")

    def __call__(
        self,
        encode: Callable[[Tensor], Tensor],
        x: Float[Tensor, "n *event"],
        generator: torch.Generator | None = None,
    ) -> tuple[Float[Tensor, "n latent_dim"], dict[str, tuple[Tensor, float]]]:
        z = encode(x)
        target = torch.full_like(z[0], self.rate)
        # Logarithms of both means from their own sides: 1 - mean would round to 0.
        log_active = F.logsigmoid(z).logsumexp(0) - torch.log(z.new_tensor(float(len(z))))
        log_idle = F.logsigmoid(-z).logsumexp(0) - torch.log(z.new_tensor(float(len(z))))
        cross_entropy = -(target * log_active + (1 - target) * log_idle)
        entropy = -(torch.xlogy(target, target) + torch.xlogy(1 - target, 1 - target))
        return z, {"divergence from the rate": ((cross_entropy - entropy).sum(), self.weight)}
