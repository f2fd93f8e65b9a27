"""Tables whose cells stand at fixed places: read as they were written, with spaces and gaps, or asked about."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer.core.errors import DataError
from explorer.data.cells import texts
from explorer.data.table_rows import FileRows, open_rows
from explorer.io.tables.dialect import Asked

CITIES = ("New York", "Berlin", "San José", "Rio de Janeiro", "Rome")


def written(
    columns: dict[str, list[str]], widths: list[int], left: list[bool], header: bool = True, above: str = ""
) -> str:
    """Cells below one another, each padded to its width."""
    rows = [[*columns], *zip(*columns.values(), strict=True)] if header else [*zip(*columns.values(), strict=True)]
    sides = [str.ljust if is_left else str.rjust for is_left in left]
    lines = ("".join(side(c, w) for side, c, w in zip(sides, row, widths, strict=True)).rstrip() for row in rows)
    return above + "\n".join(lines) + "\n"


def read(opened: FileRows) -> dict[str, list[object]]:
    cells: dict[str, list[object]] = {name: [] for name in opened.columns}
    for chunk in opened.chunks():
        for name, values in chunk.cells.items():
            cells[name] += texts(values).tolist() if isinstance(values, list) else values.tolist()
    return cells


@settings(max_examples=30)
@given(
    st.integers(0, 2**32 - 1),
    st.booleans(),
    st.booleans(),
    st.sampled_from(["", "# made by hand\n", "Weather of May\n\n"]),
)
@pytest.mark.slow
def test_cells_with_spaces_and_gaps_are_read_as_they_were_written(
    seed: int, left: bool, header: bool, above: str
) -> None:
    random = np.random.default_rng(seed)
    n = int(random.integers(12, 40))
    temp = [f"{value:.2f}" for value in random.normal(10, 9, n)]
    wind = ["" if i % 5 == 4 else f"{value:.1f}" for i, value in enumerate(random.uniform(0, 90, n))]
    columns = {"city": [CITIES[i % 5] for i in range(n)], "mean temp": temp, "wind": wind}
    above = above if header else ""
    opened = open_rows(written(columns, [16, 11, 8], [True, left, False], header, above).encode(), "t.txt")
    assert not opened.contract.undecided
    assert "cells at fixed places" in opened.contract.line
    assert opened.has_names == header
    city, first, second = read(opened).values()
    assert city == columns["city"]
    np.testing.assert_array_equal(first, np.array(temp, float))
    np.testing.assert_array_equal(second, [float(cell or "nan") for cell in wind])
    if header:
        assert opened.columns == tuple(columns)


def test_cells_that_touch_are_asked_about_and_widths_read_them() -> None:
    random = np.random.default_rng(0)
    values = random.integers(1, 9999, (60, 3))
    values[:, 2] %= 90
    text = "   a   b   c\n" + "".join("".join(f"{value:4d}" for value in row) + "\n" for row in values)
    (finding,) = [
        finding for finding in open_rows(text.encode(), "t.txt").contract.undecided if finding.what == "delimiter"
    ]
    assert "cells may touch" in finding.reason
    opened = open_rows(text.encode(), "t.txt", Asked(widths=(4, 4, 4)))
    np.testing.assert_array_equal(list(read(opened).values()), values.T)


def test_letters_that_are_not_ascii_count_as_one_in_any_encoding() -> None:
    n = 20
    columns = {"Straße": ["Große Höhe", "Tor"] * (n // 2), "x": [f"{i}.5" for i in range(n)]}
    text = written(columns, [14, 6], [True, False])
    for encoding in ("utf-8", "cp1252", "utf-16"):
        assert read(open_rows(text.encode(encoding), "t.txt"))["Straße"] == columns["Straße"]


def test_rows_of_words_with_one_space_between_stay_so() -> None:
    contract = open_rows(b"a b c\n1 22 3\n4 5 666\n7 8\n10 11 12\n13 14 15\n", "t.txt").contract
    assert "space" in contract.line
    assert contract.ragged == 1
    aligned = written({"a": ["1", "22"] * 9, "b": ["x", "yy"] * 9}, [5, 5], [False, False])
    assert "; space;" in open_rows(aligned.encode(), "t.txt").contract.line


@pytest.mark.parametrize("widths", [(0, 4), (-1,)])
def test_a_width_of_nothing_is_none(widths: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="greater than 0"):
        Asked(widths=widths)


def test_widths_beyond_the_lines_leave_empty_cells() -> None:
    opened = open_rows(b"a   b\n1.5 2\n2.5 4\n", "t.txt", Asked(widths=(4, 4, 4)))
    assert opened.columns == ("a", "b", "column 3")
    with pytest.raises(DataError, match="no widths"):
        open_rows(b"PAR1" + b"\0" * 20, "t.parquet", Asked(widths=(4,)))
