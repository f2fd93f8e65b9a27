"""What was found about a table, in one value: said in one line, changeable, kept with what learns from the table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from explorer.core.errors import DataError
from explorer.io.findings import SURE, require_decided
from explorer.io.tables.below import BELOW
from explorer.io.tables.dialect import ENCODING, Dialect, DialectFinding
from explorer.io.tables.doubts import DOUBT, MISSING_NUMBER
from explorer.io.tables.header import ONE_SHORT
from explorer.io.tables.labels import LABEL, LabelFinding
from explorer.io.tables.quotes import QUOTES_WITHIN
from explorer.io.tables.roles import INPUTS, ColumnRole, Role
from explorer.io.tables.row_keys import KEY

ARRAYS = "arrays"
"""What a finding about the arrays of a file is of."""
_SAID = (LABEL, MISSING_NUMBER, DOUBT, ENCODING, BELOW, ARRAYS, QUOTES_WITHIN, KEY, ONE_SHORT)
"""What findings are of that are said in the line."""
_UNITS = 5
"""Columns whose units are named in the line, at most."""


class TableContract(BaseModel):
    """How a table is read.

    Args:
        rows: that are read.
        dialect: how it is written; None for arrays and Parquet, which say so themselves.
        columns: each with its role.
        ragged: how many rows have another number of cells and are passed over.
        first_ragged: numbers of the first few of them.
        empty: how many rows hold nothing and are passed over.
        repeated: how many rows repeat the names of the columns and are passed over.
        stray: how many cells of the input numbers are no numbers and count as missing.
        first_stray: a column with such a cell, and the cell.
        findings: about the dialect and what may be labels, each with its reason.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["table"] = "table"
    rows: int
    dialect: Dialect | None
    columns: tuple[ColumnRole, ...]
    ragged: int = 0
    first_ragged: tuple[int, ...] = ()
    empty: int = 0
    repeated: int = 0
    stray: int = 0
    first_stray: tuple[str, str] = ("", "")
    findings: tuple[DialectFinding | LabelFinding, ...] = ()

    def of(self, *roles: Role) -> tuple[str, ...]:
        """Names of the columns of these roles, in the order of the table."""
        return tuple(column.name for column in self.columns if column.role in roles)

    @property
    def inputs(self) -> tuple[str, ...]:
        """Names of what is learnt from: columns, and the numbers that dates become."""
        return tuple(name for column in self.columns for name in column.inputs)

    @property
    def features(self) -> tuple[str, ...]:
        """Names of the numbers that a model takes, see ``ColumnRole.features``."""
        return tuple(name for column in self.columns for name in column.features)

    @property
    def label(self) -> str | None:
        """The column of labels."""
        return next(iter(self.of("label")), None)

    def kept(self, asked: Sequence[str], name: str) -> tuple[str, ...]:
        """Columns that go along with what is made of the rows: identifiers, then those that are asked for.

        Args:
            asked: their names; "all": every column.
            name: of the table, for messages.

        Raises:
            DataError: there is no such column.
        """
        names = [column.name for column in self.columns]
        if tuple(asked) == ("all",) and "all" not in names:
            asked = names
        for column in asked:
            if column not in names:
                raise DataError(f"{name} has no column {column!r}.", f"It has: {', '.join(names[:20])}.")
        return tuple(dict.fromkeys([*self.of("identifier"), *asked]))

    @property
    def undecided(self) -> tuple[DialectFinding | LabelFinding, ...]:
        """What has two readings that are about as likely."""
        return tuple(finding for finding in self.findings if finding.confidence < SURE)

    def require_decided(self, name: str) -> None:
        """Refuse a table of which two readings are about as likely.

        Args:
            name: of the table.

        Raises:
            UndecidedError: with the flags that decide it.
        """
        require_decided(self.findings, name)

    @property
    def answer(self) -> dict[str, Any]:
        """As plain values, with ``line``: what the commands answer in JSON."""
        return {"line": self.line, **self.model_dump(mode="json")}

    @property
    def line(self) -> str:
        """In one line, such as "600 rows; semicolon, decimal comma; 12 numbers, 3 categories, label `kind`"."""
        parts = [f"{self.rows:,} row{'s' * (self.rows != 1)}"]
        if self.dialect is not None:
            parts.append(self.dialect.words(len(self.columns)))
        numbers, counts, categories = (len(self.of(role)) for role in ("number", "count", "category"))
        kinds = [f"{numbers} number{'s' * (numbers != 1)}"] if numbers or not (categories or counts) else []
        if counts:
            kinds.append(f"{counts} count{'s' * (counts != 1)}")
        if categories:
            kinds.append(f"{categories} categor{'ies' if categories != 1 else 'y'}")
        if dates := self.of("date"):
            numbers = sum(len(column.inputs) for column in self.columns if column.role == "date")
            kinds.append(f"{len(dates)} date{'s' * (len(dates) != 1)} as {numbers} numbers")
        if self.label is not None:
            kinds.append(f"label `{self.label}`")
        parts.append(", ".join(kinds))
        if units := [f"`{column.name}` in {column.unit}" for column in self.columns if column.unit]:
            more = [f"{len(units) - _UNITS} more with units"] if len(units) > _UNITS else []
            parts.append(", ".join([*units[:_UNITS], *more]))
        left = [column for column in self.columns if column.role not in (*INPUTS, "label")]
        shown = [f"`{column.name}` left out: {column.reason}" for column in left[:3]]
        if len(left) > 3:
            shown.append(f"{len(left) - 3} more columns left out")
        if self.ragged:
            rows = ", ".join(map(str, self.first_ragged)) + (", …" if len(self.first_ragged) < self.ragged else "")
            shown.append(f"{self.ragged:,} rows with another number of cells passed over (row {rows})")
        if self.stray:
            kind = "dates" if self.first_stray[0] in dates else "numbers"
            one = f"a cell of {kind} is none"
            cells = f"{self.stray:,} cells of {kind} are none" if self.stray > 1 else one
            column, cell = self.first_stray
            shown.append(f"{cells}, which counts as missing (`{column}`: {cell!r})")
        shown += [f"{f.reason} ({f.flag})" if f.flag else f.reason for f in self.findings if _is_said(f)]
        if self.empty:
            shown.append(f"{self.empty:,} empty rows passed over")
        if self.repeated:
            rows = f"{self.repeated:,} rows that repeat" if self.repeated > 1 else "a row that repeats"
            shown.append(f"{rows} the names of the columns passed over")
        return "; ".join([*parts, *shown])


def _is_said(finding: DialectFinding | LabelFinding) -> bool:
    """What is not sure enough to go without a word, and too sure to be asked."""
    limit = 0.9 if finding.what == ENCODING else 1.0
    return finding.what in _SAID and SURE <= finding.confidence < limit
