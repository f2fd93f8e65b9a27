"""The nearest of many known rows, exactly: the one search for codes, places on a map, items and normal examples.

Rows of few values are looked up in a tree. For others a quick matrix product in single precision finds candidates,
which are measured exactly; where rounding could have hidden a nearer row, it is looked for again in double precision.
"""

from __future__ import annotations

import numpy as np
import torch
from jaxtyping import Bool, Float, Int, Num
from scipy.spatial import cKDTree
from scipy.spatial.distance import cdist
from torch import Tensor

from explorer.core.cells import Cells, pays

TREE_VALUES = 6
"""Rows of at most so many values are looked up in a tree; beyond that a tree looks at nearly all of them."""
CHUNK, KNOWN_CHUNK = 64, 32768
"""Asked and known rows at once: their distances stay near the processor."""
CENTRE_ROWS = 8192
"""Known rows whose mean is taken for the centre of all."""
KNOWN_VALUES, MEASURED_VALUES = 1 << 24, 1 << 19
"""Values of known rows as floats at once, and of candidates: all rows of a file may not fit in memory."""
TRIED_ROWS, CELLS_ROWS = 1024, 8192
"""Rows for which cells are tried, and rows at once where they help."""
WORTH_COMPARING, WORTH_LEAVING = 0.6, 0.2
"""Cells help where at most the first share of all pairs is compared, and at most the second of rows is left open."""
SPARE = 4
"""More candidates than asked for, since single precision may change places between nearly equal distances."""
GROUP = 8
"""Values of which the least is looked at first, where the smallest of many are looked for."""
UNIT_ROUNDOFF = 2.0**-24


def nearest(
    known: Num[np.ndarray, "n *event"],
    rows: Num[np.ndarray, "m *event"],
    k: int,
    present: Bool[np.ndarray, "m *event"] | None = None,
    itself: Int[np.ndarray, " m"] | None = None,
) -> tuple[Int[np.ndarray, "m k"], Float[np.ndarray, "m k"]]:
    """The k known rows nearest to each row.

    Args:
        known: (n, *event) of any number type; read in chunks, so that memory-mapped data stays on disk.
        rows: (N, *event), 0 where a value is missing.
        k: how many, at most n, or n - 1 with ``itself``.
        present: (N, *event) which values are there; distances are over these, as if the others differed as much. None:
            all.
        itself: (N,) the position in ``known`` of each row itself, which is left out. None: all count.

    Returns:
        (N, k) positions in ``known``, nearest first, and (N, k) Euclidean distances, float64.
    """
    if itself is not None:
        return _without(itself, *nearest(known, rows, k + 1, present))
    k = min(k, len(known))
    if not len(rows):
        return np.empty((0, k), np.int64), np.empty((0, k))
    known, rows = (x.reshape(len(x), int(np.prod(x.shape[1:]))) for x in (known, rows))
    if present is None and rows.shape[1] <= TREE_VALUES:
        distances, indices = cKDTree(known.astype(np.float64)).query(rows.astype(np.float64), range(1, k + 1))
        return indices.astype(np.int64), distances
    if present is not None:
        present = present.reshape(rows.shape)
    elif pays(known, rows, k + SPARE):
        return _by_cells(known, rows, k)
    return _by_all(known, rows, k, present)


def _by_all(known: np.ndarray, rows: np.ndarray, k: int, present: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
    """Each known row is compared."""
    candidates, beyond = _candidates(known, rows, min(k + SPARE, len(known)), present)
    indices, squares = _measured(known, rows, candidates, k, present)
    for unsure in np.flatnonzero(_may_be_missed(squares, beyond)):
        one = slice(unsure, unsure + 1)
        indices[unsure], squares[unsure] = _in_double_precision(
            known, rows[one], k, None if present is None else present[one]
        )
    return indices, np.sqrt(squares)


def _by_cells(known: np.ndarray, rows: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
    """By cells as long as these help; what they leave open is compared with all."""
    indices, distances = np.empty((len(rows), k), np.int64), np.empty((len(rows), k))
    is_open = np.ones(len(rows), bool)
    cells, start, at_once = Cells(known), 0, TRIED_ROWS
    while start < len(rows):
        part = slice(start, start + at_once)
        candidates, beyond = cells.candidates(rows[part], k + SPARE)
        indices[part], squares = _measured(known, rows[part], candidates, k, None)
        distances[part] = np.sqrt(squares)
        is_open[part] = _may_be_missed(squares, beyond)
        if cells.compared > WORTH_COMPARING or is_open[part].mean() > WORTH_LEAVING:
            break
        start, at_once = start + at_once, CELLS_ROWS
    rest = np.flatnonzero(is_open)
    if len(rest):
        indices[rest], distances[rest] = _by_all(known, rows[rest], k, None)
    return indices, distances


def _measured(
    known: np.ndarray, rows: np.ndarray, candidates: np.ndarray, k: int, present: np.ndarray | None
) -> tuple[np.ndarray, np.ndarray]:
    """(N, k) nearest of some candidates (N, c) of each row, and their squared distances in double precision."""
    indices, squares = np.empty((len(rows), k), np.int64), np.empty((len(rows), k))
    at_once = max(1, MEASURED_VALUES // max(1, candidates.shape[1] * rows.shape[1]))
    for start in range(0, len(rows), at_once):
        chunk = slice(start, start + at_once)
        exact = _squared(rows[chunk, None], known[candidates[chunk]], None if present is None else present[chunk, None])
        order = np.argsort(exact, axis=1, kind="stable")[:, :k]
        indices[chunk] = np.take_along_axis(candidates[chunk], order, 1)
        squares[chunk] = np.take_along_axis(exact, order, 1)
    return indices, squares


def _may_be_missed(squares: np.ndarray, beyond: np.ndarray) -> np.ndarray:
    """(N,) whether a row that was no candidate may be nearer than the furthest that was taken."""
    # Nothing is nearer than at no distance at all: of many equal rows any will do.
    return (squares[:, -1] > beyond) & (squares[:, -1] > 0)


def _candidates(
    known: np.ndarray, rows: np.ndarray, n: int, present: np.ndarray | None
) -> tuple[np.ndarray, np.ndarray]:
    """(N, n) rows that are nearest in single precision; (N,) square of a distance below which no other row lies."""
    # From a common centre, so that small differences are not lost in large values.
    centre = known[:CENTRE_ROWS].mean(0, dtype=np.float64)
    offsets = _offsets(rows, centre)
    known_values = None if present is None else torch.from_numpy(present.astype(np.float32))
    if known_values is not None:
        offsets *= known_values
    own = offsets.square().sum(1)
    rough = torch.full((len(rows), 0), torch.inf)
    indices = torch.empty((len(rows), 0), dtype=torch.int64)
    longest = 0.0
    at_once = min(KNOWN_CHUNK, max(1, KNOWN_VALUES // max(1, rows.shape[1])))
    # One place for all distances: a new one each time costs as much as the product, and leaves memory in pieces.
    room = torch.empty(min(CHUNK, len(rows)) * min(at_once, len(known)))
    for start in range(0, len(known), at_once):
        table = _offsets(known[start : start + at_once], centre)
        squares = table.square()
        norms = squares.sum(1)
        longest = max(longest, float(norms.max()))
        best = [
            _best(offsets[i], table, norms if known_values is None else known_values[i] @ squares.T, n, room)
            for i in _parts(len(rows))
        ]
        rough = torch.cat([rough, torch.cat([values for values, _ in best])], 1)
        indices = torch.cat([indices, start + torch.cat([places for _, places in best])], 1)
        if rough.shape[1] > n:
            rough, kept = torch.topk(rough, n, dim=1, largest=False)
            indices = indices.gather(1, kept)
    if n == len(known):
        return indices.numpy(), np.full(len(rows), np.inf)
    # What rounding adds up to in a product of so many values, with a probability next to 1 (Higham and Mary 2019).
    error = 8 * UNIT_ROUNDOFF * rows.shape[1] ** 0.5 * (own.double() + longest)
    beyond = rough.amax(1).double() + own.double() - error
    if present is not None:
        beyond *= torch.from_numpy(present.shape[1] / np.maximum(present.sum(1), 1))
    return indices.numpy(), beyond.numpy()


def _offsets(rows: np.ndarray, centre: np.ndarray) -> Tensor:
    """Rows from a centre in single precision; those of double precision are rounded only after it is taken off."""
    if rows.dtype == np.float64:
        return torch.from_numpy((rows - centre).astype(np.float32))
    return torch.from_numpy(rows.astype(np.float32) - centre.astype(np.float32))


def _best(offsets: Tensor, table: Tensor, of_known: Tensor, n: int, room: Tensor) -> tuple[Tensor, Tensor]:
    """The n smallest squared distances of some rows from some known ones, without the rows' own squares; unordered."""
    rough = room[: len(offsets) * len(table)].view(len(offsets), len(table))
    torch.addmm(of_known, offsets, table.T, alpha=-2, out=rough)
    return smallest(rough, min(n, len(table)))


def smallest(values: Float[Tensor, "rows n"], k: int) -> tuple[Float[Tensor, "rows k"], Int[Tensor, "rows k"]]:
    """The k smallest values of each row and where they stand, unordered; three times as fast as ``torch.topk`` alone.

    They lie in the k groups of values whose least ones are the smallest: so it is enough to look into these.
    """
    n = values.shape[1]
    groups = n // GROUP
    if groups < 2 * k:
        least, places = torch.topk(values, k, dim=1, largest=False, sorted=False)
        return least, places
    # Each group stands in a column, so that neighbouring ones are compared at once.
    grouped = values[:, : groups * GROUP].reshape(len(values), GROUP, groups)
    columns = smallest(grouped.amin(1), k)[1][:, None].expand(-1, GROUP, -1)
    within = columns + groups * torch.arange(GROUP)[:, None]
    rest = torch.arange(groups * GROUP, n).expand(len(values), -1)
    candidates = torch.cat([within.flatten(1), rest], 1)
    least, places = smallest(values.gather(1, candidates), k)
    return least, candidates.gather(1, places)


def _parts(n: int) -> list[slice]:
    return [slice(start, start + CHUNK) for start in range(0, n, CHUNK)]


def _in_double_precision(
    known: np.ndarray, row: np.ndarray, k: int, present: np.ndarray | None
) -> tuple[np.ndarray, np.ndarray]:
    """(k,) nearest known rows to one row (1, D), and their squared distances, each measured exactly."""
    parts = [known[start : start + KNOWN_CHUNK] for start in range(0, len(known), KNOWN_CHUNK)]
    if present is None:
        squares = np.concatenate([cdist(row, part, "sqeuclidean")[0] for part in parts])
    else:
        squares = np.concatenate([_squared(row, part, present) for part in parts])
    order = np.argsort(squares, kind="stable")[:k]
    return order, squares[order]


def _squared(rows: np.ndarray, others: np.ndarray, present: np.ndarray | None) -> np.ndarray:
    """(*n,) squared distances of pairs of rows (*n, D)."""
    offsets = rows - others.astype(np.float64)
    if present is None:
        return np.einsum("...d,...d->...", offsets, offsets)
    squares = np.einsum("...d,...d,...d->...", offsets, offsets, present.astype(np.float64))
    return squares * present.shape[-1] / np.maximum(present.sum(-1), 1)


def _without(itself: np.ndarray, indices: np.ndarray, distances: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Neighbours without the row itself, which is nearly always the first."""
    # Where rows coincide it can be later, or not among them at all: then the last goes.
    is_self = indices == itself[:, None]
    is_self[~is_self.any(1), -1] = True
    shape = len(indices), indices.shape[1] - 1
    return indices[~is_self].reshape(shape), distances[~is_self].reshape(shape)
