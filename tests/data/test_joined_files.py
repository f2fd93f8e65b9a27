"""A test file and a validation file beside the one that is learnt from: tables, arrays and folders of images."""

from __future__ import annotations

import pathlib
import shutil

import numpy as np
import pytest
from PIL import Image

from explorer import evaluation
from explorer.checkpoints import load, save
from explorer.core.errors import DataError, RecipeError
from explorer.data import Dataset, ImportOptions, SplitAsked, from_upload, npz_bytes, open_dataset
from explorer.io.tables.asked import RolesAsked
from explorer.recipe import Recipe
from explorer.training import train

SPLIT = {"test_data": "test.csv", "validation_data": "valid.csv"}


def table(path: pathlib.Path, n: int, seed: int, more: str = "", colours: str = "rg") -> None:
    random = np.random.default_rng(seed)
    rows = [f"{a:.4f},{b:.4f},{random.choice([*colours])}" for a, b in random.normal(3, 2, (n, 2))]
    path.write_text("\n".join(["a,b,colour", *rows, *more.split()]) + "\n")


@pytest.fixture(autouse=True)
def files(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    table(pathlib.Path("train.csv"), 40, 0)
    twice = pathlib.Path("train.csv").read_text().splitlines()[3:5]
    table(pathlib.Path("test.csv"), 10, 1, " ".join(twice), "rgb")
    table(pathlib.Path("valid.csv"), 6, 2)
    # In another order, with a column more.
    lines = [line.split(",") for line in pathlib.Path("valid.csv").read_text().split()]
    numbers = ["z", *map(str, range(3, 9))]
    rows = [f"{colour},{z},{b},{a}" for (a, b, colour), z in zip(lines, numbers, strict=True)]
    pathlib.Path("valid.csv").write_text("\n".join(rows) + "\n")


def opened(**split: object) -> Dataset:
    roles = RolesAsked(label="", categories=("colour",))
    return open_dataset("train.csv", options=ImportOptions(roles=roles, split=SplitAsked(**split)))


def test_each_file_is_its_split_read_as_the_first_and_the_leak_is_counted() -> None:
    alone, both = opened(), opened(**SPLIT)
    assert both.feature_names == alone.feature_names  # b stands in no training row: no column of its own
    np.testing.assert_array_equal(both.x[:40], alone.x)
    written = np.genfromtxt("test.csv", delimiter=",", skip_header=1, usecols=(0, 1), dtype=np.float32)
    np.testing.assert_array_equal(both.test.x[:, :2], written)
    first, second = (np.genfromtxt("valid.csv", delimiter=",", skip_header=1, usecols=j) for j in (3, 2))
    np.testing.assert_allclose(both.validation.x[:, :2], np.stack([first, second], 1), rtol=1e-6)
    assert both.test.x[:, 4].sum() == pathlib.Path("test.csv").read_text().count(",b\n")
    assert [len(both.split(split)) for split in ("train", "validation", "test")] == [40, 6, 12]
    assert "2 of the 12 test items stand in train.csv too" in both.splits.note
    assert "validation items stand" not in both.splits.note
    assert (both.item_names[0], both.item_names[-1]) == ("row 1", "test.csv, row 12")
    assert [part.title for part in both.parts] == ["train.csv", "valid.csv", "test.csv"]
    assert both.parts[0].fingerprint == alone.fingerprint != both.fingerprint
    changed = pathlib.Path("test.csv").read_text().replace(",r\n", ",g\n", 1)
    pathlib.Path("test.csv").write_text(changed)
    assert opened(**SPLIT).fingerprint != both.fingerprint


def test_a_file_of_other_columns_is_refused_with_each_of_them() -> None:
    pathlib.Path("test.csv").write_text("a,B,colour\nmuch,2,r\nmore,3,g\n")
    with pytest.raises(DataError) as refused:
        opened(test_data="test.csv")
    assert "'a' holds text such as 'much'" in str(refused.value)
    assert "'b' is not there" in str(refused.value)
    assert "--ignore" in str(refused.value)
    with pytest.raises(DataError, match=r"no file or folder 'tset\.csv'"):
        opened(test_data="tset.csv")
    pathlib.Path("labelled.csv").write_text("a,b,colour,label\n1,2,r,x\n3,4,g,y\n5,6,r,x\n")
    with pytest.raises(DataError, match=r"'label' \(the labels\) is not there"):
        open_dataset("labelled.csv", options=ImportOptions(split=SplitAsked(test_data="train.csv")))


def test_folds_are_of_the_first_file_alone() -> None:
    tested = [opened(test_data="test.csv", folds=4, fold=fold).splits for fold in range(1, 5)]
    assert sorted(np.concatenate([splits.test for splits in tested]).tolist()) == [*range(40)]
    assert all(max(splits.train.max(), splits.validation.max()) < 40 for splits in tested)
    assert "12 items named for testing in no fold" in tested[0].note


@pytest.mark.parametrize(
    "split",
    [SPLIT | {"folds": 3}, {"test_data": "t.csv", "column": "a"}, {"test_data": "t.csv", "validation_data": "t.csv"}],
)
def test_two_ways_to_hold_out_are_refused(split: dict[str, object]) -> None:
    with pytest.raises(RecipeError, match=r"data\.split"):
        Recipe.parse({"data": {"dataset": "train.csv", "split": split}, "model": {"family": "undercomplete"}})


def test_in_memory_and_written_down_it_is_the_same() -> None:
    whole = opened(**SPLIT)
    uploads = {f"{name}#1": (name, pathlib.Path(name).read_bytes()) for name in SPLIT.values()}
    options = ImportOptions(
        roles=RolesAsked(label="", categories=("colour",)),
        split=SplitAsked(**{field: f"{name}#1" for field, name in SPLIT.items()}),
        uploads=uploads,
    )
    uploaded = from_upload("train.csv", pathlib.Path("train.csv").read_bytes(), options=options)
    pathlib.Path("all.npz").write_bytes(npz_bytes(uploaded))
    again = open_dataset("all.npz", options=ImportOptions(split=options.split))  # the files are in it
    for other in (uploaded, again):
        assert (other.fingerprint, other.splits.note, other.parts) == (
            whole.fingerprint,
            whole.splits.note,
            whole.parts,
        )


def test_a_checkpoint_knows_each_of_its_files_by_itself() -> None:
    data = {"dataset": "train.csv", "roles": {"label": "", "categories": ["colour"]}, "split": SPLIT}
    model = {"family": "undercomplete", "hidden": [4], "latent_dim": 1}
    recipe = Recipe.parse({"data": data, "model": model, "training": {"epochs": 1, "device": "cpu"}})
    *_, last = train(recipe)
    checkpoint = load(save(last.checkpoint, "c.safetensors"))
    card = checkpoint.card
    assert {metric.split for metric in card.metrics} == {"test"}
    assert {metric.n for metric in card.metrics} == {12}
    assert evaluation.rows_for(checkpoint, recipe.data.open())[1] == "test"
    like = ImportOptions(like=card.data.contract, model_columns=card.data.feature_names)
    shutil.copy("train.csv", "same.csv")
    for name, wanted in (
        ("same.csv", "partly trained on"),
        ("valid.csv", "partly trained on"),
        ("test.csv", "held out"),
    ):
        alone = open_dataset(name, options=like)
        rows, label = evaluation.rows_for(checkpoint, alone)
        assert (len(rows), label) == (len(alone), wanted)
        assert evaluation.is_split_otherwise(card, alone) == (label != "held out")


def test_pairs_of_arrays_and_of_folders_and_what_fits_neither() -> None:
    random = np.random.default_rng(0)
    x = random.integers(0, 256, (12, 6, 6)).astype(np.uint8)
    np.savez("a.npz", x=x[:8], y=np.arange(8) % 2)
    np.savez("b.npz", x=x[6:], y=np.array([0, 1, 0, 1, 2, 2]))
    both = open_dataset("a.npz", options=ImportOptions(split=SplitAsked(test_data="b.npz")))
    assert both.label_names == ("0", "1", "2")
    assert both.test.labels is not None
    assert both.test.labels.tolist() == [0, 1, 0, 1, 2, 2]
    assert "2 of the 6 test items stand in a.npz too" in both.splits.note
    for folder, images in (("one", x[:8]), ("two", x[6:])):
        pathlib.Path(folder).mkdir()
        for number, image in enumerate(images):
            Image.fromarray(image).resize((12, 12), 0).save(f"{folder}/{number}.png")
    Image.fromarray(x[0]).resize((30, 30), 0).save("two/large.png")
    both = open_dataset("one", options=ImportOptions(split=SplitAsked(test_data="two")))
    assert both.event_shape == open_dataset("one").event_shape
    assert (len(both.train) + len(both.validation), len(both.test)) == (8, 7)
    assert both.item_names[-1] == "two, large.png"
    np.savez("c.npz", x=random.normal(size=(9, 3)), y=np.arange(9) % 2)
    with pytest.raises(DataError, match=r"holds items of table 3, and a\.npz of image"):
        open_dataset("a.npz", options=ImportOptions(split=SplitAsked(test_data="c.npz")))
