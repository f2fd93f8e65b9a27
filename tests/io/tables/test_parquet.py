"""Parquet files: values of each type known before the file is written."""

from __future__ import annotations

import datetime
import decimal
import io
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet

from explorer import data
from explorer.core.errors import DataError
from explorer.data.table_rows import open_rows
from explorer.io.tables.asked import RolesAsked


def written(columns: dict[str, Any], **options: Any) -> bytes:
    content = io.BytesIO()
    parquet.write_table(pa.table(columns), content, **options)
    return content.getvalue()


def column(content: bytes, name: str, **asked: Any) -> list[Any]:
    return [cell for chunk in open_rows(content, "t.parquet").chunks(**asked) for cell in chunk.cells[name]]


NOON = datetime.datetime(2024, 1, 2, 12)


@pytest.mark.parametrize(
    ("cells", "values", "text"),
    [
        (pa.array([1, None, 3]), [1, np.nan, 3], ["1", "", "3"]),
        (pa.array([1.5, float("nan"), None]), [1.5, np.nan, np.nan], None),
        (pa.array([2**60, 2**60 + 1, 2]), [2.0**60, 2.0**60, 2], ["1152921504606846976", "1152921504606846977", "2"]),
        (pa.array([True, False, None]), [1, 0, np.nan], ["true", "false", ""]),
        (pa.array([decimal.Decimal("1.25")] * 3), [1.25] * 3, ["1.25"] * 3),
        (pa.array([1500, 2, None], pa.duration("ms")), [1.5, 0.002, np.nan], None),
        (pa.array(["a", " b ", None]), None, ["a", "b", ""]),
        (pa.array(["007", "7", "7"]), None, ["007", "7", "7"]),
        (pa.array(["x", None, "x"]).dictionary_encode(), None, ["x", "", "x"]),
        (pa.array([3, 1, 3]).dictionary_encode(), [3, 1, 3], ["3", "1", "3"]),
        (pa.nulls(3), None, ["", "", ""]),
        (pa.array([NOON, None, NOON]), None, ["2024-01-02 12:00:00", "", "2024-01-02 12:00:00"]),
        (pa.array([NOON.date()] * 3), None, ["2024-01-02"] * 3),
    ],
)
def test_each_type_comes_back(cells: pa.Array, values: list[float] | None, text: list[str] | None) -> None:
    content = written({"other": [1, 2, 3], "c": cells}, row_group_size=2)
    if values is None:
        assert column(content, "c") == text
        return
    np.testing.assert_array_equal(column(content, "c"), values)
    if text is not None:
        assert column(content, "c", as_text=["c"]) == text


@pytest.mark.parametrize("cells", [pa.array([[1], [2]]), pa.array([{"a": 1}] * 2), pa.array([b"x", b"y"])])
def test_a_nested_column_is_refused_by_its_name_and_can_be_left_out(cells: pa.Array) -> None:
    content = written({"a": [1.0, 2.0], "inner": cells})
    with pytest.raises(DataError, match="'inner'") as error:
        open_rows(content, "t.parquet")
    assert "--ignore inner" in error.value.hint
    table = open_rows(content, "t.parquet", roles=RolesAsked(ignore=("inner",)))
    assert table.contract.inputs == ("a",)
    assert open_rows(content, "new.parquet", like=table.contract).contract.inputs == ("a",), "read as before"


def test_damage_is_said() -> None:
    content = written({"a": [1.0, 2.0]})
    for broken in (content[:20], content[:-6], content[:4] + bytes(len(content) - 8) + content[-4:]):
        with pytest.raises(DataError, match=r"t\.parquet"):
            open_rows(broken, "t.parquet")


def test_a_table_is_the_same_data_as_parquet_and_as_csv(tmp_path) -> None:
    random = np.random.default_rng(0)
    values = random.normal(size=(50, 3)).round(3)
    lines = ["a,b,c,kind", *(",".join([*map(str, row), f"k{i % 2}"]) for i, row in enumerate(values.tolist()))]
    (tmp_path / "t.csv").write_text("\n".join(lines))
    names = dict(zip("abc", values.T, strict=True))
    (tmp_path / "t.parquet").write_bytes(written({**names, "kind": [f"k{i % 2}" for i in range(50)]}))
    table, other = (data.dataset(str(tmp_path / name)) for name in ("t.csv", "t.parquet"))
    assert table.fingerprint == other.fingerprint
    assert other.contract is not None
    assert other.contract.dialect is None
    assert other.feature_names == ("a", "b", "c", "kind = k0", "kind = k1", "kind = (another value)")


def test_text_that_holds_numbers_is_read_as_these_with_a_word_and_whole_ones_are_codes_beside_typed_columns() -> None:
    measured = [f"{i / 7:.3f}" for i in range(100)]
    codes, few = [f"{i * 7919 % 9973 + 1}" for i in range(100)], [f"{i % 3}" for i in range(100)]
    texts = {"a": measured, "code": codes, "few": few}
    roles = {"a": "number", "code": "metadata", "few": "category", "b": "number"}
    content = written({**texts, "b": [float(i) ** 0.5 for i in range(100)]})
    table = open_rows(content, "t.parquet")
    assert {column.name: column.role for column in table.contract.columns} == roles
    assert "keeps `a` as text, which is read as the numbers" in table.contract.line
    assert "--number code" in table.contract.line
    assert column(content, "a") == [float(cell) for cell in measured]
    asked = open_rows(content, "t.parquet", roles=RolesAsked(numbers=("code",)))
    assert [cell for chunk in asked.chunks() for cell in chunk.cells["code"]] == [float(cell) for cell in codes]
    untyped = open_rows(written(texts), "t.parquet").contract
    assert {column.name: column.role for column in untyped.columns} == dict.fromkeys(texts, "number")


def test_the_index_of_a_data_frame_names_its_rows() -> None:
    pandas = pytest.importorskip("pandas")
    index = pandas.MultiIndex.from_product([["p", "q", "r"], range(20)])
    frame = pandas.DataFrame({"u": np.sin(np.arange(60)), "v": np.cos(np.arange(60) * 3)}, index=index)
    content = io.BytesIO()
    frame.to_parquet(content)
    for file in (content.getvalue(), frame.to_csv().encode()):
        contract = open_rows(file, "t").contract
        assert contract.of("number") == ("u", "v")
        assert len(contract.of("identifier")) == 2
    shuffled = frame.set_index(np.arange(60) * 37 % 61).to_csv().encode()
    assert open_rows(shuffled, "t.csv").contract.of("number") == ("u", "v")


def test_all_columns_of_nested_values_are_named_at_once_with_what_leaves_them_out() -> None:
    content = written({"a": [0.5, 1.5], "l": [[1], [2]], "b c": [{"p": 1}, {"p": 2}]})
    with pytest.raises(DataError, match=r"'l' .* and so do 1 more") as caught:
        open_rows(content, "t.parquet")
    assert "--ignore l --ignore 'b c'" in caught.value.hint
    assert open_rows(content, "t.parquet", roles=RolesAsked(ignore=("l", "b c"))).contract.inputs == ("a",)


def test_labels_that_are_looked_for_are_read_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second look at one column does not read the others again."""
    n = 60
    columns = {f"c{i}": np.random.default_rng(i).normal(size=n) for i in range(4)} | {"group": np.arange(n) % 3}
    parquet.write_table(pa.table(columns), tmp_path / "t.parquet")
    read, iter_batches = [], parquet.ParquetFile.iter_batches

    def watched(file: Any, *given: Any, **named: Any) -> Any:
        read.append(named.get("columns"))
        return iter_batches(file, *given, **named)

    monkeypatch.setattr(parquet.ParquetFile, "iter_batches", watched)
    rows = open_rows(tmp_path / "t.parquet", "t.parquet")
    assert read == [None, ["group"]]
    [chunk] = rows.chunks(only=["c3", "c1"])
    assert read[-1] == ["c1", "c3"]
    np.testing.assert_array_equal(chunk.cells["c3"], columns["c3"])
    [arrays] = rows.arrays(["group", "c0"])
    np.testing.assert_array_equal(arrays["c0"], columns["c0"])


def test_text_that_is_none_is_said(tmp_path: Path) -> None:
    content = written({"a": [0.5, 1.5] * 20, "note": ["ab#cd", "ef#gh"] * 20}, compression="none")
    for sign in (b"ab#cd", b"note"):
        with pytest.raises(DataError, match="Write it again"):
            data.from_upload("t.parquet", content.replace(sign, b"\xff" + sign[1:]))
