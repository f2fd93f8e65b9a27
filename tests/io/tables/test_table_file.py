"""Text tables: what is found about them, against tables that are written from known values."""

from __future__ import annotations

import csv
import gzip
import io
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer.core.errors import DataError
from explorer.data.table_rows import open_rows
from explorer.io.findings import SURE
from explorer.io.tables import numbers
from explorer.io.tables.dialect import Asked, Dialect
from explorer.io.tables.file import TableFile
from tests.io.tables.awkward_tables import AwkwardTable, awkward_tables, wrong


def opened(text: str, **asked: Any) -> TableFile:
    return TableFile(text.encode(), "t.csv", Asked(**asked))


def column(table: TableFile, name: str) -> list[Any]:
    return [cell for chunk in table.chunks() for cell in chunk.cells[name]]


def rows(table: TableFile) -> list[int]:
    return [int(row) for chunk in table.chunks() for row in chunk.rows]


# --- Numbers ---


@pytest.mark.parametrize(
    ("text", "values", "sure"),
    [
        ("a;b\n2.471,5;1\n12,25;2\n", [2471.5, 12.25], True),
        ("a;b\n1.234.567;1\n2.471;2\n", [1234567, 2471], True),
        ('a,b\n"1,234.5",1\n"12,000",2\n', [1234.5, 12000], True),
        ("a;b\n1 234,5;1\n12 000,5;2\n", [1234.5, 12000.5], True),
        ("a;b\n1'234.5;1\n12'000.5;2\n", [1234.5, 12000.5], True),
        ("a;b\n2.471;1\n0.5;2\n", [2.471, 0.5], True),
        ("a,b\n2.471,1\n3.125,2\n", [2.471, 3.125], True),
        ("a;b\n2.471;1\n2.656;2\n", [2471, 2656], False),
        ("a;b\n2,471;1\n2,656;2\n", [2.471, 2.656], False),
    ],
)
def test_signs_are_told_from_all_cells(text: str, values: list[float], sure: bool) -> None:
    table = opened(text)
    assert column(table, "a") == values
    assert (table.signs.confidence >= 0.9) == sure, "what can be read both ways is said to be so"


def test_an_undecided_sign_can_be_set() -> None:
    text = "a;b\n2.471;1\n2.656;2\n"
    assert column(opened(text, decimal="."), "a") == [2.471, 2.656]
    assert column(opened(text, decimal=","), "a") == [2471, 2656]
    assert column(opened(text, thousands="."), "a") == [2471, 2656]
    learnt_from = TableFile(text.encode(), "t.csv", like=Dialect(decimal="."))
    assert column(learnt_from, "a") == [2.471, 2.656], "as in the table that was learnt from"


@pytest.mark.parametrize(
    ("text", "either"),
    [
        ("a;b\n2.471;1\n2.656;2\n", [[2471, 2656], [2.471, 2.656]]),
        ("a;b\n2,471;1\n2,656;2\n", [[2.471, 2.656], [2471, 2656]]),
        ("a;b\n2.471;1\n2,656;2\n", [[2.471, 2656], [2471, 2.656]]),
    ],
)
def test_both_readings_are_named_where_neither_is_sure(text: str, either: list[list[float]]) -> None:
    [finding] = [finding for finding in opened(text).findings if finding.readings]
    assert finding.confidence < SURE
    tables = [open_rows(text.encode(), "t.csv", reading) for reading in finding.readings]
    assert [column(table, "a") for table in tables] == either, "the one that is taken stands first"
    assert not any(table.contract.undecided for table in tables), "having said it decides it"


def test_one_cell_at_the_end_of_a_long_file_decides() -> None:
    lines = [f"{1 + i % 9}.{i % 1000:03d};{i}" for i in range(30_000)]
    assert column(opened("\n".join(["a;b", *lines])), "a")[5] == 6005
    assert column(opened("\n".join(["a;b", *lines, "0.5;1"])), "a")[5] == 6.005


@given(st.lists(st.floats(-1e7, 1e7), min_size=1), st.sampled_from([(".", ""), (",", ""), (".", ","), (",", ".")]))
@settings(max_examples=80, deadline=None)
def test_numbers_come_back_as_they_were_written(values: list[float], signs: tuple[Any, Any]) -> None:
    decimal, thousands = signs
    swap = {",": thousands, ".": decimal}
    written = ["".join(swap.get(c, c) for c in f"{value:,.4f}") for value in values]
    read = numbers.to_numbers(pa.array(written), decimal, thousands)
    np.testing.assert_allclose(read, np.round(values, 4), rtol=1e-12, atol=1e-12)


# --- Header ---


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("6.33,,1.95\n0.07,6.23,10.1\n3.0,2.5,6.18\n", None),
        ("6.33,NaN,1.95\n0.07,6.23,10.1\n3.0,2.5,6.18\n", None),
        ("6,33;8,05;1,95\n0,07;6,23;10,1\n", None),
        ("a,b\n1,2\n", ("a", "b")),
        ("2019,2020,2021\n6.33,8.05,1.95\n0.07,6.23,10.1\n3.0,2.5,6.18\n", ("2019", "2020", "2021")),
        ("0,1,2\n6.33,8.05,1.95\n0.07,6.23,10.1\n3.0,2.5,6.18\n", ("0", "1", "2")),
        ("s,400.5,401.0,401.5\ns0,6.3,8.1,1.9\ns1,0.1,6.2,10.1\ns2,3.0,2.5,6.2\n", ("s", "400.5", "401.0", "401.5")),
        ("x,y\nred,small\nblue,large\nred,large\n", ("x", "y")),
        ("red,small\nblue,large\nred,small\nblue,large\n", None),
        ("a,b\nc,1\nd,2\n", ("a", "b")),
    ],
)
def test_a_header_is_told_from_all_rows(text: str, names: tuple[str, ...] | None) -> None:
    table = opened(text)
    assert table.has_names == (names is not None)
    if names is not None:
        assert table.columns == names
    assert table.n_rows == len(text.splitlines()) - (names is not None)


def test_a_header_can_be_set() -> None:
    text = "a,b\n1,2\n"
    assert opened(text, header=False).n_rows == 2
    assert opened("1,2\n3,4\n", header=True).columns == ("1", "2")


# --- Rows ---


def test_rows_keep_their_numbers_in_the_file() -> None:
    table = opened("a,b\n1,2\n\n3\n5,6\n,\n7,8,9\n9,10\n")
    assert rows(table) == [1, 4, 7]
    assert table.ragged == (3, 6)
    assert table.empty == 2
    assert column(table, "a") == [1, 5, 9]
    without = opened("1,2\n3\n5,6\n", header=False)
    assert (rows(without), without.ragged) == ([1, 3], (2,))


@pytest.mark.parametrize("above", ["sep=;\n", "# made by hand\n# twice\n", "Report of May\n\n", "Report; of May\n"])
def test_lines_above_the_table_are_passed_over(above: str) -> None:
    table = opened(above + "a;b;c\n1;2;3\n4;5;6\n7;8;9\n")
    assert table.columns == ("a", "b", "c")
    assert rows(table) == [1, 2, 3]
    assert table.dialect.lines_above == above.count("\n")
    assert any(finding.what == "lines above" for finding in table.findings)


def test_a_delimiter_at_the_end_of_each_row_is_no_column() -> None:
    table = opened("a,b\n1,2,\n3,4,\n")
    assert table.columns == ("a", "b")
    assert column(table, "b") == [2, 4]
    named_rows = opened("a,b\nx,1,2\ny,3,4\n")  # as R writes them
    assert named_rows.columns == ("column 1", "a", "b")


def test_cells_may_hold_delimiters_quotes_and_lines() -> None:
    file = io.StringIO()
    values = [["a;b", 'say "no"', 1], ["two\nlines", "", 2], ["ü", " x ", 3]]
    csv.writer(file, delimiter=";").writerows([["t", "u", "n"], *values])
    table = opened(file.getvalue())
    assert column(table, "t") == ["a;b", "two\nlines", "ü"]
    assert column(table, "u") == ['say "no"', "", "x"]
    assert column(table, "n") == [1, 2, 3]
    assert rows(table) == [1, 2, 3]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings_and_packing(encoding: str) -> None:
    content = "größe;€\n1,5;2\n2,5;3\n".encode(encoding)
    for packed in (content, gzip.compress(content), pa.compress(content, "zstd", asbytes=True)):
        table = TableFile(packed, "t.csv")
        assert table.columns == ("größe", "€")
        assert column(table, "größe") == [1.5, 2.5]


def test_what_can_not_be_read_is_said() -> None:
    for content, word in ((b"", "empty"), (b"a\0b", "not a text file"), (b"\x1f\x8bbroken", "damaged")):
        with pytest.raises(DataError, match=word):
            TableFile(content, "t.csv")


# --- The whole, from known values ---


@st.composite
def tables(draw: st.DrawFn) -> tuple[str, list[str], list[list[Any]]]:
    """A table in a random dialect, with its names and values."""
    n, width = draw(st.integers(3, 12)), draw(st.integers(2, 5))
    kinds = [draw(st.sampled_from(["number", "whole", "text"])) for _ in range(width)]
    if "number" not in kinds:
        kinds[0] = "number"
    # A fraction of two digits tells the decimal sign.
    cell = {
        "number": st.integers(-(10**6), 10**6).map(lambda v: (v * 2 + 1) / 100),
        "whole": st.integers(0, 10**6),
        "text": st.sampled_from(["red", "blue; dark", 'so-called "x"', "grün", "a, b", "two\nlines"]),
    }
    values = [[draw(cell[kind]) for kind in kinds] for _ in range(n)]
    names = [f"{kind} {i}" for i, kind in enumerate(kinds)]
    delimiter, decimal = draw(
        st.sampled_from([(",", "."), (";", "."), (";", ","), ("\t", "."), ("\t", ","), ("|", ".")])
    )
    grouped = draw(st.booleans())

    def written(value: Any) -> str:
        if isinstance(value, str):
            return value
        text = f"{value:,}" if grouped else f"{value}"
        return text.replace(",", "T").replace(".", decimal).replace("T", "." if decimal == "," else ",")

    file = io.StringIO()
    ending = draw(st.sampled_from(["\n", "\r\n"]))
    quoting = draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
    writer = csv.writer(file, delimiter=delimiter, lineterminator=ending, quoting=quoting)
    writer.writerows([names, *([written(value) for value in row] for row in values)])
    return file.getvalue(), names, values


@pytest.mark.slow
@given(tables(), st.integers(2, 7))
@settings(max_examples=25, deadline=None)
def test_in_chunks_as_in_one(table: tuple[str, list[str], list[list[Any]]], size: int) -> None:
    as_found = opened(table[0])
    for name in as_found.columns:
        parts = [cell for chunk in as_found.chunks(size) for cell in chunk.cells[name]]
        assert [str(cell) for cell in parts] == [str(cell) for cell in column(as_found, name)]


def test_a_file_too_large_to_keep_reads_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "\n".join(["id;a;b", *(f"{i};{i / 7:.3f};x{i}" for i in range(500)), "1;2", "501;0,5;y"])
    kept = opened(text)
    monkeypatch.setattr("explorer.io.tables.record_blocks.KEPT_BYTES", 10)
    again = opened(text)
    assert repr(again.facts) == repr(kept.facts)
    assert again.ragged == kept.ragged == (501,)
    assert rows(again) == rows(kept)
    assert column(again, "b") == column(kept, "b")


@pytest.mark.slow
@given(awkward_tables())
@settings(max_examples=250, deadline=None)
def test_an_awkward_table_reads_back_or_is_refused(table: AwkwardTable) -> None:
    fault = wrong(table)
    assert not fault or fault.startswith("refused"), f"{fault}\n{table.text}"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Report, May\na,b\n1.5,x\n2.5,y\n3.5,z\n", (("Report", "May"), ("a", "b"), ("Report", "May"))),
        ("temp,press\nwarm,high\n1.5,2\n2.5,3\n3.5,4\n", (("temp", "press"), ("warm", "high"), ("temp", "press"))),
        (
            "Report; May\n2001;2002;2003\n1,5;7;8\n2,5;7;9\n3,5;8;1\n",
            (("column 1", "Report", "May"), ("2001", "2002", "2003")),
        ),
    ],
)
def test_of_two_lines_that_may_be_the_header_each_can_be_said(text: str, names: tuple[tuple[str, ...], ...]) -> None:
    [finding] = [finding for finding in opened(text).findings if finding.readings]
    read = [TableFile(text.encode(), "t.csv", asked) for asked in finding.readings]
    assert [table.columns for table in read] == [*names]
    assert not any(as_found.readings for table in read for as_found in table.findings)


def test_padding_around_cells_is_no_delimiter() -> None:
    table = opened(" -12'367.55 ,k1\n -9'922.25 ,k3\n 8'969.89 ,\n -11'237.37 ,\n")
    assert table.dialect.delimiter == ","
    assert column(table, "column 1") == [-12367.55, -9922.25, 8969.89, -11237.37]


def test_a_first_cell_of_two_lines_stays_one_cell() -> None:
    assert column(opened('"a\nb",1.5\nc,2.5\nc,3.5\n'), "column 1") == ["a\nb", "c", "c"]


@pytest.mark.parametrize("late", ["2.471", "n/a?", " ", "NA ", "1,5", "007", "1e3"])
def test_what_only_a_late_row_shows_is_read_as_if_it_stood_first(late: str) -> None:
    rows_of_text = [f"{i};{i}" for i in range(30_000)]
    last = opened("\n".join(["a;b", *rows_of_text, f"{late};1"]))
    first = opened("\n".join(["a;b", f"{late};1", *rows_of_text]))
    assert last.signs == first.signs
    np.testing.assert_array_equal(column(last, "a")[-1:], column(first, "a")[:1])
    seen = [(f.numbers, f.missing, f.stray, f.low, f.high) for f in (last.facts[0], first.facts[0])]
    assert seen[0] == seen[1]


def test_codes_whose_zeros_come_late_stay_as_they_are_written() -> None:
    lines = [f"{300 + i % 600};{i},5" for i in range(3_000)]
    for coded in ([*lines, *(f"{i:03d};1,5" for i in range(300))], [*(f"{i:03d};1,5" for i in range(300)), *lines]):
        table = opened("\n".join(["code;a", *coded]))
        assert table.facts[0].is_coded
        assert {"007", "300"} <= {*column(table, "code")}


@pytest.mark.parametrize("quoted", [False, True])
def test_cells_that_stand_below_one_another_are_read(quoted: bool) -> None:
    values = np.random.default_rng(0).normal(50, 40, (50, 3)).round(2)
    lines = ["".join(f"{name:>10}" for name in ("a", "b", "c")) + ("  note" if quoted else "")]
    lines += ["".join(f"{v:>10}" for v in row) + ('   "two  words"  ' if quoted else "") for row in values]
    table = TableFile(("\r\n".join(lines) + "\r\n").encode(), "t.txt")
    (chunk,) = table.chunks()
    np.testing.assert_array_equal(np.stack([np.asarray(chunk.cells[name]) for name in ("a", "b", "c")], 1), values)
    assert not quoted or set(chunk.cells["note"]) == {"two  words"}


@pytest.mark.parametrize("above", ["# a b c\n", "# run 7\n#a\tb\tc\n", "//a,b,c\n"], ids=["savetxt", "tabs", "commas"])
def test_a_remark_with_a_name_for_each_column_names_them(above: str) -> None:
    values = np.random.default_rng(0).normal(size=(10, 3)).round(3)
    delimiter = "\t" if "\t" in above else "," if "," in above else " "
    lines = "".join(delimiter.join(map(str, row)) + "\n" for row in values.tolist())
    if delimiter == " ":  # as a sentence may
        (finding,) = open_rows((above + lines).encode(), "t.txt").contract.undecided
        assert "a, b, c" in finding.reason
    opened = open_rows((above + lines).encode(), "t.txt", Asked(header=True if delimiter == " " else None))
    assert opened.columns == ("a", "b", "c")
    assert not opened.contract.undecided
    np.testing.assert_array_equal(np.column_stack([next(opened.chunks()).cells[name] for name in "abc"]), values)
    assert not open_rows((above + lines).encode(), "t.txt", Asked(header=False)).has_names
    if delimiter != " ":
        assert not open_rows(("# made by hand\n" + lines).encode(), "t.txt").has_names
