"""Rows that stay in their file are those that NumPy loads, and looking at them costs no memory."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from explorer.core.errors import DataError
from explorer.data import dataset
from explorer.data.on_disk import members_on_disk
from explorer.data.rows_on_disk import RowsOnDisk, on_disk
from tests.io.awkward_images import idx


@given(
    st.sampled_from(["u1", "<f4", ">i2"]),
    st.lists(st.integers(-7, 6), max_size=12),
    st.sampled_from([(7, 3), (7, 2, 3, 1)]),
)
@settings(max_examples=40, deadline=None)
def test_chosen_rows_are_those_of_the_whole_array(
    tmp_path_factory: pytest.TempPathFactory, dtype: str, rows: list[int], shape: tuple[int, ...]
) -> None:
    whole = np.arange(np.prod(shape)).reshape(shape).astype(dtype)
    path = tmp_path_factory.mktemp("rows") / "x.npy"
    np.save(path, whole)
    x = on_disk(path)
    index = np.array(rows, np.int64)
    assert isinstance(x, RowsOnDisk)
    assert x[index].dtype == whole.dtype
    np.testing.assert_array_equal(x[index], whole[index])
    np.testing.assert_array_equal(x[whole.reshape(7, -1)[:, 0] % 2 == 0], whole[whole.reshape(7, -1)[:, 0] % 2 == 0])
    np.testing.assert_array_equal(x[2:5], whole[2:5])
    np.testing.assert_array_equal(x[3], whole[3])
    np.testing.assert_array_equal(x[2:6][np.array([1, 0])], whole[2:6][[1, 0]])


def test_a_row_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    np.save(tmp_path / "x.npy", np.zeros((5, 2)))
    with pytest.raises(IndexError):
        on_disk(tmp_path / "x.npy")[np.array([5])]


def _mapped_kb() -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("RssFile"))


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs Linux to tell whose memory it is")
def test_a_few_rows_all_over_a_file_bring_little_of_it_into_memory(tmp_path: Path) -> None:
    x = np.lib.format.open_memmap(tmp_path / "x.npy", "w+", np.uint8, (4000, 12288))
    x[:] = 7
    x.flush()
    del x
    x = on_disk(tmp_path / "x.npy")
    before = _mapped_kb()
    assert (x[np.arange(0, 4000, 8)] == 7).all()
    assert _mapped_kb() - before < 4 << 10, "of 48 MiB"


def test_members_of_an_npz_are_those_that_numpy_loads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("explorer.data.on_disk.LARGE", 1000)
    random = np.random.default_rng(0)
    arrays = {
        "x": random.integers(0, 255, (40, 3, 5, 5)).astype(np.uint8),
        "größe": random.normal(size=(90, 7)).astype(">f4"),
        "sides": np.asfortranarray(random.normal(size=(50, 6))),
        "line": random.normal(size=900),
        "small": np.arange(6).reshape(3, 2),
    }
    np.savez(tmp_path / "x.npz", **arrays)
    mapped = members_on_disk(tmp_path / "x.npz")
    assert sorted(mapped) == ["größe", "x"]
    with np.load(tmp_path / "x.npz") as loaded:
        for name, array in mapped.items():
            assert isinstance(array, RowsOnDisk)
            np.testing.assert_array_equal(array, loaded[name])
            np.testing.assert_array_equal(array[np.array([7, 3])], loaded[name][[7, 3]])
    np.savez_compressed(tmp_path / "packed.npz", **arrays)
    assert members_on_disk(tmp_path / "packed.npz") == {}
    images, same = (dataset(str(tmp_path / name)) for name in ("x.npz", "packed.npz"))
    assert images.fingerprint == same.fingerprint
    assert isinstance(images.x, RowsOnDisk)
    np.testing.assert_array_equal(images.x, arrays["x"])


def test_a_large_idx_file_stays_in_its_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("explorer.data.on_disk.LARGE", 1000)
    images = np.random.default_rng(0).integers(0, 256, (20, 12, 9), dtype=np.uint8)
    for name, body in (("a-images.idx3-ubyte", idx(images)), ("b-images.idx3-ubyte.gz", gzip.compress(idx(images)))):
        (tmp_path / name).write_bytes(body)
        (tmp_path / name.replace("images", "labels").replace("idx3", "idx1")).write_bytes(
            idx((np.arange(20) % 3).astype(np.uint8))
        )
        opened = dataset(str(tmp_path / name))
        np.testing.assert_array_equal(opened.x[:, 0], images)
        assert isinstance(opened.x, RowsOnDisk) == (not name.endswith(".gz"))
        assert opened.labels.tolist() == [i % 3 for i in range(20)]
    (tmp_path / "c.idx").write_bytes(idx(images)[:-1])
    with pytest.raises(DataError, match="promises 2,160"):
        dataset(str(tmp_path / "c.idx"))


def test_packed_members_are_unpacked_once_into_the_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXPLORER_CACHE", str(tmp_path / "cache"))
    for limit in ("LARGE", "LARGE_PACKED"):
        monkeypatch.setattr(f"explorer.data.on_disk.{limit}", 1000)
    x = np.random.default_rng(0).integers(0, 255, (40, 3, 5, 5)).astype(np.uint8)
    path = tmp_path / "x.npz"
    np.savez_compressed(path, x=x, y=np.arange(40))
    for _ in range(2):
        assert isinstance(members_on_disk(path)["x"], RowsOnDisk)
        np.testing.assert_array_equal(dataset(str(path)).x, x)
    [kept] = (tmp_path / "cache" / "arrays").iterdir()
    np.testing.assert_array_equal(np.load(kept), x)
    np.savez_compressed(path, x=x[::-1], y=np.arange(40))
    np.testing.assert_array_equal(dataset(str(path)).x, x[::-1])
    damaged = bytearray(path.read_bytes())
    damaged[len(damaged) // 2] ^= 255
    path.write_bytes(damaged)
    with pytest.raises(DataError):
        dataset(str(path))
    (tmp_path / "cache-file").write_text("")
    monkeypatch.setenv("EXPLORER_CACHE", str(tmp_path / "cache-file"))
    np.savez_compressed(path, x=x)
    np.testing.assert_array_equal(dataset(str(path)).x, x)


def test_large_pictures_of_a_folder_stay_in_the_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXPLORER_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr("explorer.data.cache.LARGE", 100)
    pictures = np.random.default_rng(0).integers(0, 256, (6, 12, 9), dtype=np.uint8)
    (tmp_path / "mine").mkdir()
    for i, picture in enumerate(pictures):
        Image.fromarray(picture).save(tmp_path / "mine" / f"{i}.png")
    opened = dataset(str(tmp_path / "mine"))
    assert isinstance(opened.x, RowsOnDisk)
    np.testing.assert_array_equal(opened.x[np.array([5, 0])][:, 0], pictures[[5, 0]])
