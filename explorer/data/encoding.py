"""A table's columns as numbers that a model can learn from: learnt on normal rows, kept, applied to any others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Literal

import numpy as np
from jaxtyping import Bool, Float
from pydantic import BaseModel, ConfigDict, Field

from explorer.core.errors import DataError
from explorer.data.cells import numbers, texts
from explorer.data.column_names import matched_columns
from explorer.io.tables.categories import EQUALS, OTHER, coded, coded_names, likeliest
from explorer.io.tables.categories import MAX_VALUES as MAX_ASKED
from explorer.io.tables.columns import Cells
from explorer.io.tables.numbers import MOSTLY

MAX_VALUES = 50
"""A column of text with more different values than this names things (an id, a remark) and is left out."""
LIMIT = 1e4
"""Standard deviations at which a value stops to count for more, so that no sum of squares overflows."""
CHANGED = 10.0
"""What a column that never varied counts where it differs, in standard deviations."""


@dataclass
class Remarks:
    """What was unusual about encoded rows: (column, what) and in how many rows, for one message at the end."""

    rows: int = 0
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    text: Counter[str] = field(default_factory=Counter)
    """Cells of a column of numbers that hold text, by column."""
    examples: dict[str, str] = field(default_factory=dict)
    """One such cell of each."""

    def add(self, column: str, what: str, rows: Bool[np.ndarray, " n"]) -> None:
        """Count rows (n,) bool."""
        if n := int(rows.sum()):
            self.counts[column, what] += n

    def check(self) -> None:
        """Refuse text in more than a tenth of the rows of a column of numbers: asked when all rows are encoded.

        Raises:
            DataError: with the column's name.
        """
        for name, n in self.text.items():
            if n > (1 - MOSTLY) * self.rows:
                text = self.examples[name]
                raise DataError(
                    f"The column {name!r} holds text such as {text!r}, where the normal rows have numbers.",
                    "Give the column in the same form as when the detector was fitted.",
                )

    def sentences(self) -> list[str]:
        """One for each column and oddity, in the order they were met."""
        return [f"{column}: {what} in {n:,} of {self.rows:,} rows" for (column, what), n in self.counts.items()]


class _Column(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str


class NumberColumn(_Column):
    """Standardised by mean and standard deviation; missing values get a column of their own where there were some."""

    kind: Literal["number"] = "number"
    mean: float
    std: float
    median: float
    missing: float
    """Share of rows in which it was missing."""

    @property
    def is_of_numbers(self) -> bool:
        """Numbers were learnt, not text."""
        return True

    @property
    def encoded(self) -> list[str]:
        return [self.name, *([f"{self.name} is missing"] if self.missing else [])]

    @property
    def fill(self) -> list[float]:
        return [(self.median - self.mean) / self.std, *([0.0] if self.missing else [])]

    def encode(self, cells: Cells, remarks: Remarks) -> Float[np.ndarray, "n k"]:
        values = _as_numbers(self.name, cells, remarks)
        missing = np.isnan(values)
        scaled = np.clip((values - self.mean) / self.std, -LIMIT, LIMIT)
        if not self.missing:
            remarks.add(self.name, "missing, never so in the normal rows, and ignored", missing)
            return scaled[:, None]
        return np.stack([scaled, _indicator(missing, self.missing)], axis=1)

    def decode(self, columns: Float[np.ndarray, "n k"]) -> Cells:
        """(n, k) encoded -> (n,) values in the column's own unit, NaN where one is missing."""
        return np.asarray(columns[:, 0], np.float64) * self.std + self.mean


class ConstantColumn(_Column):
    """Always the same in the normal rows: 0 where it still is, ``CHANGED`` where it is not."""

    kind: Literal["constant"] = "constant"
    value: float | str

    @property
    def is_of_numbers(self) -> bool:
        """A number was learnt, not text."""
        return not isinstance(self.value, str)

    @property
    def encoded(self) -> list[str]:
        return [self.name]

    @property
    def fill(self) -> list[float]:
        return [0.0]

    def encode(self, cells: Cells, remarks: Remarks) -> Float[np.ndarray, "n k"]:
        if isinstance(self.value, str):
            values = texts(cells)
            missing, same = values == "", values == self.value
        else:
            values = numbers(cells)
            # Text is not missing: it differs.
            missing = np.isnan(values) & (texts(cells) == "") if isinstance(cells, list) else np.isnan(values)
            # A whole number names something exactly; a fraction may have gone through single precision.
            same = values == self.value if self.value % 1 == 0 else np.isclose(values, self.value, rtol=1e-6, atol=0)
        remarks.add(self.name, f"not {_shown(self.value)}, as in every normal row,", ~missing & ~same)
        return np.where(missing, np.nan, np.where(same, 0.0, CHANGED))[:, None]

    def decode(self, columns: Float[np.ndarray, "n k"]) -> Cells:
        """(n, 1) encoded -> (n,) the constant, or OTHER where the value differed."""
        same, other = (_shown(self.value), OTHER) if isinstance(self.value, float) else (self.value, OTHER)
        return ["" if np.isnan(x) else same if abs(x) < CHANGED / 2 else other for x in columns[:, 0]]


class CategoryColumn(_Column):
    """One column for each value and one for values never seen; together they vary as much as one number does."""

    kind: Literal["category"] = "category"
    values: tuple[str, ...]
    """The most frequent first."""
    shares: tuple[float, ...]
    missing: float

    @property
    def is_of_numbers(self) -> bool:
        """Text was learnt."""
        return False

    @property
    def encoded(self) -> list[str]:
        return [*coded_names(self.name, self.values), *([f"{self.name} is missing"] if self.missing else [])]

    @property
    def fill(self) -> list[float]:
        most_frequent = (np.arange(len(self.values) + 1) == 0).astype(float)
        return [*self._scaled(most_frequent[None])[0].tolist(), *([0.0] if self.missing else [])]

    def encode(self, cells: Cells, remarks: Remarks) -> Float[np.ndarray, "n k"]:
        columns = coded(texts(cells), self.values)
        missing = np.isnan(columns[:, 0])
        remarks.add(self.name, "a value that no normal row has", columns[:, -1] == 1)
        columns = self._scaled(columns)
        if not self.missing:
            remarks.add(self.name, "missing, never so in the normal rows, and ignored", missing)
            return columns
        return np.concatenate([columns, _indicator(missing, self.missing)[:, None]], axis=1)

    def decode(self, columns: Float[np.ndarray, "n k"]) -> Cells:
        """(n, k) encoded, or a model's guess at it -> (n,) the likeliest value, empty where it is missing."""
        shares = np.array([*self.shares, 0.0])
        return likeliest(columns[:, : len(shares)] * self.scale + shares, self.values)

    def _scaled(self, columns: np.ndarray) -> np.ndarray:
        return (columns - np.array([*self.shares, 0.0])) / self.scale

    @property
    def scale(self) -> float:
        """What its columns are divided by, so that together they vary as much as one number does."""
        return float(max(1 - float(np.square(self.shares).sum()), 1e-4) ** 0.5)


AnyColumn = Annotated[NumberColumn | ConstantColumn | CategoryColumn, Field(discriminator="kind")]


class TableEncoding(BaseModel):
    """How each column of a table becomes numbers: a frozen value that is saved with a detector.

    Args:
        columns: those that are used, in the order of the table.
        left_out: (column, reason) of the others.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    columns: tuple[AnyColumn, ...]
    left_out: tuple[tuple[str, str], ...] = ()

    @classmethod
    def learn(cls, cells: Mapping[str, Cells], name: str, categories: Collection[str] = ()) -> TableEncoding:
        """From normal rows alone.

        Args:
            cells: of each column, (n,) each.
            name: of the table, for errors.
            categories: columns that are said to be categories, even where their cells are digits.

        Raises:
            DataError: no column can be used.
        """
        columns, left_out = [], []
        for column, values in cells.items():
            learnt = _learn(column, values, column in categories)
            if isinstance(learnt, str):
                left_out.append((column, learnt))
            else:
                columns.append(learnt)
        if all(column.kind == "constant" for column in columns):
            reasons = "; ".join(f"{column}: {reason}" for column, reason in left_out[:3]) or "every column is constant"
            raise DataError(f"{name} has no column that varies and can be used.", f"Left out or constant: {reasons}.")
        return cls(columns=tuple(columns), left_out=tuple(left_out))

    @classmethod
    def plain(cls, names: Sequence[str]) -> TableEncoding:
        """Columns of numbers as they are, for models that standardise them themselves."""
        return cls(columns=tuple(NumberColumn(name=n, mean=0.0, std=1.0, median=0.0, missing=0.0) for n in names))

    @property
    def names(self) -> tuple[str, ...]:
        """The table's columns that are used."""
        return tuple(column.name for column in self.columns)

    @property
    def encoded(self) -> tuple[str, ...]:
        """(D,) names of the columns of numbers."""
        return tuple(name for column in self.columns for name in column.encoded)

    @property
    def fill(self) -> Float[np.ndarray, " d"]:
        """(D,) float32 what stands for a missing cell in training: the median, or the most frequent value."""
        return np.array([value for column in self.columns for value in column.fill], np.float32)

    def encode(self, cells: Mapping[str, Cells], remarks: Remarks | None = None) -> Float[np.ndarray, "n d"]:
        """Rows as numbers: (n, D) float32 in standard deviations of the normal rows, NaN where a cell is missing.

        Args:
            cells: of each column; others than ``names`` are ignored.
            remarks: where to count what was unusual; check them after the last rows. None: these are all.

        Raises:
            DataError: a column of numbers holds text, and these are all rows.
        """
        counted = Remarks() if remarks is None else remarks
        counted.rows += len(next(iter(cells.values()), ()))
        x = np.concatenate([c.encode(cells[c.name], counted) for c in self.columns], axis=1).astype(np.float32)
        if remarks is None:
            counted.check()
        return x

    def filled(self, x: Float[np.ndarray, "n d"]) -> Float[np.ndarray, "n d"]:
        """(n, D) rows with ``fill`` where a cell is missing."""
        return np.where(np.isnan(x), self.fill, x)

    def decode(self, x: Float[np.ndarray, "n d"]) -> dict[str, Cells]:
        """(n, D) encoded rows, or a model's reconstructions of such, as values of each column that is used."""
        ends = np.cumsum([len(column.encoded) for column in self.columns])
        parts = np.split(x, ends[:-1], axis=1)
        return {column.name: column.decode(part) for column, part in zip(self.columns, parts, strict=True)}

    def check(self, columns: Sequence[str], name: str) -> tuple[str, ...]:
        """The columns of another table that are not used.

        Raises:
            DataError: columns that the detector was fitted on are not there.
        """
        matched_columns(self.names, columns, name, "it was fitted on")
        return tuple(column for column in columns if column not in self.names)

    def by_column(self, parts: Float[np.ndarray, "n d"]) -> Float[np.ndarray, "n columns"]:
        """(n, D) parts of a score, summed to the table's columns: (n, len(names))."""
        starts = np.cumsum([0, *(len(column.encoded) for column in self.columns)])[:-1]
        return np.add.reduceat(parts, starts, axis=1)


def column_groups(names: Sequence[str], n: int) -> list[np.ndarray]:
    """Which of n columns belong together: those that code one category stand side by side and share a name.

    Args:
        names: of the columns, as ``TableEncoding.encoded``; empty: each column is alone.
    """
    groups: list[list[int]] = []
    last = ""
    for i in range(n):
        owner, equals, _ = names[i].partition(EQUALS) if i < len(names) else ("", "", "")
        if equals and owner == last:
            groups[-1].append(i)
        else:
            groups.append([i])
        last = owner if equals else ""
    return [np.array(group) for group in groups]


def _learn(name: str, cells: Cells, is_category: bool) -> AnyColumn | str:
    """How to encode a column, or why it is left out."""
    values = numbers(cells)
    words = texts(cells) if isinstance(cells, list) or is_category else None
    missing = ~np.isfinite(values) if words is None else words == ""
    n, share = len(values), float(missing.mean()) if len(values) else 1.0
    if share == 1:
        return "empty"
    known = values[np.isfinite(values)]
    if not is_category and len(known) >= MOSTLY * (n - int(missing.sum())):
        low, high = float(known.min()), float(known.max())
        if low == high and n > 1:
            return ConstantColumn(name=name, value=low)
        share = 1 - len(known) / n
        std = float(known.std()) or 1.0
        return NumberColumn(name=name, mean=float(known.mean()), std=std, median=float(np.median(known)), missing=share)
    assert words is not None  # noqa: S101 - numbers are all numbers
    counts = Counter(words[~missing].tolist())
    if len(counts) == 1:
        return ConstantColumn(name=name, value=next(iter(counts)))
    if len(counts) > (MAX_ASKED if is_category else min(MAX_VALUES, max(2, n // 2))):
        return f"text with {len(counts):,} different values"
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    total = sum(counts.values())
    return CategoryColumn(
        name=name,
        values=tuple(value for value, _ in ordered),
        shares=tuple(count / total for _, count in ordered),
        missing=share,
    )


def _as_numbers(name: str, cells: Cells, remarks: Remarks) -> np.ndarray:
    """(n,) float64, NaN where there is no finite number; text is counted, see ``Remarks.check``."""
    values = numbers(cells)
    values[~np.isfinite(values)] = np.nan
    without = np.flatnonzero(np.isnan(values))
    if isinstance(cells, list) and len(without):
        words = texts([cells[i] for i in without])
        text = words[words != ""]
        remarks.text[name] += len(text)
        if len(text):
            remarks.examples.setdefault(name, str(text[0]))
        remarks.add(name, "not a finite number, counted as missing,", words != "")
    return values


def _indicator(missing: np.ndarray, share: float) -> np.ndarray:
    """(n,) whether a value is missing, standardised by how often it was."""
    return (missing - share) / max(share * (1 - share), 1e-4) ** 0.5


def _shown(value: float | str) -> str:
    return f"{value:g}" if isinstance(value, float) else repr(value)
