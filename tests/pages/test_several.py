"""Several trainings from the form: what is typed, what it comes to, and that the command line would train the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import scipy.stats
from streamlit.testing.v1 import AppTest

from explorer import checkpoints, runs
from explorer.checkpoints import Checkpoint
from explorer.core.errors import ExplorerError
from explorer.data import Dataset
from explorer.recipe import Recipe
from explorer.sweeps import Sweep, SweepTraining, background, list_sweeps, seconds_of_all
from explorer.training import train
from explorer.ui.train.several import LINK, OWN

FORM = {
    "name": "small",
    "data": {"dataset": "digits", "limit": 200},
    "model": {"family": "undercomplete", "hidden": [], "latent_dim": 2},
    "training": {"epochs": 1, "device": "cpu"},
}


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Arguments of each process that a page has started; the first has done a training, and was asked to pause."""
    calls: list[list[str]] = []

    def start(arguments: list[str], folder: Path) -> None:
        calls.append(list(arguments))
        settings = [arguments[i + 1] for i, word in enumerate(arguments) if word == "--set"]
        sweep = Sweep.parse(Recipe.from_toml(arguments[1]), settings, arguments[arguments.index("--name") + 1])
        for news in SweepTraining(sweep):
            if news.kind == "ended" and len(calls) == 1:
                background.ask_pause(sweep)

    monkeypatch.setattr(background, "start_process", start)
    return calls


@pytest.fixture
def open_form(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, digits_vae: Checkpoint, open_page: Callable[..., AppTest]
) -> Iterator[Callable[..., AppTest]]:
    monkeypatch.setenv("EXPLORER_RUNS", str(tmp_path / "runs"))
    monkeypatch.setenv("EXPLORER_CHECKPOINTS", str(tmp_path / "checkpoints"))
    checkpoints.save(digits_vae, tmp_path / "checkpoints" / "tiny-variational.safetensors")
    form = (
        Recipe.parse(FORM)
        .model_dump_json(exclude_defaults=True)
        .replace('"model":{', '"model":{"family":"undercomplete",')
    )
    return lambda **query: _sound(open_page("train", model="tiny-variational", form=form, **query))


def _sound(app: AppTest) -> AppTest:
    assert not app.exception, app.exception
    return app


def _labels(app: AppTest) -> list[str]:
    return [button.label for button in app.main.button]


@pytest.mark.slow
def test_a_sweep_is_started_paused_and_gone_on_with(
    open_form: Callable[..., AppTest], started: list[list[str]]
) -> None:
    app = open_form(**{LINK: "model.latent_dim=2,two"})
    assert "model.latent\\_dim" in app.main.get("error")[0].value
    assert "start_sweep" not in {button.key for button in app.main.button}, "nothing to start while a value is wrong"
    app.text_input(f"{OWN}.values1").set_value("2..4..2").run()
    assert not app.main.get("error")
    assert "Start 2 trainings" in _labels(app)
    assert any("2 values of model.latent\\_dim" in caption.value for caption in app.main.caption)
    _sound(app.button("start_sweep").click().run())
    (sweep,) = list_sweeps()
    assert [field.text for field in sweep.fields] == ["model.latent_dim=2,4"]
    assert [run.recipe.model.latent_dim for run in runs.list_runs()] == [2]
    assert [one.proto.text for one in app.get("progress")] == ["2 values of model.latent\\_dim"]
    titles = [one.label.replace("\\", "") for one in app.main.expander]
    assert "Sweep small-by-latent_dim: 1 of 2 done" in titles
    assert "Start 1 training" in _labels(app), "what is done is not counted"
    first = runs.list_runs()[0]
    before = checkpoints.load_card(first.checkpoint).training_seconds
    _sound(app.button(f"go_on.{sweep.name}").click().run())
    assert started[1] == started[0], "the same command"
    assert sorted(run.recipe.model.latent_dim for run in runs.list_runs()) == [2, 4]
    assert checkpoints.load_card(first.checkpoint).training_seconds == before, "what is done is left"
    assert background.state_words(sweep) == "done"


@pytest.mark.slow
def test_folds_show_mean_and_interval_of_each_figure(
    open_form: Callable[..., AppTest], started: list[list[str]]
) -> None:
    app = open_form(**{LINK: "folds=3"})
    assert app.number_input(f"{OWN}.folds").value == 3
    _sound(app.button("start_sweep").click().run())
    (sweep,) = list_sweeps()
    _sound(app.button(f"go_on.{sweep.name}").click().run())
    (table,) = [frame.value for frame in app.dataframe if "of each" in frame.value.columns]
    cards = [checkpoints.load_card(run.checkpoint) for run in runs.list_runs()]
    assert sorted(card.recipe.data.split.fold for card in cards) == [1, 2, 3]
    errors = [card.metric("reconstruction error").value for card in cards]
    low, high = scipy.stats.t.interval(0.95, 2, np.mean(errors), scipy.stats.sem(errors))
    (row,) = [row for row in table.to_dict("records") if "reconstruction error (test)" in row["figure"]]
    said = [
        float(word)
        for word in row["mean (95 % interval)"].replace("(", " ").replace(")", " ").split()
        if word[0].isdigit()
    ]
    assert said == pytest.approx([np.mean(errors), low, high], rel=0.01)
    assert any("likely too narrow" in caption.value for caption in app.main.caption)


def test_what_a_page_starts_is_refused_while_it_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXPLORER_RUNS", str(tmp_path / "runs"))
    monkeypatch.setattr(background, "is_at_work", lambda folder: True)
    with pytest.raises(ExplorerError, match="is going on"):
        background.start_sweep(Sweep.parse(Recipe.parse(FORM), ["model.latent_dim=2,3"]))


def test_the_estimate_is_the_time_that_steps_take(digits: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    """A clock that only a step moves: then the estimate is the number of all steps."""
    from explorer.sweeps import estimate

    ticks = iter(range(10_000))
    monkeypatch.setattr(estimate.time, "perf_counter", lambda: float(next(ticks)))
    monkeypatch.setattr(estimate, "SECONDS", 7.5)
    recipe = Recipe.parse(FORM | {"training": {"epochs": 40, "batch_size": 20, "device": "cpu"}})
    started = next(iter(train(recipe, digits)))
    steps = 40 * started.steps_per_epoch
    assert seconds_of_all([recipe] * 3, digits) == pytest.approx(3 * steps, rel=0.3)
