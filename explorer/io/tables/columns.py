"""What a column of a table holds: cells, chunks of rows, and what all cells of a column are like."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from jaxtyping import Float, Int

from explorer.io.tables import forms, numbers
from explorer.io.tables.numbers import MOSTLY

CHUNK_ROWS = 20_000
CODED = 0.005
"""A column with a larger share of cells such as 007 holds codes: a number or two may be padded by accident."""
_WRAP, _EXACT = 1 << 64, 2**53
SENTINELS = (-9.0, -99.0, -999.0, -9999.0, -99999.0, -999.9, -9999.9, 999.0, 9999.0, 99999.0, 999999.0)
"""Numbers that programs write where a measurement is missing."""
MANY = 64
"""Different values of a column that are remembered; of more it has many."""

Cells = list[str] | np.ndarray
"""One column of some rows: text as it stands in the file, or float64 numbers with NaN where a value is missing."""


@dataclass(frozen=True, eq=False)
class Chunk:
    """Some rows of a table.

    Args:
        rows: (n,) int64 number of each row in its file, counted from 1 below the header; rows that were passed over
            and empty lines count too.
        cells: of each column, (n,).
    """

    rows: Int[np.ndarray, " n"]
    cells: dict[str, Cells]

    def __len__(self) -> int:
        return len(self.rows)


@dataclass
class ColumnFacts:
    """What all cells of a column are like.

    Args:
        name: of the column.
        n: cells.
        missing: those that hold nothing.
        numbers: those that are numbers.
        low, high: the least and the greatest number, in double precision; NaN without one.
        fractions: numbers that are not whole.
        steps: differences between neighbouring rows' numbers, as (least, greatest); NaN with fewer than two rows.
        values: some different cells as they are written, at most ``MANY``.
        many: there are more.
        stray: a cell that is no number, in a column of numbers.
        with_signs, signed: how many cells are no numbers but digits with other signs, as ~5 or 1:20, and one of them.
        longest: characters of its longest cell.
        units: that its numbers have ("%", "kg"), each with how many, and "" of those that have none.
        otherwise: the first number that is not written as usual, such as (93.90), and its value; None: all are.
        version: a number that ends in a zero where others have fewer decimals, as 1.10 beside 1.9; empty: none does.
        leading_zeros: cells such as 007.
        sentinels: how many cells hold each number that may stand for a missing value.
        total: of all numbers.
        last: number of the last row, NaN where its cell is none.
        is_text: the file says that it is text, whatever its cells look like.
        names_rows: why it names rows whatever its cells are, as the index of a data frame; empty: nothing says so.
    """

    name: str
    n: int = 0
    missing: int = 0
    numbers: int = 0
    low: float = np.nan
    high: float = np.nan
    fractions: int = 0
    steps: tuple[float, float] = (np.nan, np.nan)
    values: dict[str, None] = field(default_factory=dict)
    many: bool = False
    stray: str = ""
    with_signs: int = 0
    signed: str = ""
    longest: int = 0
    units: Counter[str] = field(default_factory=Counter)
    otherwise: tuple[str, float] | None = None
    version: str = ""
    leading_zeros: int = 0
    sentinels: Counter[float] = field(default_factory=Counter)
    total: float = 0.0
    last: float = np.nan
    is_text: bool = False
    names_rows: str = ""
    _usual: tuple[float, float] = (np.nan, np.nan)
    _first: float = np.nan
    _sums: tuple[int, int] = (0, 0)

    @property
    def is_number(self) -> bool:
        """Nearly all cells that hold something are numbers, of one unit, no codes such as 007, not said to be text."""
        mostly = not self.is_text and self.numbers > 0 and self.numbers >= MOSTLY * (self.n - self.missing)
        return mostly and len(self.units) <= 1 and not self.is_coded

    @property
    def unit(self) -> str:
        """The unit of its numbers; empty: they have none."""
        return next(iter(self.units), "") if len(self.units) == 1 else ""

    @property
    def is_coded(self) -> bool:
        """Its digits name things: some begin with a zero."""
        return self.leading_zeros > CODED * self.numbers

    @property
    def is_permutation(self) -> bool:
        """Each whole number from the least to the greatest stands in just one cell, in any order."""
        n = self.n
        if not self.is_whole or self.missing or self.numbers < n or self.high - self.low != n - 1:
            return False
        first = int(self.low - self._first)  # of the sorted differences from the first number
        total = n * first + n * (n - 1) // 2
        squares = n * first**2 + first * n * (n - 1) + (n - 1) * n * (2 * n - 1) // 6
        return self._sums == (total % _WRAP, squares % _WRAP)

    @property
    def different(self) -> str:
        """How many different values it has, in words."""
        return f"more than {len(self.values)}" if self.many else f"{len(self.values)}"

    @property
    def is_whole(self) -> bool:
        """All are whole numbers."""
        return self.is_number and not self.fractions

    @property
    def is_constant(self) -> bool:
        """All rows hold the same, told in double precision for numbers and by the letter for text."""
        if self.is_number:
            return self.low == self.high and not self.stray
        return len(self.values) == 1 and not self.many

    def add(self, values: Float[np.ndarray, " n"], cells: pa.Array | None = None) -> None:
        """Add rows.

        Args:
            values: (n,) numbers, NaN where a cell is none.
            cells: (n,) the same as trimmed text; None: each cell is a number or holds nothing.
        """
        is_nan = np.isnan(values)
        missing = is_nan
        if cells is not None and is_nan.any():
            missing = numbers.is_missing(cells).to_numpy(zero_copy_only=False)
            is_stray = is_nan & ~missing
            if is_stray.any() and not self.stray:
                self.stray = cells[int(is_stray.argmax())].as_py()
            signed = forms.with_signs(cells.filter(pa.array(is_stray)))
            self.with_signs += len(signed)
            self.signed = self.signed or (signed[0].as_py() if len(signed) else "")
        if cells is not None and not is_nan.all():
            written = cells.filter(pa.array(~is_nan))
            self.units += forms.units(written)
            place = -1 if self.otherwise else forms.first_otherwise(written)
            if place >= 0:
                self.otherwise = written[place].as_py(), float(values[~is_nan][place])
            if not self.version and not self.many:
                self.version = forms.first_version(written)
            self.leading_zeros += numbers.leading_zeros(written)
        self._add_numbers(values, is_nan)
        self.missing += int(missing.sum())
        if not self.many:
            self._add_values(values[~is_nan], None if cells is None else cells.filter(pa.array(~missing)))
        if cells is not None and is_nan.all():
            self.longest = max(self.longest, int(pc.max(pc.utf8_length(cells)).as_py() or 0))

    def _add_numbers(self, values: np.ndarray, is_nan: np.ndarray) -> None:
        gaps = bool(is_nan.any())
        finite = values[np.isfinite(values)] if gaps or not np.isfinite(values).all() else values
        if len(finite):
            low, high = float(finite.min()), float(finite.max())
            self._add_usual(finite, low, high)
            self.low, self.high = float(np.fmin(self.low, low)), float(np.fmax(self.high, high))
            self.total += float(finite.sum())
            self.fractions += int((np.floor(finite) != finite).sum())
            if not self.fractions and max(-self.low, self.high) < _EXACT:
                self._add_sums(finite)
        ordered = np.concatenate([[self.last], values]) if self.n else values
        if len(ordered) > 1:
            with np.errstate(invalid="ignore"):  # from one infinite number to the next is no step
                steps = np.diff(ordered)
            unknown = gaps or bool(np.isnan(ordered[0]))  # a gap breaks the order
            least, greatest = (
                (-np.inf, np.inf) if unknown else (float(np.fmin.reduce(steps)), float(np.fmax.reduce(steps)))
            )
            self.steps = float(np.fmin(self.steps[0], least)), float(np.fmax(self.steps[1], greatest))
        self.last = float(values[-1]) if len(values) else self.last
        self.n += len(values)
        self.numbers += len(values) - int(is_nan.sum())

    def _add_usual(self, finite: np.ndarray, low: float, high: float) -> None:
        if low in SENTINELS or high in SENTINELS:
            is_sentinel = np.isin(finite, SENTINELS)
            self.sentinels.update(finite[is_sentinel].tolist())
            usual = finite[~is_sentinel]
            low, high = (float(usual.min()), float(usual.max())) if len(usual) else (np.nan, np.nan)
        self._usual = float(np.fmin(self._usual[0], low)), float(np.fmax(self._usual[1], high))

    @property
    def missing_number(self) -> tuple[float, int] | None:
        """A number that may stand for a missing value, and in how many cells: several, far from all others."""
        low, high = self._usual
        for value, n in self.sentinels.items():
            if n > 1 and (value < low - (high - low) or value > high + (high - low)):
                return value, n
        return None

    def _add_sums(self, whole: np.ndarray) -> None:
        if np.isnan(self._first):
            self._first = float(whole[0])
        # Sums that wrap around tell permutations as well as true ones, and never grow too large.
        away = (whole - self._first).astype(np.int64).view(np.uint64)
        total, squares = (int(part.sum(dtype=np.uint64)) for part in (away, away * away))
        self._sums = ((self._sums[0] + total) % _WRAP, (self._sums[1] + squares) % _WRAP)

    def _add_values(self, known: np.ndarray, cells: pa.Array | None) -> None:
        if len(known) and len(np.unique(known[:1000])) > MANY and (cells is None or self.numbers == self.n):
            self.many = True
            self.values |= dict.fromkeys(as_text(np.unique(known[:1000])[:MANY]))
            return
        texts = as_text(np.unique(known)) if cells is None else pc.unique(cells).to_pylist()
        for value in texts:
            if len(self.values) >= MANY and value not in self.values:
                self.many = True
                return
            self.values[value] = None


def as_text(values: Float[np.ndarray, " n"]) -> list[str]:
    """Numbers as text: whole ones without a decimal point, none shortened, missing ones empty."""
    whole = np.isfinite(values) & (np.floor(values) == values) & (np.abs(values) < 2**53)
    texts = [str(int(v)) if w else repr(v) for v, w in zip(values.tolist(), whole.tolist(), strict=True)]
    return ["" if text == "nan" else text for text in texts]


def are_exact(values: Float[np.ndarray, " n"]) -> bool:
    """Whether double precision keeps all digits of whole numbers (n,), NaN for a missing one: they are small enough."""
    return not bool((np.abs(values) >= _EXACT).any())


def is_index(name: str) -> bool:
    """Whether the name above a column is none, or what pandas puts there when it reads a file without one."""
    return not name or bool(re.match(r"Unnamed: \d", name))


def told_apart(names: Sequence[str]) -> tuple[str, ...]:
    """Names of which none is the same as an earlier one: a second "a" becomes "a (2)"."""
    counts: dict[str, int] = {}
    taken = set(names)
    told: list[str] = []
    for name in names:
        counts[name] = counts.get(name, 0) + 1
        if counts[name] == 1:
            told.append(name)
            continue
        number = counts[name]
        while f"{name} ({number})" in taken:
            number += 1
        taken.add(f"{name} ({number})")
        told.append(f"{name} ({number})")
    return tuple(told)
