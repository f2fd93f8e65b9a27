"""Binarised digits: a draw has the greys as its chances, and the official rows are the published ones or refused."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest

from explorer.core.errors import DataError
from explorer.data import DATASETS, binarised, dataset, fetch, is_local


def test_a_draw_has_the_greys_as_its_chances() -> None:
    grey = np.arange(256, dtype=np.uint8).repeat(4000).reshape(256, 4000)
    drawn = binarised.drawn_once(grey, 3)
    assert set(np.unique(drawn)) == {0, 255}
    share, chance = (drawn == 255).mean(1), np.arange(256) / 255
    assert (np.abs(share - chance) <= 4.5 * np.sqrt(chance * (1 - chance) / 4000)).all()
    assert (share[0], share[255]) == (0, 1)
    assert (drawn != binarised.drawn_once(grey, 4)).any()


def test_the_sample_is_a_draw_of_the_sample_and_says_so() -> None:
    sample, grey = dataset("mnist-sample-binarised"), dataset("mnist-sample")
    np.testing.assert_array_equal(sample.x, binarised.drawn_once(grey.x, binarised.DRAW_SEED))
    np.testing.assert_array_equal(sample.labels, grey.labels)
    np.testing.assert_array_equal(sample.splits.test, grey.splits.test)
    assert "drawn once by seed 0" in sample.splits.note


@pytest.fixture
def rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, np.ndarray]:
    """Bits of three small splits that stand for the published ones, in a folder that EXPLORER_DATA names."""
    random = np.random.default_rng(0)
    bits = {part: random.integers(0, 2, (n, 784), np.uint8) for part, n in (("train", 5), ("valid", 3), ("test", 2))}
    (tmp_path / "data" / "binarized-mnist").mkdir(parents=True)
    monkeypatch.setenv("EXPLORER_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("EXPLORER_CACHE", str(tmp_path / "cache"))
    texts = {part: "".join(" ".join(map(str, row)) + "\n" for row in x.tolist()) for part, x in bits.items()}
    monkeypatch.setattr(
        binarised, "PARTS", {part: hashlib.sha256(text.encode()).hexdigest() for part, text in texts.items()}
    )
    return bits


@pytest.mark.parametrize("form", ["packed", "texts"])
def test_rows_and_splits_are_those_of_the_files(rows: dict[str, np.ndarray], tmp_path: Path, form: str) -> None:
    folder = tmp_path / "data" / "binarized-mnist"
    if form == "packed":
        np.savez(folder / binarised.PACKED, **{part: np.packbits(x, axis=1) for part, x in rows.items()})
    else:
        for part, x in rows.items():
            np.savetxt(folder / f"binarized_mnist_{part}.amat", x, "%d")
    assert is_local("binarized-mnist")
    items = DATASETS["binarized-mnist"].read(0, None)
    np.testing.assert_array_equal(items.x.reshape(10, 784) / 255, np.concatenate(list(rows.values())))
    assert [len(part) for part in (items.splits.train, items.splits.validation, items.splits.test)] == [5, 3, 2]
    np.testing.assert_array_equal(items.x[items.splits.test].reshape(2, 784) / 255, rows["test"])


def test_other_rows_and_missing_files_are_refused(rows: dict[str, np.ndarray], tmp_path: Path) -> None:
    folder = tmp_path / "data" / "binarized-mnist"
    with pytest.raises(DataError, match=r"neither binarized_mnist\.npz"):
        DATASETS["binarized-mnist"].read(0, None)
    rows["test"][0, 0] ^= 1
    np.savez(folder / binarised.PACKED, **{part: np.packbits(x, axis=1) for part, x in rows.items()})
    with pytest.raises(DataError, match=r"'test' in .* is not the published one"):
        DATASETS["binarized-mnist"].read(0, None)
    (folder / binarised.PACKED).write_bytes(b"nothing")
    with pytest.raises(DataError, match="cannot be read"):
        DATASETS["binarized-mnist"].read(0, None)


def test_without_the_folder_it_is_said_where_it_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("EXPLORER_DATA", raising=False)
    assert not is_local("binarized-mnist")
    with pytest.raises(DataError, match="not on this machine") as caught:
        DATASETS["binarized-mnist"].load()
    assert "mnist-sample-binarised" in caught.value.hint
    with pytest.raises(DataError, match="no address"):
        fetch("binarized-mnist")
