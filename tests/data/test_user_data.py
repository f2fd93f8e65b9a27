from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from explorer.core.errors import DataError
from explorer.data import dataset, from_upload
from explorer.data.splits import split_rows
from explorer.io.idx import read_idx


def png(value: int) -> bytes:
    out = io.BytesIO()
    Image.new("L", (3, 2), value).save(out, format="PNG")
    return out.getvalue()


def test_one_image_is_a_dataset_for_testing(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(png(9))
    data = dataset(str(path))
    assert data.x.tolist() == [[[[9] * 3] * 2]]
    assert [len(part) for part in (data.train, data.validation, data.test)] == [0, 0, 1]
    assert data.name == str(path)
    assert data.title == "a.png"


def test_two_uploads_of_one_name_differ() -> None:
    assert from_upload("a.png", png(1)).name != from_upload("a.png", png(2)).name
    assert from_upload("a.png", png(1)).name == from_upload("a.png", png(1)).name


def test_splits_follow_the_seed() -> None:
    text = "a,b\n" + "\n".join(f"{i},{i * i}" for i in range(50))
    one, same, other = (from_upload("t.csv", text.encode(), seed) for seed in (1, 1, 2))
    assert [len(part) for part in (one.train, one.validation, one.test)] == [35, 5, 10]
    np.testing.assert_array_equal(one.splits.test, same.splits.test)
    assert not np.array_equal(one.splits.test, other.splits.test)
    assert one.fingerprint == other.fingerprint


@pytest.mark.parametrize("name", ["a.docx", "noextension", "model.pkl", "weights.safetensors"])
def test_other_files_say_what_can_be_read(name: str, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=name) as caught:
        from_upload(name, b"anything")
    assert ".csv" in caught.value.hint or name == "noextension"  # which is opened as a table of one line
    (tmp_path / name).write_bytes(b"anything")
    with pytest.raises(DataError, match=name):
        dataset(str(tmp_path / name))


def test_a_missing_path_lists_names_and_kinds(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no dataset or file") as caught:
        dataset(str(tmp_path / "none.csv"))
    assert "mnist-sample" in caught.value.hint


def test_an_unwritable_cache_says_how_to_move_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_bytes(b"")
    monkeypatch.setenv("EXPLORER_CACHE", str(tmp_path / "file"))
    (tmp_path / "images").mkdir()
    (tmp_path / "images" / "a.png").write_bytes(png(1))
    with pytest.raises(DataError, match="cannot be written") as caught:
        dataset(str(tmp_path / "images"))
    assert "EXPLORER_CACHE" in caught.value.hint


def npz(**arrays: np.ndarray) -> bytes:
    out = io.BytesIO()
    np.savez(out, **arrays)
    return out.getvalue()


def test_channels_that_come_last_are_moved_not_relabelled() -> None:
    x = np.random.default_rng(0).integers(0, 256, (4, 5, 7, 3), np.uint8)
    read = from_upload("images.npz", npz(x=x))
    np.testing.assert_array_equal(read.x, np.moveaxis(x, 3, 1))


def test_a_pickle_inside_an_array_is_never_run() -> None:
    class Bomb:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return open, ("bomb-went-off", "w")

    for key in ("x", "other"):
        arrays = {"x": np.zeros((4, 2)), key: np.array([Bomb(), Bomb()], object)}
        with pytest.raises(DataError, match="pickle"):
            from_upload("rows.npz", npz(**arrays))
    assert not Path("bomb-went-off").exists()


@pytest.mark.parametrize(("code", "dtype"), [(0x0B, ">i2"), (0x0C, ">i4"), (0x08, "u1"), (0x0D, ">f4")])
def test_idx_numbers_have_their_first_byte_first(code: int, dtype: str) -> None:
    values = np.arange(300, 324).reshape(2, 3, 4).astype(dtype)
    header = bytes([0, 0, code, 3]) + np.array([2, 3, 4], ">i4").tobytes()
    np.testing.assert_array_equal(read_idx(header + values.tobytes(), "a.idx"), values)


def test_rows_are_drawn_not_cut_off_the_end() -> None:
    splits = split_rows(1000, seed=0)
    # The mean of 200 rows drawn from 1,000 has a standard deviation of 18; rows off the end would have 899.5 or 849.5.
    for rows in (splits.test, splits.validation):
        assert abs(rows.mean() - 499.5) < 5 * 1000 / np.sqrt(12 * len(rows))
    assert sorted([*splits.train, *splits.validation, *splits.test]) == list(range(1000))
