"""A codebook: vectors that stand for all that lie nearest to them, moved by averages and not by a gradient."""

from __future__ import annotations

import torch
import torch.distributed
import torch.nn.functional as F
from jaxtyping import Float, Int
from torch import Tensor, nn

SMOOTHING = 1e-5
"""Laplace smoothing of the shares: no entry is divided by nothing."""


class Codebook(nn.Module):
    r"""K entries $e_k$ of D numbers; each place of a grid of vectors gets the entry nearest to it.

    With $n_k$ the share of a batch's vectors whose nearest entry is $k$, and $s_k$ their sum as a share of all vectors,

    $$ N_k \leftarrow \gamma N_k + (1 - \gamma) n_k, \qquad m_k \leftarrow \gamma m_k + (1 - \gamma) s_k, \qquad
       e_k = m_k / \tilde N_k, \qquad \tilde N_k = \frac{N_k + \epsilon}{N + K \epsilon} N, \quad N = \sum_k N_k, $$

    which is k-means a batch at a time; with $\gamma = 0$ it is one step of k-means on the batch.

    An entry is dead when $N_k$ is below ``revive_below`` times an even share $N / K$. It is put at one of the batch's
    vectors, drawn at random, and counted as evenly used, so that it has time to be found. At the first batch all are.

    Source: van den Oord, Vinyals and Kavukcuoglu 2017, appendix A.1; random restarts: Dhariwal et al. 2020, section 3.

    Args:
        entries: K.
        size: D.
        decay: gamma, in [0, 1).
        revive_below: share of an even use below which an entry is moved; 0: never, the first batch included.
    """

    entries: Tensor
    shares: Tensor
    sums: Tensor

    def __init__(self, entries: int, size: int, decay: float = 0.99, revive_below: float = 0.05) -> None:
        super().__init__()
        self.decay, self.revive_below = decay, revive_below
        self.register_buffer("entries", torch.randn(entries, size))
        self.register_buffer("shares", torch.zeros(entries))
        self.register_buffer("sums", torch.zeros(entries, size))

    @property
    def size(self) -> int:
        """Numbers of an entry."""
        return self.entries.shape[1]

    def indices(self, maps: Float[Tensor, "n d h w"]) -> Int[Tensor, "n h w"]:
        """The number of the entry nearest to the vector at each place, from 0."""
        return self._distances(maps).argmin(-1)

    def margins(self, maps: Float[Tensor, "n d h w"]) -> Float[Tensor, "n h w"]:
        """How much further the second nearest entry is than the nearest, in squared distance; inf for one entry."""
        if len(self.entries) == 1:
            return maps.new_full((len(maps), *maps.shape[2:]), torch.inf)
        nearest = self._distances(maps).topk(2, largest=False).values
        return nearest[..., 1] - nearest[..., 0]

    def _distances(self, maps: Tensor) -> Tensor:
        """(n, h, w, k) |z - e|^2 less |z|^2, which is the same for all entries."""
        return self.entries.square().sum(1) - 2 * maps.permute(0, 2, 3, 1) @ self.entries.t()

    def maps(self, indices: Int[Tensor, "n h w"]) -> Float[Tensor, "n d h w"]:
        """The entries of these numbers, each at its place."""
        return F.embedding(indices, self.entries).permute(0, 3, 1, 2)

    def forward(self, maps: Float[Tensor, "n d h w"]) -> Float[Tensor, "n d h w"]:
        """The nearest entry at each place; without a gradient."""
        return self.maps(self.indices(maps))

    def straight_through(
        self, maps: Float[Tensor, "n d h w"], nearest: Float[Tensor, "n d h w"]
    ) -> Float[Tensor, "n d h w"]:
        """The nearest entries, whose gradient is handed on to the vectors as it comes.

        Source: Bengio, Leonard and Courville 2013; van den Oord et al. 2017, section 3.2.
        """
        return maps + (nearest - maps).detach()

    def use(self, indices: Int[Tensor, "n h w"]) -> Float[Tensor, " k"]:
        """Share of the places that each entry has; they sum to 1."""
        counts = torch.bincount(indices.flatten(), minlength=len(self.entries))
        return counts.to(self.entries.dtype) / indices.numel()

    @torch.no_grad()
    def learn(
        self,
        maps: Float[Tensor, "n d h w"],
        indices: Int[Tensor, "n h w"],
        generator: torch.Generator | None = None,
    ) -> None:
        """Take in a batch: the averages move, entries with them, and dead ones are put elsewhere.

        Args:
            maps: what the encoder gave.
            indices: the nearest entries of these.
            generator: of the vectors that dead entries are put at.
        """
        vectors = maps.permute(0, 2, 3, 1).flatten(0, 2).to(self.entries.dtype)
        counts = torch.bincount(indices.flatten(), minlength=len(self.entries)).to(self.entries.dtype)
        sums = torch.zeros_like(self.sums).index_add_(0, indices.flatten(), vectors)
        n = vectors.new_tensor(float(len(vectors)))
        if torch.distributed.is_available() and torch.distributed.is_initialized():
            for part in (counts, sums, n):
                torch.distributed.all_reduce(part)
        self.shares.lerp_(counts / n, 1 - self.decay)
        self.sums.lerp_(sums / n, 1 - self.decay)
        total = self.shares.sum()
        smooth = (self.shares + SMOOTHING) / (total + len(self.shares) * SMOOTHING) * total
        self.entries.copy_(self.sums / smooth[:, None])
        self._revive(vectors, generator)

    def _revive(self, vectors: Tensor, generator: torch.Generator | None) -> None:
        if not self.revive_below:
            return
        even = self.shares.sum() / len(self.shares)
        dead = self.shares < self.revive_below * even
        chosen = torch.randint(len(vectors), (len(dead),), generator=generator, device=vectors.device)
        put = vectors[chosen]
        if torch.distributed.is_available() and torch.distributed.is_initialized():
            torch.distributed.broadcast(put, 0)  # the same vectors on every process
        self.entries.copy_(torch.where(dead[:, None], put, self.entries))
        self.sums.copy_(torch.where(dead[:, None], put * even, self.sums))
        self.shares.copy_(torch.where(dead, even, self.shares))

    def extra_repr(self) -> str:
        return f"{len(self.entries)} entries of {self.size}"


def perplexity(shares: Float[Tensor, " k"]) -> Float[Tensor, ""]:
    """How many entries are in use: the exponential of the entropy of their shares, from 1 to K where all are even."""
    return torch.special.entr(shares).sum().exp()
