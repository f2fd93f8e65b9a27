"""A row of units below the names of columns, against tables that are written from known values."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from explorer.core.errors import DataError
from explorer.data.table_rows import FileRows, open_rows
from explorer.io.findings import SURE
from explorer.io.tables.dialect import Asked
from explorer.io.tables.unit_row import unit_of_cell

random = np.random.default_rng(5)
TEMP, WEIGHT = np.round(random.normal(20, 3, 40), 2), np.round(random.normal(70, 9, 40), 1)
BODY = [
    f"2020-01-{i % 28 + 1:02d};{t};{w}" for i, (t, w) in enumerate(zip(TEMP.tolist(), WEIGHT.tolist(), strict=True))
]


def opened(lines: list[str], encoding: str = "utf-8", like: FileRows | None = None, **asked: Any) -> FileRows:
    content = "\n".join(lines).encode(encoding)
    return open_rows(content, "t.csv", Asked.model_validate(asked), like=like.contract if like else None)


def column(table: FileRows, name: str) -> np.ndarray:
    return np.concatenate([chunk.cells[name] for chunk in table.chunks()])


@pytest.mark.parametrize(
    ("row", "units"),
    [
        ("-;°C;kg", ("°C", "kg")),
        (";°C;kg", ("°C", "kg")),
        ("yyyy-mm-dd;[°C];(kg)", ("°C", "kg")),
        ("UTC;W/m²;m s-1", ("W/m²", "m s-1")),
        ("-;%;-", ("%", "")),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_units_below_the_names_are_no_row_and_are_kept(row: str, units: tuple[str, str], encoding: str) -> None:
    table = opened(["Date;Temp;Weight", row, *BODY], encoding)
    np.testing.assert_array_equal(column(table, "Temp"), TEMP)
    assert [int(n) for chunk in table.chunks() for n in chunk.rows] == list(range(2, 42)), "as the file counts them"
    assert tuple(c.unit for c in table.contract.columns if c.role == "number") == units
    assert not table.contract.undecided
    assert "a row of units below the header" in table.contract.line
    assert all(f"in {unit}" in table.contract.line for unit in units if unit)


def test_a_model_in_other_units_is_refused() -> None:
    learnt = opened(["Date;Temp;Weight", "-;°C;kg", *BODY])
    with pytest.raises(DataError, match="is in lb, where the model learnt from kg"):
        opened(["Date;Temp;Weight", "-;°C;lb", *BODY], like=learnt)


@pytest.mark.parametrize("row", ["-;foo;quux", "-;°C;quux", "-;m;quux", "-;s;m"])
def test_words_that_are_no_known_units_are_asked_about(row: str) -> None:
    lines = ["Date;Temp;Weight", row, *BODY]
    [finding] = opened(lines).contract.undecided
    assert "--units" in finding.flag
    assert len(finding.readings) == 3
    table = opened(lines, units=True)
    np.testing.assert_array_equal(column(table, "Weight"), WEIGHT)
    assert table.contract.columns[2].unit == row.split(";")[2]


@pytest.mark.parametrize(
    "lines",
    [
        ["name;score", "Bob;x", *(f"n{i};{t}" for i, t in enumerate(TEMP.tolist()))],
        ["a;b", "x;1", "1;2", "x;3", *(f"{t};{w}" for t, w in zip(TEMP.tolist(), WEIGHT.tolist(), strict=True))],
        ["kind;b", *(f"{'kg' if i % 2 else 'g'};{t}" for i, t in enumerate(TEMP.tolist()))],
        ["a;b", "(3);(4)", *(f"{t};{w}" for t, w in zip(TEMP.tolist(), WEIGHT.tolist(), strict=True))],
    ],
    ids=["a name beside a gap", "a mark that comes again", "units as a category", "numbers in brackets"],
)
def test_rows_stay_rows(lines: list[str]) -> None:
    table = opened(lines)
    assert table.contract.rows == len(lines) - 1 or min(f.confidence for f in table.contract.findings) < SURE
    assert "units below" not in table.contract.line


def test_it_can_be_said_that_they_are_none() -> None:
    table = opened(["Date;Temp;Weight", "-;°C;kg", *BODY], units=False)
    assert table.contract.rows == 41
    assert "2 cells of numbers are none" in table.contract.line


@pytest.mark.parametrize(
    ("cell", "unit"),
    [
        ("kg", "kg"), ("mS/cm", "mS/cm"), ("kg m-3", "kg m-3"), ("m^2", "m^2"), ("[V]", "V"), ("-", ""), ("1", ""),
        ("USD", "USD"), ("Bob", None), ("12", None), ("(12.5)", None), ("red", None), ("yes", None), ("Berlin", None),
    ],
)  # fmt: skip
def test_which_cells_name_units(cell: str, unit: str | None) -> None:
    assert unit_of_cell(cell) == unit
