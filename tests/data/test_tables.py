from __future__ import annotations

import gzip
import io
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer.core.errors import DataError
from explorer.data import ImportOptions, dataset, from_upload
from explorer.io.tables.asked import RolesAsked

RNG = np.random.default_rng(0)


def csv(text: str, encoding: str = "utf-8", **options: object) -> object:
    return from_upload("t.csv", text.encode(encoding), options=ImportOptions(**options))


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1"])
def test_delimiters_and_encodings(delimiter: str, encoding: str) -> None:
    rows = [["größe", "b", "label"], ["1.5", "2", "ä"], ["2.5", "3", "b"], ["3.5", "5", "ä"]]
    data = csv("\r\n".join(delimiter.join(row) for row in rows), encoding)
    assert data.feature_names == ("größe", "b")
    np.testing.assert_array_equal(data.x, np.array([[1.5, 2], [2.5, 3], [3.5, 5]], np.float32))
    assert data.x.dtype == np.float32
    assert data.label_names == ("b", "ä")
    assert data.labels.tolist() == [1, 0, 1]


def test_decimal_commas_and_quoted_cells() -> None:
    data = csv('a;"b;c"\n1,5;2\n"2,5";3')
    assert data.feature_names == ("a", "b;c")
    assert data.x.tolist() == [[1.5, 2], [2.5, 3]]


def test_what_is_left_out_is_said() -> None:
    text = "id,name,constant,empty,a,b\n1,x,7,,1,2\n2,y,7,,NA,3\n3,z,7,,2,inf\n4,x,7,,5,1e99\n5,w,7,,3,9\n"
    data = csv(text + "6,too,few\n")
    assert data.feature_names == ("a", "b")
    assert data.x.tolist() == [[1, 2], [3, 9]]
    assert data.item_names == ("row 1", "row 5")
    left_out = dict(data.report.left_out)
    assert left_out["id"] == "it counts up"
    assert left_out["name"] == "text, not numbers"
    assert left_out["constant"] == "always 7"
    assert left_out["empty"] == "empty"
    assert left_out["3 rows"] == "missing, not a number or infinite in: a (1), b (2)"
    assert left_out["1 rows"] == "do not have 6 cells"
    assert data.report.kept == 2


def test_a_mostly_missing_column_goes_instead_of_the_rows() -> None:
    data = csv("a,b\n1,\n2,\n3,5\n4,\n")
    assert data.feature_names == ("a",)
    assert len(data) == 4


@pytest.mark.parametrize("name", ["label", "Class", "TARGET", "y"])
def test_label_columns_by_name(name: str) -> None:
    data = csv(f"a,{name}\n1,10\n2,9\n3,10\n")
    assert data.feature_names == ("a",)
    assert data.label_names == ("9", "10")
    assert data.labels.tolist() == [1, 0, 1]


def test_a_chosen_label_column_and_a_wrong_one() -> None:
    text = "a,kind,label\n1,x,4\n2,z,5\n3,,6\n"
    data = csv(text, roles=RolesAsked(label="kind"))
    assert data.feature_names == ("a", "label")
    assert data.label_names == ("x", "z")
    assert dict(data.report.left_out)["1 rows"] == "no label"
    with pytest.raises(DataError, match="'nope'") as caught:
        csv(text, roles=RolesAsked(label="nope"))
    assert "kind" in caught.value.hint


def test_a_target_of_measurements_is_no_label() -> None:
    data = csv("a,target\n1,0.25\n2,0.5\n")
    assert data.labels is None
    assert dict(data.report.left_out)["target"] == "holds measurements, not classes"


def test_without_a_header() -> None:
    data = csv("1,2,x\n3,4,y\n")
    coded = ("column 3 = x", "column 3 = y", "column 3 = (another value)")
    assert data.feature_names == ("column 1", "column 2", *coded)
    assert data.x.tolist() == [[1, 2, 1, 0, 0], [3, 4, 0, 1, 0]]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("", "empty"),
        ("a,b\n", "no rows"),
        ("a,b\n1,x\n2,x\n3,x\n4,x\n5,x\n", "no whole row"),
        ("a,b\nw,1\nx,2\ny,3\nz,4\nv,5\n", "no column to learn from"),
        ("a\n7\n7\n", "no whole row"),
        ("a,b\n1,\n,2\n", "no whole row"),
        ("a\0b", "not a text file"),
    ],
)
def test_hopeless_tables_are_clear_errors(text: str, word: str) -> None:
    with pytest.raises(DataError, match=word) as caught:
        csv(text)
    assert "t.csv" in caught.value.message
    assert caught.value.hint


@pytest.mark.slow
@settings(max_examples=200)
@given(st.text(alphabet='01.,;\t\n"ax-eé\r', max_size=200))
def test_any_text_is_a_table_or_a_data_error(text: str) -> None:
    try:
        data = csv(text)
    except DataError:
        return
    assert np.isfinite(data.x).all()
    assert data.x.shape == (len(data), len(data.feature_names))


def npz(**arrays: object) -> bytes:
    out = io.BytesIO()
    np.savez_compressed(out, **arrays)
    return out.getvalue()


@pytest.mark.parametrize("key", ["x", "X", "images", "data", "whatever"])
def test_npz_item_keys(key: str) -> None:
    x = RNG.integers(0, 256, (4, 5, 6), dtype=np.uint8)
    data = from_upload("a.npz", npz(**{key: x}))
    np.testing.assert_array_equal(data.x, x[:, None])


@pytest.mark.parametrize("key", ["y", "labels"])
def test_npz_labels_and_tables(key: str) -> None:
    data = from_upload("a.npz", npz(x=np.array([[1, 2], [3, 5.0]]), **{key: np.array(["b", "a"])}))
    assert data.kind == "table"
    assert data.feature_names == ("column 1", "column 2")
    assert data.label_names == ("a", "b")
    assert data.labels.tolist() == [1, 0]


@pytest.mark.parametrize("channels", [1, 3])
def test_npz_channels_last_and_first(channels: int) -> None:
    x = RNG.integers(0, 256, (4, channels, 5, 6), dtype=np.uint8)
    np.testing.assert_array_equal(from_upload("a.npz", npz(x=x)).x, x)
    np.testing.assert_array_equal(from_upload("a.npz", npz(x=x.transpose(0, 2, 3, 1))).x, x)


@pytest.mark.parametrize(
    ("values", "dtype", "expected"),
    [
        ([0, 0.5, 1], np.float64, [0, 0.5, 1]),
        ([0, 51, 255], np.float32, [0, 0.2, 1]),
        ([0, 4, 16], np.float64, [0, 0.25, 1]),
        ([0, 13107, 65535], np.uint16, [0, 0.2, 1]),
        ([-1, 0, 1], np.float32, [0, 0.5, 1]),
        ([0, 1, 1], np.uint8, [0, 1, 1]),
        ([False, True, True], bool, [0, 1, 1]),
        ([0, 51, 255], np.int64, [0, 0.2, 1]),
    ],
)
def test_npz_pixel_ranges(values: list[float], dtype: type, expected: list[float]) -> None:
    data = from_upload("a.npz", npz(x=np.tile(np.array(values, dtype), (60, 7, 8))))
    np.testing.assert_allclose(data.tensor()[0, 0, 0], np.tile(expected, 8), atol=1e-6)


def test_channels_that_stand_first_or_last_are_asked_about() -> None:
    """Three images of 9 channels or of 7: nothing says which."""
    contract = from_upload("a.npz", npz(x=np.zeros((3, 9, 8, 7)))).contract
    assert contract is not None
    (axes,) = contract.undecided
    assert "7 channels, 9x8 pixels" in axes.reason
    assert "9 channels, 8x7 pixels" in axes.reason
    assert axes.flag == "--axes NHWC or --axes NCHW"


def test_npz_leaves_out_rows_that_are_not_finite() -> None:
    x = np.ones((3, 2, 2), np.float32)
    x[1, 0, 0] = np.nan
    data = from_upload("a.npz", npz(x=x, y=np.arange(3)))
    assert data.label_names == ("0", "2")
    assert data.report.left_out == (("image 2", "holds values that are not finite"),)
    assert data.item_names == ("image 1", "image 3")


def test_pickles_are_never_read() -> None:
    class Bomb:
        def __reduce__(self) -> tuple:
            return (pytest.fail, ("the pickle was read",))

    with pytest.raises(DataError, match="Python objects") as caught:
        from_upload("a.npz", npz(x=np.array([Bomb()], dtype=object)))
    assert "pickle" in caught.value.hint
    out = io.BytesIO()
    np.save(out, np.array([Bomb()], dtype=object))
    with pytest.raises(DataError, match="Python objects"):
        from_upload("a.npy", out.getvalue())


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "NPZ"),
        (npz(x=np.zeros((3, 4, 4)))[:-40], "NPZ"),
        (npz(a=np.zeros(3), b=np.zeros(3)), "no array of items"),
        (npz(x=np.zeros(3)), "shape"),
        (npz(x=np.zeros((3, 4, 4)), y=np.zeros(2)), "2 labels"),
        (npz(x=np.array([["a", "b"]])), "type"),
    ],
)
def test_bad_npz_files_are_clear_errors(data: bytes, word: str) -> None:
    with pytest.raises(DataError, match=word):
        from_upload("a.npz", data)


@settings(max_examples=150)
@given(st.data())
def test_damaged_npz_gives_data_or_a_data_error(data: st.DataObject) -> None:
    body = bytearray(npz(x=np.arange(48.0).reshape(3, 4, 4), y=np.arange(3)))
    for _ in range(data.draw(st.integers(1, 4))):
        body[data.draw(st.integers(0, len(body) - 1))] = data.draw(st.integers(0, 255))
    try:
        from_upload("a.npz", bytes(body))
    except DataError as error:
        assert error.message


def idx(array: np.ndarray) -> bytes:
    return bytes([0, 0, 8, array.ndim]) + np.array(array.shape, ">u4").tobytes() + array.tobytes()


def test_idx_files_and_the_labels_beside_them(tmp_path: Path) -> None:
    x = RNG.integers(0, 256, (5, 4, 4), dtype=np.uint8)
    (tmp_path / "my-images-idx3-ubyte.gz").write_bytes(gzip.compress(idx(x)))
    (tmp_path / "my-labels-idx1-ubyte.gz").write_bytes(gzip.compress(idx(np.array([3, 1, 3, 1, 2], np.uint8))))
    data = dataset(str(tmp_path / "my-images-idx3-ubyte.gz"))
    np.testing.assert_array_equal(data.x, x[:, None])
    assert data.label_names == ("1", "2", "3")
    assert data.labels.tolist() == [2, 0, 2, 0, 1]
    assert from_upload("plain.idx", idx(x)).fingerprint == from_upload("b-ubyte.gz", gzip.compress(idx(x))).fingerprint


def test_labels_are_those_of_the_rows_that_stay() -> None:
    rows = ["a,b,label", "1,2,x", ",3,y", "2,5,z", "4,,y", "5,7,x"]
    data = csv("\n".join([*rows, ""]))
    assert [data.label_names[i] for i in data.labels] == ["x", "z", "x"]
    assert data.item_names == ("row 1", "row 3", "row 5")
