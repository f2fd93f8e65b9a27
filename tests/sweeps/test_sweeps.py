"""Sweeps: paused, gone on with, extended, and their figures against the runs' own cards and SciPy."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

import numpy as np
import pytest
import scipy.stats
import torch
from typer.testing import CliRunner

from explorer import checkpoints, runs
from explorer.cli import app
from explorer.core.errors import RecipeError, TrainingError
from explorer.core.intervals import mean_of_few
from explorer.data import Dataset
from explorer.export import drawn
from explorer.export.figures import figure_json
from explorer.export.run_figures import sweep_figure
from explorer.recipe import Recipe
from explorer.runs import Run
from explorer.sweeps import Sweep, SweepNews, SweepTraining, list_sweeps, outcome_of
from explorer.training import train

BETAS, SEEDS = "model.beta=0.5,4", "training.seed=0..2"


def recipe(**training: object) -> Recipe:
    return Recipe.parse(
        {
            "name": "tiny",
            "data": {"dataset": "digits", "limit": 300},
            "model": {"family": "variational", "hidden": [8]},
            "training": {"epochs": 2, "batch_size": 100, "device": "cpu"} | training,
        }
    )


def use_folder(patch: pytest.MonkeyPatch, folder: Path) -> None:
    patch.setenv("EXPLORER_RUNS", str(folder / "runs"))
    patch.setenv("EXPLORER_CHECKPOINTS", str(folder / "checkpoints"))


@pytest.fixture(scope="module")
def swept(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[SweepNews], list[SweepNews]]:
    """A folder with a sweep that was paused in its second training and gone on with: what was said each time."""
    folder = tmp_path_factory.mktemp("swept")
    with pytest.MonkeyPatch.context() as patch:
        use_folder(patch, folder)
        training, first = SweepTraining(Sweep.parse(recipe(), [BETAS, SEEDS])), []
        for news in training:
            first.append(news)
            if news.number == 2 and news.kind == "begun":
                training.pause()
        assert training.is_paused
        return folder, first, list(SweepTraining(Sweep.parse(recipe(), [BETAS, SEEDS])))


@pytest.fixture
def sweep(swept: tuple[Path, list[SweepNews], list[SweepNews]], monkeypatch: pytest.MonkeyPatch) -> Sweep:
    use_folder(monkeypatch, swept[0])
    return Sweep.parse(recipe(), [BETAS, SEEDS])


@pytest.mark.slow
def test_a_pause_leaves_what_is_done_and_what_was_begun_goes_on(
    swept: tuple[Path, list[SweepNews], list[SweepNews]], sweep: Sweep, digits: Dataset
) -> None:
    _, first, second = swept
    assert [(news.number, news.words) for news in first if news.kind == "ended"] == [
        (1, "finished, with findings"),
        (2, "paused"),
    ]
    assert [news.number for news in second if news.kind == "skipped"] == [1]
    begun = [news for news in second if news.kind == "begun"]
    assert [news.number for news in begun] == [2, 3, 4, 5, 6]
    assert begun[0].run == first[-1].run
    assert (len(runs.list_runs()), {run.about.sweep for run in runs.list_runs()}) == (6, {"tiny-by-beta"})
    # The weights are those of a training that nobody paused.
    paused = checkpoints.load(begun[0].run.checkpoint)
    *_, alone = train(recipe(seed=1).with_settings(["model.beta=0.5"]), digits)
    for name, weight in alone.checkpoint.model.state_dict().items():
        torch.testing.assert_close(paused.model.state_dict()[name], weight, rtol=0, atol=0)


@pytest.mark.slow
def test_figures_are_those_of_the_best_epochs_with_students_interval(sweep: Sweep) -> None:
    outcome = outcome_of(sweep)
    figure, why = outcome.chosen()
    assert (figure.title, figure.unit) == ("reconstruction (validation)", "nats")
    assert "model.beta" in why
    for row, beta in zip(outcome.by_setting(figure.title), (0.5, 4.0), strict=True):
        cards = [checkpoints.load_card(run.checkpoint) for run in runs.list_runs()]
        of_beta = [card for card in cards if card.recipe.model.beta == beta]
        values = [card.history[card.best_epoch - 1]["validation"]["reconstruction"] for card in of_beta]
        assert sorted(row.values) == sorted(values)
        low, high = scipy.stats.t.interval(0.95, 2, np.mean(values), scipy.stats.sem(values))
        assert (row.mean.value, row.mean.low, row.mean.high) == pytest.approx((np.mean(values), low, high))
    assert outcome.chosen("ELBO")[0].title == "ELBO (test)"
    with pytest.raises(TrainingError, match="has a figure"):
        outcome.chosen("nothing")
    assert not mean_of_few(np.ones(1)).has_ends


@pytest.mark.slow
def test_the_picture_has_a_point_for_each_run_and_cells_have_their_means(sweep: Sweep) -> None:
    outcome = outcome_of(sweep)
    line = sweep_figure(outcome, "reconstruction (validation)", "nats")
    runs_shown, _, means = line.data
    rows = outcome.by_setting("reconstruction (validation)")
    assert list(runs_shown.x) == [0.5] * 3 + [4.0] * 3
    assert list(runs_shown.y) == [value for row in rows for value in row.values]
    assert list(means.y) == [row.mean.value for row in rows]
    # A vertical stroke for each interval, not one line through all of them.
    marks, _, _ = drawn.marks_of(figure_json(line))
    strokes = [mark for mark in marks if mark.kind == "line" and mark.size == 5]
    assert [mark.points[0][0] == mark.points[1][0] for mark in strokes] == [True, True]
    both = Sweep(sweep.name, recipe(), Sweep.parse(recipe(), [BETAS, "model.latent_dim=2,3"]).fields)
    (cells,) = sweep_figure(outcome_of(both), "reconstruction (validation)", "nats").data
    assert (cells.x, cells.y) == (("2", "3"), ("0.5", "4"))
    of_seed_0 = [one.figure("reconstruction (validation)").value for one in outcome.outcomes[::3]]
    assert [list(row) for row in cells.z] == [[value, None] for value in of_seed_0]
    marks, _, _ = drawn.marks_of(figure_json(sweep_figure(outcome_of(both), "reconstruction (validation)", "nats")))
    assert {mark.colour for mark in marks if mark.kind == "bar"} == {"#440154", "#fde725"}
    words = [mark.text for mark in marks if mark.kind == "text"]
    assert (words.count("no result"), f"{of_seed_0[0]:.4g}" in words) == (2, True)


@pytest.mark.slow
def test_the_command_adds_a_value_and_says_what_came_of_it(sweep: Sweep, tmp_path: Path) -> None:
    path = tmp_path / "recipe.toml"
    path.write_text(recipe().to_toml())
    told = ["sweep", str(path), "--set", "model.beta=0.5,4,9", "--set", SEEDS, "--json"]
    few = CliRunner().invoke(app, [*told, "--limit", "8"])
    assert (few.exit_code, "are 9 trainings, more than 8" in few.output) == (1, True)
    assert len(runs.list_runs()) == 6
    result = CliRunner().invoke(app, [*told, "--out", str(tmp_path / "s.svg")])
    assert result.exit_code == 0, result.output
    assert "3 values of model.beta x 3 values of training.seed; 6 done before" in result.stderr
    answer = json.loads(result.stdout)
    assert [(row["setting"]["model.beta"], len(row["values"])) for row in answer["settings"]] == [
        ("0.5", 3),
        ("4", 3),
        ("9", 3),
    ]
    assert (tmp_path / "s.svg").read_text().startswith("<?xml")
    assert [one.fields[0].values for one in list_sweeps()] == [("0.5", "4", "9")]
    for changed in (recipe(learning_rate=0.01), recipe(epochs=3)):
        path.write_text(changed.to_toml())
        refused = CliRunner().invoke(app, told)
        assert refused.exit_code == 1
        assert "The recipe has changed since" in refused.stderr
    assert "training.epochs: 2, now 3" in refused.stderr
    assert len(runs.list_runs()) == 9


@pytest.mark.slow
def test_several_at_once_and_one_that_cannot_be_trained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    use_folder(monkeypatch, tmp_path)
    started: list[str] = []

    def start(run: Run, *arguments: str) -> None:
        started.append(run.id)
        assert arguments == ("--resume",)
        with contextlib.suppress(TrainingError):  # the process would end with a status of 1
            list(runs.drain(run.recipe, run.folder, resume=True))

    monkeypatch.setattr(Run, "_start", start)
    plan = Sweep.parse(recipe(epochs=1), ["training.best_by=nothing,total"])
    assert [news.number for news in SweepTraining(plan, jobs=2) if news.kind == "ended"] == [1, 2]
    bad, good = outcome_of(plan).outcomes
    assert (good.is_done, bad.is_done, bad.status) == (True, False, "failed")
    assert "no validation figure 'nothing'" in outcome_of(plan).remarks[0]
    assert [row.missing for row in outcome_of(plan).by_setting("total (validation)")] == [1, 0]
    # What has no result is tried again where it was, and does not end the others.
    again = list(SweepTraining(plan))
    assert [(news.kind, news.number) for news in again] == [("skipped", 2), ("begun", 1), ("ended", 1)]
    assert "Set training.best_by" in again[-1].words
    assert (again[-1].run.id, len(started), len(runs.list_runs())) == (started[0], 2, 2)


def test_the_same_training_twice_is_refused() -> None:
    with pytest.raises(RecipeError, match="are the same training"):
        _ = Sweep.parse(recipe(), ["model.beta=1,1.0"]).points
    with pytest.raises(RecipeError, match="no field"):
        _ = Sweep.parse(recipe(), ["model.bets=1,2"]).points
    with pytest.raises(RecipeError, match="given twice"):
        Sweep.parse(recipe(), ["model.beta=1", "model.beta=2"])
