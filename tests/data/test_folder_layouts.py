"""Folders and zips with splits, good parts and masks, as datasets."""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from explorer import data
from explorer.core.errors import DataError, UndecidedError
from explorer.data import Dataset, ImportOptions
from explorer.data.user_npz import npz_bytes
from explorer.io.images.asked import ImagesAsked


def write(path: Path, pixels: np.ndarray) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels).save(path)


def bottle(folder: Path, height: int = 20, width: int = 20, n: int = 30) -> Path:
    """Parts whose grey level is their number; each defect is a bright square, and its mask says where."""
    for i in range(n):
        write(folder / f"train/good/{i:03d}.png", np.full((height, width), 100 + i, np.uint8))
    for i in range(6):
        write(folder / f"test/good/{i:03d}.png", np.full((height, width), 140 + i, np.uint8))
    for i in range(5):
        pixels, mask = np.full((height, width), 150 + i, np.uint8), np.zeros((height, width), np.uint8)
        left = width // 2 - 6
        pixels[4:10, left : left + 2 + i], mask[4:10, left : left + 2 + i] = 255, 255
        write(folder / f"test/scratch/{i:03d}.png", pixels)
        write(folder / f"ground_truth/scratch/{i:03d}_mask.png", mask)
    return folder


def zipped(folder: Path, path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for file in folder.rglob("*.png"):
            archive.write(file, f"bottle/{file.relative_to(folder).as_posix()}")
    return path


def opened(path: Path, **images: object) -> Dataset:
    return data.open_path(path, options=ImportOptions(images=ImagesAsked.model_validate(images)))


@pytest.mark.parametrize("packed", [False, True])
def test_the_parts_of_a_bottle_are_where_their_folders_say(tmp_path: Path, packed: bool) -> None:
    folder = bottle(tmp_path / "bottle")
    dataset = opened(zipped(folder, tmp_path / "b.zip") if packed else folder)
    line = "MVTec layout: 30 good parts to fit, 11 test parts in 2 classes, 5 masks"
    assert dataset.contract is not None
    assert line in dataset.contract.line
    assert (dataset.contract.layout, dataset.contract.normal) == ("mvtec", "good")
    assert len(dataset) == 41
    assert dataset.label_names == ("good", "scratch")
    assert dataset.splits.note.startswith("As the folders say: 30 train, 11 test; 3 of the train items")
    parts = [dataset.item_names[row].split("/")[-3] for row in dataset.splits.test]
    assert parts == ["test"] * 11
    learnt = np.concatenate([dataset.splits.train, dataset.splits.validation])
    assert sorted(dataset.x[learnt, 0, 0, 0].tolist()) == list(range(100, 130))
    assert dataset.masks is not None
    assert [dataset.item_names[row].split("/")[-2:] for row in dataset.masks.rows] == [
        ["scratch", f"{i:03d}.png"] for i in range(5)
    ]
    for i, mask in enumerate(dataset.masks.x):
        expected = np.zeros((20, 20), np.uint8)
        expected[4:10, 4 : 6 + i] = 1
        np.testing.assert_array_equal(mask, expected)
    again = opened(zipped(folder, tmp_path / "b.zip") if packed else folder)
    assert again.masks is not None
    np.testing.assert_array_equal(again.masks.x, dataset.masks.x)


@pytest.mark.parametrize(
    ("said", "shape"), [({"size": (10, 10)}, (10, 10)), ({"size": (10, 10), "fit": "border"}, (10, 10))]
)
def test_a_mask_goes_the_way_of_its_picture(tmp_path: Path, said: dict, shape: tuple[int, int]) -> None:
    """Of wide pictures the middle is cut out, or a border is added: bright pixels and mask stay in one place."""
    dataset = opened(bottle(tmp_path / "wide", 20, 32), **said)
    assert dataset.masks is not None
    assert dataset.masks.x.shape == (5, *shape)
    for row, mask in zip(dataset.masks.rows, dataset.masks.x, strict=True):
        bright = dataset.x[row, 0] > (int(dataset.x[row, 0].min()) + 255) / 2
        assert np.abs(bright.astype(int) - mask).sum() <= max(4, 0.3 * mask.sum())


def test_tiles_of_a_mask_are_those_of_its_picture(tmp_path: Path) -> None:
    dataset = opened(bottle(tmp_path / "tiled", 20, 40), size=(10, 10), fit="tiles")
    assert dataset.masks is not None
    assert len(dataset) == 41 * 8
    np.testing.assert_array_equal(dataset.x[dataset.masks.rows, 0] == 255, dataset.masks.x == 1)
    names = [dataset.item_names[row].split(" #")[0] for row in range(len(dataset))]
    by_file: dict[str, set[str]] = {}
    for split in ("train", "validation", "test"):
        for row in getattr(dataset.splits, split):
            by_file.setdefault(names[row], set()).add(split)
    assert {len(splits) for splits in by_file.values()} == {1}, "no picture is in two splits"


def test_a_mask_of_another_size_is_left_out_and_said(tmp_path: Path) -> None:
    folder = bottle(tmp_path / "bottle")
    write(folder / "ground_truth/scratch/003_mask.png", np.zeros((7, 7), np.uint8))
    dataset = opened(folder)
    assert dataset.report is not None
    assert dict(dataset.report.left_out)["ground_truth/scratch/003_mask.png"].endswith("another size than its picture")
    assert dataset.masks is not None
    assert len(dataset.masks.rows) == 4


def test_splits_are_those_of_the_folders(tmp_path: Path) -> None:
    for i, (split, kind) in enumerate([(s, k) for s in ("train", "val", "test") for k in ("cat", "dog")] * 2):
        write(tmp_path / f"pets/{split}/{kind}/{i}.png", np.full((8, 8), 20 * i, np.uint8))
    dataset = opened(tmp_path / "pets")
    assert dataset.label_names == ("cat", "dog")
    assert [len(getattr(dataset.splits, split)) for split in ("train", "validation", "test")] == [4, 4, 4]
    assert dataset.splits.note == "As the folders say: 4 train, 4 validation, 4 test"
    assert {dataset.item_names[row].split("/")[0] for row in dataset.splits.validation} == {"val"}
    labels = opened(tmp_path / "pets", layout="none")
    assert labels.label_names == ("test", "train", "val")


def test_classes_called_train_stay_classes(tmp_path: Path) -> None:
    for kind in ("train", "bus", "car"):
        for i in range(3):
            write(tmp_path / f"vehicles/{kind}/{i}.png", np.full((8, 8), 20 * i, np.uint8))
    dataset = opened(tmp_path / "vehicles")
    assert dataset.label_names == ("bus", "car", "train")
    assert dataset.contract is not None
    (finding,) = [finding for finding in dataset.contract.findings if finding.what == "layout"]
    assert "`bus`, `car` stand beside `train`" in finding.reason


def test_what_is_not_clear_is_refused_until_it_is_said(tmp_path: Path) -> None:
    bottle(tmp_path / "both/bottle")
    bottle(tmp_path / "both/cable")
    dataset = opened(tmp_path / "both")
    assert dataset.contract is not None
    with pytest.raises(UndecidedError, match="open one of them"):
        dataset.contract.require_decided("both")
    said = opened(tmp_path / "both", layout="none")
    assert said.contract is not None
    said.contract.require_decided("both")
    with pytest.raises(DataError, match="No folders name a layout"):
        opened(tmp_path / "both/cable/test", layout="splits")


def test_splits_of_an_upload_go_with_it_to_its_training(tmp_path: Path) -> None:
    """The Train page hands uploads over as an NPZ file."""
    dataset = opened(bottle(tmp_path / "bottle"))
    again = data.from_upload("data.npz", npz_bytes(dataset))
    for split in ("train", "validation", "test"):
        np.testing.assert_array_equal(getattr(again.splits, split), getattr(dataset.splits, split))
    assert again.splits.note == dataset.splits.note
    assert again.splits.are_given
