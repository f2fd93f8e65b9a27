"""Columns beside items: found, typed, and each value beside its own item."""

from __future__ import annotations

import io
import pathlib
import zipfile

import numpy as np
import pytest
from PIL import Image

from explorer import data
from explorer.core.errors import DataError
from explorer.data.beside import ItemColumn, ItemColumns, as_asked, modified_beside, read_columns
from explorer.data.beside.typed import date_in_words, typed_array, typed_cells

N = 30


def columns(path: pathlib.Path, beside: tuple[str, bytes] | None = None) -> ItemColumns:
    return read_columns(path, str(path), data.open_dataset(str(path)), beside=beside)


def by_name(found: ItemColumns) -> dict[str, ItemColumn]:
    return {column.name: column for column in found.columns}


def all_of(column: ItemColumn) -> list[str]:
    return column.written(np.arange(len(column.values)))


# --- What a column is said to hold ------------------------------------------------------------------------------------


def said(kind: str, cells: list[str]) -> tuple[ItemColumn, tuple[str, ...]]:
    """A column of these cells as it is when somebody says what it holds, and the remarks."""
    guessed = typed_cells("c", cells)
    assert guessed is not None
    other = as_asked(ItemColumns((guessed,), ()), {"c": kind})  # type: ignore[dict-item]
    return other.columns[0], other.remarks


def test_few_whole_numbers_are_said_to_be_categories_and_can_be_numbers() -> None:
    cells = [str(i % 5) if i != 7 else "" for i in range(N)]
    guessed = typed_cells("c", cells)
    assert guessed is not None
    assert guessed.kind == "category"
    assert "whole numbers" in guessed.remark
    numbers, remarks = said("number", cells)
    np.testing.assert_array_equal(numbers.values, [i % 5 if i != 7 else np.nan for i in range(N)])
    assert remarks == ()


def test_numbers_as_categories_lose_no_digit() -> None:
    values = [f"{0.1 + i % 15 / 10**9:.12f}" for i in range(N)]
    categories, _ = said("category", values)
    assert len(categories.names) == 15
    assert [float(categories.names[i]) for i in categories.values] == [float(value) for value in values]


def test_text_dates_and_numbers_become_one_another_where_they_can() -> None:
    dates, remarks = said("date", [str(20240100 + 1 + i % 28) for i in range(N)])
    assert dates.written(np.array([1])) == ["2024-01-02"]
    assert remarks == ()
    words, remarks = said("number", ["cat", "1.5", "2.5", "", *["dog"] * 26])
    assert words.values[1:3].tolist() == [1.5, 2.5]
    assert remarks == ("c: 27 cells are no numbers and count as missing.",)
    text, _ = said("text", [f"{i * 1.5}" for i in range(N)])
    assert [float(cell) for cell in text.values] == [i * 1.5 for i in range(N)]


def test_what_cannot_be_so_stays_as_it_was_and_says_so() -> None:
    words, remarks = said("number", ["cat", "dog", "bee"] * 10)
    assert words.kind == "category"
    assert remarks == ("c stays category: its values cannot be read as number.",)
    assert as_asked(ItemColumns((words,), ()), {"c": "left out"}).remarks == ("c: left out, as asked.",)
    assert as_asked(ItemColumns((words,), ()), {"c": "left out"}).columns == ()


def test_what_lies_beside_tells_when_it_changed(tmp_path: pathlib.Path) -> None:
    (tmp_path / "vectors.tsv").write_text("1\t2")
    assert modified_beside(tmp_path / "vectors.tsv") == 0
    (tmp_path / "metadata.tsv").write_text("a")
    assert modified_beside(tmp_path / "vectors.tsv") == (tmp_path / "metadata.tsv").stat().st_mtime_ns
    assert modified_beside(tmp_path) == (tmp_path / "metadata.tsv").stat().st_mtime_ns
    assert modified_beside(b"PK") == 0


# --- What a column holds ----------------------------------------------------------------------------------------------


def test_numbers_dates_categories_and_text_are_told_apart() -> None:
    numbers = typed_cells("price", [f"{i * 1.5}" for i in range(N)])
    dates = typed_cells("day", [f"2024-02-{1 + i % 28:02d}" for i in range(N)])
    kinds = typed_cells("kind", [("cat", "dog")[i % 2] for i in range(N)])
    remarks = typed_cells("remark", [f"thing number {i}" for i in range(N)])
    grades = typed_cells("grade", [str(i % 5) for i in range(N)])
    assert [c.kind for c in (numbers, dates, kinds, remarks, grades) if c] == [
        "number",
        "date",
        "category",
        "text",
        "category",
    ]
    assert dates is not None
    assert dates.values[1] == np.datetime64("2024-02-02", "s").astype(float)
    assert grades is not None
    assert grades.names == ("0", "1", "2", "3", "4")


def test_missing_cells_stay_missing() -> None:
    for cells in (["1.5", "", "2.5", "NA"] * 9, ["2024-01-01", "", "2024-01-03", "n/a"] * 9, ["a", "", "b", "?"] * 9):
        column = typed_cells("c", cells)
        assert column is not None
        np.testing.assert_array_equal(column.missing, [False, True, False, True] * 9)
        assert column.written(np.array([1, 3])) == ["", ""]
    assert typed_cells("empty", ["", "NA"]) is None


def test_arrays_are_typed_by_what_they_hold() -> None:
    flags = typed_array("flag", np.arange(N) % 2 == 0)
    days = typed_array("day", np.array(["2024-01-01", "NaT"], "datetime64[D]"))
    values = typed_array("v", np.r_[np.nan, np.linspace(0, 1, N)])
    assert flags is not None
    assert flags.names == ("false", "true")
    assert days is not None
    assert days.written(np.arange(2)) == ["2024-01-01", ""]
    assert values is not None
    assert values.kind == "number"
    assert values.missing[0]


def test_dates_are_written_with_a_time_where_they_have_one() -> None:
    assert date_in_words(86400.0) == "1970-01-02"
    assert date_in_words(86461.0) == "1970-01-02 00:01:01"


# --- Of the file itself -----------------------------------------------------------------------------------------------


def test_columns_of_a_table_follow_its_rows_where_some_are_left_out(tmp_path: pathlib.Path) -> None:
    rows = [f"{i * 0.5 if i != 3 else ''},{i * i * 0.1},remark {i},{'xy'[i % 2]}" for i in range(N)]
    (tmp_path / "t.csv").write_text("\n".join(["a,b,note,sort", *rows]))
    dataset = data.open_dataset(str(tmp_path / "t.csv"))
    assert len(dataset) == N - 1  # a row without `a` is none to learn from
    found = by_name(columns(tmp_path / "t.csv"))
    kept = [i for i in range(N) if i != 3]
    assert all_of(found["note"]) == [f"remark {i}" for i in kept]
    assert all_of(found["sort"]) == ["xy"[i % 2] for i in kept]
    assert set(found) == {"note", "sort"}  # a and b are what is learnt from


def test_arrays_of_the_items_length_are_columns(tmp_path: pathlib.Path) -> None:
    x = np.random.default_rng(0).normal(size=(N, 4))
    others = {"age": np.linspace(20, 50, N), "place": np.array(["here", "there"])[np.arange(N) % 2]}
    np.savez(
        tmp_path / "t.npz", x=x, labels=np.arange(N) % 3, wrong=np.arange(N + 1), matrix=np.zeros((N, 2)), **others
    )
    found = by_name(columns(tmp_path / "t.npz"))
    assert set(found) == {"age", "place"}
    np.testing.assert_array_equal(found["age"].values, others["age"])
    assert all_of(found["place"]) == others["place"].tolist()


# --- Of a table beside it ---------------------------------------------------------------------------------------------


def vectors_file(folder: pathlib.Path) -> pathlib.Path:
    x = np.random.default_rng(0).normal(size=(N, 3))
    (folder / "vectors.tsv").write_text("\n".join("\t".join(f"{v:.5f}" for v in row) for row in x))
    return folder / "vectors.tsv"


@pytest.mark.parametrize("word", ["Paris, France", "a b c", "12"])
def test_one_column_of_the_embedding_projector_has_no_header(tmp_path: pathlib.Path, word: str) -> None:
    path = vectors_file(tmp_path)
    cells = [f"{word} {i}" for i in range(N)]
    (tmp_path / "metadata.tsv").write_text("\n".join(cells))
    (column,) = columns(path).columns
    assert all_of(column) == cells


def test_the_number_of_items_tells_a_header_where_the_words_do_not(tmp_path: pathlib.Path) -> None:
    path = vectors_file(tmp_path)
    cells = [f"{['ant', 'bee', 'cat', 'dog'][i % 4]} {i}" for i in range(N)]
    (tmp_path / "metadata.tsv").write_text("\n".join(cells))
    found = columns(path)
    assert all_of(found.columns[0]) == cells
    assert found.remarks == (
        f"The first row of metadata.tsv is the first item's: so it has a row for each of {N} items.",
    )


def test_several_columns_of_the_embedding_projector_have_one(tmp_path: pathlib.Path) -> None:
    path = vectors_file(tmp_path)
    (tmp_path / "metadata.tsv").write_text("word\ttag\n" + "\n".join(f"w{i}\t{'ab'[i % 2]}" for i in range(N)))
    found = by_name(columns(path))
    assert all_of(found["word"]) == [f"w{i}" for i in range(N)]
    assert all_of(found["tag"]) == ["ab"[i % 2] for i in range(N)]


def test_a_table_with_other_many_rows_is_refused(tmp_path: pathlib.Path) -> None:
    path = vectors_file(tmp_path)
    (tmp_path / "metadata.tsv").write_text("\n".join(f"w{i}\tx" for i in range(N + 5)))
    with pytest.raises(DataError, match=f"{N + 5} rows beside {N} items|{N + 4} rows beside {N} items"):
        columns(path)


def picture(shade: int) -> bytes:
    out = io.BytesIO()
    Image.fromarray(np.full((6, 6), shade, np.uint8)).save(out, "PNG")
    return out.getvalue()


TABLE = "file,age,who\n" + "\n".join(f"p{i}.png,{20 + i}.5,person number {i}" for i in reversed(range(N)) if i != 4)


def test_a_table_in_a_folder_of_pictures_is_matched_by_their_names(tmp_path: pathlib.Path) -> None:
    for i in range(N):
        (tmp_path / f"p{i}.png").write_bytes(picture(i))
    (tmp_path / "labels.csv").write_text(TABLE + "\nq.png,3.5,nobody")
    dataset = data.open_dataset(str(tmp_path))
    found = columns(tmp_path)
    numbers = [int(name.removesuffix(".png")[1:]) for name in dataset.item_names]
    age = by_name(found)["age"].values
    np.testing.assert_array_equal(age, [np.nan if i == 4 else 20.5 + i for i in numbers])
    assert by_name(found)["who"].missing.sum() == 1
    said = " ".join(found.remarks)
    assert f"says nothing of 1 of {N} files" in said
    assert "1 of its 30 rows name no file" in said


def test_so_is_a_table_without_header_in_a_zip(tmp_path: pathlib.Path) -> None:
    with zipfile.ZipFile(tmp_path / "z.zip", "w") as archive:
        for i in range(N):
            archive.writestr(f"set/p{i}.png", picture(i))
        archive.writestr("set/metadata.csv", "\n".join(f"p{i},{'ab'[i % 2]}" for i in range(N)))
    (column,) = columns(tmp_path / "z.zip").columns
    dataset = data.open_dataset(str(tmp_path / "z.zip"))
    numbers = [int(pathlib.PurePath(name).stem[1:]) for name in dataset.item_names]
    assert all_of(column) == ["ab"[i % 2] for i in numbers]


def test_a_table_that_names_no_picture_is_refused(tmp_path: pathlib.Path) -> None:
    for i in range(3):
        (tmp_path / f"p{i}.png").write_bytes(picture(i))
    given = ("ages.csv", b"name,age\nann,3\nbob,4\neve,5")
    with pytest.raises(DataError, match="names none of the 3 files"):
        columns(tmp_path, beside=given)
