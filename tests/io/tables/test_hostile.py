"""Tables as people and programs write them: read right, asked about, or refused with a hint that works."""

from __future__ import annotations

import bz2
import io
import lzma

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet

from explorer.core.errors import DataError
from explorer.data import from_upload
from explorer.data.table_rows import FileRows, array_rows, open_rows
from explorer.io.tables.asked import RolesAsked
from explorer.io.tables.dialect import Asked

RNG = np.random.default_rng(0)
N = 40
A, B = RNG.normal(5, 2, N).round(2), RNG.normal(size=N).round(3)
BIG = RNG.integers(1000, 9_999_999, N)


def opened(lines: list[str], written: str = "utf-8", **asked: object) -> FileRows:
    return open_rows("\n".join(lines).encode(written), "t.csv", Asked(**asked))


def column(rows: FileRows, name: str) -> np.ndarray:
    return np.concatenate([np.asarray(chunk.cells[name]) for chunk in rows.chunks()])


def indian(value: int) -> str:
    head, tail = str(value)[:-3], str(value)[-3:]
    pairs = [head[max(0, end - 2) : end] for end in range(len(head), 0, -2)][::-1]
    return ",".join([*pairs, tail])


@pytest.mark.parametrize("quote", ['"', ""])
def test_digits_in_pairs_as_india_groups_them(quote: str) -> None:
    sign = "," if quote else ";"
    lines = [f"{quote}{indian(value)}{quote}{sign}{b}" for value, b in zip(BIG.tolist(), B.tolist(), strict=True)]
    rows = opened([f"x{sign}y", *lines])
    np.testing.assert_array_equal(column(rows, "x"), BIG)
    np.testing.assert_array_equal(column(rows, "y"), B)


@pytest.mark.parametrize("space", ["\u2009", "\u202f", "\u00a0", "\u2007", "'", "\u2019"])
def test_thin_spaces_and_apostrophes_group_digits(space: str) -> None:
    lines = [f"{value:,}".replace(",", space) + f";{b}" for value, b in zip(BIG.tolist(), B.tolist(), strict=True)]
    np.testing.assert_array_equal(column(opened(["x;y", *lines]), "x"), BIG)


@pytest.mark.parametrize(
    "word", ["k.A.", "keine Angabe", "n.a.", "#DIV/0!", "#WERT!", ".", "...", "--", "missing", "\\N"]
)
def test_words_for_nothing(word: str) -> None:
    lines = [f"{word if i % 4 == 0 else a},{b}" for i, (a, b) in enumerate(zip(A.tolist(), B.tolist(), strict=True))]
    rows = opened(["x,y", *lines])
    np.testing.assert_array_equal(column(rows, "x"), np.where(np.arange(N) % 4 == 0, np.nan, A))
    assert not rows.contract.stray


@pytest.mark.parametrize("written", ["-999", "-999.0", "-9999.00"])
def test_a_number_that_stands_for_nothing_is_said_and_can_be_told(written: str) -> None:
    lines = [f"{written if i % 9 == 0 else a},{b}" for i, (a, b) in enumerate(zip(A.tolist(), B.tolist(), strict=True))]
    rows = opened(["x,y", *lines])
    flag = f"--missing {float(written):g}"
    assert f"it may stand for a missing value ({flag})" in rows.contract.line
    told = opened(["x,y", *lines], missing=(flag.split()[1],))
    np.testing.assert_array_equal(column(told, "x"), np.where(np.arange(N) % 9 == 0, np.nan, A))
    assert "may stand for" not in told.contract.line


def test_numbers_that_go_that_far_are_numbers() -> None:
    values = [*range(-1000, 0, 25), -999, -999]
    assert "may stand for" not in opened(["x,y", *(f"{v},{i % 7}.5" for i, v in enumerate(values))]).contract.line


@pytest.mark.parametrize("written", [{}, {"columns": ("x", "y")}])
def test_missing_numbers_of_arrays_and_parquet(written: dict[str, object]) -> None:
    x = np.c_[np.where(np.arange(N) % 9 == 0, -999, A), B]
    names = tuple(written.get("columns", ()))
    rows = array_rows(x, names, "t.npy", dialect=Asked(missing=("-999",)))
    np.testing.assert_array_equal(column(rows, rows.columns[0]), np.where(x[:, 0] == -999, np.nan, x[:, 0]))
    out = io.BytesIO()
    parquet.write_table(pa.table({"x": x[:, 0], "y": B}), out)
    rows = open_rows(out.getvalue(), "t.parquet", Asked(missing=("-999",)))
    np.testing.assert_array_equal(column(rows, "x"), np.where(x[:, 0] == -999, np.nan, x[:, 0]))
    for refuse in (
        lambda said: array_rows(x, names, "t.npy", dialect=said),
        lambda said: open_rows(out.getvalue(), "t.parquet", said),
    ):
        with pytest.raises(DataError, match="has no delimiter that could be said") as caught:
            refuse(Asked(delimiter=";"))
        assert "--delimiter" in caught.value.hint


def test_half_numbers_are_left_out_with_what_to_say() -> None:
    lines = [f"{'<0.05' if i % 4 == 0 else a},{b}" for i, (a, b) in enumerate(zip(A.tolist(), B.tolist(), strict=True))]
    rows = opened(["x,y", *lines])
    assert rows.contract.of("left out") == ("x",)
    assert "`x` left out: 10 of 40 cells are no numbers, as '<0.05' (--missing '<0.05'" in rows.contract.line
    assert opened(["x,y", *lines], missing=("<0.05",)).contract.inputs == ("x", "y")
    asked = open_rows("\n".join(["x,y", *lines]).encode(), "t.csv", roles=RolesAsked(numbers=("x",)))
    assert asked.contract.inputs == ("x", "y")


@pytest.mark.parametrize(("pack", "ending"), [(bz2.compress, ".bz2"), (lzma.compress, ".xz")])
def test_bz2_and_xz(pack: object, ending: str) -> None:
    content = "\n".join(["x,y", *(f"{a},{b}" for a, b in zip(A.tolist(), B.tolist(), strict=True))]).encode()
    for name in (f"t.csv{ending}", "t.csv"):
        np.testing.assert_array_equal(from_upload(name, pack(content)).x[:, 0], A.astype(np.float32))
    with pytest.raises(DataError, match="is damaged"):
        from_upload("t.csv", pack(content)[:-30])


@pytest.mark.parametrize(
    ("lines", "names"),
    [
        (["// one, two", "// three", "x,y"], ("x", "y")),
        (["x,\ty"], ("x", "y")),
        (["# c", "", "x,y"], ("x", "y")),
    ],
)
def test_remarks_and_padding(lines: list[str], names: tuple[str, ...]) -> None:
    sign = ",\t" if "\t" in lines[-1] else ","
    rows = opened([*lines, *(f"{a}{sign}{b}" for a, b in zip(A.tolist(), B.tolist(), strict=True))])
    assert rows.columns == names
    np.testing.assert_array_equal(column(rows, "y"), B)


@pytest.mark.parametrize(
    ("content", "kind", "hint"),
    [
        (b"PK\x03\x04" + b"\0" * 40, "a spreadsheet", "Save|save"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 40, "an old spreadsheet", "CSV"),
        (b"@relation x\n@attribute a numeric\n@data\n1\n", "ARFF", "CSV"),
        (b"1 1:0.5 2:0.25\n0 1:0.1 2:0.3\n", "LIBSVM", "numpy"),
        (bytes([7, 0, 1, 0]) * 40, "not a text file", "CSV"),
    ],
)
def test_what_is_no_table_is_named(content: bytes, kind: str, hint: str) -> None:
    with pytest.raises(DataError, match=kind) as caught:
        open_rows(content, "t.csv")
    assert any(word in caught.value.hint for word in hint.split("|"))


def test_other_utf_encodings() -> None:
    lines = ["größe;y", *(f"{a};{b}" for a, b in zip(A.tolist(), B.tolist(), strict=True))]
    np.testing.assert_array_equal(column(opened(lines, "utf-32"), "größe"), A)
    np.testing.assert_array_equal(column(opened(lines, "utf-16-le", encoding="utf-16-le"), "größe"), A)


@pytest.mark.parametrize("name", ["t.xlsx", "t.feather", "t.json", "t.dta", "t.7z", "t.mat"])
def test_files_of_other_programs_are_refused_by_name(name: str) -> None:
    with pytest.raises(DataError, match=f"files that end in .{name[2:]} are not read") as caught:
        from_upload(name, b"\0\1\2\3" * 20)
    assert caught.value.hint


@pytest.mark.parametrize("end", ["", "\n"])
@pytest.mark.parametrize(
    ("text", "values"), [("1,2", [[1, 2]]), ("5", [[5]]), ("a,b\n1,2", [[1, 2]]), ("1;2,5", [[1, 2.5]])]
)
def test_a_last_line_needs_no_end(text: str, values: list[list[float]], end: str) -> None:
    rows = open_rows(f"{text}{end}".encode(), "t.csv")
    np.testing.assert_array_equal([[chunk.cells[c][0] for c in rows.columns] for chunk in rows.chunks()], values)


@pytest.mark.parametrize(("sign", "fields"), [("\t", "#fields\t"), (" ", "#Fields: ")])
def test_a_line_of_fields_above_a_log_names_its_columns(sign: str, fields: str) -> None:
    lines = [sign.join([f"{a}", "tcp" if i % 3 else "udp", f"{b}"]) for i, (a, b) in enumerate(zip(A, B, strict=True))]
    above = [
        "#Software: x",
        "#path\tconn",
        fields + sign.join(["duration", "proto", "bytes"]),
        "#types\ttime\tenum\tcount",
    ]
    rows = opened([*above, *lines])
    rows.contract.require_decided("t.csv")
    assert rows.columns == ("duration", "proto", "bytes")
    np.testing.assert_array_equal(column(rows, "duration"), A)
    assert rows.contract.rows == N


def test_two_rows_of_names_above_numbers_and_an_index_are_asked_about() -> None:
    lines = [",s,t", ",a,b", *(f"{i},{a},{b}" for i, (a, b) in enumerate(zip(A.tolist(), B.tolist(), strict=True)))]
    [finding] = opened(lines).contract.undecided
    assert "--lines-above 1" in finding.flag
    table = opened(lines, lines_above=1)
    assert table.columns == ("column 1", "a", "b")
    assert table.contract.columns[0].role == "identifier"
