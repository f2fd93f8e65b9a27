"""Dates as numbers, against Python's own calendar."""

from __future__ import annotations

import datetime
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer.core.errors import DataError
from explorer.data.table_rows import FileRows, open_rows
from explorer.io.tables.asked import RolesAsked
from explorer.io.tables.date_cells import is_date, to_seconds
from explorer.io.tables.dates import DateForm, find_form
from explorer.io.tables.dialect import Asked

EPOCH = datetime.datetime(1970, 1, 1)
FORMATS = {
    "%Y-%m-%d %H:%M:%S": "year first",
    "%Y-%m-%dT%H:%M:%S.%fZ": "year first",
    "%Y/%m/%d %H:%M": "year first",
    "%d.%m.%Y %H:%M": "day first",
    "%d/%m/%Y": "day first",
    "%m/%d/%Y %I:%M %p": "month first",
    "%m-%d-%y": "month first",
    "%H:%M:%S": "time of day",
    "%d-%b-%Y": "month by name",
    "%d %B %Y": "month by name",
    "%b %d %Y %H:%M": "month by name",
    "%B %d, %Y": "month by name",
    "%A, %d %b %Y %H:%M:%S": "month by name",
    "%Y-%b-%d %H:%M:%S": "month by name",
    "%d-%b-%y": "month by name",
    "%a %b %d %H:%M:%S %Y": "month by name",
    "%d/%b/%Y:%H:%M:%S": "month by name",
    "%d %b %Y %I:%M:%S %p": "month by name",
    "%Y%m%dT%H%M%S": "year first",
}


@given(
    st.lists(st.datetimes(datetime.datetime(1971, 1, 1), datetime.datetime(2068, 1, 1)), min_size=1, max_size=5),
    st.sampled_from(sorted(FORMATS)),
)
@settings(max_examples=80, deadline=None)
@pytest.mark.slow
def test_each_format_gives_the_instant_that_was_written(instants: list[datetime.datetime], form: str) -> None:
    instants = [*instants, datetime.datetime(2024, 12, 31, 23, 59)]  # tells the day from the month
    written = [instant.strftime(form) for instant in instants]
    assert all(map(is_date, written))
    date_form, _ = find_form("when", [written], Asked(), "t.csv")
    assert date_form.order == FORMATS[form]
    start = (
        EPOCH if date_form.order != "time of day" else datetime.datetime(1900, 1, 1)
    )  # where strptime puts a bare time
    seconds = [(datetime.datetime.strptime(text, form) - start).total_seconds() for text in written]
    np.testing.assert_allclose(to_seconds(written, date_form.order), seconds, atol=1e-3)


@pytest.mark.parametrize(
    ("cell", "order", "instant"),
    [
        ("2024-01-03T10:00:00+02:00", "year first", "2024-01-03T08:00:00"),
        ("2024-01-03 10:00:00 -0530", "year first", "2024-01-03T15:30:00"),
        ("2024-01-03T10:00:00.250Z", "year first", "2024-01-03T10:00:00.250"),
        ("2024-01-03T10:00+01:00[Europe/Berlin]", "year first", "2024-01-03T09:00:00"),
        ("20240103T101530Z", "year first", "2024-01-03T10:15:30"),
        ("2024-01-03 10:00:00,125", "year first", "2024-01-03T10:00:00.125"),
        ("Wed, 03 Jan 2024 10:00:00 GMT", "month by name", "2024-01-03T10:00:00"),
        ("03/Jan/2024:10:00:00 +0200", "month by name", "2024-01-03T08:00:00"),
        ("3rd January 2024", "month by name", "2024-01-03T00:00:00"),
        ("Sept. 3, 2024 at", "month by name", ""),
        ("Sept. 3, 2024", "month by name", "2024-09-03T00:00:00"),
        ("Jan 3, 2024 3 PM", "month by name", "2024-01-03T15:00:00"),
        ("1/2/2024 12:30 a.m.", "month first", "2024-01-02T00:30:00"),
        ("1/2/2024 12:30 PM", "day first", "2024-02-01T12:30:00"),
        ("2024-01-03 23:30 -02:00", "year first", "2024-01-04T01:30:00"),
        ("2024-05", "year first", "2024-05-01T00:00:00"),
        ("May 2024", "month by name", "2024-05-01T00:00:00"),
    ],
)
def test_names_of_months_zones_and_halves_of_days(cell: str, order: Any, instant: str) -> None:
    seconds = to_seconds([cell], order)[0]
    assert is_date(cell) == bool(instant)
    if not instant:
        assert np.isnan(seconds)
        return
    assert seconds == pytest.approx((datetime.datetime.fromisoformat(instant) - EPOCH).total_seconds(), abs=1e-3)


def test_offsets_are_moved_to_utc_and_said() -> None:
    form, _ = find_form("when", [["2024-01-03T10:00+01:00", "2024-07-03T10:00+02:00"]], Asked(), "t.csv")
    assert form.in_utc
    assert form.words == "year first, moved to UTC"
    assert form.start == (datetime.datetime(2024, 1, 3, 9) - EPOCH).total_seconds()
    plain, _ = find_form("when", [["2024-01-03T10:00", "2024-07-03 10:00"]], Asked(), "t.csv")
    assert not plain.in_utc


def test_numbers_that_are_no_instants_are_refused_and_days_in_one_number_are_days() -> None:
    form, _ = find_form("day", [np.array([20240103.0, 20241231.0])], Asked(), "t.csv")
    assert form.order == "yyyymmdd"
    assert to_seconds(np.array([20240103.0]), form.order)[0] == (datetime.datetime(2024, 1, 3) - EPOCH).total_seconds()
    for no_dates in ([2019.0, 2020.0], [45291.0, 45300.0]):
        with pytest.raises(DataError, match="no dates that can be read, as "):
            find_form("day", [np.array(no_dates)], Asked(), "t.csv")


@pytest.mark.parametrize(
    ("name", "cells", "words"),
    [
        ("ts", [f"{1700000000 + i * 7919 % 500}" for i in range(30)], "seconds since 1970: 2023-11-14 to 2023-11-14"),
        ("timestamp", [f"{1700000000123 + i * 86400000}" for i in range(30)], "milliseconds since 1970: 2023-11-14 to"),
        ("time", [f"{1700000000.25 + i * 7919 % 500}" for i in range(30)], "seconds since 1970: 2023-11-14 to"),
        ("day", [f"202401{i % 28 + 1:02d}" for i in range(60)], "days written as 20240101"),
    ],
)
def test_numbers_that_are_instants_are_said(name: str, cells: list[str], words: str) -> None:
    lines = [f"{name},a", *(f"{cell},{i % 7}.5" for i, cell in enumerate(cells))]
    contract = open_rows("\n".join(lines).encode(), "t.csv").contract
    assert contract.of("time") == (name,)
    assert f"`{name}` left out: {words}" in contract.line
    asked = open_rows("\n".join(lines).encode(), "t.csv", roles=RolesAsked(inputs=(name,))).contract
    assert asked.of("date") == (name,)


def test_cells_that_are_no_dates_are_counted_and_weeks_are_left_out() -> None:
    days = [f"{i % 28 + 1}.05.2024,{i / 7:.2f}" for i in range(30)]
    days[3] = "next week,1"
    contract = open_rows("\n".join(["when,a", *days]).encode(), "t.csv", roles=RolesAsked(dates=("when",))).contract
    assert "a cell of dates is none, which counts as missing (`when`: 'next week')" in contract.line
    weeks = "\n".join(["when,a", *(f"2024-W{i % 20 + 10},{i / 7:.2f}" for i in range(60))]).encode()
    assert open_rows(weeks, "t.csv").contract.of("time") == ("when",)
    with pytest.raises(DataError, match=r"'when' of t\.csv holds no dates that can be read"):
        open_rows(weeks, "t.csv", roles=RolesAsked(dates=("when",)))


def test_what_is_no_day_is_missing() -> None:
    cells = ["2024-02-29", "2023-02-29", "2024-13-01", "", "soon", "2024-01-01 25:00"]
    known = to_seconds(cells, "year first")
    assert known[0] == (datetime.datetime(2024, 2, 29) - EPOCH).total_seconds()
    assert np.isnan(known[1:5]).all()


@pytest.mark.parametrize("per_second", [1, 10**3, 10**6, 10**9])
def test_instants_are_told_by_their_size(per_second: int) -> None:
    instants = np.array([1.7e9, 1.6e9]) * per_second
    np.testing.assert_allclose(to_seconds(instants, "seconds since 1970"), [1.7e9, 1.6e9])


@pytest.mark.parametrize(
    ("cells", "order", "sure"),
    [
        (["1/2/2024", "13/2/2024"], "day first", True),
        (["1/2/2024", "1/13/2024"], "month first", True),
        (["1.2.2024", "3.4.2024"], "day first", True),
        (["1/2/2024", "3/4/2024"], "month first", False),
    ],
)
def test_day_or_month_first_is_told_from_all_cells(cells: list[str], order: str, sure: bool) -> None:
    form, [finding] = find_form("when", [cells[:1], cells[1:]], Asked(), "t.csv")
    assert form.order == order
    assert (finding.confidence >= 0.6) == sure
    if not sure:
        said, nothing = find_form("when", [cells], finding.readings[1], "t.csv")
        assert (said.order, nothing) == ("day first", ())


def test_dates_of_both_orders_are_refused() -> None:
    with pytest.raises(DataError, match=r"'when' of .* has dates with the day first and others with the month"):
        find_form("when", [["13/1/2024", "1/13/2024"]], Asked(), "t.csv")


def test_neighbours_on_the_clock_are_neighbours_as_numbers() -> None:
    form = DateForm(order="year first", start=0.0, cycles=("hour", "day of week", "day of year"))
    cells = ["2023-12-31 23:59:59", "2024-01-01 00:00:00", "2024-01-01 06:00:00"]  # a Sunday, a Monday
    numbers = form.numbers("d", cells)
    assert tuple(numbers) == form.names("d")
    for name, values in numbers.items():
        assert abs(values[0] - values[1]) < 1e-3, name
    assert numbers["d: hour (sin)"].tolist()[1:] == pytest.approx([0, 1], abs=1e-9)
    assert numbers["d: day of week (sin)"][2] == pytest.approx(math.sin(2 * math.pi * 0.25 / 7))
    assert numbers["d: days since the first"][1] == (datetime.date(2024, 1, 1) - EPOCH.date()).days


def table(first: str, n: int = 30, **asked: Any) -> FileRows:
    start = datetime.datetime.fromisoformat(first)
    lines = [f"{(start + datetime.timedelta(hours=7 * i)):%d.%m.%Y %H:%M};{i % 5},5" for i in range(n)]
    return open_rows("\n".join(["when;a", *lines]).encode(), "t.csv", **asked)


def test_dates_are_left_out_unless_asked_for_and_never_categories() -> None:
    assert table("2024-03-01").contract.inputs == ("a",)
    assert table("2024-03-01", n=3).contract.of("category") == ()
    asked = table("2024-03-01", roles=RolesAsked(inputs=("when",)))
    assert asked.contract.of("date") == ("when",)
    assert len(asked.contract.inputs) == 8
    assert "1 date as 7 numbers" in asked.contract.line


def test_new_dates_count_from_the_day_that_was_learnt() -> None:
    learnt = table("2024-03-01", roles=RolesAsked(inputs=("when",))).contract
    [chunk] = table("2024-03-11", n=3, like=learnt).chunks()
    np.testing.assert_allclose(chunk.cells["when: days since the first"], [10, 10 + 7 / 24, 10 + 14 / 24])
    with pytest.raises(DataError, match="'when'"):
        open_rows(b"moment;a\n01.03.2024;1,5\n02.03.2024;2,5\n", "t.csv", like=learnt)
