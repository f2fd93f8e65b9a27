"""Folds as trainings: held-out items part the data, figures as SciPy has them, and every door opens the same."""

from __future__ import annotations

import json
import pathlib

import numpy as np
import pytest
import scipy.stats
from typer.testing import CliRunner

from explorer import checkpoints, evaluation, runs
from explorer.cli import app
from explorer.core.errors import RecipeError
from explorer.novelty import normal_splits
from explorer.recipe import Recipe
from explorer.sweeps import Sweep, folds_sweep

PATIENTS = [f"P{i % 9}" for i in range(90)]
RECIPE = """
name = "visits"
[data]
dataset = "visits.csv"
[model]
family = "undercomplete"
hidden = []
latent_dim = 1
[training]
epochs = 1
device = "cpu"
"""


@pytest.fixture
def folder(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> pathlib.Path:
    monkeypatch.setenv("EXPLORER_RUNS", str(tmp_path / "runs"))
    monkeypatch.setenv("EXPLORER_CHECKPOINTS", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    random = np.random.default_rng(0)
    rows = [f"{a:.3f},{b:.3f},{patient}" for (a, b), patient in zip(random.normal(size=(90, 2)), PATIENTS, strict=True)]
    (tmp_path / "visits.csv").write_text("\n".join(["height,weight,patient", *rows]) + "\n")
    (tmp_path / "r.toml").write_text(RECIPE)
    return tmp_path


def told(*arguments: str) -> tuple[str, str]:
    result = CliRunner().invoke(app, list(arguments), catch_exceptions=False)
    return result.stdout, result.stderr


@pytest.mark.slow
def test_folds_are_trained_and_what_was_held_out_is_so_at_every_door(folder: pathlib.Path) -> None:
    answer, said = told("folds", "r.toml", "--folds", "3", "--groups", "patient", "--json")
    outcome = json.loads(answer)
    assert "likely too narrow" in said
    held = []
    for one in outcome["folds"]:
        run = next(run for run in runs.list_runs() if run.id == one["run"])
        model = checkpoints.load(run.checkpoint)
        data = model.card.recipe.data.open()
        learnt = {PATIENTS[row] for row in (*data.splits.train, *data.splits.validation)}
        assert not learnt & {PATIENTS[row] for row in data.splits.test}
        assert model.card.data.n_train == len(data.splits.train)
        held += data.splits.test.tolist()
    assert sorted(held) == list(range(90))
    names = [f"{figure['name']} ({figure['split']})" for figure in outcome["figures"]]
    assert names == ["total (validation)", "reconstruction error (test)"], "every figure of a run"
    for figure in outcome["figures"]:
        low, high = scipy.stats.t.interval(0.95, 2, np.mean(figure["values"]), scipy.stats.sem(figure["values"]))
        assert (figure["mean"], *figure["interval"]) == pytest.approx((np.mean(figure["values"]), low, high))

    (folder / "copy.csv").write_text((folder / "visits.csv").read_text())
    last = str(run.checkpoint)
    for source in ((), ("--dataset", "copy.csv"), ("--dataset", "copy.csv", "--split", "test")):
        assert f"(test, n = {len(data.splits.test)})" in told("evaluate", last, *source)[0]
    lines = (folder / "visits.csv").read_text().splitlines()
    (folder / "moved.csv").write_text("\n".join([lines[0], *(line.replace("P1", "P2") for line in lines[1:])]))
    assert "partly trained on, n = 90" in told("evaluate", last, "--dataset", "moved.csv")[0]
    refused = told("evaluate", last, "--dataset", "moved.csv", "--split", "test")[1]
    assert "some test items may have been learnt from" in refused

    otherwise = model.card.recipe.data.model_copy(update={"seed": 7}).open()
    assert evaluation.is_split_otherwise(model.card, otherwise)
    assert "knows some of them" in normal_splits(checkpoints.with_codes(model), otherwise).note
    own = normal_splits(checkpoints.with_codes(model), data)
    assert set(own.test) <= set(data.splits.test)

    again = told("folds", "r.toml", "--folds", "3", "--groups", "patient")[1]
    assert "3 done before" in again


def test_a_sweep_over_folds_compares_settings_by_their_means() -> None:
    recipe = Recipe.parse({"model": {"family": "undercomplete"}, "data": {"split": {"folds": 5}}})
    sweep = Sweep.parse(recipe, ["model.latent_dim=2,3", "data.split.fold=1..5"])
    assert [field.field for field in sweep.swept] == ["model.latent_dim"]
    assert sweep.name == "untitled-by-latent_dim"
    assert [point.recipe.data.split.fold for point in folds_sweep(recipe).points] == [1, 2, 3, 4, 5]
    with pytest.raises(RecipeError, match="how many folds"):
        folds_sweep(Recipe.parse({"model": {"family": "undercomplete"}}))


def test_data_that_gives_no_such_folds_is_refused_before_any_training(folder: pathlib.Path) -> None:
    assert "9 groups for 10 folds" in told("folds", "r.toml", "--folds", "10", "--groups", "patient")[1]
    assert not runs.list_runs()
