"""Columns of text as inputs of a model: coded, kept in the contract, read back, and decoded."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import explorer
from explorer import checkpoints, evaluation
from explorer.core.errors import DataError
from explorer.core.scale import shared_scale
from explorer.data import Dataset, ImportOptions, dataset, from_upload
from explorer.data.reading import how_read
from explorer.io.contract import as_columns, category_places
from explorer.io.tables.asked import RolesAsked

RNG = np.random.default_rng(0)
N = 120
COLOURS = np.array(["red", "blue", "grün"])[RNG.integers(0, 3, N)]
SIZES = RNG.integers(1, 4, N)
A = RNG.normal(size=N).round(3)


def csv(rows: pd.DataFrame) -> bytes:
    return rows.to_csv(index=False).encode()


TABLE = pd.DataFrame({"a": A, "colour": COLOURS, "size": SIZES, "b": RNG.normal(size=N).round(3)})


def opened(rows: pd.DataFrame, **options: object) -> Dataset:
    return from_upload("t.csv", csv(rows), options=ImportOptions(**options))


def like(learnt: Dataset) -> dict[str, object]:
    return {"model_columns": learnt.feature_names, "like": learnt.contract}


def test_a_category_becomes_a_column_for_each_value_as_pandas_has_it() -> None:
    data = opened(TABLE, roles=RolesAsked(categories=("size",)))
    other = "(another value)"
    assert data.feature_names == (
        "a", "colour = blue", "colour = grün", "colour = red", f"colour = {other}",
        "size = 1", "size = 2", "size = 3", f"size = {other}", "b",
    )  # fmt: skip
    for column in ("colour", "size"):
        dummies = pd.get_dummies(TABLE[column])
        for value in dummies:
            np.testing.assert_array_equal(data.x[:, data.feature_names.index(f"{column} = {value}")], dummies[value])
        assert not data.x[:, data.feature_names.index(f"{column} = {other}")].any()
    np.testing.assert_array_equal(data.x[:, 0], A.astype(np.float32))
    assert data.contract is not None
    assert [column.values for column in data.contract.columns] == [(), ("blue", "grün", "red"), ("1", "2", "3"), ()]


def test_new_rows_are_read_by_the_values_that_were_learnt_and_an_unknown_one_is_said() -> None:
    learnt = opened(TABLE)
    new = pd.DataFrame({"colour": ["red", "purple", "red"], "b": [1, 2, 3.5], "size": [1, 2, 2], "a": [4, 5, 6.5]})
    data = opened(new, **like(learnt))
    assert data.feature_names == learnt.feature_names
    by_name = dict(zip(data.feature_names, data.x.T.tolist(), strict=True))
    assert by_name["colour = red"] == [1, 0, 1]
    assert by_name["colour = blue"] == by_name["colour = grün"] == [0, 0, 0]
    assert by_name["colour = (another value)"] == [0, 1, 0]
    assert by_name["a"] == [4, 5, 6.5]
    assert "colour: a value that was not learnt, as 'purple', in 1 of 3 rows" in how_read(data)
    with pytest.raises(DataError, match="lacks 1 of the 4 columns that the model takes: 'colour'"):
        opened(new.rename(columns={"colour": "color"}), **like(learnt))


def test_a_missing_cell_is_a_value_where_it_was_learnt_and_leaves_its_row_out_elsewhere() -> None:
    gaps = TABLE.assign(colour=TABLE["colour"].where(TABLE.index % 5 != 0))
    data = opened(gaps)
    assert len(data) == N
    np.testing.assert_array_equal(data.x[:, data.feature_names.index("colour = (missing)")], TABLE.index % 5 == 0)
    complete = opened(TABLE)
    again = opened(gaps, **like(complete))
    assert again.item_names == tuple(f"row {i + 1}" for i in range(N) if i % 5)
    assert again.report is not None
    assert dict(again.report.left_out) == {"24 rows": "missing, not a number or infinite in: colour (24)"}


def test_rows_are_given_back_as_their_table_has_them() -> None:
    data = opened(TABLE)
    columns = as_columns(data.x, data.contract, data.feature_names)
    assert list(columns) == ["a", "colour", "size", "b"]
    assert columns["colour"] == COLOURS.tolist()
    places = category_places(data.contract, data.feature_names)["colour"]
    guesses = data.x.copy()
    guesses[0, places] = [0.2, 0.4, 0.3, 0.1]
    guesses[1, places] = [-0.1, 0.0, 0.1, 0.8]
    assert as_columns(guesses, data.contract, data.feature_names)["colour"][:2] == ["grün", "(another value)"]


def test_the_order_of_rows_changes_nothing_about_the_columns() -> None:
    shuffled = opened(TABLE.sample(frac=1, random_state=1))
    assert shuffled.feature_names == opened(TABLE).feature_names


@pytest.mark.slow
def test_what_is_no_category_is_refused_or_said() -> None:
    many = pd.DataFrame({"a": np.arange(3000) % 7 + 0.5, "code": [f"c{i}" for i in range(3000)]})
    with pytest.raises(DataError, match="more than 1,000 different values"):
        opened(many, roles=RolesAsked(categories=("code",)))
    same = opened(TABLE.assign(colour="red"))
    assert same.report is not None
    assert ("colour", "always 'red'") in same.report.left_out
    twins = TABLE.assign(**{"colour = red": A[::-1]})
    with pytest.raises(DataError, match="'colour = red' twice"):
        opened(twins)


def test_the_values_of_a_category_vary_together_as_much_as_one_number() -> None:
    data = opened(TABLE)
    places = data.categories["colour"]
    scale = shared_scale(data.x.astype(np.float64).std(0), data.categories.values())
    shares = pd.Series(COLOURS).value_counts(normalize=True)
    np.testing.assert_allclose(scale[places], np.sqrt((shares * (1 - shares)).sum()), rtol=1e-6)
    np.testing.assert_allclose(scale[0], A.std(), rtol=1e-5)


@pytest.mark.slow
def test_a_checkpoint_keeps_its_categories(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_bytes(csv(TABLE))
    recipe = explorer.Recipe.parse(
        {
            "name": "coloured",
            "data": {"dataset": str(tmp_path / "t.csv"), "roles": {"categories": ["size"]}},
            "model": {"family": "undercomplete", "hidden": [32], "latent_dim": 4},
            "training": {"epochs": 120, "batch_size": 32, "learning_rate": 5e-3, "device": "cpu"},
        }
    )
    finished = list(explorer.train(recipe))[-1]
    path = checkpoints.save(finished.checkpoint, tmp_path / "coloured.safetensors")
    vae = checkpoints.load(path)
    card = vae.card.data
    assert card.contract is not None
    new = tmp_path / "new.csv"
    new.write_bytes(csv(TABLE.iloc[::-1][["size", "b", "colour", "a"]]))
    data = dataset(str(new), options=ImportOptions(model_columns=card.feature_names, like=card.contract))
    learnt_from = dataset(str(tmp_path / "t.csv"), options=recipe.data.options)
    np.testing.assert_array_equal(data.x, learnt_from.x[::-1])
    rebuilt = as_columns(vae.reconstruct(data.x), card.contract, card.feature_names)
    for column, values in (("colour", COLOURS), ("size", SIZES.astype(str))):
        assert np.mean(np.array(rebuilt[column]) == values[::-1]) > 0.9  # by chance a third
    # Errors are in the units of each number's standard deviation, and of each category's.
    x, x_hat = data.x.astype(np.float64), vae.reconstruct(data.x).astype(np.float64)
    train_rows = evaluation.training_rows(learnt_from, (), "train")
    scale = shared_scale(learnt_from.x[train_rows].astype(np.float64).std(0), learnt_from.categories.values())
    scale = np.where(scale > 0, scale, 1)
    np.testing.assert_allclose(vae.reconstruction_errors(data.x), np.square((x - x_hat) / scale).sum(1), rtol=1e-3)
    pca = evaluation.pca_error(learnt_from, train_rows, learnt_from.splits.test, x.shape[1], "test")
    assert pca.value == pytest.approx(0, abs=1e-6)
