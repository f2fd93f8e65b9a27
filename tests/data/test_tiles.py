"""Photos cut into tiles: their own pixels, all of them, and no photo in two splits."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from explorer.core.errors import DataError
from explorer.data import DATASETS, ImportOptions, dataset, from_upload
from explorer.data.splits import split_groups
from explorer.io.images.asked import ImagesAsked

RNG = np.random.default_rng(0)


def save(path: Path, height: int, width: int) -> np.ndarray:
    array = RNG.integers(0, 256, (height, width), dtype=np.uint8)
    Image.fromarray(array).save(path)
    return array


def test_tiles_are_pixels_of_the_photo_and_cover_it(tmp_path: Path) -> None:
    photo = save(tmp_path / "a.png", 50, 70)
    tiles = dataset(str(tmp_path), options=ImportOptions(ImagesAsked(size=(32, 32), fit="tiles"))).x
    tops, lefts = [0, 18], [0, 19, 38]
    expected = [photo[top : top + 32, left : left + 32] for top in tops for left in lefts]
    np.testing.assert_array_equal(tiles[:, 0], np.stack(expected))


def test_portraits_are_turned_to_fit_landscape_tiles(tmp_path: Path) -> None:
    portrait = save(tmp_path / "a.png", 48, 32)
    landscape = save(tmp_path / "b.png", 32, 48)
    tiles = dataset(str(tmp_path), options=ImportOptions(ImagesAsked(size=(32, 48), fit="tiles"))).x
    np.testing.assert_array_equal(tiles[:, 0], np.stack([np.rot90(portrait), landscape]))


def test_too_small_and_unwanted_photos_are_left_out_and_reported(tmp_path: Path) -> None:
    save(tmp_path / "a.png", 40, 40)
    save(tmp_path / "small.png", 31, 90)
    save(tmp_path / "unwanted.png", 40, 40)
    data = dataset(str(tmp_path), options=ImportOptions(ImagesAsked(size=(32, 32), fit="tiles"), exclude=("unwanted",)))
    assert len(data) == 4
    assert data.report is not None
    assert sorted(data.report.left_out) == [
        ("small.png", "is smaller than 32x32 pixels"),
        ("unwanted.png", "left out as asked"),
    ]
    assert ("a.png", "cut into 4") in data.report.converted


def test_an_upload_is_cut_like_the_folder(tmp_path: Path) -> None:
    for i in range(8):
        save(tmp_path / f"{i}.png", 33, 64)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for path in tmp_path.iterdir():
            archive.write(path, path.name)
    options = ImportOptions(ImagesAsked(size=(32, 32), fit="tiles"), exclude=("3",))
    folder, upload = dataset(str(tmp_path), options=options), from_upload("z.zip", packed.getvalue(), options=options)
    np.testing.assert_array_equal(folder.x, upload.x)
    assert folder.splits.note == upload.splits.note


def test_labels_follow_the_tiles(tmp_path: Path) -> None:
    for folder, width in (("cat", 32), ("dog", 64)):
        (tmp_path / folder).mkdir()
        save(tmp_path / folder / "1.png", 32, width)
    data = dataset(str(tmp_path), options=ImportOptions(ImagesAsked(size=(32, 32), fit="tiles")))
    assert data.labels is not None
    assert data.labels.tolist() == [0, 1, 1]


def test_no_photo_is_in_two_splits(tmp_path: Path) -> None:
    for i in range(40):
        Image.fromarray(np.full((32, 96), i, np.uint8)).save(tmp_path / f"{i:02d}.png")
    data = dataset(str(tmp_path), seed=3, options=ImportOptions(ImagesAsked(size=(32, 32), fit="tiles")))
    photos = [set(np.unique(getattr(data, split).x)) for split in ("train", "validation", "test")]
    assert [len(p) for p in photos] == [36, 2, 2]
    assert set.union(*photos) == set(range(40))
    assert data.splits.note == "Random split of 40 files by seed 3: 36 train, 2 validation, 2 test files."


def test_split_groups_takes_whole_groups() -> None:
    groups = np.repeat([7, 1, 9, 4], [3, 1, 2, 5])
    splits = split_groups(groups, seed=0, validation=0.25, test=0.25)
    parts = [set(groups[rows]) for rows in (splits.train, splits.validation, splits.test)]
    assert [len(p) for p in parts] == [2, 1, 1]
    assert sum(len(rows) for rows in (splits.train, splits.validation, splits.test)) == len(groups)


@pytest.mark.parametrize("name", ["train400", "bsds400-colour"])
def test_photo_sets_say_where_they_belong(name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("EXPLORER_DATA", str(tmp_path))
    with pytest.raises(DataError, match="not on this machine") as caught:
        dataset(name)
    assert name in caught.value.hint
    assert "starfish" in DATASETS[name].source
