"""What columns are for: names and cells with a known purpose."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from explorer.core.errors import DataError
from explorer.data.table_rows import open_rows
from explorer.io.tables.asked import RolesAsked
from explorer.io.tables.roles import as_label_text


def roles(columns: dict[str, list[Any]], **asked: Any) -> dict[str, str]:
    lines = [",".join(columns), *(",".join(map(str, row)) for row in zip(*columns.values(), strict=True))]
    table = open_rows("\n".join(lines).encode(), "t.csv", roles=RolesAsked(**asked))
    return {column.name: column.role for column in table.contract.columns}


MEASURED = [20.05, 19.1, 21.7, 20.2, 18.9, 20.6, 22.3, 19.5, 20.9, 21.1]
TEN = range(10)


@pytest.mark.parametrize(
    ("name", "values", "role"),
    [
        ("id", [*range(5001, 5011)], "identifier"),
        ("", [*TEN], "identifier"),
        ("sample", [*range(1, 11)], "identifier"),
        ("customer_id", [901, 17, 333, 20, 5, 8, 77, 90, 12, 4], "identifier"),
        ("customer_id", [901, 17, 333, 20, 5, 901, 17, 333, 20, 5], "number"),
        ("account", [4929813830000000 + 7919 * i % 104729 for i in TEN], "identifier"),
        ("place", [*range(10, 0, -1)], "identifier"),
        ("share", [f"{v}%" for v in MEASURED], "number"),
        ("price", [f"${v}" for v in MEASURED], "number"),
        ("loss", [f"-{v} €" for v in MEASURED], "number"),
        ("gain", [f"\u2212{v}" for v in MEASURED], "number"),
        ("mixed", [f"{'$' if i % 2 else '€'}{i}" for i in TEN], "left out"),
        ("some", [f"{i}{'%' if i % 2 else ''}" for i in TEN], "left out"),
        ("zip", [f"{7 * i:05d}" for i in TEN], "metadata"),
        ("code", ["007", "7"] * 5, "category"),
        ("time", [1700000000 + 60 * i for i in TEN], "time"),
        ("t", [1700000000 + 60 * i for i in TEN], "time"),
        ("seen", [f"2024-05-{i + 1:02d}" for i in TEN], "time"),
        ("when", [f"{i + 1}.5.2024 10:00" for i in TEN], "time"),
        ("label", [0, 1] * 5, "label"),
        ("is_fraud", [0, 1] * 5, "label"),
        ("species", ["a", "b"] * 5, "label"),
        ("kind", ["a", "b"] * 5, "category"),
        ("state", ["Normal", "Attack"] * 5, "label"),
        ("traffic", ["BENIGN", "malware", "scan", "BENIGN", "scan"] * 2, "label"),
        ("quality", ["good", "bad"] * 5, "category"),
        ("label", MEASURED, "left out"),
        ("y", MEASURED, "number"),
        ("count", [3, 1, 4, 1, 5, 9, 2, 6, 5, 3], "number"),
        ("note", [f"remark {i}" for i in TEN], "metadata"),
        ("gone", [""] * 10, "left out"),
    ],
)
def test_a_column_is_told_by_its_cells_and_name(name: str, values: list[Any], role: str) -> None:
    assert list(roles({name: values, "volt": MEASURED}).values()) == [role, "number"]


def test_coordinates_stay_numbers() -> None:
    given = roles({"x": [1, 2] * 5, "y": [0, 1] * 5, "z": MEASURED})
    assert given == {"x": "number", "y": "number", "z": "number"}
    assert roles({"a": MEASURED, "y": [0, 1] * 5})["y"] == "label"


def test_what_is_said_holds() -> None:
    columns = {"id": [*TEN], "a": MEASURED, "b": ["u", "v"] * 5, "label": [0, 1] * 5}
    given = roles(columns, label="b", inputs=("id",), ignore=("a",))
    assert given == {"id": "number", "a": "left out", "b": "label", "label": "number"}
    assert roles(columns, label="")["label"] == "number"
    assert roles(columns, identifier=("a",), metadata=("b",))["b"] == "metadata"
    with pytest.raises(DataError, match="no column 'nothing'"):
        roles(columns, label="nothing")


def test_the_line_says_what_is_read() -> None:
    text = "\n".join(["id;a;kind;label", *(f"{i};{i},5;{'uv'[i % 2]};{i % 3}" for i in range(9))])
    line = open_rows(text.encode(), "t.csv").contract.line
    assert line == "9 rows; semicolon, decimal comma; 1 number, 1 category, label `label`; `id` left out: it counts up"


def test_labels_are_text_as_they_are_written() -> None:
    assert as_label_text(np.array([12345671.0, 0.5, np.nan])).tolist() == ["12345671", "0.5", ""]


def test_numbers_can_be_categories_and_the_other_way_round() -> None:
    codes = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3]
    mostly = [*["7"] * 3, *["high"] * 7]
    columns = {"code": codes, "level": mostly, "x": MEASURED}
    given = roles(columns)
    assert (given["code"], given["level"]) == ("number", "category")
    said = roles(columns, categories=("code",), numbers=("level",), time=("x",))
    assert said == {"code": "category", "level": "number", "x": "time"}


def test_inputs_come_as_their_role_says() -> None:
    lines = ["code,level", "1,7", "02,high", "3,8"]
    said = RolesAsked(categories=("code",), numbers=("level",))
    [chunk] = open_rows("\n".join(lines).encode(), "t.csv", roles=said).chunks()
    assert chunk.cells["code"] == ["1", "02", "3"]
    np.testing.assert_array_equal(chunk.cells["level"], [7, np.nan, 8])


def test_text_is_no_number_by_being_called_one() -> None:
    with pytest.raises(DataError, match=r"'place' of t\.csv holds no number"):
        roles({"place": ["north", "south"] * 5, "x": MEASURED}, numbers=("place",))


def test_each_number_of_a_range_once_names_the_rows_in_any_order() -> None:
    shuffled = np.random.default_rng(0).permutation(np.arange(5000, 5200))
    twice = shuffled.copy()
    twice[np.flatnonzero((shuffled > 5000) & (shuffled < 5199))[0]] = 5100  # one twice, one not at all
    measured = np.random.default_rng(1).normal(size=200).tolist()
    assert roles({"n": shuffled.tolist(), "a": measured})["n"] == "identifier"
    assert roles({"n": twice.tolist(), "a": measured})["n"] == "number"
    assert roles({"n": [*range(1, 19), *range(1, 19)], "a": measured[:36]})["n"] == "number"


def test_units_and_codes_are_read_as_they_are_meant() -> None:
    table = open_rows(b"share;zip\n" + "\n".join(f"{i},5 %;0{i}" for i in range(20)).encode(), "t.csv")
    (chunk,) = table.chunks()
    np.testing.assert_array_equal(np.asarray(chunk.cells["share"]), np.arange(20) + 0.5)
    assert chunk.cells["zip"] == [f"0{i}" for i in range(20)]


def test_cells_of_numbers_that_are_none_are_counted_in_the_line() -> None:
    table = open_rows(b"a,b\nlow,high\n" + b"\n".join(b"%d.5,%d.25" % (i, 3 * i) for i in range(30)), "t.csv")
    assert "2 cells of numbers are none, which counts as missing (`a`: 'low')" in table.contract.line


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b'{"a": 1, "b": 2}\n{"a": 3, "b": 4}\n', "JSON"),
        (b'[{"a": 1}, {"a": 2}]', "JSON"),
        (b"<!DOCTYPE html><html></html>", "HTML or XML"),
        (b"<?xml version='1.0'?><table/>", "HTML or XML"),
    ],
)
def test_text_of_another_kind_is_refused_by_name(content: bytes, kind: str) -> None:
    with pytest.raises(DataError, match=f"holds {kind}"):
        open_rows(content, "t.csv")


def test_the_way_that_json_is_converted_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    content = b'{"a": 1.5, "b": 2}\n{"a": 3, "b": 4}\n'
    Path("data.json").write_bytes(content)
    with pytest.raises(DataError) as raised:
        open_rows(content, "data.json")
    exec(f"import pandas; {raised.value.hint.removeprefix('Convert it in Python: ')}")  # noqa: S102
    assert open_rows(Path("data.csv"), "data.csv").contract.inputs == ("a", "b")


def test_how_many_cells_of_an_input_hold_nothing_is_said() -> None:
    lines = [
        "a,b",
        *(f"{'' if i % 4 == 0 else MEASURED[i % 10]},{'#N/A' if i == 3 else MEASURED[i % 7]}" for i in range(40)),
    ]
    columns = open_rows("\n".join(lines).encode(), "t.csv").contract.columns
    assert [column.reason.partition(", ")[2] for column in columns] == [
        "missing in 10 of 40 rows",
        "missing in 1 of 40 rows",
    ]
