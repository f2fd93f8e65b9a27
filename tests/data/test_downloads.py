from __future__ import annotations

import gzip
import io
import shutil
import tarfile
from pathlib import Path

import numpy as np
import pytest

from explorer.core.errors import DataError
from explorer.data import dataset
from explorer.data.cifar import read_cifar
from explorer.data.downloads import REMOTES
from explorer.io.idx import read_idx


def idx(array: np.ndarray) -> bytes:
    return bytes([0, 0, 8, array.ndim]) + np.array(array.shape, ">u4").tobytes() + array.tobytes()


def test_idx_reads_plain_and_packed() -> None:
    x = np.arange(24, dtype=np.uint8).reshape(2, 3, 4)
    for data in (idx(x), gzip.compress(idx(x))):
        np.testing.assert_array_equal(read_idx(data, "x"), x)


def test_idx_reads_big_endian_numbers() -> None:
    values = np.array([1.5, -2.0], ">f4")
    read = read_idx(bytes([0, 0, 0x0D, 1, 0, 0, 0, 2]) + values.tobytes(), "x")
    assert read.tolist() == [1.5, -2.0]
    assert read.dtype.isnative


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "not an IDX"),
        (b"PK\3\4....", "not an IDX"),
        (idx(np.zeros(4, np.uint8))[:6], "header"),
        (idx(np.zeros(4, np.uint8))[:-1], "promises 4"),
        (idx(np.zeros(4, np.uint8)) + b"x", "promises 4"),
        (gzip.compress(idx(np.zeros(400, np.uint8)), mtime=0)[:-9], "gzip"),
    ],
)
def test_idx_refuses_damaged_files(data: bytes, word: str) -> None:
    with pytest.raises(DataError, match=word):
        read_idx(data, "x.gz")


def tar_of(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        for name, body in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(body)
            archive.addfile(member, io.BytesIO(body))
    return out.getvalue()


def cifar_files(rows: int = 2) -> dict[str, bytes]:
    rng = np.random.default_rng(0)
    names = [*(f"data_batch_{i}.bin" for i in range(1, 6)), "test_batch.bin"]
    return {f"cifar-10-batches-bin/{name}": rng.bytes(rows * 3073) for name in names}


def test_cifar_records_become_images_in_file_order() -> None:
    files = cifar_files()
    x, labels = read_cifar(tar_of({"cifar-10-batches-bin/readme.html": b"hello", **files}), "c.tar.gz")
    assert x.shape == (12, 3, 32, 32)
    for i, body in enumerate(files.values()):
        assert labels[2 * i] == body[0]
        assert x[2 * i].tobytes() == body[1:3073]
        assert x[2 * i + 1].tobytes() == body[3074:]


def test_cifar_refuses_damaged_archives() -> None:
    files = cifar_files()
    good = tar_of(files)
    for data, word in [
        (good[:-200], "whole"),
        (b"no tar", "whole"),
        (tar_of(dict(list(files.items())[:-1])), "test_batch.bin"),
        (tar_of({**files, "cifar-10-batches-bin/test_batch.bin": b"short"}), "records"),
    ]:
        with pytest.raises(DataError, match=word):
            read_cifar(data, "c.tar.gz")


@pytest.mark.parametrize("name", sorted(REMOTES))
def test_a_missing_dataset_says_how_to_get_it(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXPLORER_CACHE", str(tmp_path))
    monkeypatch.delenv("EXPLORER_DATA", raising=False)
    with pytest.raises(DataError, match="not on this machine") as caught:
        dataset(name)
    assert f"python -m explorer data fetch {name}" in caught.value.hint


def test_a_damaged_local_file_is_named(data_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(data_folder / "mnist", tmp_path / "mnist", copy_function=shutil.copyfile)
    images = tmp_path / "mnist" / "t10k-images-idx3-ubyte.gz"
    data = bytearray(gzip.decompress(images.read_bytes()))
    data[5000] ^= 1
    (tmp_path / "mnist").chmod(0o755)
    images.write_bytes(gzip.compress(bytes(data), 1))
    monkeypatch.setenv("EXPLORER_DATA", str(tmp_path))
    with pytest.raises(DataError, match=r"t10k-images-idx3-ubyte\.gz is damaged"):
        dataset("mnist")


def test_mnist_leaves_the_sample_out_of_every_split(data_folder: Path) -> None:
    mnist, sample = dataset("mnist"), dataset("mnist-sample")
    used = np.concatenate([mnist.splits.train, mnist.splits.validation, mnist.splits.test])
    unused = np.setdiff1d(np.arange(len(mnist)), used)
    assert [len(s) for s in (mnist.train, mnist.validation, mnist.test)] == [50_000, 5_000, 10_000]
    assert {row.tobytes() for row in mnist.x[unused]} == {row.tobytes() for row in sample.x}
    np.testing.assert_array_equal(mnist.splits.test, np.arange(60_000, 70_000))


def test_the_fashion_sample_is_the_official_test_split(data_folder: Path) -> None:
    full, sample = dataset("fashion-mnist"), dataset("fashion-mnist-sample")
    np.testing.assert_array_equal(full.test.x, sample.x)
    np.testing.assert_array_equal(full.test.labels, sample.labels)
    assert full.label_names == sample.label_names


def test_decoding_happens_once(data_folder: Path) -> None:
    dataset("mnist")
    calls: list[str] = []
    again = dataset("mnist", progress=lambda _, words: calls.append(words))
    assert calls == []
    assert isinstance(again.x, np.memmap)


def test_the_seed_moves_only_the_validation_rows(data_folder: Path) -> None:
    one, two, same = dataset("mnist", 1), dataset("mnist", 2), dataset("mnist", 1)
    np.testing.assert_array_equal(one.splits.validation, same.splits.validation)
    np.testing.assert_array_equal(one.splits.test, two.splits.test)
    assert not np.array_equal(one.splits.validation, two.splits.validation)
    assert one.fingerprint == two.fingerprint
