"""The nearest of many known rows: a quick matrix product finds candidates, which are then measured exactly."""

from __future__ import annotations

import numpy as np
import torch

CHUNK = 256
"""Rows at once: all distances together may not fit in memory."""
SPARE = 4
"""More candidates than asked for, since single precision may change places between nearly equal distances."""


def nearest(
    known: np.ndarray, rows: np.ndarray, k: int, present: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """The k known rows nearest to each row.

    Args:
        known: (n, D) float32.
        rows: (N, D) float, 0 where a value is missing.
        k: how many, at most n.
        present: (N, D) which values are there; distances are over these, as if the others differed as much. None: all.

    Returns:
        (N, k) row numbers, nearest first, and (N, k) Euclidean distances, float64.
    """
    k = min(k, len(known))
    n_candidates = min(k + SPARE, len(known))
    # From a common centre, so that small differences are not lost in large values.
    centre = known.mean(0, dtype=np.float64)
    table = torch.from_numpy((known - centre).astype(np.float32))
    squares = table.square()
    indices, distances = np.empty((len(rows), k), np.int64), np.empty((len(rows), k))
    for start in range(0, len(rows), CHUNK):
        chunk = slice(start, start + CHUNK)
        part, known_cells = rows[chunk], None if present is None else present[chunk]
        offsets = (part - centre).astype(np.float32)
        if known_cells is None:
            of_known = squares.sum(1)
        else:
            offsets = offsets * known_cells
            of_known = torch.from_numpy(known_cells.astype(np.float32)) @ squares.T
        rough = torch.addmm(of_known, torch.from_numpy(offsets), table.T, alpha=-2)
        near = torch.topk(rough, n_candidates, dim=1, largest=False, sorted=False).indices.numpy()
        exact = np.stack([_squared(part, known[i], known_cells) for i in near.T], axis=1)
        order = np.argsort(exact, axis=1, kind="stable")[:, :k]
        indices[chunk] = np.take_along_axis(near, order, 1)
        distances[chunk] = np.sqrt(np.take_along_axis(exact, order, 1))
    return indices, distances


def _squared(rows: np.ndarray, others: np.ndarray, present: np.ndarray | None) -> np.ndarray:
    """(n,) squared distances of pairs of rows."""
    squares = np.square(rows - others.astype(np.float64))
    if present is None:
        return squares.sum(1)
    return (squares * present).sum(1) * present.shape[1] / np.maximum(present.sum(1), 1)
