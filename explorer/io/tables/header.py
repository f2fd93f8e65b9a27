"""Whether the first record of a table names its columns: told from all rows below it."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from jaxtyping import Float

from explorer.io.findings import SURE
from explorer.io.tables import numbers
from explorer.io.tables.columns import ColumnFacts
from explorer.io.tables.dialect import Asked, DialectFinding
from explorer.io.tables.forms import units
from explorer.io.tables.frame import Frame
from explorer.io.tables.numbers import MOSTLY, Decimal, Thousands
from explorer.io.tables.records import holds_number

ONE_SHORT = "names of columns"
"""What a finding is of that there is one name less than cells in a row."""


@dataclass(frozen=True)
class ColumnRange:
    """What the body of a column is like.

    Args:
        is_number: its cells are numbers.
        low, high: the least and the greatest of them, NaN without one.
        has_fraction: some are not whole.
        values: some different cells as text.
        repeats: a cell occurs more than once.
        units: of its numbers, with "" where one has none.
    """

    is_number: bool
    low: float
    high: float
    has_fraction: bool
    values: frozenset[str]
    repeats: bool
    units: frozenset[str] = frozenset()


def one_short(first: Sequence[str], width: int) -> DialectFinding:
    """That a header of names has one cell less than the rows of this width, as R writes it."""
    return DialectFinding(
        what=ONE_SHORT, value="none above the first", confidence=0.7,
        flag="--delimiter or --quote where rows are cut too often",
        reason=f"{len(first)} names stand above {width} columns: the first column has none, as R writes names of rows",
    )  # fmt: skip


def find_header(
    first: Sequence[str],
    columns: Sequence[ColumnRange],
    decimal: Decimal,
    thousands: Thousands,
    n_rows: int,
    known: Collection[str] = (),
) -> DialectFinding:
    """Whether the first record names the columns.

    Args:
        first: its cells.
        columns: of the rows below it.
        decimal, thousands: how numbers are written.
        n_rows: rows below it.
        known: names of the columns that a model learnt from.
    """
    trimmed = [cell.strip() for cell in [*first, *[""] * len(columns)][: len(columns)]]
    values = np.array(numbers.to_numbers(pa.array(trimmed, pa.string()), decimal, thousands))
    # "2019 sales" above plain numbers is a name, "3 kg" above kilograms is one of them.
    foreign = [
        set(units(pa.array([cell]))) - {""} - column.units for cell, column in zip(trimmed, columns, strict=True)
    ]
    values[[bool(unit) for unit in foreign]] = np.nan
    missing = np.array([cell.lower() in numbers.MISSING for cell in trimmed])
    is_text = np.isnan(values) & ~missing
    body = np.array([column.is_number for column in columns], bool)

    if 2 * sum(cell in known for cell in trimmed if cell) > len(trimmed):
        return _header(True, "it holds the names of the columns that were learnt from", 1.0)
    if not n_rows:
        every = bool(is_text.any()) and not np.isfinite(values).any()
        return _header(every, "the only row holds no number" if every else "the only row holds numbers", 0.8)
    named = is_text & body
    where = np.flatnonzero(body & np.isfinite(values)).tolist()
    if named.any() and where and not _is_even(np.diff(values[where])):
        number = trimmed[where[0]]
        return _header(True, f"{trimmed[int(named.argmax())]!r} stands above numbers, but {number!r} is one", 0.5)
    if named.any():
        i = int(np.flatnonzero(named)[0])
        return _header(True, f"{trimmed[i]!r} stands above numbers", 1.0 if named.mean() > 0.2 else 0.9)
    if not body.any() and is_text.any():
        # Text above text: names of columns do not come again below, values often do.
        again = [cell in column.values for cell, column in zip(trimmed, columns, strict=False) if cell]
        if any(again):
            return _header(False, "its cells come again below", 0.8)
        if all(_is_alike(cell, column.values) for cell, column in zip(trimmed, columns, strict=True) if cell):
            return _header(False, "its cells are written as those below, with other digits", 0.8)
        return _header(True, "its cells do not come again below", 0.8 if any(c.repeats for c in columns) else 0.6)
    if len(where) < 2 or len(set(values[where].tolist())) < len(where):
        return _header(False, "it holds what the rows below hold", 0.95)
    return _numbers_as_names(values[where], [columns[place] for place in where], len(columns), n_rows)


def _is_alike(cell: str, others: Collection[str]) -> bool:
    """Whether a cell with digits has the form of nearly all others, as A012 and A013, or 12:30 and 9:45."""
    forms = [_form(other) for other in others if other]
    return bool(re.search(r"\d", cell)) and bool(forms) and forms.count(_form(cell)) >= MOSTLY * len(forms)


def _form(cell: str) -> str:
    return re.sub(r"[^\W\d_]+", "a", re.sub(r"\b[\da-fA-F]+\b|\d+", "9", cell))  # with digits of 16, too


def _header(is_header: bool, reason: str, confidence: float) -> DialectFinding:
    flag = "--no-header" if is_header else "--header"
    either = (Asked(header=is_header), Asked(header=not is_header))
    return DialectFinding(
        what="header", value="yes" if is_header else "no", reason=reason, confidence=confidence, flag=flag,
        readings=either if confidence < SURE else (),
    )  # fmt: skip


def _is_even(steps: np.ndarray) -> bool:
    return len(steps) > 0 and bool(steps[0] > 0 and np.allclose(steps, steps[0], rtol=1e-6))


def _numbers_as_names(values: np.ndarray, columns: Sequence[ColumnRange], width: int, n_rows: int) -> DialectFinding:
    """Whether different numbers above columns of numbers are their names, as years or wavelengths are."""
    steps = np.diff(values)
    even, whole = _is_even(steps), bool((values % 1 == 0).all())
    outside = [not column.low <= value <= column.high for column, value in zip(columns, values.tolist(), strict=True)]
    differs = whole and sum(column.has_fraction for column in columns) > len(columns) / 2
    counts = whole and values[0] in (0, 1) and even and steps[0] == 1
    if counts and len(columns) == width and (differs or any(outside)) and (width > 2 or values[0] == 0):
        return _header(True, f"it counts {values[0]:g}, {values[1]:g}, … across the columns", 0.9)
    enough = len(columns) > 2 and n_rows > 2
    if even and ((enough and (np.mean(outside) > 0.5 or differs)) or (n_rows >= 10 and all(outside) and differs)):
        kind = "are whole, those below are not" if differs else "lie outside of those below"
        return _header(True, f"its numbers go in even steps and {kind}", 0.9 if len(columns) > 2 else 0.75)
    if all(outside) and bool((steps > 0).all()) and len(columns) >= 3:
        chance = (2 / (n_rows + 1)) ** len(columns)  # that a row of data lies outside of all others in each column
        return _header(True, "its numbers rise and lie outside of those below", 0.7 if chance < 1e-3 else 0.5)
    years = bool(((values >= 1800) & (values <= 2200)).all()) and steps[0] == 1
    if whole and even and len(columns) == width and (width > 3 or years):
        return _header(False, f"it goes up evenly, {values[0]:g}, {values[1]:g}, …, as names do", 0.5)
    return _header(False, "it holds numbers as the rows below do", 0.95)


def names_above(frame: Frame) -> DialectFinding:
    """That a remark names the columns: two words, or words with spaces between, may be a sentence as well.

    Args:
        frame: whose first record is the remark.
    """
    names = ", ".join(frame.first)
    is_sure = frame.names_are_said or (frame.delimiter != " " and len(frame.first) > 2)
    readings = () if is_sure else (Asked(header=True), Asked(header=False))
    return DialectFinding(
        what="header", value="yes", reason=f"the remark above may name the columns: {names}",
        confidence=0.8 if is_sure else 0.5, flag="--no-header" if is_sure else "--header or --no-header",
        readings=readings,
    )  # fmt: skip


def head_below(
    frame: Frame, facts: Sequence[ColumnFacts], cells: Sequence[pa.Array], values: Float[np.ndarray, " d"]
) -> str:
    """A cell of the first row where this may be the header; else empty.

    That is where it holds text in each column of numbers, as no other row does, or, below a line with a cell too
    few, numbers that go up evenly.

    Args:
        frame: where cells are.
        facts: what the rows below the first record are like, column by column.
        cells: the first row's, one of each column, as text or as a number.
        values: (D,) the same as numbers, NaN where it is none.
    """
    if facts[0].n < 3:
        return ""
    if len(frame.first) == frame.width - 1 and len(values) > 2 and _is_even(np.diff(values)):
        return f"{cells[0][0].as_py():g}" if pa.types.is_floating(cells[0].type) else str(cells[0][0].as_py())
    numbers_ = [
        place for place, fact in enumerate(facts)
        if fact.numbers and fact.numbers >= MOSTLY * (fact.n - fact.missing - 1)
    ]  # fmt: skip
    texts = [cells[place][0].as_py() for place in numbers_]
    named = [text for text, place in zip(texts, numbers_, strict=True) if text and text == facts[place].stray]
    others = [text for text in texts if text not in named]  # what names rows may have no name
    return str(named[0]) if named and len(others) < 2 and not any(others) else ""


def two_heads(header: DialectFinding, text: str, frame: Frame) -> DialectFinding:
    """That the header may be the first record or the row below it.

    Args:
        header: what was found of the first record.
        text: a cell of the row below.
        frame: where cells are.
    """
    lines_above, may_be_units = frame.lines_above, frame.width > 1 and not holds_number(text)
    return header.model_copy(update={
        "reason": f"the row below it, with {text!r}, may be the header below a title",
        "confidence": 0.5,
        "flag": f"--lines-above {lines_above} or --lines-above {lines_above + 1}"
        + (", or --units where it names units" if may_be_units else ""),
        "readings": (
            Asked(lines_above=lines_above), Asked(lines_above=lines_above + 1), *([Asked(units=True)] * may_be_units),
        ),
    })  # fmt: skip
