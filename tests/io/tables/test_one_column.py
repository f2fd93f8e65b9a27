"""Files of one column: each line is one number, or it is asked whether it is two."""

from __future__ import annotations

import numpy as np
import pytest

from explorer.core.errors import UndecidedError
from explorer.data.table_rows import FileRows, open_rows
from explorer.io.tables.dialect import Asked

RNG = np.random.default_rng(0)
VALUES = RNG.normal(5, 2, 40).round(2)
WHOLE = RNG.integers(1000, 99999, 40)


def opened(lines: list[str], **asked: object) -> FileRows:
    return open_rows("\n".join(lines).encode(), "t.csv", dialect=Asked(**asked))


def numbers_of(rows: FileRows) -> np.ndarray:
    [chunk] = rows.chunks()
    [cells] = chunk.cells.values()
    return np.asarray(cells)


def comma(values: np.ndarray) -> list[str]:
    return [f"{value}".replace(".", ",") for value in values.tolist()]


@pytest.mark.parametrize("name", ["wert", ""])
@pytest.mark.parametrize(
    ("lines", "values"),
    [
        (comma(VALUES), VALUES),
        (comma(-VALUES), -VALUES),
        ([f"{cell} %" for cell in comma(VALUES)], VALUES),
        ([f"{cell} €" for cell in comma(VALUES)], VALUES),
        ([f"{cell}e2" for cell in comma(VALUES)], VALUES * 100),
        ([f"{value}" for value in VALUES.tolist()], VALUES),
        ([f"{value} %" for value in VALUES.tolist()], VALUES),
        ([f"{cell};" for cell in comma(VALUES)], VALUES),
        ([f"{value:,}".replace(",", " ") for value in WHOLE.tolist()] + ["831", "2", "15", "7", "12"], None),
    ],
)
def test_each_line_is_one_number(lines: list[str], values: np.ndarray | None, name: str) -> None:
    head = [f"{name};" if lines[0].endswith(";") else name] if name else []
    rows = opened([*head, *lines])
    rows.contract.require_decided("t.csv")
    wanted = [*WHOLE.tolist(), 831, 2, 15, 7, 12] if values is None else values
    [cells, *_] = [np.asarray(cells) for chunk in rows.chunks() for cells in chunk.cells.values()]
    read = np.concatenate([np.asarray(next(iter(chunk.cells.values()))) for chunk in rows.chunks()])
    np.testing.assert_allclose(read, wanted, rtol=1e-12)
    assert cells.dtype == np.float64
    assert rows.has_names == bool(name)


def test_what_may_be_two_columns_is_asked() -> None:
    lines = [f"{a},{b}" for a, b in RNG.integers(10, 99, (40, 2)).tolist()]
    with pytest.raises(UndecidedError, match="--delimiter semicolon for one"):
        opened(lines).contract.require_decided("t.csv")
    two, one = opened(lines, delimiter=","), opened(lines, delimiter=";")
    assert [len(rows.columns) for rows in (two, one)] == [2, 1]
    for rows in (two, one):
        rows.contract.require_decided("t.csv")
    np.testing.assert_allclose(numbers_of(one)[:1], [float(lines[0].replace(",", "."))]) if one.has_names else None


def test_a_header_of_two_names_is_of_two_columns() -> None:
    rows = opened(["a,b", *(f"{a},{b}" for a, b in RNG.integers(10, 99, (40, 2)).tolist())])
    assert rows.columns == ("a", "b")
    assert not rows.contract.undecided


@pytest.mark.parametrize("sign", [",", "."])
def test_three_digits_behind_every_sign_are_asked_about(sign: str) -> None:
    lines = [f"{value:,}".replace(",", sign) for value in WHOLE.tolist()]
    rows = opened(["n", *lines])
    [finding] = rows.contract.undecided
    assert finding.what == "decimal sign"
    read = [numbers_of(opened(["n", *lines], **reading.model_dump(exclude_none=True))) for reading in finding.readings]
    for values in (WHOLE, WHOLE / 1000):
        assert any(np.allclose(one, values) for one in read)


def test_words_are_one_column_and_a_title_is_asked_about() -> None:
    remarks = ["big red one", "small blue one", "a tiny one"] * 9
    assert opened(["remark", *remarks]).columns == ("remark",)
    below = opened(["Temperatures of May", "", "t", *(f"{value}" for value in VALUES.tolist())])
    assert [finding.what for finding in below.contract.undecided] == ["header"]


def test_a_missing_cell_among_decimal_commas_changes_nothing() -> None:
    rows = opened(["wert", *comma(VALUES), "NA", ""])
    np.testing.assert_allclose(numbers_of(rows)[: len(VALUES)], VALUES)


def test_the_flags_that_are_offered_decide() -> None:
    for sign, other in ((",", "."), (".", ",")):
        lines = [f"{value:,}".replace(",", sign) for value in WHOLE.tolist()]
        for decimal, values in ((sign, WHOLE / 1000), (other, WHOLE)):
            rows = opened(lines, decimal=decimal, delimiter=";")
            assert not rows.contract.undecided
            read = np.concatenate([np.asarray(chunk.cells["column 1"]) for chunk in rows.chunks()])
            np.testing.assert_allclose(read, values)
    lines = ["Temperatures of May", "", "t", *(f"{value}" for value in VALUES.tolist())]
    [finding] = opened(lines).contract.undecided
    assert finding.flag == "--lines-above 0 or --lines-above 1"
    below = opened(lines, lines_above=1)
    assert (below.columns, below.contract.stray) == (("t",), 0)
    np.testing.assert_allclose(numbers_of(below), VALUES)
