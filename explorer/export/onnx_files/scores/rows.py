"""What graphs of scores have in common: arrays that a file keeps, and searches that ONNX has no operation for."""

from __future__ import annotations

import numpy as np
import torch
from jaxtyping import Bool, Float, Int, Shaped
from torch import Tensor, nn


def kept(values: Shaped[np.ndarray, "*shape"]) -> nn.Parameter:
    """An array as a part of a module, which a file keeps under its name."""
    return nn.Parameter(torch.from_numpy(np.array(values)), requires_grad=False)


def counts(ordered: Float[Tensor, " m_d"], m: int, values: Float[Tensor, "n d"], or_equal: bool) -> Int[Tensor, "n d"]:
    """How many of each column's known values lie below each value, by halving: ``numpy.searchsorted``, unrolled.

    Args:
        ordered: (d * m,) m sorted values of each column, one column after the other.
        or_equal: equal values count too.
    """
    starts = m * torch.arange(values.shape[1])
    position = torch.zeros_like(values, dtype=torch.int64)
    step = 1 << (m.bit_length() - 1)
    while step:
        candidate = position + step
        known = ordered[starts + candidate.clamp(max=m) - 1]
        below = known <= values if or_equal else known < values
        position = torch.where((candidate <= m) & below, candidate, position)
        step //= 2
    return position


def nearest_distances(
    known: Float[Tensor, "m d"],
    rows: Float[Tensor, "n d"],
    k: int,
    present: Bool[Tensor, "n d"] | None = None,
) -> Float[Tensor, "n k"]:
    """Distances of the k nearest known rows, as ``core.neighbours.nearest`` measures them.

    A product of matrices finds them; they are measured again one by one, since it loses small distances.

    Args:
        rows: in double precision, 0 where a cell is missing.
        present: which cells count; None: all.
    """
    everything = torch.ones_like(rows) if present is None else present.double()
    table = known.double()
    squares = everything @ table.square().T - 2 * (rows * everything) @ table.T
    places = torch.topk(squares, min(k, len(known)), dim=1, largest=False).indices
    offsets = (rows[:, None] - table[places]) * everything[:, None]
    return (offsets.square().sum(2) * rows.shape[1] / everything.sum(1, keepdim=True).clamp(min=1)).sqrt()
