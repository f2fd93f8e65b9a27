"""Pictures whose pixels stand in rows, and arrays without names: said, and read as they are said to be."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest

from explorer.core.errors import DataError, UndecidedError
from explorer.data import Dataset, ImportOptions
from explorer.data.arrays import read_npy, read_npz
from explorer.io.images.asked import ImagesAsked
from explorer.io.images.contract import ImageContract
from explorer.novelty.inputs import TableInput, open_input

random = np.random.default_rng(13)
PICTURES = random.integers(0, 256, (30, 28, 28)).astype(np.uint8)
COLOURS = random.integers(0, 256, (30, 3, 8, 8)).astype(np.uint8)


def npy(x: np.ndarray) -> bytes:
    content = io.BytesIO()
    np.save(content, x)
    return content.getvalue()


def line(path: Path, x: np.ndarray) -> str:
    np.save(path / "x.npy", x)
    opened = open_input(str(path / "x.npy"))
    assert isinstance(opened, TableInput)
    return opened.contract.line


@pytest.mark.parametrize(
    ("x", "size"),
    [
        (PICTURES.reshape(30, -1), "28x28"),
        (PICTURES.reshape(30, -1) / np.float32(255), "28x28"),
        (COLOURS.reshape(30, -1), "8x8"),
        (random.integers(0, 17, (30, 64)).astype(float), "8x8"),
        (random.normal(size=(30, 64)), ""),
        (random.random((30, 64)) * 5, ""),
        (random.random((30, 30)), ""),
        (random.integers(0, 9, (30, 16)), ""),
        (np.zeros((30, 64)), ""),
    ],
    ids=["bytes", "floats", "colour", "digits", "normal", "wide", "no square", "few", "nothing"],
)
@pytest.mark.slow
def test_rows_that_may_be_pictures_are_said_to_be(tmp_path: Path, x: np.ndarray, size: str) -> None:
    said = line(tmp_path, x)
    assert (f"--size {size}" if size else "pictures") in said or not size
    assert ("may be pictures" in said) == bool(size)


def test_they_are_read_as_it_is_said() -> None:
    options = ImportOptions(ImagesAsked(size=(28, 28)))
    np.testing.assert_array_equal(read_npy(npy(PICTURES.reshape(30, -1)), "x.npy", options).x[:, 0], PICTURES)
    for axes, x in (("NCHW", COLOURS), ("NHWC", COLOURS.transpose(0, 2, 3, 1))):
        options = ImportOptions(ImagesAsked.model_validate({"size": (8, 8), "axes": axes}))
        np.testing.assert_array_equal(read_npy(npy(x.reshape(30, -1)), "x.npy", options).x, COLOURS)
    with pytest.raises(UndecidedError, match="order of the 3 channels"):
        read_npy(npy(COLOURS.reshape(30, -1)), "x.npy", ImportOptions(ImagesAsked(size=(8, 8))))
    with pytest.raises(DataError, match="no pictures of 27x27"):
        read_npy(npy(PICTURES.reshape(30, -1)), "x.npy", ImportOptions(ImagesAsked(size=(27, 27))))


def test_rows_that_do_not_have_the_shape_of_a_model_are_a_table() -> None:
    of_model = ImportOptions(ImagesAsked(size=(8, 8), channels=1))
    assert read_npy(npy(ROWS), "x.npy", of_model).x.shape == (30, 5)
    assert read_npy(npy(PICTURES[:, :8, :8].reshape(30, 64)), "x.npy", of_model).x.shape == (30, 1, 8, 8)


def test_a_model_of_pictures_reads_rows_as_those(tmp_path: Path) -> None:
    learnt = read_npy(npy(COLOURS.reshape(30, -1)), "x.npy", ImportOptions(ImagesAsked(size=(8, 8), axes="NCHW")))
    assert isinstance(learnt.contract, ImageContract)
    np.save(tmp_path / "new.npy", COLOURS[:9].reshape(9, -1))
    opened = open_input(str(tmp_path / "new.npy"), like=learnt.contract)
    assert isinstance(opened, Dataset)
    np.testing.assert_array_equal(opened.x, COLOURS[:9])


ROWS, KINDS = random.normal(size=(30, 5)), random.integers(0, 3, 30)


@pytest.mark.parametrize(
    ("arrays", "said", "labels"),
    [
        ([ROWS, KINDS], "`arr_0` is taken for the items and `arr_1` for their labels", True),
        ([KINDS, ROWS], "`arr_1` is taken for the items and `arr_0` for their labels", True),
        (
            [ROWS, random.normal(size=30)],
            "no array for their labels, by their shapes; beside the items, and no input: arr_1",
            False,
        ),
        ([ROWS, np.arange(30)], "beside the items, and no input: arr_1", False),
        ([ROWS, KINDS, ROWS[:9], KINDS[:9]], "for their labels, by their shapes; left out: arr_2, arr_3", True),
    ],
    ids=["rows first", "labels first", "fractions", "numbers of rows", "a second set"],
)
def test_arrays_without_names_are_told_by_their_shapes_with_a_word(
    tmp_path: Path, arrays: list[np.ndarray], said: str, labels: bool
) -> None:
    np.savez(tmp_path / "x.npz", *arrays)
    opened = open_input(str(tmp_path / "x.npz"))
    assert isinstance(opened, TableInput)
    assert said in opened.contract.line
    assert (opened.labels is not None) == labels
    if labels:
        np.testing.assert_array_equal(np.asarray(opened.labels).astype(int), KINDS)


def test_images_without_names_are_said_too_and_names_need_no_word() -> None:
    content = io.BytesIO()
    np.savez(content, PICTURES, KINDS)
    imported = read_npz(content.getvalue(), "x.npz")
    assert isinstance(imported.contract, ImageContract)
    assert any("`arr_1` for their labels" in remark for remark in imported.contract.remarks)
    content = io.BytesIO()
    np.savez(content, x=ROWS, y=KINDS)
    contract = read_npz(content.getvalue(), "x.npz").contract
    assert contract is not None
    assert "by their shapes" not in contract.line
