"""Dates as numbers that a model can learn from: where in the day, week and year they lie, and how long after the first.

An angle is given by its sine and cosine, so that 23:59 lies beside 0:00 and Sunday beside Monday.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from jaxtyping import Float
from pydantic import BaseModel, ConfigDict

from explorer.core.errors import DataError
from explorer.io.findings import SURE
from explorer.io.tables.columns import Cells
from explorer.io.tables.dialect import Asked, DialectFinding

ORDER_OF_DATES = "order of day and month"
"""What a finding about dates such as 1/2/2024 is of."""
Order = Literal["year first", "day first", "month first", "time of day", "seconds since 1970"]
DAY = 86_400.0
_CYCLES = {"hour": DAY, "day of week": 7 * DAY, "day of year": 365.2425 * DAY}
_MONDAY = 4 * DAY  # 1970-01-05
_TIME = (
    r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2}(?:\.\d+)?))?\s*(?P<half>[AaPp][Mm])?"
    r"\s*(?:Z|UTC|[+-]\d{2}:?\d{2})?$"
)
_REST = rf"(?:$|[T ,]+{_TIME})"
_YEAR_FIRST = rf"^(?P<year>\d{{4}})[-/.](?P<month>\d{{1,2}})[-/.](?P<day>\d{{1,2}}){_REST}"
_YEAR_LAST = rf"^(?P<first>\d{{1,2}})(?P<sign>[-/.])(?P<second_part>\d{{1,2}})[-/.](?P<year>\d{{4}}|\d{{2}}){_REST}"
_PER_SECOND = ((2.2e9, 1.0), (2.2e12, 1e3), (2.2e15, 1e6), (2.2e18, 1e9))
"""Up to which number an instant is in seconds, milli-, micro- or nanoseconds since 1970, and how many a second has."""


class DateForm(BaseModel):
    """How a column of dates is written, and which numbers it becomes.

    Args:
        order: of its parts.
        start: the first of the dates that were learnt from, in seconds since 1970: later ones count from there too.
        cycles: in which it is placed.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    order: Order
    start: float = 0.0
    cycles: tuple[str, ...] = ()

    def names(self, column: str) -> tuple[str, ...]:
        """Names of the numbers."""
        angles = [f"{column}: {cycle} ({part})" for cycle in self.cycles for part in ("sin", "cos")]
        return (*angles, *([] if self.order == "time of day" else [f"{column}: days since the first"]))

    def numbers(self, column: str, cells: Cells) -> dict[str, Float[np.ndarray, " n"]]:
        """The (n,) numbers of cells, NaN where one is no date."""
        seconds = to_seconds(cells, self.order)
        values = []
        for cycle in self.cycles:
            angle = 2 * np.pi * (seconds - (_MONDAY if cycle == "day of week" else 0)) / _CYCLES[cycle]
            values += [np.sin(angle), np.cos(angle)]
        if self.order != "time of day":
            values.append((seconds - self.start) / DAY)
        return dict(zip(self.names(column), values, strict=True))


def find_form(
    column: str, parts: Iterable[Cells], asked: Asked, name: str
) -> tuple[DateForm, tuple[DialectFinding, ...]]:
    """How all cells of a column are written.

    Args:
        column: its name.
        parts: its cells, some at a time.
        asked: whether days come before months, where it is said.
        name: of the table, for messages.

    Raises:
        DataError: it holds no dates, or some with the day first and some with the month.
    """
    cells = list(parts)
    order, findings = _order(column, cells, asked, name)
    seconds = np.concatenate([to_seconds(part, order) for part in cells])
    known = seconds[~np.isnan(seconds)]
    if not len(known):
        raise DataError(f"{column!r} of {name} holds no dates that can be read.", "Leave it out with --ignore.")
    times = known % DAY
    cycles = ["hour"] if order == "time of day" or times.min() < times.max() else []
    if order != "time of day":
        cycles += ["day of week", "day of year"]
    return DateForm(order=order, start=float(known.min()), cycles=tuple(cycles)), findings


def _order(column: str, cells: list[Cells], asked: Asked, name: str) -> tuple[Order, tuple[DialectFinding, ...]]:
    if isinstance(cells[0], np.ndarray):
        return "seconds since 1970", ()
    text = pa.chunked_array([pa.array(part, pa.string()) for part in cells]).combine_chunks()
    year_last = pc.drop_null(pc.extract_regex(text, _YEAR_LAST))
    if not len(year_last):
        is_time = pc.any(pc.match_substring_regex(text, rf"^{_TIME}")).as_py()
        return "time of day" if is_time else "year first", ()
    greatest = [pc.max(pc.cast(year_last.field(part), pa.int64())).as_py() for part in ("first", "second_part")]
    example = f"{year_last.field('first')[0]}{year_last.field('sign')[0]}{year_last.field('second_part')[0]}"
    if min(greatest) > 12:
        raise DataError(
            f"{column!r} of {name} has dates with the day first and others with the month, as {example}.",
            f"Write them as 2024-12-31, or leave the column out with --ignore {column}.",
        )
    if asked.day_first is not None:
        return "day first" if asked.day_first else "month first", ()
    points = set(pc.unique(year_last.field("sign")).to_pylist()) == {"."}
    day_first = greatest[0] > 12 or (greatest[1] <= 12 and points)
    confidence = 1.0 if max(greatest) > 12 else 0.9 if points else 0.5
    reason = f"a number above 12 in {column!r}" if max(greatest) > 12 else f"none of {column!r} is above 12"
    finding = DialectFinding(
        what=ORDER_OF_DATES, value="day first" if day_first else "month first", reason=reason,
        confidence=confidence, flag="--day-first or --month-first",
        readings=(Asked(day_first=day_first), Asked(day_first=not day_first)) if confidence < SURE else (),
    )  # fmt: skip
    return "day first" if day_first else "month first", (finding,)


def to_seconds(cells: Cells, order: Order) -> Float[np.ndarray, " n"]:
    """(n,) seconds since 1970 of cells, by the clock that they show; NaN where one is no date."""
    if isinstance(cells, np.ndarray):
        return _instants(cells)
    text = pa.array(cells, pa.string())
    if order == "seconds since 1970":
        from explorer.io.tables.numbers import to_numbers

        return _instants(to_numbers(text, ".", ""))
    if order == "time of day":
        return _time(pc.extract_regex(text, rf"^{_TIME}"))
    if order == "year first":
        parts = pc.extract_regex(text, _YEAR_FIRST)
        year, month, day = (_whole(parts, part) for part in ("year", "month", "day"))
    else:
        parts = pc.extract_regex(text, _YEAR_LAST)
        year, month, day = (_whole(parts, part) for part in ("year", "second_part", "first"))
        month, day = (month, day) if order == "day first" else (day, month)
        year = np.where(year < 69, year + 2000, np.where(year < 100, year + 1900, year))
    time = _time(parts)
    return _days(year, month, day) * DAY + np.where(np.isnan(time), 0.0, time)


def _instants(values: np.ndarray) -> np.ndarray:
    finite = np.abs(values[np.isfinite(values)])
    most = float(finite.max()) if len(finite) else 0.0
    return values / next((per_second for limit, per_second in _PER_SECOND if most <= limit), 1.0)


def _whole(parts: pa.StructArray, part: str) -> np.ndarray:
    """(n,) float64 of one part of dates, NaN where it is not there."""
    text = pc.struct_field(parts, part)
    cells = pc.if_else(pc.equal(text, ""), pa.scalar(None, pa.string()), text)
    return pc.cast(cells, pa.float64()).to_numpy(zero_copy_only=False)


def _time(parts: pa.StructArray) -> np.ndarray:
    hour, minute, second = (_whole(parts, part) for part in ("hour", "minute", "second"))
    half = pc.utf8_lower(pc.struct_field(parts, "half")).to_numpy(zero_copy_only=False)
    hour = np.where(half == "pm", hour % 12 + 12, np.where(half == "am", hour % 12, hour))
    second = np.nan_to_num(second)
    return np.where((hour < 24) & (minute < 60) & (second < 61), hour * 3600 + minute * 60 + second, np.nan)


def _days(year: np.ndarray, month: np.ndarray, day: np.ndarray) -> np.ndarray:
    """(n,) days since 1970, NaN where there is no such day."""
    good = (month >= 1) & (month <= 12) & (day >= 1) & (day <= 31) & (year >= 1) & (year <= 9999)
    y, m, d = (np.where(good, part, 1).astype(np.int64) for part in (year, month, day))
    months = (y - 1970).astype("datetime64[Y]").astype("datetime64[M]") + (m - 1)
    days = months.astype("datetime64[D]") + (d - 1)
    good &= days.astype("datetime64[M]") == months
    return np.where(good, days.astype(np.int64).astype(np.float64), np.nan)
