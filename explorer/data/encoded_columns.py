"""What one column of a table becomes: a number, a category's values, or a constant; and what is unusual on the way."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Annotated, Literal

import numpy as np
from jaxtyping import Bool, Float
from pydantic import BaseModel, ConfigDict, Field

from explorer.core.errors import DataError
from explorer.data.cells import numbers, texts
from explorer.io.tables.categories import OTHER, coded, coded_names, likeliest
from explorer.io.tables.columns import Cells
from explorer.io.tables.numbers import MOSTLY

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
    form: Literal["standardised", "plain", "count"] = "standardised"
    """What a model is given: standard deviations, the number as it is, or a count as it is, for a likelihood of counts.
    """

    @property
    def shift(self) -> float:
        """What is taken off the number before it is divided by ``scale``."""
        return self.mean if self.form == "standardised" else 0.0

    @property
    def scale(self) -> float:
        """What the number is divided by."""
        return self.std if self.form == "standardised" else 1.0

    @property
    def is_of_numbers(self) -> bool:
        """Numbers were learnt, not text."""
        return True

    @property
    def encoded(self) -> list[str]:
        return [self.name, *([f"{self.name} is missing"] if self.missing else [])]

    @property
    def fill(self) -> list[float]:
        # Between two whole numbers lies no count.
        median = np.floor(self.median) if self.form == "count" else self.median
        return [(median - self.shift) / self.scale, *([0.0] if self.missing else [])]

    def encode(self, cells: Cells, remarks: Remarks) -> Float[np.ndarray, "n k"]:
        values = _as_numbers(self.name, cells, remarks)
        missing = np.isnan(values)
        if self.form == "standardised":
            scaled = np.clip((values - self.mean) / self.std, -LIMIT, LIMIT)
        else:
            scaled = np.clip(values, *self.ends)
        if self.form == "count":
            remarks.add(self.name, "below 0, which no count is,", values < 0)
            remarks.add(self.name, "not whole, which a count is,", (values > 0) & (values % 1 != 0))
        if not self.missing:
            remarks.add(self.name, "missing, never so in the normal rows, and ignored", missing)
            return scaled[:, None]
        return np.stack([scaled, self._indicator(missing)], axis=1)

    @property
    def ends(self) -> tuple[float, float]:
        """Beyond which a number that is given as it is counts for no more."""
        reach = LIMIT * self.std
        return self.mean - reach, self.mean + reach

    def _indicator(self, missing: np.ndarray) -> np.ndarray:
        return missing.astype(np.float64) if self.form == "count" else _indicator(missing, self.missing)

    def decode(self, columns: Float[np.ndarray, "n k"]) -> Cells:
        """(n, k) encoded -> (n,) values in the column's own unit, NaN where one is missing."""
        return np.asarray(columns[:, 0], np.float64) * self.scale + self.shift


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
    form: Literal["standardised", "plain"] = "standardised"
    """What a model is given: each value's column at the common scale, or 0 and 1, for a likelihood of categories."""

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
        known = columns[:, : len(shares)]
        return likeliest(known if self.form == "plain" else known * self.scale + shares, self.values)

    def _scaled(self, columns: np.ndarray) -> np.ndarray:
        return columns if self.form == "plain" else (columns - np.array([*self.shares, 0.0])) / self.scale

    @property
    def scale(self) -> float:
        """What its columns are divided by, so that together they vary as much as one number does."""
        return float(max(1 - float(np.square(self.shares).sum()), 1e-4) ** 0.5)


AnyColumn = Annotated[NumberColumn | ConstantColumn | CategoryColumn, Field(discriminator="kind")]


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
