"""Known rows in cells, so that of most cells none has to be compared with a row that is far from them.

The cells are boxes in a few directions, those in which the known rows vary most, and in how far a row is from these. A
row is never nearer to what is in a box than to the box. How far the nearest known rows are at most is known from the
nearest box; boxes beyond that have no nearer ones.

Source: Friedman, Bentley and Finkel 1977 (cells by medians); the directions, Sproull 1991.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float, Int, Num
from torch import Tensor

MIN_VALUES, MAX_VALUES = 7, 256
"""Rows of fewer or more values are compared as quickly without cells."""
MAX_KNOWN_VALUES = 1 << 23
"""Values of known rows, which are held in double precision for a while."""
MIN_KNOWN, MIN_ROWS = 4096, 1024
"""Fewer known rows, or fewer that ask, do not pay for cells."""
CELL_ROWS = 256
"""Known rows of a cell: at least so many, and less than twice as many."""
DIRECTIONS, FIT_ROWS = 8, 2048
"""In how many directions boxes are told apart, and known rows that these are found from; any would be right."""
MOST = 128
"""Rows that have more known rows than this within their bound are left to another search."""
UNIT_ROUNDOFF = 2.0**-24


def pays(known: Num[np.ndarray, "n d"], rows: Num[np.ndarray, "m d"], n: int) -> bool:
    """Whether cells are worth a try for n candidates of each row: whether they help depends on the known rows."""
    is_fit = MIN_VALUES <= known.shape[1] <= MAX_VALUES and known.size <= MAX_KNOWN_VALUES
    return is_fit and len(known) >= MIN_KNOWN and len(rows) >= MIN_ROWS and n <= MOST // 4


@dataclass(frozen=True, eq=False)
class _Cell:
    """(m,) positions of known rows, (m, D) themselves from the centre, (m,) their squared lengths, and their box."""

    positions: np.ndarray
    rows: Tensor
    lengths: Tensor
    low: np.ndarray
    high: np.ndarray


class Cells:
    """Known rows (n, D) in cells.

    Attributes:
        compared: share of all pairs of rows that the last search compared.
    """

    def __init__(self, known: Num[np.ndarray, "n d"]) -> None:
        # Any directions would be right; these rows make good ones.
        sample = known[:: -(-len(known) // FIT_ROWS)].astype(np.float64)
        self._centre = sample.mean(0)
        offsets = sample - self._centre
        self._directions = np.ascontiguousarray(np.linalg.eigh(offsets.T @ offsets)[1][:, ::-1][:, :DIRECTIONS])
        offsets = known - self._centre
        places, values = self._places(offsets), torch.from_numpy(offsets.astype(np.float32))
        lengths = values.square().sum(1)
        self._longest, self._n = float(lengths.max()), len(known)
        self._cells = [
            _Cell(part, values[part], lengths[part], places[part].min(0), places[part].max(0))
            for part in _halved(places)
        ]
        self.compared = 0.0

    def candidates(
        self, rows: Num[np.ndarray, "m d"], n: int
    ) -> tuple[Int[np.ndarray, "m n"], Float[np.ndarray, " m"]]:
        """(N, n) known rows that are nearest in single precision, and (N,) a bound.

        Returns:
            the positions of known rows, and of each row the square of a distance below which no other known row lies;
            -inf where that is not known.
        """
        offsets = rows - self._centre
        values = torch.from_numpy(offsets.astype(np.float32))
        own = values.square().sum(1).numpy()
        # What rounding adds up to in a product of so many values, with a probability next to 1 (Higham and Mary 2019).
        error = 8 * UNIT_ROUNDOFF * rows.shape[1] ** 0.5 * (own + self._longest)
        to_boxes = self._squared_distances_from_boxes(self._places(offsets))
        bounds = self._bounds(values, to_boxes.argmin(0), n)
        rough = np.full((len(rows), MOST), np.inf, np.float32)
        positions = np.zeros((len(rows), MOST), np.int32)
        counts = np.zeros(len(rows), np.int64)
        compared = 0
        for cell, distances in zip(self._cells, to_boxes, strict=True):
            near = np.flatnonzero(distances <= bounds + own + error)
            compared += len(near) * len(cell.rows)
            squares = _product(values[near], cell)
            # Far quicker than ``nonzero`` of two axes.
            pairs = np.flatnonzero(squares <= bounds[near, None])
            which, other = np.divmod(pairs, len(cell.rows))
            of_row = np.bincount(which, minlength=len(near))
            places = counts[near][which] + np.arange(len(pairs)) - (np.cumsum(of_row) - of_row)[which]
            fits = places < MOST
            at = near[which[fits]], places[fits]
            rough[at], positions[at] = squares.ravel()[pairs[fits]], cell.positions[other[fits]]
            counts[near] += of_row
        self.compared = compared / max(1, len(rows) * self._n)
        kept = np.argpartition(rough, n - 1, axis=1)[:, :n]
        beyond = np.take_along_axis(rough, kept, 1).max(1).astype(np.float64) + own - error
        return np.take_along_axis(positions, kept, 1).astype(np.int64), np.where(counts > MOST, -np.inf, beyond)

    def _places(self, offsets: np.ndarray) -> np.ndarray:
        """(n, q) single precision: components in the directions, and the length of what they leave."""
        leading = offsets @ self._directions
        rest = offsets - leading @ self._directions.T
        return np.column_stack([leading, np.sqrt(np.einsum("nd,nd->n", rest, rest))]).astype(np.float32)

    def _squared_distances_from_boxes(self, places: np.ndarray) -> np.ndarray:
        """(cells, N), 0 within a box."""
        by_direction = np.ascontiguousarray(places.T)
        squares = np.zeros((len(self._cells), len(places)), np.float32)
        for cell, total in zip(self._cells, squares, strict=True):
            for low, high, values in zip(cell.low, cell.high, by_direction, strict=True):
                outside = np.maximum(low - values, values - high)
                np.maximum(outside, 0, out=outside)
                total += np.square(outside, out=outside)
        return squares

    def _bounds(self, values: Tensor, homes: np.ndarray, n: int) -> np.ndarray:
        """(N,) the n-th smallest squared distance from rows of the nearest cell, without the row's own square."""
        bounds = np.empty(len(homes), np.float32)
        order = np.argsort(homes, kind="stable")
        ends = np.searchsorted(homes[order], np.arange(len(self._cells) + 1))
        for cell, start, end in zip(self._cells, ends[:-1], ends[1:], strict=True):
            inside = order[start:end]
            if len(inside):
                bounds[inside] = np.partition(_product(values[inside], cell), n - 1, axis=1)[:, n - 1]
        return bounds


def _halved(places: np.ndarray) -> list[np.ndarray]:
    """Positions of rows in cells of equal numbers, halved where they vary most."""
    parts = [np.arange(len(places))]
    while len(parts[0]) >= 2 * CELL_ROWS:
        halves = []
        for part in parts:
            values = places[part, places[part].var(0).argmax()]
            order, middle = np.argpartition(values, len(part) // 2), len(part) // 2
            halves += [part[order[:middle]], part[order[middle:]]]
        parts = halves
    return parts


def _product(values: Tensor, cell: _Cell) -> np.ndarray:
    """(n, m) squared distances from the rows of a cell, without the rows' own squares."""
    return torch.addmm(cell.lengths, values, cell.rows.T, alpha=-2).numpy()
