"""How a series is best cut into windows: which columns, how long, and what lies between two rows."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float
from pydantic import BaseModel, ConfigDict, Field

from explorer.core.errors import DataError
from explorer.data.cells import numbers
from explorer.data.column_names import matched_columns
from explorer.data.table_rows import TableRows
from explorer.io.findings import require_decided
from explorer.io.tables.columns import Cells
from explorer.io.tables.date_cells import Order
from explorer.io.tables.dates import find_form
from explorer.io.tables.dialect import Asked
from explorer.io.tables.roles import NUMBERS
from explorer.novelty.inputs import TableInput
from explorer.novelty.windows import WindowRows, Windows, as_times

STEPS = 8
"""So many windows begin within the length of one, so that each place is seen in several."""
PERIODIC = 0.3
"""A period is one where a series and itself that much later are so alike, by their correlation."""
MAX_PERIOD_ROWS = 1 << 18
"""A period is looked for in so many neighbouring rows, from the middle."""
_LISTED = 5
MIN_LENGTH, USUAL_LENGTH, MAX_LENGTH = 8, 64, 512
LONGER = 1.5
"""From one row to the next it may take so much longer than between most: beyond it rows are missing."""


class WindowsAsked(BaseModel):
    """What a user said of the windows; what was not said is found.

    Args:
        columns: that are followed through time; none: all that are learnt from as numbers.
        length: rows of a window.
        step: rows from the beginning of one to that of the next.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    columns: tuple[str, ...] = ()
    length: int | None = Field(default=None, ge=2)
    step: int | None = Field(default=None, ge=1)


def find_windows(table: TableInput, asked: WindowsAsked, dialect: Asked | None = None) -> Windows:
    """How the rows of a table are cut into windows.

    Args:
        dialect: whether days come before months in its dates, where it is said.

    Raises:
        DataError: columns that are not there or no numbers, rows that are not in the order of their times, or a step
            longer than a window.
    """
    columns = _columns(table, asked.columns)
    times = _find_times(table, dialect)
    length, reason = asked.length, "as asked"
    if length is None:
        length, reason = _found_length(table.rows, columns, table.contract.rows)
    step = asked.step or max(1, length // STEPS)
    if step > length:
        raise DataError(
            f"A step of {step:,} rows leaves rows between windows of {length:,} unseen.",
            f"Give --step {length} or less.",
        )
    return Windows(
        columns=columns,
        length=length,
        step=step,
        time=times.column,
        order=times.order,
        spacing=times.spacing,
        longest=times.longest,
        reason=reason,
    )


def windowed(table: TableInput, windows: Windows, to_fit: bool = False) -> TableInput:
    """The windows of a table's rows as a table.

    Args:
        windows: how they are cut, as found or as a detector has it.
        to_fit: whether a window begins at each row, so that none of the places that an event may have within one
            is missing among those that are learnt from; else one every ``windows.step`` rows.

    Raises:
        DataError: columns are missing, rows lie further apart than those learnt from, or there is no whole window.
    """
    if table.splits is not None:
        raise DataError(
            f"{table.name} says which of its rows are to learn from and which to test on.",
            "Windows need rows that follow one another: give each part as a file of its own.",
        )
    matched_columns([*windows.columns, *([windows.time] if windows.time else [])], table.rows.columns, table.name)
    if windows.time and not to_fit:
        _check_spacing(table, windows)
    step = 1 if to_fit else windows.step
    rows = WindowRows(table.rows, windows, table.label_column, table.labels, step)
    n, stretches, short = rows.counts()
    if not n:
        raise DataError(
            f"{table.name} has no {windows.length:,} rows that follow one another.",
            "Give a longer series, or a shorter --window when the detector is fitted.",
        )
    every = "one from each row on" if step == 1 else f"one every {step} rows"
    remarks = [f"{n:,} {windows.words}, {every}"]
    if stretches > 1:
        what = f"`{windows.time}` leaps or a row was passed over" if windows.time else "a row was passed over"
        times = "times" if stretches > 2 else "time"
        remarks.append(f"{what} {stretches - 1:,} {times}: no window lies across such a gap")
    if short:
        remarks.append(f"{short:,} rows between such gaps are fewer than a window and are left out")
    if unseen := [name for name in table.inputs if name not in windows.columns]:
        listed = ", ".join(f"`{name}`" for name in unseen[:5]) + (", …" if len(unseen) > 5 else "")
        remarks.append(f"not looked at over time: {listed}")
    return replace(table, rows=rows, labels=rows.labels, windows=windows, remarks=tuple(remarks))


def _not_numbers(column: str, table: TableInput, numbers_: Sequence[str]) -> DataError:
    role = next(one for one in table.contract.columns if one.name == column)
    hint = "Give a table with a column of numbers."
    if numbers_:
        hint = "Name a column of numbers: " + ", ".join(f"--series {shlex.quote(name)}" for name in numbers_[:_LISTED])
    if role.role not in ("time", "date"):
        hint = f"Say so with --number {shlex.quote(column)}."
    read_as = f"{role.role} ({role.reason or 'as asked'})"
    return DataError(f"{column!r} of {table.name} is not read as numbers to follow, but as {read_as}.", hint)


def _columns(table: TableInput, asked: tuple[str, ...]) -> tuple[str, ...]:
    numbers_ = table.contract.of(*NUMBERS)
    for column in asked:
        if column not in table.rows.columns:
            raise DataError(f"{table.name} has no column {column!r}.", f"It has: {', '.join(table.rows.columns[:20])}.")
        if column not in numbers_:
            raise _not_numbers(column, table, numbers_)
    columns = asked or tuple(name for name in numbers_ if name != table.label_column)
    if not columns:
        raise DataError(f"{table.name} has no column of numbers to follow.", "Name one with --series.")
    return tuple(columns)


@dataclass(frozen=True)
class _Times:
    """What ``Windows`` says of times."""

    column: str = ""
    order: Order | None = None
    spacing: float = 0.0
    longest: float = 0.0


def _find_times(table: TableInput, dialect: Asked | None) -> _Times:
    """Which column holds times, how they are written, and how far rows are apart.

    Raises:
        DataError: they do not rise.
        UndecidedError: days and months cannot be told apart.
    """
    named = table.contract.of("time")
    if not named:
        return _Times()
    column, order = named[0], None
    cells = _cells(table, column)
    if any(not isinstance(part, np.ndarray) for part in cells):
        form, findings = find_form(column, cells, dialect or Asked(), table.name)
        require_decided(findings, table.name)
        order = form.order
    return _Times(column, order, *_spacing(cells, column, order, table.name))


def _cells(table: TableInput, column: str) -> list[Cells]:
    return [chunk.cells[column] for chunk in table.rows.chunks(only=[column])]


def _spacing(cells: list[Cells], column: str, order: Order | None, name: str) -> tuple[float, float]:
    """From one row to the next: the median, and what it takes at most where none is missing between.

    Raises:
        DataError: the times of most rows are not later than those of the rows before.
    """
    times = np.concatenate([as_times(part, order) for part in cells]) if cells else np.empty(0)
    steps = np.diff(times)
    steps = steps[np.isfinite(steps)]
    later = steps[steps > 0]
    if 2 * len(later) <= len(steps) or not len(later):
        what = "fall" if len(steps) and float((steps < 0).mean()) > 0.5 else "do not rise"
        raise DataError(
            f"The times in {column!r} of {name} {what} from row to row.",
            "Sort the rows by it and give one series at a time, or take them in their order:"
            f" --ignore {shlex.quote(column)}",
        )
    spacing = float(np.median(later))
    return spacing, LONGER * max(spacing, float(np.quantile(later, 0.95)))


def _check_spacing(table: TableInput, windows: Windows) -> None:
    spacing, _ = _spacing(_cells(table, windows.time), windows.time, windows.order, table.name)
    if not spacing / LONGER <= windows.spacing <= spacing * LONGER:
        unit = "" if windows.order is None else " s"
        raise DataError(
            f"The rows of {table.name} are {spacing:g}{unit} apart in {windows.time!r}, where the detector learnt from"
            f" rows {windows.spacing:g}{unit} apart.",
            "Give a series with the same spacing: average or repeat its rows.",
        )


def _found_length(rows: TableRows, columns: tuple[str, ...], n: int) -> tuple[int, str]:
    """Rows of a window, and why so many: a period where there is one."""
    longest = min(MAX_LENGTH, max(2, n // 10))
    values = np.stack([np.concatenate(part) for part in zip(*_values(rows, columns), strict=True)], axis=1)
    middle = max(0, (len(values) - MAX_PERIOD_ROWS) // 2)
    period = found_period(values[middle : middle + MAX_PERIOD_ROWS])
    if period is None:
        return min(USUAL_LENGTH, longest), "no period was found"
    length = int(np.clip(period, MIN_LENGTH, longest))
    return length, f"a period of {period:,} rows was found" if length == period else (
        f"the period that was found is {period:,} rows"
    )


def _values(rows: TableRows, columns: tuple[str, ...]) -> list[list[np.ndarray]]:
    return [
        [numbers(chunk.cells[column]) for column in columns] for chunk in rows.chunks(as_numbers=columns, only=columns)
    ]


def found_period(values: Float[np.ndarray, "n c"]) -> int | None:
    """After how many rows a series is most like itself again; None where it never is.

    The autocorrelation of the columns, each standardised, averaged; the first of its peaks that is nearly as high as
    the highest, behind the place where it first falls below zero. A trend over the whole is taken off.

    Args:
        values: (n, C); a missing value counts as the mean.
    """
    n = len(values)
    if n < 4 * MIN_LENGTH:
        return None
    time = np.linspace(-1.0, 1.0, n)
    total = np.zeros(n)
    for column in values.T:
        known = np.isfinite(column)
        if known.sum() < n / 2:
            continue
        filled = np.where(known, column, column[known].mean())
        filled = filled - np.polyval(np.polyfit(time, filled, 1), time)
        power = np.abs(np.fft.rfft(filled, 2 * n)) ** 2
        of_column = np.fft.irfft(power)[:n]
        if of_column[0] > 0:
            total += of_column / of_column[0]
    if total[0] <= 0:
        return None
    alike = total / total[0] * n / np.arange(n, 0, -1)  # as many products at every lag
    alike = alike[: n // 3]
    below = np.flatnonzero(alike < 0)
    if not len(below):
        return None
    inner = np.arange(max(1, int(below[0])), len(alike) - 1)
    peaks = inner[(alike[inner] >= alike[inner - 1]) & (alike[inner] > alike[inner + 1])]
    peaks = peaks[alike[peaks] > PERIODIC]
    if not len(peaks):
        return None
    return int(peaks[alike[peaks] > 0.8 * alike[peaks].max()][0])
