"""Dates as numbers that a model can learn from: where in the day, week and year they lie, and how long after the first.

An angle is given by its sine and cosine, so that 23:59 lies beside 0:00 and Sunday beside Monday.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from jaxtyping import Float
from pydantic import BaseModel, ConfigDict

from explorer.core.errors import DataError
from explorer.io.findings import SURE
from explorer.io.tables.columns import Cells
from explorer.io.tables.date_cells import (
    DAY,
    TIME,
    YEAR_LAST,
    Order,
    has_zone,
    in_digits,
    to_seconds,
    whole_days,
)
from explorer.io.tables.dialect import Asked, DialectFinding
from explorer.io.tables.numbers import MISSING

ORDER_OF_DATES = "order of day and month"
"""What a finding about dates such as 1/2/2024 is of."""
_CYCLES = {"hour": DAY, "day of week": 7 * DAY, "day of year": 365.2425 * DAY}
_MONDAY = 4 * DAY  # 1970-01-05
_EARLIEST = 1e8
"""Smaller numbers (before 1973) are no seconds since 1970: years, days of a spreadsheet, counts."""


class DateForm(BaseModel):
    """How a column of dates is written, and which numbers it becomes.

    Args:
        order: of its parts.
        in_utc: whether cells say how far their clock is ahead of UTC: they are moved there, and others count as UTC.
        start: the first of the dates that were learnt from, in seconds since 1970: later ones count from there too.
        cycles: in which it is placed.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    order: Order
    in_utc: bool = False
    start: float = 0.0
    cycles: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """How they are read, such as "day first, moved to UTC"."""
        return f"{self.order}{', moved to UTC' if self.in_utc else ''}"

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


def strays(cells: Cells, form: DateForm) -> list[str]:
    """Cells that hold something and no date."""
    if isinstance(cells, np.ndarray):
        return []
    is_none = np.isnan(to_seconds(cells, form.order))
    return [cell for cell, none in zip(cells, is_none.tolist(), strict=True) if none and cell.lower() not in MISSING]


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
    if not len(known) or (order == "seconds since 1970" and known.min() < _EARLIEST):
        example = f", as {known.min():g}" if len(known) else ""
        raise DataError(
            f"{column!r} of {name} holds no dates that can be read{example}.",
            f"Write them as 2024-12-31, or leave the column out with --ignore {shlex.quote(column)}.",
        )
    times = known % DAY
    cycles = ["hour"] if order == "time of day" or times.min() < times.max() else []
    if order != "time of day":
        cycles += ["day of week", "day of year"]
    in_utc = any(has_zone(part) for part in cells)
    return DateForm(order=order, in_utc=in_utc, start=float(known.min()), cycles=tuple(cycles)), findings


def _order(column: str, cells: list[Cells], asked: Asked, name: str) -> tuple[Order, tuple[DialectFinding, ...]]:
    if isinstance(cells[0], np.ndarray):
        return "yyyymmdd" if are_whole_days(np.concatenate(cells)) else "seconds since 1970", ()
    text = pa.chunked_array([pa.array(part, pa.string()) for part in cells]).combine_chunks()
    year_last = pc.drop_null(pc.extract_regex(text, YEAR_LAST))
    if not len(year_last) and len(pc.drop_null(pc.extract_regex(in_digits(text), YEAR_LAST))):
        return "month by name", ()
    if not len(year_last):
        is_time = pc.any(pc.match_substring_regex(text, rf"^{TIME}")).as_py()
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


def are_whole_days(values: Float[np.ndarray, " n"]) -> bool:
    """Whether numbers (n,) are days such as 20241231, all of them."""
    known = values[np.isfinite(values)]
    return bool(len(known) and known.min() > 1800_00_00 and np.isfinite(whole_days(known)).all())
