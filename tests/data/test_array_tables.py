"""Tables in NPZ and NPY files are read under a contract, as those in text files are."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest

from explorer.core.errors import DataError
from explorer.data import Dataset, ImportOptions, dataset, from_upload, npz_bytes
from explorer.io.tables.asked import RolesAsked
from explorer.io.tables.contract import TableContract
from explorer.novelty.inputs import TableInput, open_upload
from explorer.novelty.items import read_items
from explorer.novelty.table_fitting import fit_table

RNG = np.random.default_rng(0)
N = 60
NAMES = ("nr", "a", "b", "epoch", "same")
X = np.c_[np.arange(N) + 1000, RNG.normal(size=(N, 2)), 1.7e9 + np.arange(N) * 60.0, np.full(N, 16_777_217.0)]


def npz(x: np.ndarray = X, names: tuple[str, ...] = NAMES, **more: np.ndarray) -> bytes:
    out = io.BytesIO()
    np.savez(out, x=x, **({"columns": np.array(names)} if names else {}), **more)
    return out.getvalue()


def opened(content: bytes, name: str = "t.npz", **options: object) -> Dataset:
    return from_upload(name, content, options=ImportOptions(**options))


def contract_of(data: Dataset) -> TableContract:
    assert isinstance(data.contract, TableContract)
    return data.contract


def test_columns_have_roles_and_what_is_left_out_is_said() -> None:
    data = opened(npz())
    assert data.feature_names == ("a", "b")
    np.testing.assert_array_equal(data.x, X[:, 1:3].astype(np.float32))
    left_out = dict(data.report.left_out)
    assert left_out["nr"] == "it counts up"
    assert left_out["epoch"] == "seconds since 1970: 2023-11-14 to 2023-11-14"
    assert left_out["same"] == "always 16777217"  # 2**24 + 1, which float32 does not have
    assert contract_of(data).of("identifier", "time") == ("nr", "epoch")
    assert contract_of(data).line.startswith("60 rows; 3 numbers; `nr` left out: it counts up; `epoch` left out:")
    assert data.item_names[:2] == ("row 1", "row 2")


def test_columns_are_found_by_their_names_and_none_are_taken_without() -> None:
    learnt = opened(npz())
    like = {"model_columns": learnt.feature_names, "like": learnt.contract}
    turned = opened(npz(X[:, ::-1], NAMES[::-1]), **like)
    np.testing.assert_array_equal(turned.x, learnt.x)
    with pytest.raises(DataError, match="lacks 1 of the 2 columns that the model takes: 'b'"):
        opened(npz(names=("nr", "a", "c", "epoch", "same")), **like)
    with pytest.raises(DataError, match="have no names, and the model takes columns by their names: a, b"):
        opened(npz(names=()), **like)


def test_what_is_said_of_columns_holds_and_a_column_may_be_the_label() -> None:
    kinds = np.c_[X[:, :3], np.arange(N) % 3]
    names = ("nr", "a", "b", "sorte")
    data = opened(npz(kinds, names), roles=RolesAsked(label="sorte", ignore=("a",), inputs=("nr",)))
    assert data.feature_names == ("nr", "b")
    assert data.label_names == ("0", "1", "2")
    categories = opened(npz(kinds, names), roles=RolesAsked(categories=("sorte",)))
    assert categories.feature_names[2:] == tuple(f"sorte = {value}" for value in ("0", "1", "2", "(another value)"))
    np.testing.assert_array_equal(categories.x[:, 2:].argmax(1), np.arange(N) % 3)


def test_an_array_without_names_is_numbered_and_read_by_path_alike(tmp_path: Path) -> None:
    np.save(tmp_path / "t.npy", X)
    data = dataset(str(tmp_path / "t.npy"))
    assert data.feature_names == ("column 2", "column 3")
    assert opened(npz(names=())).fingerprint == data.fingerprint


def test_the_split_of_a_file_survives_a_gap() -> None:
    train, test = X[:40, 1:3].copy(), X[40:, 1:3].copy()
    train[5, 0] = np.nan
    out = io.BytesIO()
    np.savez(out, x_train=train, x_test=test)
    data = opened(out.getvalue())
    assert data.splits.are_given
    np.testing.assert_array_equal(data.test.x, test.astype(np.float32))
    learnt = sorted([*data.splits.train, *data.splits.validation])
    np.testing.assert_array_equal(data.x[learnt], np.delete(train, 5, 0).astype(np.float32))


def test_a_dataset_that_was_written_is_matched_by_its_names_too() -> None:
    data = opened(npz())
    again = opened(npz_bytes(data), model_columns=("b", "a"))
    np.testing.assert_array_equal(again.x, data.x[:, ::-1])


def test_a_detector_keeps_the_contract_and_checks_the_next_file() -> None:
    normal = open_upload("normal.npz", npz())
    assert isinstance(normal, TableInput)
    detector = fit_table(normal, scorer="pca")
    assert detector.card.contract is not None
    assert detector.card.contract.of("identifier", "time") == ("nr", "epoch")
    assert "nr is ignored: it counts up" in detector.card.notes
    turned = open_upload("new.npz", npz(X[:, ::-1], NAMES[::-1]), like=detector.card.contract)
    whole = open_upload("normal.npz", npz(), like=detector.card.contract)
    np.testing.assert_array_equal(read_items(detector, turned).x, read_items(detector, whole).x)
    with pytest.raises(DataError, match="lacks 1 of the 3 columns that it was fitted on: 'b'"):
        read_items(detector, open_upload("new.npz", npz(names=("nr", "a", "c", "epoch", "same"))))


def test_an_array_that_is_not_used_is_said_and_one_with_a_value_an_item_stands_beside_the_items() -> None:
    days = np.arange(N).astype("datetime64[D]")
    imported = opened(npz(when=days, other=np.zeros(N + 1)))
    line = contract_of(imported).line
    assert "left out: other, neither items nor one label an item; beside the items, and no input: when" in line
    assert [name for name, _ in imported.report.left_out if "when" in name or "other" in name] == ["t.npz: other"]
    alone = contract_of(opened(npz(when=days))).line
    assert "beside the items, and no input: when" in alone
    assert not {part for part in ("left out: when", "name them", "()") if part in alone}
    assert "neither items" not in contract_of(opened(npz(y=np.arange(N) % 2))).line
    assert "neither items" not in contract_of(opened(npz_bytes(opened(npz())))).line
    again = open_upload("t.npz", npz_bytes(opened(npz(y=np.arange(N) % 2))))
    assert isinstance(again, TableInput)
    assert "neither items" not in again.contract.line
