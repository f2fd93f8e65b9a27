"""What the names of files say: splits, labels and masks where they are meant, and classes where they are not."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.core.errors import DataError
from explorer.data.layouts import UNSURE, FolderLayout, find_layout, split_of


def numbered(folder: str, n: int, suffix: str = ".png") -> list[str]:
    return [f"{folder}/{i:03d}{suffix}" for i in range(n)]


def mvtec(good: str = "good", masks: str = "ground_truth", suffix: str = "_mask.png") -> list[str]:
    return [
        *numbered(f"train/{good}", 209),
        *numbered(f"test/{good}", 20),
        *numbered("test/broken_large", 20),
        *numbered("test/contamination", 21),
        *numbered(f"{masks}/broken_large", 20, suffix),
        *numbered(f"{masks}/contamination", 21, suffix),
    ]


def roles(layout: FolderLayout) -> Counter[str]:
    return Counter(place.role for place in layout.places.values())


@pytest.mark.parametrize("above", ["", "bottle/", "data/mvtec/bottle/"])
@pytest.mark.parametrize(
    ("good", "masks", "suffix"),
    [
        ("good", "ground_truth", "_mask.png"),  # MVTec AD, MPDD
        ("ok", "ground_truth", ".bmp"),  # BTAD
        ("good", "Masks", ".png"),
        ("normal", "mask", "_gt.png"),
    ],
)
def test_good_parts_are_fitted_on_and_defects_tested_with_their_masks(
    above: str, good: str, masks: str, suffix: str
) -> None:
    layout = find_layout([above + file for file in mvtec(good, masks, suffix)])
    assert (layout.name, layout.normal, layout.finding.confidence) == ("mvtec", good, 1.0)
    assert layout.line == f"MVTec layout: 209 {good} parts to fit, 61 test parts in 3 classes, 41 masks"
    for file, place in layout.places.items():
        part, label, name = file[len(above) :].split("/")
        if part == masks:
            assert place.role == "mask"
            assert place.of == f"{above}test/{label}/{name[:3]}.png"
        else:
            assert (place.role, place.split, place.label) == ("item", part, label)


def test_a_folder_of_several_masks_belongs_to_the_picture_of_its_name() -> None:
    """As in MVTec LOCO, which has validation parts as well."""
    layout = find_layout(
        [
            *numbered("b/train/good", 4),
            *numbered("b/validation/good", 2),
            *numbered("b/test/good", 2),
            *numbered("b/test/logical_anomalies", 3),
            "b/ground_truth/logical_anomalies/000/000.png",
            "b/ground_truth/logical_anomalies/001/000.png",
            "b/ground_truth/logical_anomalies/001/001.png",
        ]
    )
    assert layout.line == "MVTec layout: 4 good parts to fit, 2 to validate, 5 test parts in 2 classes, 3 masks"
    of = [layout.places[file].of for file in layout.files("mask")]
    assert of == [f"b/test/logical_anomalies/{number}.png" for number in ("000", "001", "001")]


@pytest.mark.parametrize(
    ("words", "above"),
    [
        (("train", "val", "test"), ""),
        (("Train", "VALID", "Test"), "pets/"),
        (("training", "dev", "testing"), ""),
        (("train2017", "val2017", "test2017"), "coco/"),
        (("train_images", "validation_images", "test_images"), ""),
    ],
)
def test_folders_of_splits_are_splits_and_those_below_are_labels(words: tuple[str, ...], above: str) -> None:
    files = [file for word in words for kind in ("cat", "dog") for file in numbered(f"{above}{word}/{kind}", 3)]
    layout = find_layout(files)
    assert layout.name == "splits"
    assert layout.line == "split by folder: 6 train, 6 validation, 6 test"
    assert {place.label for place in layout.places.values()} == {"cat", "dog"}
    expected = dict(zip(words, ("train", "validation", "test"), strict=True))
    assert all(place.split == expected[file[len(above) :].split("/")[0]] for file, place in layout.places.items())


def test_classes_may_stand_above_their_splits() -> None:
    files = [file for kind in ("cat", "dog") for part in ("train", "test") for file in numbered(f"{kind}/{part}", 2)]
    layout = find_layout(files)
    assert (layout.name, layout.finding.confidence) == ("splits", 1.0)
    assert layout.places["dog/test/001.png"].split == "test"
    assert layout.places["dog/test/001.png"].label == "dog"


@pytest.mark.parametrize(
    "classes",
    [
        ("train", "bus", "car"),
        ("mask", "no_mask"),
        ("good", "bad"),
        ("ok", "ko"),
        ("trainer", "tester"),
        ("cats", "dogs"),
        ("train",),
        ("test",),
        ("images", "drawings"),
    ],
)
def test_classes_are_not_taken_for_splits_or_masks(classes: tuple[str, ...]) -> None:
    files = [file for name in classes for file in numbered(f"things/{name}", 4)]
    layout = find_layout(files)
    assert (layout.name, layout.finding.confidence, layout.line) == ("none", 1.0, "")
    assert roles(layout) == {"item": len(files)}
    assert {place.split for place in layout.places.values()} == {None}


def test_what_may_be_either_is_asked_about() -> None:
    beside = find_layout([*numbered("train", 3), *numbered("test", 2), *numbered("extra", 2)])
    assert beside.finding.confidence == UNSURE
    assert "`extra`" in beside.finding.reason
    assert roles(beside) == {"item": 5, "left out": 2}
    several = find_layout([*(f"bottle/{file}" for file in mvtec()), *(f"cable/{file}" for file in mvtec())])
    assert several.finding.confidence == UNSURE
    assert "open one of them" in several.finding.reason


def test_it_can_be_said() -> None:
    files = [*numbered("train", 3), *numbered("test", 2), *numbered("extra", 2)]
    none = find_layout(files, "none")
    assert (none.name, none.finding.confidence, roles(none)) == ("none", 1.0, {"item": 7})
    splits = find_layout(files, "splits")
    assert (splits.name, splits.finding.confidence, roles(splits)) == ("splits", 1.0, {"item": 5, "left out": 2})
    assert find_layout(mvtec(), "splits").name == "splits"
    with pytest.raises(DataError, match="not good parts alone"):
        find_layout([*numbered("train/cat", 2), *numbered("test/dog", 2)], "mvtec")
    with pytest.raises(DataError, match="No folders name a layout"):
        find_layout(numbered("cats", 2), "splits")


def test_masks_beside_their_pictures_are_no_items() -> None:
    files = ["benign/a.jpg", "benign/a_mask.png", "benign/a_mask_1.png", "malignant/b.png", "malignant/b_mask.png"]
    layout = find_layout(files)
    assert (layout.name, layout.line) == ("none", "3 masks")
    assert layout.files("item") == ["benign/a.jpg", "malignant/b.png"]
    assert layout.places["benign/a_mask_1.png"].of == "benign/a.jpg"
    lonely = find_layout(["faces/no_mask.png", "faces/with_mask.png"])
    assert roles(lonely) == {"item": 2}


def test_pictures_and_masks_in_folders_of_their_own() -> None:
    """As VisA comes: Data/Images and Data/Masks; and as training sets of segmentation do, within each split."""
    visa = find_layout(
        [
            *numbered("candle/Data/Images/Normal", 5, ".JPG"),
            *numbered("candle/Data/Images/Anomaly", 3, ".JPG"),
            *numbered("candle/Data/Masks/Anomaly", 3),
        ]
    )
    assert visa.line == "3 masks"
    assert visa.places["candle/Data/Masks/Anomaly/002.png"].of == "candle/Data/Images/Anomaly/002.JPG"
    assert {visa.places[file].label for file in visa.files("item")} == {"Normal", "Anomaly"}
    folders = [f"{part}/{kind}" for part in ("train", "test") for kind in ("images", "masks")]
    nested = find_layout([file for folder in folders for file in numbered(folder, 2)])
    assert nested.line == "split by folder: 2 train, 2 test, 4 masks"
    assert nested.places["test/masks/001.png"].of == "test/images/001.png"
    assert {place.label for place in nested.places.values()} == {""}


def test_a_mask_without_its_picture_is_left_out_and_said() -> None:
    layout = find_layout([*mvtec(), "ground_truth/contamination/900_mask.png"])
    assert layout.places["ground_truth/contamination/900_mask.png"].role == "left out"
    assert "without its picture" in layout.places["ground_truth/contamination/900_mask.png"].reason
    assert layout.line.endswith("41 masks")


def test_good_parts_need_no_folder_of_their_own() -> None:
    layout = find_layout([*numbered("train", 5), *numbered("test/good", 2), *numbered("test/scratch", 2)])
    assert layout.line == "MVTec layout: 5 good parts to fit, 4 test parts in 2 classes"
    assert {place.label for place in layout.places.values() if place.split == "train"} == {"good"}


def test_only_what_was_read_counts() -> None:
    layout = find_layout(mvtec())
    kept = [file for file in layout.files("item") if "contamination" not in file]
    assert layout.only(kept).line == "MVTec layout: 209 good parts to fit, 40 test parts in 2 classes, 20 masks"


@pytest.mark.parametrize(
    ("name", "split"), [("TRAIN", "train"), ("Dev", "validation"), ("tests", None), ("trains", None)]
)
def test_words_for_splits(name: str, split: str | None) -> None:
    assert split_of(name) == split


WORDS = st.sampled_from(["train", "test", "val", "masks", "ground_truth", "images", "good", "bad", "cat", "dog"])
FILES = st.lists(
    st.tuples(st.lists(WORDS, max_size=3), st.sampled_from(["a.png", "b.png", "a_mask.png", "000.jpg"])), max_size=12
)


@pytest.mark.slow
@given(FILES, st.randoms())
def test_every_file_gets_a_place_and_their_order_does_not_matter(files: list, random: object) -> None:
    names = sorted({"/".join([*folders, name]) for folders, name in files})
    layout = find_layout(names)
    assert set(layout.places) == set(names)
    for place in layout.places.values():
        assert (place.role == "mask") == bool(place.of)
        assert not place.of or layout.places[place.of].role == "item"
        assert (place.role == "left out") == bool(place.reason)
    shuffled = list(names)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    other = find_layout(shuffled)
    assert (other.name, other.line, dict(other.places)) == (layout.name, layout.line, dict(layout.places))
    within = find_layout([f"one/{name}" for name in names])
    assert (within.name, within.line) == (layout.name, layout.line)
