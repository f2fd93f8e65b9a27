"""A dataset written as NPZ comes back as the same dataset: same fingerprint, names and splits."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest

from explorer import data
from explorer.core.errors import DataError

NUMBERED = "a,b,label\n" + "".join(f"{i},{i * i % 7},{i % 12}\n" for i in range(60))
NAMED = "a,b,label\n" + "".join(f"{i},{i * i % 7},{['pear', 'apple'][i % 2]}\n" for i in range(60))


@pytest.mark.parametrize("text", [NUMBERED, NAMED])
def test_a_table_comes_back(text: str, tmp_path: Path) -> None:
    _assert_comes_back(data.from_upload("own.csv", text.encode()), tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["digits", "fashion-mnist-sample", "photo-patches", "breast-cancer"])
def test_a_bundled_dataset_comes_back(name: str, tmp_path: Path) -> None:
    original = data.dataset(name)
    path = tmp_path / "data.npz"
    path.write_bytes(data.npz_bytes(original))
    again = data.dataset(str(path))
    np.testing.assert_array_equal(again.x, original.x)
    if original.labels is not None:
        assert [again.label_names[i] for i in again.labels] == [original.label_names[i] for i in original.labels]


def _assert_comes_back(original: data.Dataset, folder: Path) -> None:
    path = folder / "data.npz"
    path.write_bytes(data.npz_bytes(original))
    again = data.dataset(str(path))
    assert again.fingerprint == original.fingerprint
    assert (again.label_names, again.feature_names) == (original.label_names, original.feature_names)
    np.testing.assert_array_equal(again.splits.test, original.splits.test)


def test_a_contract_that_is_not_its_items_is_refused(tmp_path: Path) -> None:
    with np.load(io.BytesIO(data.npz_bytes(data.from_upload("own.csv", NAMED.encode())))) as file:
        arrays = dict(file)
    changes: list[dict[str, np.ndarray]] = [
        {"explorer_contract": np.asarray("{}")},
        {"x": arrays["x"][:, 0]},
        {"x": np.full_like(arrays["x"], np.nan)},
        {"y": arrays["y"][:-1]},
        {"feature_names": arrays["feature_names"][:-1]},
    ]
    for change in changes:
        path = tmp_path / "data.npz"
        np.savez(path, **{**arrays, **change})
        with pytest.raises(DataError, match="Save it again"):
            data.dataset(str(path))


def test_pictures_come_back_with_their_contract(tmp_path: Path) -> None:
    pixels = np.random.default_rng(0).integers(0, 4096, (30, 6, 5, 3), np.uint16)
    content = io.BytesIO()
    np.savez(content, x=pixels)
    original = data.from_upload("own.npz", content.getvalue())
    path = tmp_path / "data.npz"
    path.write_bytes(data.npz_bytes(original))
    again = data.dataset(str(path))
    assert again.contract == original.contract
    np.testing.assert_array_equal(again.x, original.x)
