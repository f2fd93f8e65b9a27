"""A prior over grids of entry numbers: each place given those before it, row by row."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from jaxtyping import Float, Int
from torch import Tensor, nn

TOKEN_SIZE = 64


class GridPrior(nn.Module):
    r"""A gated recurrent network that reads a grid row by row and says what comes next.

    $$ p(k) = \prod_{t=1}^{h w} p(k_t \mid k_1, \dots, k_{t-1}), $$

    each factor a softmax over all entries of the state after the entry before, to which the place is told.

    Source: Cho et al. 2014 (the network); van den Oord et al. 2017, section 3.3 (a prior fitted to a trained codebook;
    there, masked convolutions).

    Args:
        entries: of the codebook.
        grid: (h, w).
        units: of the recurrent layer.
    """

    steps: Tensor

    def __init__(self, entries: int, grid: tuple[int, int], units: int) -> None:
        super().__init__()
        self.entries, self.grid = entries, grid
        self.token = nn.Embedding(entries + 1, TOKEN_SIZE)  # the last stands before the first place
        self.place = nn.Embedding(math.prod(grid), TOKEN_SIZE)
        self.memory = nn.GRU(TOKEN_SIZE, units, batch_first=True)
        self.next = nn.Linear(units, entries)
        self.register_buffer("steps", torch.zeros(1))

    @property
    def is_trained(self) -> bool:
        """Whether it has learnt from any batch: before that, what it says means nothing."""
        return bool(self.steps > 0)

    def logits(self, indices: Int[Tensor, "n h w"]) -> Float[Tensor, "n places k"]:
        """Unnormalised log probabilities of every entry at each place, given the places before it."""
        known = indices.flatten(1)
        before = torch.cat([torch.full_like(known[:, :1], self.entries), known[:, :-1]], 1)
        states, _ = self.memory(self.token(before) + self.place.weight)
        return self.next(states)

    def log_probability(self, indices: Int[Tensor, "n h w"]) -> Float[Tensor, " n"]:
        """log p of each grid, in nats; over all grids, p sums to 1."""
        logits = self.logits(indices).float().transpose(1, 2)
        return -F.cross_entropy(logits, indices.flatten(1), reduction="none").sum(1)

    @torch.no_grad()
    def sample(
        self, n: int, generator: torch.Generator | None = None, temperature: float = 1.0
    ) -> Int[Tensor, "n h w"]:
        """Grids drawn place by place.

        Args:
            n: how many.
            generator: of the draws; on the model's device.
            temperature: the logits are divided by it; 0: the likeliest entry at each place.
        """
        token = torch.full((n,), self.entries, device=self.next.weight.device)
        state, drawn = None, []
        for place in self.place.weight:
            out, state = self.memory((self.token(token) + place)[:, None], state)
            logits = self.next(out[:, 0]).float()
            if temperature:
                token = torch.multinomial((logits / temperature).softmax(1), 1, generator=generator)[:, 0]
            else:
                token = logits.argmax(1)
            drawn.append(token)
        return torch.stack(drawn, 1).view(n, *self.grid)
