"""Windows of a series as rows of a table, so that whatever scores rows scores them."""

from __future__ import annotations

import itertools
import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from jaxtyping import Float, Int, Shaped
from numpy.lib.stride_tricks import sliding_window_view
from pydantic import BaseModel, ConfigDict, Field

from explorer.data.cells import as_written, numbers, pick
from explorer.data.table_rows import TableRows
from explorer.io.tables.columns import CHUNK_ROWS, Cells, Chunk
from explorer.io.tables.date_cells import Order, to_seconds

MAX_VALUES = 1 << 22
"""Of windows that are in memory at once."""


class Windows(BaseModel):
    """How a series is cut into windows; kept with a detector, so that new data is cut the same way.

    Args:
        columns: C columns of numbers that are followed through time.
        length: L, rows of a window.
        step: rows from the beginning of one to that of the next, at most L.
        time: the column of times; empty: there is none, rows follow one another as in the file.
        order: how its dates are written; None: they are numbers.
        spacing: from one row to the next, in seconds or in the unit of the column, the median; 0: without times.
        longest: from one row to the next at most; no window lies across more.
        reason: why L was chosen, in a few words.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    columns: tuple[str, ...] = Field(min_length=1)
    length: int = Field(ge=2)
    step: int = Field(ge=1)
    time: str = ""
    order: Order | None = None
    spacing: float = Field(default=0.0, ge=0)
    longest: float = Field(default=0.0, ge=0)
    reason: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """(C * L) names of a window's values: all of the first column, then all of the next."""
        return tuple(f"{column} at {i}" for column in self.columns for i in range(self.length))

    def by_column(self, parts: Float[np.ndarray, "n d"], names: Sequence[str]) -> Float[np.ndarray, "n c"]:
        """(n, C) parts of windows' scores, summed over the rows of each column.

        Args:
            parts: (n, D) of some of the values.
            names: (D,) which these are.
        """
        place = {name: i // self.length for i, name in enumerate(self.names)}
        of_column = np.array([place[name] for name in names], np.int64)
        return np.stack([parts[:, of_column == c].sum(1) for c in range(len(self.columns))], axis=1)

    def through_time(self, cells: Mapping[str, Cells]) -> dict[str, Float[np.ndarray, "n l"]]:
        """(n, L) values of n windows by column; NaN where one is missing.

        Args:
            cells: (n,) of those names of the windows' values that are there.
        """
        n = len(next(iter(cells.values())))
        unknown = np.full(n, np.nan)
        of_names = [np.asarray(cells.get(name, unknown), np.float64) for name in self.names]
        starts = range(0, len(of_names), self.length)
        return {
            column: np.stack(of_names[start : start + self.length], axis=1)
            for column, start in zip(self.columns, starts, strict=True)
        }

    @property
    def overlapping(self) -> int:
        """How many windows that follow one another share a row; those that lie so far apart share none."""
        return math.ceil(self.length / self.step)

    @property
    def words(self) -> str:
        """In a few words, such as "windows of 64 rows of `heart` (a period of 64 rows was found)"."""
        columns = ", ".join(f"`{column}`" for column in self.columns)
        why = f" ({self.reason})" if self.reason else ""
        return f"windows of {self.length:,} rows of {columns}{why}"

    def begins(
        self, rows: Int[np.ndarray, " n"], times: Float[np.ndarray, " n"] | None, before: tuple[int, float] | None
    ) -> Int[np.ndarray, " k"]:
        """Positions of rows (n,) that do not follow the one before.

        Args:
            rows: their numbers in the file: a row that was passed over is missing among them.
            times: of the rows; None: there are none.
            before: number and time of the row before the first; None: there is none.
        """
        if before is None:
            follows = np.concatenate([[False], np.diff(rows) == 1])
            steps = np.array([]) if times is None else np.diff(times)
            first = 1
        else:
            follows = np.diff(rows, prepend=before[0]) == 1
            steps = np.array([]) if times is None else np.diff(times, prepend=before[1])
            first = 0
        if times is not None:
            with np.errstate(invalid="ignore"):  # no time: nobody knows whether it follows
                follows[first:] &= (steps > 0) & (steps <= self.longest)
        return np.flatnonzero(~follows)


def as_times(cells: Cells, order: Order | None) -> Float[np.ndarray, " n"]:
    """(n,) times in seconds, or in the unit of their numbers; NaN where a cell is none.

    Args:
        order: how dates are written; None: they are numbers.
    """
    return numbers(cells) if order is None else to_seconds(cells, order)


@dataclass(frozen=True, eq=False)
class _Stretch:
    """Rows that follow one another."""

    numbers: np.ndarray
    cells: dict[str, Cells]

    def __len__(self) -> int:
        return len(self.numbers)

    def part(self, start: int, stop: int | None = None) -> _Stretch:
        return _Stretch(self.numbers[start:stop], {name: cells[start:stop] for name, cells in self.cells.items()})

    def followed_by(self, others: _Stretch) -> _Stretch:
        cells = {name: _joined(own, others.cells[name]) for name, own in self.cells.items()}
        return _Stretch(np.concatenate([self.numbers, others.numbers]), cells)


def _joined(first: Cells, second: Cells) -> Cells:
    if isinstance(first, np.ndarray):
        return np.concatenate([first, np.asarray(second)])
    return [*first, *second]


class WindowRows:
    """The windows of a series as a table: a row of L values of each column for each window.

    A window's number is that of its first row in the file, and its cells in other columns are those of that row. No
    window lies across a row that was passed over, or a gap in the times.

    Args:
        rows: the series.
        windows: how it is cut.
        label: the column of labels: a window has those of all its rows; None: there is none.
        labels: (N,) text, where labels stand beside the columns and rows are numbered without gaps; None: they do not.
        step: rows from the beginning of one window to that of the next; None: as in ``windows``.

    Attributes:
        labels: (n,) of the windows, from these; None where there are none.
    """

    mixed: frozenset[str] = frozenset()
    has_names = True

    def __init__(
        self,
        rows: TableRows,
        windows: Windows,
        label: str | None = None,
        labels: Shaped[np.ndarray, " n"] | None = None,
        step: int | None = None,
    ) -> None:
        self.name, self.contract, self.columns = rows.name, rows.contract, windows.names
        self._rows, self._windows, self._label = rows, windows, label
        self._step = step or windows.step
        self.labels = None if labels is None else self._joined_labels(labels)

    def times(self) -> Iterator[Chunk]:
        """The rows themselves, some at a time, with their times as they are written where there are any."""
        time = self._windows.time
        for chunk in self._rows.chunks(as_text=[time] if time else [], only=[time or self._rows.columns[0]]):
            yield Chunk(chunk.rows, {time: as_written(chunk.cells[time])} if time else {})

    def chunks(
        self,
        rows: int = CHUNK_ROWS,
        as_text: Collection[str] = (),
        as_numbers: Collection[str] = (),
        only: Collection[str] | None = None,
    ) -> Iterator[Chunk]:
        """Windows, at most so many at a time; see ``TableRows``."""
        values = only is None or any(name in only for name in self.columns)
        label = [self._label] if self._label is not None and (only is None or self._label in only) else []
        along = [name for name in only or () if name in self._rows.columns and name not in label]
        held: _Stretch | None = None
        for begins, part in self._stretches([*along, *label], values):
            held = part if begins or held is None else held.followed_by(part)
            n = (len(held) - self._windows.length) // self._step + 1
            if n > 0:
                yield from self._of(held, n, rows, along, label, values)
                held = held.part(n * self._step)

    def _joined_labels(self, labels: np.ndarray) -> np.ndarray:
        numbers_ = [chunk.rows for chunk in self.chunks(only=())]
        first = next(chunk.rows[0] for chunk in self._rows.chunks(only=[self._rows.columns[0]]) if len(chunk))
        firsts = np.concatenate([*numbers_, np.empty(0, np.int64)]) - first
        return np.array(_of_all(labels.tolist(), firsts, self._windows.length), str)

    def arrays(self, columns: Collection[str]) -> Iterator[dict[str, pa.Array]]:
        """Other columns than the windows' own as text, (n,) of the windows of each of ``chunks()``."""
        for chunk in self.chunks(only=columns):
            yield {column: pa.array(as_written(chunk.cells[column]), pa.string()) for column in columns}

    def counts(self) -> tuple[int, int, int]:
        """How many windows and stretches of rows there are, and in how many rows of these there is no whole window."""
        lengths: list[int] = []
        for begins, part in self._stretches((), values=False):
            lengths += [0] * begins
            lengths[-1] += len(part)
        of_each = [max(0, (n - self._windows.length) // self._step + 1) for n in lengths]
        short = sum(n for n, whole in zip(lengths, of_each, strict=True) if not whole)
        return sum(of_each), len(lengths), short

    def _stretches(self, along: Collection[str], values: bool) -> Iterator[tuple[bool, _Stretch]]:
        """Rows that follow one another, some at a time, and whether they are the first of their stretch."""
        windows = self._windows
        columns = list(windows.columns) if values else []
        time = [windows.time] if windows.time else []
        as_numbers = [*columns, *(time if windows.order is None else [])]
        as_text = [name for name in along if name not in as_numbers]
        wanted = {*columns, *time, *along} or {self._rows.columns[0]}
        before: tuple[int, float] | None = None
        for chunk in self._rows.chunks(as_text=as_text, as_numbers=as_numbers, only=wanted):
            if not len(chunk):
                continue
            times = as_times(chunk.cells[windows.time], windows.order) if time else None
            starts = windows.begins(chunk.rows, times, before)
            before = int(chunk.rows[-1]), float("nan") if times is None else float(times[-1])
            cells: dict[str, Cells] = {name: numbers(chunk.cells[name]) for name in columns}
            cells |= {name: as_written(chunk.cells[name]) for name in along if name not in cells}
            all_rows = _Stretch(chunk.rows, cells)
            ends = [*starts.tolist(), len(chunk)]
            if ends[0]:
                yield False, all_rows.part(0, ends[0])
            for start, end in itertools.pairwise(ends):
                yield True, all_rows.part(start, end)

    def _of(
        self, held: _Stretch, n: int, rows: int, along: Collection[str], label: Collection[str], values: bool
    ) -> Iterator[Chunk]:
        windows = self._windows
        at_once = max(1, min(rows, MAX_VALUES // len(self.columns)))
        for start in range(0, n, at_once):
            firsts = np.arange(start, min(n, start + at_once)) * self._step
            cells: dict[str, Cells] = {name: as_written(pick(held.cells[name], firsts)) for name in along}
            cells |= {name: _of_all(held.cells[name], firsts, windows.length) for name in label}
            for place, column in enumerate(windows.columns if values else ()):
                of_column = sliding_window_view(np.asarray(held.cells[column]), windows.length)[firsts]
                names = self.columns[place * windows.length : (place + 1) * windows.length]
                cells |= dict(zip(names, of_column.T, strict=True))
            yield Chunk(held.numbers[firsts], cells)


def _of_all(labels: Cells, firsts: np.ndarray, length: int) -> list[str]:
    """The labels of the rows of each window, each once."""
    return [" and ".join(sorted({*labels[i : i + length]} - {""})) for i in firsts.tolist()]
