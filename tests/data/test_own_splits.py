"""Splits of one's own: the same from every kind of file, groups and folds as scikit-learn has them, errors by name."""

from __future__ import annotations

import pathlib
import zipfile

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from sklearn.model_selection import GroupKFold, KFold

from explorer.core.errors import DataError, RecipeError
from explorer.data import SPLITS, Dataset, ImportOptions, SplitAsked, dataset, from_upload, npz_bytes
from explorer.data.folds import folds_of
from explorer.export.program import DataCode, program
from explorer.recipe import Recipe

N = 60
PATIENTS = [f"P{(i * i) % 11}" for i in range(N)]
PART = ["train" if i % 3 else ("Test" if i % 2 else "val") for i in range(N)]
PART[4] = ""
"""Of one item nothing is said: it is in no split."""
WANTED = {"train": "train", "Test": "test", "val": "validation"}


def table(**columns: list[str]) -> str:
    rows = [",".join(["height", "weight", *columns])]
    cells = zip(*columns.values(), strict=True)
    return "\n".join([*rows, *(f"{i % 7}.5,{(i * 3) % 10}.25,{','.join(own)}" for i, own in enumerate(cells))]) + "\n"


def opened(path: pathlib.Path, seed: int = 0, **asked: object) -> Dataset:
    return dataset(str(path), seed, options=ImportOptions(split=SplitAsked.model_validate(asked)))


def rows_of(data: Dataset) -> dict[str, set[int]]:
    return {split: set(getattr(data.splits, split).tolist()) for split in SPLITS}


@given(
    groups=st.lists(st.integers(0, 12), min_size=30, max_size=120),
    folds=st.integers(2, 5),
    seed=st.integers(0, 1000),
)
@settings(max_examples=40, deadline=None)
def test_folds_are_those_of_scikit_learn_in_size_and_no_group_is_parted(
    groups: list[int], folds: int, seed: int
) -> None:
    of_groups, n = np.array(groups), len(groups)
    by_rows = folds_of(n, folds, seed)
    sizes = sorted(len(held) for _, held in KFold(folds, shuffle=True, random_state=seed).split(of_groups))
    assert sorted(np.bincount(by_rows, minlength=folds + 1)[1:].tolist()) == sizes
    if len(np.unique(of_groups)) < folds:
        with pytest.raises(DataError, match="groups for"):
            folds_of(n, folds, seed, of_groups)
        return
    by_groups = folds_of(n, folds, seed, of_groups)
    theirs = sorted(len(held) for _, held in GroupKFold(folds).split(of_groups, groups=of_groups))
    assert sorted(np.bincount(by_groups, minlength=folds + 1)[1:].tolist()) == theirs
    for group in np.unique(of_groups):
        assert len(np.unique(by_groups[of_groups == group])) == 1
    np.testing.assert_array_equal(by_groups, folds_of(n, folds, seed, of_groups))


def test_every_kind_of_file_gives_the_split_that_its_column_names(tmp_path: pathlib.Path) -> None:
    wanted = {split: {i for i in range(N) if WANTED.get(PART[i]) == split} for split in SPLITS}
    text = table(part=PART)
    (tmp_path / "a.csv").write_text(text)
    cells = [line.split(",") for line in text.splitlines()]
    columns = {name: [row[i] or None for row in cells[1:]] for i, name in enumerate(cells[0])}
    numbers = {name: [float(cell) for cell in columns[name]] for name in ("height", "weight")}
    pq.write_table(pa.table({**numbers, "part": columns["part"]}), tmp_path / "a.parquet")
    np.savez(tmp_path / "a.npz", x=np.random.default_rng(0).random((N, 3)), part=np.array(PART))
    (tmp_path / "pictures").mkdir()
    for i in range(N):
        Image.new("L", (8, 8), i).save(tmp_path / "pictures" / f"{i:02}.png")
    lines = "".join(f"{i:02}.png,{PART[i]}\n" for i in range(N))
    (tmp_path / "pictures" / "labels.csv").write_text(f"file,part\n{lines}")
    for name in ("a.csv", "a.parquet", "a.npz", "pictures"):
        data = opened(tmp_path / name, column="part")
        assert rows_of(data) == wanted, name
        assert "1 in no split" in data.splits.note
        assert not any("part" in feature for feature in data.feature_names), "what names the split is not learnt from"
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for path in sorted((tmp_path / "pictures").iterdir()):
            archive.write(path, path.name)
    asked = ImportOptions(split=SplitAsked(column="part"))
    assert rows_of(from_upload("a.zip", (tmp_path / "a.zip").read_bytes(), options=asked)) == wanted


def test_values_lists_and_groups_choose_what_is_held_out(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "visits.csv"
    path.write_text(table(patient=PATIENTS, year=[str(2019 + i % 3) for i in range(N)]))
    by_year = opened(path, column="year", test=["2021"], validation=["2020"])
    assert rows_of(by_year) == {s: {i for i in range(N) if i % 3 == k} for k, s in enumerate(SPLITS)}
    listed = opened(path, test=["1-5", "60"], validation=["7"])
    assert rows_of(listed)["test"] == {0, 1, 2, 3, 4, 59}
    assert rows_of(listed)["validation"] == {6}
    grouped = opened(path, groups="patient")
    sides = [{PATIENTS[row] for row in rows} for rows in rows_of(grouped).values()]
    assert all(sides)
    assert sum(map(len, sides)) == len(set(PATIENTS)), "no patient is on two sides"
    held = []
    for fold in range(1, 4):
        data = opened(path, groups="patient", folds=3, fold=fold)
        sides = [{PATIENTS[row] for row in rows} for rows in rows_of(data).values()]
        assert not (sides[2] & (sides[0] | sides[1]))
        held += sorted(rows_of(data)["test"])
    assert sorted(held) == list(range(N)), "each item is held out once"
    notes = {opened(path, seed, test=[f"{row}"]).splits.note for seed in (0, 1) for row in (3, 4)}
    assert len(notes) == 4, "other items, or other ones of them to validate, are another split"


def test_items_named_for_testing_are_in_no_fold(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "visits.csv"
    path.write_text(table(part=PART))
    named = rows_of(opened(path, column="part"))["test"]
    folds = [rows_of(opened(path, column="part", folds=3, fold=fold)) for fold in (1, 2, 3)]
    assert all(not named & set().union(*fold.values()) for fold in folds)
    assert set().union(*(fold["test"] for fold in folds)) == set(range(N)) - named - {4}


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"column": "mood"}, "no column 'mood'"),
        ({"column": "patient"}, r"'P1' \(\d+ items\)"),
        ({"column": "year", "test": ["1999"]}, "no value '1999'.*2019, 2020, 2021"),
        ({"column": "year", "test": ["2019", "2020", "2021"]}, "nothing is left to learn from"),
        ({"test": ["61"]}, "no item '61'"),
        ({"groups": "patient", "column": "year", "test": ["2021"]}, "stand on both sides of the split: 'P"),
        ({"groups": "patient", "folds": 50}, "6 groups for 50 folds"),
        ({"groups": "height"}, ""),
    ],
)
def test_what_means_no_split_is_said_by_name(tmp_path: pathlib.Path, asked: dict[str, object], words: str) -> None:
    path = tmp_path / "visits.csv"
    path.write_text(table(patient=PATIENTS, year=[str(2019 + i % 3) for i in range(N)]))
    if not words:
        assert "height" not in opened(path, **asked).feature_names
        return
    with pytest.raises(DataError, match=words):
        opened(path, **asked)


@pytest.mark.parametrize(
    "split", [{"folds": 1}, {"folds": 3, "fold": 4}, {"fold": 2}, {"test": ["a"], "validation": ["a"]}]
)
def test_a_recipe_whose_split_cannot_be_is_refused(split: dict[str, object]) -> None:
    with pytest.raises(RecipeError, match=r"data\.split"):
        Recipe.parse({"data": {"split": split}, "model": {"family": "undercomplete"}})


def test_overlapping_crops_are_not_split_otherwise() -> None:
    with pytest.raises(DataError, match="overlap"):
        dataset("brick-defects", options=ImportOptions(split=SplitAsked(folds=5)))


def test_copied_python_and_the_file_of_a_run_open_the_same_split(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "visits.csv"
    path.write_text(table(patient=PATIENTS, part=PART))
    asked = SplitAsked(groups="patient", folds=4, fold=3)
    data = opened(path, 5, **asked.model_dump())
    names: dict[str, Dataset] = {}
    exec(program(DataCode(str(path), ImportOptions(split=asked), 5).lines()), names)  # noqa: S102 - what pages offer
    (tmp_path / "data.npz").write_bytes(npz_bytes(data))
    again = opened(tmp_path / "data.npz", 5, **asked.model_dump())
    for other in (names["data"], again):
        assert (other.fingerprint, other.splits.note) == (data.fingerprint, data.splits.note)
    written = Recipe.parse(
        {"data": {"dataset": str(path), "split": asked.model_dump()}, "model": {"family": "stacked"}}
    )
    (tmp_path / "r.toml").write_text(written.to_toml())
    assert Recipe.from_toml(tmp_path / "r.toml") == written
