"""Numbers that are written otherwise than 1234.5: each is read as the value that it was written from, with a word."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from explorer.core.errors import DataError
from explorer.data.table_rows import FileRows, open_rows
from explorer.io.tables.asked import RolesAsked

random = np.random.default_rng(5)
VALUES = np.round(random.normal(0, 50, 40), 2)
ABOVE_ZERO = np.round(random.uniform(1, 99, 40), 1)
OTHER = np.round(random.normal(0, 1, 40), 2)
FULL, ARABIC = (str.maketrans("0123456789.", signs) for signs in ("０１２３４５６７８９．", "٠١٢٣٤٥٦٧٨٩٫"))


def opened(cells: list[str], roles: RolesAsked | None = None, like: FileRows | None = None) -> FileRows:
    lines = [
        "v,other",
        *(f'"{cell}",{other}' if "," in cell else f"{cell},{other}" for cell, other in zip(cells, OTHER, strict=True)),
    ]
    return open_rows("\n".join(lines).encode(), "t.csv", roles=roles, like=like.contract if like else None)


def values(rows: FileRows) -> np.ndarray:
    return np.concatenate([np.asarray(chunk.cells["v"], float) for chunk in rows.chunks()])


def signed(minus: str) -> Callable[[float], str]:
    return lambda v: f"{minus}{-v}" if v < 0 else f"{v}"


@pytest.mark.parametrize(
    "written",
    [
        lambda v: f"({-v})" if v < 0 else f"{v}",
        lambda v: f"($ {-v:,.2f})" if v < 0 else f"$ {v:,.2f}",
        lambda v: f"{-v}-" if v < 0 else f"{v}",
        lambda v: f"{v:.4E}".replace("E", "D"),
        lambda v: f"{v:.2f}".translate(FULL),
        lambda v: f"{v:.2f}".translate(ARABIC),
        lambda v: f"'{v}",
        signed("\N{EN DASH}"),
        signed("\N{FULLWIDTH HYPHEN-MINUS}"),
        signed("- "),
    ],
    ids=[
        "brackets",
        "brackets of money",
        "minus behind",
        "Fortran",
        "full width",
        "Arabic",
        "apostrophe",
        "dash",
        "wide minus",
        "space",
    ],
)
def test_other_forms_are_read(written: Callable[[float], str]) -> None:
    rows = opened([written(v) for v in VALUES.tolist()])
    assert rows.contract.of("number") == ("v", "other")
    np.testing.assert_allclose(values(rows), VALUES, rtol=1e-4)


def test_they_are_said_with_an_example() -> None:
    assert "`v` has numbers as '(93.9)', read as -93.9" in opened(["(93.9)", *["1.5"] * 39]).contract.line


@pytest.mark.parametrize(
    ("form", "unit"),
    [("{} kg", "kg"), ("{}kg", "kg"), ("{}°C", "°C"), ("{} widgets", "widgets"), ("USD {}", "USD"), ("{} %", "%")],
)
@pytest.mark.slow
def test_a_unit_is_read_past_said_and_kept(form: str, unit: str) -> None:
    rows = opened([form.format(v) for v in ABOVE_ZERO.tolist()])
    np.testing.assert_array_equal(values(rows), ABOVE_ZERO)
    assert f"`v` in {unit}" in rows.contract.line
    assert [column.unit for column in rows.contract.columns] == [unit, ""]


@pytest.mark.slow
def test_another_unit_than_was_learnt_from_is_refused() -> None:
    learnt = opened([f"{v} kg" for v in ABOVE_ZERO.tolist()])
    assert values(opened([str(v) for v in ABOVE_ZERO.tolist()], like=learnt)).sum() == pytest.approx(ABOVE_ZERO.sum())
    pounds = [f"{v} lb" for v in ABOVE_ZERO.tolist()]
    with pytest.raises(DataError, match="in lb, where the model learnt from kg"):
        opened(pounds, like=learnt)
    np.testing.assert_array_equal(values(opened(pounds, RolesAsked(numbers=("v",)), learnt)), ABOVE_ZERO)


@pytest.mark.parametrize(
    ("cells", "role", "word"),
    [
        (
            [f"{v} {unit}" for v, unit in zip(ABOVE_ZERO.tolist(), ["kg", "lb"] * 20, strict=True)],
            "left out",
            "'kg' and 'lb'",
        ),
        ([f"~{v}" for v in ABOVE_ZERO.tolist()], "metadata", "with other signs as '~"),
        ([f"'{i:04d}" for i in range(40)], "metadata", "different values"),
        ([f"{i}A{i % 7}" for i in range(40)], "metadata", "different values"),
        ([f"{i}D{i % 7}" for i in range(40)], "metadata", "different values"),
        ([f"{i + 1} May" for i in range(20)] * 2, "category", ""),
        (["1/2", "3/4", "10-19", "5 am"] * 10, "category", ""),
    ],
    ids=["two units", "about", "codes", "names", "hex", "days", "few"],
)
def test_what_is_no_number_stays_text(cells: list[str], role: str, word: str) -> None:
    column = opened(cells).contract.columns[0]
    assert column.role == role or (role == "metadata" and column.role in ("identifier", "time"))
    assert word in column.reason


def test_a_remark_to_some_numbers_is_no_unit() -> None:
    cells = [f"{v}" for v in ABOVE_ZERO.tolist()]
    cells[7] += " broken"
    rows = opened(cells)
    assert np.isnan(values(rows)[7])
    assert "a cell of numbers is none" in rows.contract.line


def test_names_that_begin_with_numbers_are_a_header() -> None:
    lines = ["2019 sales,2020 sales", *(f"{a},{b}" for a, b in zip(VALUES.tolist(), OTHER.tolist(), strict=True))]
    assert open_rows("\n".join(lines).encode(), "t.csv").columns == ("2019 sales", "2020 sales")
