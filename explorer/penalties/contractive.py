"""Contractive codes: a code changes little where its item changes a little."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar, Literal

import torch
from jaxtyping import Float
from pydantic import Field
from torch import Tensor

from explorer.penalties.base import Penalty


class Contractive(Penalty):
    r"""L + w E_x ||J(x)||_F^2, J the derivatives of a code's numbers by those of its item.

    Exactly (0 probes) by one backward pass for each number of the code; for one layer with a sigmoid that is the closed
    form sum_k (h_k (1 - h_k))^2 sum_i W_ki^2 of the paper. Else by Hutchinson's estimate: E ||J^T v||^2 = ||J||_F^2
    for v of independent signs, the mean over so many draws of v; without bias, for any depth, a pass a draw.

    Source: Rifai et al. 2011, equations 3 to 5; the estimate: Hutchinson 1990.
    """

    title: ClassVar[str] = "Contractive"
    summary: ClassVar[str] = "A code changes little where its item changes a little."
    formula: ClassVar[str] = r"L + w\, \lVert \partial f(x) / \partial x \rVert_F^2"
    reference: ClassVar[str] = "Rifai et al. 2011"

    kind: Literal["contractive"] = "contractive"
    weight: float = Field(0.1, ge=0, le=1e6, title="Weight", description="Of the squared norm of the derivatives.")
    probes: int = Field(
        1,
        ge=0,
        le=4096,
        title="Probes",
        description="Random directions that estimate the norm; 0: exactly, by a pass for each number of the code.",
    )

    @torch.compiler.disable  # compiled code cannot be differentiated twice
    def __call__(
        self,
        encode: Callable[[Tensor], Tensor],
        x: Float[Tensor, "n *event"],
        generator: torch.Generator | None = None,
    ) -> tuple[Float[Tensor, "n latent_dim"], dict[str, tuple[Tensor, float]]]:
        learns = torch.is_grad_enabled()
        # Validation runs without gradients, which are part of the value here.
        with torch.inference_mode(False), torch.enable_grad():
            x = x.detach().clone().requires_grad_()
            z = encode(x)
            value = self._squared_norm(x, z, generator, learns)
        return z, {"squared derivatives": (value if learns else value.detach(), self.weight)}

    def _squared_norm(
        self, x: Tensor, z: Tensor, generator: torch.Generator | None, learns: bool
    ) -> Float[Tensor, " n"]:
        """Of each item."""
        if self.probes:
            signs = torch.randint(0, 2, (self.probes, *z.shape), generator=generator, device=z.device)
            directions, share = signs.to(z.dtype).mul_(2).sub_(1), 1 / self.probes
        else:
            directions, share = torch.eye(z.shape[1], dtype=z.dtype, device=z.device)[:, None].expand(-1, *z.shape), 1.0
        total = x.new_zeros(len(x))
        for v in directions:
            (gradient,) = torch.autograd.grad(z, x, v, create_graph=learns, retain_graph=True)
            total = total + gradient.flatten(1).square().sum(1)
        return total * share
