"""A table's columns as numbers that a model can learn from: learnt on normal rows, kept, applied to any others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

import numpy as np
from jaxtyping import Float, Num
from pydantic import BaseModel, ConfigDict

from explorer.core.errors import DataError
from explorer.data.cells import numbers, texts
from explorer.data.column_names import matched_columns
from explorer.data.encoded_columns import AnyColumn, CategoryColumn, ConstantColumn, NumberColumn, Remarks
from explorer.io.tables.categories import EQUALS
from explorer.io.tables.categories import MAX_VALUES as MAX_ASKED
from explorer.io.tables.columns import Cells
from explorer.io.tables.numbers import MOSTLY

MAX_VALUES = 50
"""A column of text with more different values than this names things (an id, a remark) and is left out."""


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
    def plain(cls, names: Sequence[str], x: Num[np.ndarray, "n d"], counts: Collection[int] = ()) -> TableEncoding:
        """Columns of numbers as they are, for models that standardise them themselves.

        Args:
            names: of the columns, (D,).
            x: (N, D) the normal rows, without missing values.
            counts: places of the columns that are counts.
        """
        rows = x.astype(np.float64)
        mean, std, median = rows.mean(0), rows.std(0), np.median(rows, 0)
        return cls(
            columns=tuple(
                NumberColumn(
                    name=name,
                    mean=float(mean[j]),
                    std=float(std[j]) or 1.0,
                    median=float(median[j]),
                    missing=0.0,
                    form="count" if j in counts else "plain",
                )
                for j, name in enumerate(names)
            )
        )

    def for_counts(self, counts: Collection[str]) -> TableEncoding:
        """The same for a model with a likelihood by columns: counts as they are, and categories as 0 and 1.

        Numbers stay in standard deviations: of a Gaussian likelihood that changes a constant alone.

        Args:
            counts: names of the columns of numbers that are counts.
        """
        columns: list[AnyColumn] = []
        for column in self.columns:
            if isinstance(column, CategoryColumn):
                columns.append(column.model_copy(update={"form": "plain"}))
            elif isinstance(column, NumberColumn) and column.name in counts:
                columns.append(column.model_copy(update={"form": "count"}))
            else:
                columns.append(column)
        return self.model_copy(update={"columns": tuple(columns)})

    @property
    def counts(self) -> tuple[str, ...]:
        """The columns that are given as counts."""
        return tuple(c.name for c in self.columns if isinstance(c, NumberColumn) and c.form == "count")

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
