"""Columns of numbers that are times, names of rows or neither: left out with the reason, or said with the flag."""

from __future__ import annotations

import io
from datetime import datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet

from explorer.data.table_rows import array_rows, open_rows
from explorer.io.tables.asked import RolesAsked
from explorer.io.tables.contract import TableContract
from explorer.io.tables.doubts import DOUBT

N = 60
RANDOM = np.random.default_rng(3)
START = datetime(2024, 1, 3, 10)
MOMENTS = [START + timedelta(days=int(d), minutes=int(m)) for d, m in RANDOM.integers(0, [300, 1400], (N, 2))]


def contract(name: str, cells: list[str], roles: RolesAsked | None = None) -> TableContract:
    lines = [f"{name},a,b", *(f'"{cell}",{i % 7}.5,{i * 3 % 11}' for i, cell in enumerate(cells))]
    return open_rows("\n".join(lines).encode(), "t.csv", roles=roles).contract


@pytest.mark.parametrize("form", ["%Y%m%d", "%Y%m%d%H%M", "%Y%m%d%H%M%S", "%d%b%Y"])
def test_days_written_in_one_are_times_under_any_name_and_dates_where_asked(form: str) -> None:
    cells = [moment.strftime(form) for moment in MOMENTS]
    assert contract("foo", cells).columns[0].role == "time"
    opened = open_rows(
        "\n".join(["foo,a", *(f"{cell},{i % 7}.5" for i, cell in enumerate(cells))]).encode(), "t.csv",
        roles=RolesAsked(dates=("foo",)),
    )  # fmt: skip
    days = np.concatenate([chunk.cells["foo: days since the first"] for chunk in opened.chunks()])
    written = [datetime.strptime(cell, form) for cell in cells]
    wanted = [(moment - min(written)).total_seconds() / 86_400 for moment in written]
    np.testing.assert_allclose(days, wanted, atol=1e-9)


@pytest.mark.parametrize(
    ("months", "written"),
    [
        (("Januar", "März", "Okt.", "Dez", "Mai"), "{day}. {month} 2024"),
        (("janvier", "févr", "août", "déc", "juil"), "{day} {month} 2024"),
        (("enero", "abril", "agosto", "dic", "marzo"), "{day}-{month}-2024"),
    ],
)
def test_months_of_other_languages_are_dates_not_a_category_a_day(months: tuple[str, ...], written: str) -> None:
    cells = [written.format(day=i % 3 + 1, month=months[i % 5]) for i in range(N)]
    assert contract("when", cells).columns[0].role == "time"
    [date] = [c for c in contract("when", cells, RolesAsked(dates=("when",))).columns if c.role == "date"]
    assert date.date is not None
    numbers = {1: "Januar janvier enero", 2: "févr", 3: "März marzo", 4: "abril", 5: "Mai", 7: "juil", 8: "août agosto",
               10: "Okt.", 12: "Dez déc dic"}  # fmt: skip
    month_of = {word: number for number, words in numbers.items() for word in words.split()}
    first = min(datetime(2024, month_of[months[i % 5]], i % 3 + 1) for i in range(N))
    assert date.date.start == (first - datetime(1970, 1, 1)).total_seconds()


@pytest.mark.parametrize(
    ("cells", "role", "reason"),
    [
        ([f"{i * 0.1:.1f}" for i in range(N)], "time", "rises by 0.1"),
        ([str(i + (i > 20) + 2 * (i > 40)) for i in range(N)], "identifier", "with gaps"),
        ([str(RANDOM.integers(2**60, 2**62)) for _ in range(N)], "identifier", "more digits than double precision"),
        ([f"{RANDOM.normal() * 1e20:.4g}" for _ in range(N)], "number", "numbers from"),
        (["1e400", "inf", "-inf", *(f"{RANDOM.normal():.3f}" for _ in range(N - 3))], "number", "numbers from"),
    ],
    ids=["even", "gaps", "large", "powers", "infinite"],
)
def test_numbers_that_name_rows_or_moments_are_left_out(cells: list[str], role: str, reason: str) -> None:
    column = contract("n", cells).columns[0]
    assert column.role == role
    assert reason in column.reason


@pytest.mark.parametrize(
    ("name", "cells", "flag"),
    [
        ("foo", [str(1_700_000_000 + int(i)) for i in RANDOM.integers(0, 10**6, N)], "--time foo or --date foo"),
        ("PassengerId", [str(i % 17) for i in range(N)], "--id PassengerId"),
        ("t0", [f"{v:.3f}" for v in np.cumsum(RANDOM.uniform(0.1, 1, N))], "--time t0"),
    ],
)
def test_what_may_be_no_measurement_is_said_with_its_flag(name: str, cells: list[str], flag: str) -> None:
    as_read = contract(name, cells)
    assert as_read.columns[0].role == "number"
    assert f"`{name}`" in as_read.line
    assert f"({flag})" in as_read.line
    assert not as_read.undecided
    asked = contract(name, cells, RolesAsked(numbers=(name,)))
    assert not [finding for finding in asked.findings if finding.what == DOUBT], "it was said to be a number"


@pytest.mark.parametrize("n", [60, 6000])
def test_versions_that_look_like_numbers_are_said_and_kept_as_written_where_asked(n: int) -> None:
    cells = [("1.1", "1.10", "1.9", "2.0", "1.2")[i % 5] for i in range(n)]
    line = contract("version", cells).line
    assert (
        "`version` has '1.10' beside numbers of fewer decimals, as versions do; it is learnt from as the number" in line
    )
    assert "--category version" in line
    as_category = contract("version", cells, RolesAsked(categories=("version",)))
    assert set(as_category.columns[0].values) == {"1.1", "1.10", "1.9", "2.0", "1.2"}


@pytest.mark.parametrize("form", ["{:.2f}", "{}", "{:.3g}"])
def test_numbers_written_alike_are_no_versions(form: str) -> None:
    numbers = np.arange(100, 160).astype(float) / 20
    cells = [form.format(value) for value in RANDOM.permutation(numbers)]
    assert "as versions do" not in contract("v", cells).line


def test_digits_that_a_number_loses_are_said_and_those_of_an_identifier_stay() -> None:
    large, near = [2**60 + 2 * (i % 3) + 1 for i in range(60)], [10**9 + i * 37 % 61 for i in range(60)]
    rows = [f"{one},{other},{i / 7:.3f}" for i, (one, other) in enumerate(zip(large, near, strict=True))]
    line = open_rows("\n".join(["k,n,a", *rows]).encode(), "t.csv").contract.line
    assert "`k` has whole numbers of more digits than double precision keeps" in line
    assert "`n` goes from 1000000000 to 1000000060, and is learnt from in single precision, in steps of 64" in line
    x = np.stack([2**60 + 2 * np.arange(60) + 1, np.arange(60) * 7 % 11], 1)
    file = io.BytesIO()
    parquet.write_table(pa.table({"k": x[:, 0], "a": x[:, 1]}), file)
    for table in (array_rows(x, ["k", "a"], "t.npy"), open_rows(file.getvalue(), "t.parquet")):
        assert table.contract.of("identifier") == ("k",)
        assert [cell for chunk in table.chunks(as_text=["k"]) for cell in chunk.cells["k"]] == [str(k) for k in x[:, 0]]
