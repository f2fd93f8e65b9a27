"""The Train page: the form, a training, what can be done with runs, and what it says when something is wrong."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from explorer import checkpoints, data, runs, sweeps
from explorer.checkpoints import Checkpoint
from explorer.recipe import Recipe
from explorer.runs import Run
from explorer.ui.shell import held_out, user_data
from explorer.ui.shell.user_files import user_file
from explorer.ui.train import form_data, form_filling, run_list, run_view, train_form

Page = Callable[[], AppTest]
RECIPE = {
    "name": "small",
    "data": {"dataset": "digits"},
    "model": {"family": "variational", "hidden": [16], "latent_dim": 3},
    "corruption": {"kind": "gaussian"},
    "training": {"epochs": 3, "device": "cpu", "learning_rate": 3e-3},
}


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, digits_vae: Checkpoint) -> Path:
    """Folders with one checkpoint and no run; a started training is done at once, in this process."""
    monkeypatch.setenv("EXPLORER_RUNS", str(tmp_path / "runs"))
    monkeypatch.setenv("EXPLORER_CHECKPOINTS", str(tmp_path / "checkpoints"))
    checkpoints.save(digits_vae, tmp_path / "checkpoints" / f"{digits_vae.name}.safetensors")

    def start(run: Run, *arguments: str) -> None:
        for _ in runs.drain(run.recipe, run.folder, resume="--resume" in arguments):
            pass

    monkeypatch.setattr(Run, "_start", start)
    return tmp_path


@pytest.fixture
def page(place: Path, open_page: Callable[..., AppTest]) -> Page:
    """Opens the page."""
    return lambda: _shown(open_page("train", model="tiny-variational"))


def _shown(app: AppTest) -> AppTest:
    assert not app.exception
    return app


def _words(app: AppTest) -> str:
    return "\n".join(e.value for kind in ("caption", "markdown", "subheader", "error", "warning", "info", "success")
                     for e in app.main.get(kind))  # fmt: skip


def _stage(app: AppTest) -> dict[str, Any]:
    """What the stage is sent, without its arrays."""
    (sent,) = [c.proto.bytes for c in app.main.get("bidi_component") if "run_stage" in c.proto.component_name]
    return json.loads(sent[4 : 4 + int.from_bytes(sent[:4], "little")])


def _finished_run() -> Run:
    recipe = Recipe.parse(RECIPE)
    run = Run(runs.new_folder(recipe))
    for _ in runs.drain(recipe, run.folder):
        pass
    return run


def _broken_off(epochs: int) -> Run:
    """A run whose process ended without a word after some epochs."""
    recipe = Recipe.parse(RECIPE)
    run = Run(runs.new_folder(recipe))
    events: Iterator[object] = (e for e in runs.drain(recipe, run.folder) if e.kind == "epoch")
    for _ in itertools.islice(events, epochs):
        pass
    return run


def test_trainings_have_their_python(place: Path, page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: dict[str, Any] = {}
    monkeypatch.setattr(run_view, "_items", lambda x, noisy, x_hat, titles: shown.update(x=x, x_hat=x_hat))
    names: dict[str, Any] = {}
    exec(page().main.code[-1].value, names)  # noqa: S102 (the point of this test)
    assert [epoch["validation"] for epoch in names["history"]] == [
        epoch["validation"] for epoch in checkpoints.load_card("tiny-variational").history
    ]
    np.testing.assert_allclose(names["x"] / 255, shown["x"], atol=1e-6)
    np.testing.assert_allclose(names["x_hat"], shown["x_hat"], atol=1e-5)
    run = _finished_run()
    names = {}
    exec(page().main.code[-1].value, names)  # noqa: S102
    assert names["run"].id == run.id
    assert (len(names["history"]), [*names["frames"]]) == (3, [1.0, 2.0, 3.0])
    events = [json.loads(line) for line in (run.folder / "events.jsonl").read_text("utf-8").splitlines()]
    losses = [event["validation"]["total"] for event in events if event["event"] == "epoch"]
    assert [epoch["validation"]["total"] for epoch in names["history"]] == losses
    assert names["frames"][3.0].z.shape[1] == 3


@pytest.mark.slow
def test_without_a_run_the_checkpoints_own_training_is_shown(place: Path, page: Page) -> None:
    app = page()
    assert "How this checkpoint was trained" in _words(app)
    assert len(app.get("plotly_chart")) == 1
    assert not app.main.get("error")
    assert app.button("start").disabled is False
    assert "1,258 training items of 1 x 8 x 8" in _words(app)


@pytest.mark.slow
def test_every_field_of_the_recipe_has_a_widget(place: Path, page: Page) -> None:
    app = page()
    keys = {
        e.key
        for kind in ("selectbox", "number_input", "text_input", "toggle", "multiselect")
        for e in app.main.get(kind)
    }
    recipe = checkpoints.load_card("tiny-variational").recipe
    # Fields of convolutional bodies, of priors that are learnt, and of a likelihood of levels.
    of_others = {"channels", "downsampling", "upsampling", "batch_norm", "prior_components", "levels"}
    wanted = {f"train.model.{n}" for n in type(recipe.model).model_fields if n not in {"family", *of_others}}
    wanted |= {f"train.training.{n}" for n in type(recipe.training).model_fields if n != "plateau_epochs"}
    wanted |= {
        f"train.{n}" for n in ("name", "title", "family", "corruption", "objective", "data.classes", "data.limit")
    }
    assert wanted <= keys
    hidden = {f"train.model.{n}" for n in of_others} | {
        "train.penalty",
        "train.data.crop",
        "train.training.plateau_epochs",
    }
    assert not hidden & keys, "what means nothing for a dense variational model of digits"


@pytest.mark.slow
def test_start_trains_what_was_typed(place: Path, page: Page) -> None:
    app = page()
    app.selectbox("train.family").set_value("undercomplete").run()
    app.selectbox("train.corruption").set_value("masking").run()
    app.number_input("train.corruption.masking.fraction").set_value(0.4)
    app.selectbox("train.penalty").set_value("nested_dropout").run()
    app.selectbox("train.penalty.nested_dropout.law").set_value("geometric").run()
    app.number_input("train.penalty.nested_dropout.rate").set_value(0.75)
    app.number_input("train.training.epochs").set_value(2)
    app.text_input("train.model.hidden").set_value("32, 16")
    app.number_input("train.model.latent_dim").set_value(5)
    app.text_input("train.name").set_value("mine").run()
    _shown(app.button("start").click().run())
    (run,) = runs.list_runs()
    recipe = run.recipe
    assert (recipe.name, recipe.data.dataset, recipe.training.epochs) == ("mine", "digits", 2)
    assert (recipe.model.family, recipe.model.hidden, recipe.model.latent_dim) == ("undercomplete", (32, 16), 5)
    assert (recipe.corruption.kind, recipe.corruption.fraction) == ("masking", 0.4)
    assert (recipe.penalty.kind, recipe.penalty.law, recipe.penalty.rate) == ("nested_dropout", "geometric", 0.75)
    assert run.status == "finished"
    assert [frame["epoch"] for frame in _stage(app)["frames"]] == [1, 2]
    assert app.text_input("train.name").value == "mine"


@pytest.mark.slow
def test_an_objective_is_trained_on_as_it_was_chosen(place: Path, page: Page) -> None:
    app = page()
    app.selectbox("train.model.likelihood").set_value("binarised").run()
    app.selectbox("train.objective").set_value("importance_weighted").run()
    app.number_input("train.objective.importance_weighted.samples").set_value(3)
    app.number_input("train.training.epochs").set_value(1).run()
    _shown(app.button("start").click().run())
    (run,) = runs.list_runs()
    assert (run.recipe.objective.kind, run.recipe.objective.samples) == ("importance_weighted", 3)
    assert (run.recipe.model.likelihood, run.status) == ("binarised", "finished")
    assert "train.model.beta" not in {e.key for e in app.main.get("number_input")}, "the bound has no beta"


@pytest.mark.slow
def test_what_does_not_fit_is_said_and_nothing_typed_is_lost(place: Path, page: Page) -> None:
    app = page()
    app.text_input("train.name").set_value("kept")
    app.selectbox("train.dataset").set_value("breast-cancer").run()
    assert app.selectbox("train.model.likelihood").options == ["gaussian", "gaussian each", "by column"]
    app.selectbox("train.dataset").set_value("digits").run()
    assert app.selectbox("train.model.likelihood").value == "bernoulli", "as it was before the table"
    app.selectbox("train.family").set_value("convolutional").run()
    app.selectbox("train.penalty").set_value("nested_dropout").run()
    app.selectbox("train.model.downsampling").set_value("pooled").run()
    app.selectbox("train.model.upsampling").set_value("unpooling").run()
    assert "takes no penalty" in app.main.get("error")[0].value
    app.selectbox("train.penalty").set_value("none").run()
    app.selectbox("train.model.downsampling").set_value("strided").run()
    assert "needs downsampling 'pooled'" in app.main.get("error")[0].value
    assert "Not ready to start: Upsampling" in _words(app)
    assert app.button("start").disabled is True
    app.selectbox("train.model.downsampling").set_value("pooled").run()
    assert not app.main.get("error")
    assert app.text_input("train.name").value == "kept"
    app.selectbox("train.dataset").set_value("breast-cancer").run()
    assert "needs images" in app.main.get("error")[0].value
    app.selectbox("train.family").set_value("stacked").run()
    assert not app.main.get("error")
    keys = {e.key for kind in ("number_input", "toggle") for e in app.main.get(kind)}
    assert not keys & {"train.data.crop", "train.data.tile", "train.data.augment"}, "of images alone"
    app.text_input("train.model.hidden").set_value("many").run()
    assert "is not a list of whole numbers" in app.main.get("error")[0].value
    assert app.text_input("train.model.hidden").value == "many"


def test_a_template_fills_the_form(place: Path, root: Path, page: Page) -> None:
    app = page()
    app.selectbox("train.template").set_value("mnist-denoising-32d").run()
    template = Recipe.from_toml(root / "recipes" / "mnist-denoising-32d.toml")
    _shown(app)
    assert app.selectbox("train.corruption").value == template.corruption.kind
    assert app.number_input("train.model.latent_dim").value == 32
    assert app.number_input("train.training.epochs").value == template.training.epochs
    assert app.text_input("train.name").value == "my-mnist-denoising-32d"
    # The full MNIST is not on this machine: the sample stands in for it, and the page says so.
    assert app.selectbox("train.dataset").value == "mnist-sample"
    assert "explorer data fetch mnist" in _words(app)


@pytest.mark.slow
def test_a_typed_path_is_trained_on(place: Path, page: Page) -> None:
    path = place / "pictures.npz"
    np.savez(path, x=np.random.default_rng(0).integers(0, 255, (60, 6, 6), np.uint8))
    app = page()
    app.selectbox("train.dataset").set_value(form_data.PATH).run()
    assert "No path is given yet." in app.main.get("error")[0].value
    app.text_input("train.path").set_value(str(place / "nowhere")).run()
    assert "There is no dataset or file" in app.main.get("error")[0].value
    app.text_input("train.path").set_value(str(path)).run()
    assert not app.main.get("error")
    assert "42 training items of 1 x 6 x 6" in _words(app)
    app.number_input("train.training.epochs").set_value(1).run()
    _shown(app.button("start").click().run())
    assert runs.list_runs()[0].recipe.data.dataset == str(path)


@pytest.mark.slow
def test_an_upload_is_written_only_when_a_training_starts(place: Path, page: Page) -> None:
    app = page()
    rows = "a,b,c\n" + "".join(f"{i},{i % 7},{i * i % 11}\n" for i in range(80))
    added = data.from_upload("mine.csv", rows.encode())
    app.session_state["user_datasets"] = {added.name: added}
    app.run()
    app.selectbox("train.dataset").set_value(added.name)
    app.selectbox("train.family").set_value("undercomplete")
    app.number_input("train.training.epochs").set_value(1).run()
    assert not app.main.get("error")
    assert "starting a training writes it into the run's folder" in _words(app)
    assert not list(place.rglob("data.npz"))
    _shown(app.button("start").click().run())
    (run,) = runs.list_runs()
    assert run.recipe.data.dataset == str(run.folder / "data.npz")
    assert checkpoints.load_card(run.folder / "checkpoint.safetensors").data.fingerprint == added.fingerprint


@pytest.mark.slow
def test_an_uploaded_test_file_is_held_out_and_one_of_other_columns_is_named_at_its_field(
    place: Path, page: Page
) -> None:
    app = page()
    rows, more = ("".join(f"{i * 37 % 101 + 0.5},{i * i % 11}\n" for i in range(*ends)) for ends in ((0, 60), (50, 90)))
    train, test = user_file("train.csv", f"a,b\n{rows}".encode()), user_file("test.csv", f"a,b\n{more}".encode())
    other = user_file("other.csv", f"a,c\n{more}".encode())
    added = data.from_upload(train.name, train.content)
    app.session_state["user_sources"] = {added.name: user_data.UserSource(train, "", data.ImportOptions())}
    app.session_state[held_out.HELD] = {"test.csv#1": test, "other.csv#1": other}
    app.run()
    app.selectbox("train.dataset").set_value(added.name)
    app.selectbox("train.family").set_value("undercomplete")
    app.number_input("train.training.epochs").set_value(1).run()
    app.text_input("train.data.split.test_data").set_value("other.csv#1").run()
    assert "Not ready to start: Test file" in _words(app)
    assert "'b' is not there" in _words(app)
    app.text_input("train.data.split.test_data").set_value("test.csv#1").run()
    assert "10 of the 40 test items stand in" in _words(app)
    _shown(app.button("start").click().run())
    (run,) = runs.list_runs()
    card = checkpoints.load_card(run.folder / "checkpoint.safetensors")
    assert [(part.split, part.title, part.items) for part in card.data.parts] == [
        ("train", "train.csv", 60), ("test", "test.csv", 40)
    ]  # fmt: skip
    assert card.data.parts[0].fingerprint == added.fingerprint
    assert "for testing; 10 of the 40" in _words(app)


@pytest.mark.slow
def test_a_finished_run_is_scrubbed_and_kept(place: Path, page: Page) -> None:
    run = _finished_run()
    app = page()
    assert app.selectbox("run").value == run.id
    stage = _stage(app)
    assert ([frame["epoch"] for frame in stage["frames"]], stage["whole"], stage["live"]) == ([1, 2, 3], True, False)
    assert stage["names"] == [str(digit) for digit in range(10)]
    assert stage["axes"] == ["PCA 1", "PCA 2"]
    app.text_input(f"keep_name.{run.id}").set_value("mine").run()
    _shown(app.button("keep").click().run())
    assert "mine" in checkpoints.available()
    assert "Saved as mine" in _words(app)
    assert app.button("open_kept").label == "Open it in Latent space"
    assert "mine" in app.sidebar.selectbox("model").options


@pytest.mark.slow
def test_a_taken_name_is_said_beside_the_button(place: Path, page: Page) -> None:
    run = _finished_run()
    app = page()
    app.text_input(f"keep_name.{run.id}").set_value("tiny-variational").run()
    app.button("keep").click().run()
    assert "already" in app.main.get("error")[0].value
    app.toggle(f"keep_replace.{run.id}").set_value(True).run()
    _shown(app.button("keep").click().run())
    assert checkpoints.load_card("tiny-variational").recipe.model.latent_dim == 3


@pytest.mark.slow
def test_a_dead_run_is_found_and_resumed(place: Path, page: Page) -> None:
    run = _broken_off(2)
    (run.folder / "process.json").unlink()
    app = page()
    assert "stopped from outside" in _words(app)
    assert app.dataframe[-2].value["status"].tolist() == ["dead"]
    _shown(app.button("resume").click().run())
    assert run.status == "finished"
    assert len([e for e in runs.current(run.events()[0]) if e["event"] == "epoch"]) == 3


def test_a_running_run_is_followed_and_asked_to_stop(place: Path, page: Page) -> None:
    run = _broken_off(1)  # its process, this one, lives
    app = page()
    assert app.get("progress")[0].proto.text.startswith("epoch 1 of 3")
    assert _stage(app)["live"] is True
    assert (run.folder / "watched").exists()
    assert app.dataframe[-2].value["epochs"].tolist() == ["1 of 3"]
    _shown(app.button("pause").click().run())
    assert (run.folder / "request").read_text() == "pause"


def test_a_diverged_run_says_why(place: Path, page: Page) -> None:
    recipe = Recipe.parse(
        RECIPE | {"training": {"epochs": 2, "device": "cpu", "learning_rate": 10.0}, "corruption": None}
    )
    run = Run(runs.new_folder(recipe))
    for _ in runs.drain(recipe, run.folder):
        pass
    assert run.status == "failed"
    app = page()
    assert "Lower training.learning" in app.main.get("error")[0].value


@pytest.mark.slow
def test_a_run_is_named_deleted_and_brought_back(place: Path, page: Page) -> None:
    run = _finished_run()
    app = page()
    app.text_input(f"about.title.{run.id}").set_value("my <b>run</b>")
    app.toggle(f"about.star.{run.id}").set_value(True)
    app.text_area(f"about.notes.{run.id}").set_value("a note").run()
    assert (run.title, run.about.starred, run.about.notes) == ("my <b>run</b>", True, "a note")
    _shown(app.button("delete").click().run())
    assert runs.list_runs() == []
    assert "How this checkpoint was trained" in _words(app)
    _shown(app.button("undo_delete").click().run())
    assert [back.title for back in runs.list_runs()] == ["my <b>run</b>"]
    assert app.dataframe[-2].value[["★", "name", "notes"]].values.tolist() == [["★", "my <b>run</b>", "a note"]]


@pytest.mark.slow
def test_runs_are_laid_over_each_other_and_a_sweep_is_a_group(place: Path, open_page: Callable[..., AppTest]) -> None:
    sweep = sweeps.Sweep.parse(Recipe.parse(RECIPE | {"corruption": None}), ["model.beta=1,4"])
    trained = [news.run for news in sweeps.SweepTraining(sweep) if news.kind == "ended"]
    app = _shown(open_page("train", model="tiny-variational", over=",".join(run.id for run in trained)))
    assert "Sweep small-by-beta: 2 of 2 done" in [e.label.replace("\\", "") for e in app.main.expander]
    tables = [frame.value for frame in app.dataframe]
    (fields,) = [table for table in tables if "field" in table.columns]
    assert fields.values.tolist() == [["model.beta", "1", "4"]]
    (settings,) = [table for table in tables if "model.beta" in table.columns]
    assert settings["model.beta"].tolist() == ["1", "4"]
    assert "Totals of runs that differ in model.beta" in _words(app)
    curves = [json.loads(chart.proto.spec)["data"] for chart in app.get("plotly_chart")][-1]
    assert [(trace["line"]["dash"], len(trace["x"])) for trace in curves] == [("solid", 3), ("dash", 3)]
    app.multiselect("overlaid").set_value([]).run()
    assert "over" not in _shown(app).query_params


def test_a_link_to_a_run_that_is_gone_shows_what_is_there(place: Path, open_page: Callable[..., AppTest]) -> None:
    run = _finished_run()
    app = _shown(open_page("train", run="20200101-000000-gone"))
    assert app.selectbox("run").value == run.id


def test_the_recipe_as_python_is_the_recipe(place: Path) -> None:
    recipe = Recipe.parse(RECIPE)
    script = train_form.as_python(recipe).split("for event")[0]
    scope: dict[str, object] = {}
    exec(script, scope)  # noqa: S102 - the text under test is a script
    assert scope["recipe"] == recipe


def test_runs_are_summed_up_with_their_best_epoch(place: Path) -> None:
    run = _finished_run()
    history = [e for e in run.events()[0] if e["event"] == "epoch"]
    best = min(history, key=lambda e: e["validation"]["total"])
    row = run_list.row_of(run)
    assert (row["status"], row["epochs"]) == ("finished, with findings", "3 of 3")  # three epochs are too few
    assert row["best validation"].startswith("total ")
    assert row["best validation"].endswith(f"nats (epoch {best['epoch']})")


def test_every_checkpoint_is_listed_with_its_figure(place: Path, page: Page) -> None:
    (checkpoints.folders()[0] / "torn.safetensors").write_bytes(b"{")
    listed = page().dataframe[-1].value.set_index("name")
    assert set(listed.index) == set(checkpoints.available())
    assert listed.loc["torn", "family"] == "cannot be read"
    error = checkpoints.load_card("tiny-variational").metric("reconstruction error")
    assert f"n = {error.n:,}" in listed.loc["tiny-variational", "test error"]


def test_a_link_starts_the_form_from_its_recipe(place: Path, open_page: Callable[..., AppTest]) -> None:
    app = _shown(open_page("train", model="tiny-variational", recipe="mnist-denoising-32d"))
    assert app.selectbox(f"{form_filling.KEY}.template").value == "mnist-denoising-32d"
    assert (app.session_state[f"{form_filling.KEY}.family"], app.session_state[f"{form_filling.KEY}.corruption"]) == (
        "undercomplete",
        "gaussian",
    )


def test_what_is_wrong_with_a_run_is_told_and_its_remedy_is_one_press_away(place: Path, page: Page) -> None:
    values = RECIPE | {"model": RECIPE["model"] | {"beta": 500.0}, "corruption": None}
    recipe = Recipe.parse(values)
    run = Run(runs.new_folder(recipe))
    for _ in runs.drain(recipe, run.folder):
        pass
    assert (run.status, run.status_words) == ("finished", "finished, with findings")
    app = page()
    (told,) = [w.value for w in app.main.warning if "Beta is too high" in w.value]
    assert "KL of posterior from prior" in told
    remedy = next(button for button in app.main.button if "Train again with" in button.label)
    assert remedy.label.endswith("model.beta=1")
    _shown(remedy.click().run())
    newest, before = runs.list_runs()
    assert before.id == run.id
    assert newest.recipe.model.beta == 1
    assert newest.recipe == recipe.with_settings(["model.beta=1"])


def test_a_checkpoint_with_findings_is_named_in_the_sidebar(place: Path, page: Page, digits_vae: Checkpoint) -> None:
    assert not page().sidebar.warning
    finding = checkpoints.TrainingFinding(
        name="posterior collapse", title="Posterior collapse", severity="wrong", figures=(), meaning="It says nothing.",
        advice="Lower beta.",
    )  # fmt: skip
    card = digits_vae.card.model_copy(update={"findings": (finding,)})
    path = place / "checkpoints" / f"{digits_vae.name}.safetensors"
    checkpoints.save(checkpoints.checkpoint_of(digits_vae.model, card), path)
    app = page()
    assert [warning.value.split(".")[0] for warning in app.sidebar.warning] == ["Posterior collapse"]
    assert any("It says nothing" in warning.value for warning in app.main.warning)


def test_the_link_holds_the_settings(place: Path, page: Page, open_page: Callable[..., AppTest]) -> None:
    app = page()
    app.selectbox("train.corruption").set_value("masking").run()
    app.number_input("train.model.beta").set_value(4.5)
    app.number_input("train.training.epochs").set_value(7)
    app.text_input("train.name").set_value("linked").run()
    said = app.query_params["form"]
    again = _shown(open_page("train", model="tiny-variational", form=said[0] if isinstance(said, list) else said))
    assert (again.number_input("train.model.beta").value, again.number_input("train.training.epochs").value) == (4.5, 7)
    assert (again.selectbox("train.corruption").value, again.text_input("train.name").value) == ("masking", "linked")
    broken = _shown(open_page("train", model="tiny-variational", form='{"model": 3}'))
    assert "The settings in the link cannot be read" in _words(broken)
    assert broken.button("start").disabled is False


@pytest.mark.slow
def test_the_link_holds_what_the_columns_of_a_path_are_for(
    place: Path, open_page: Callable[..., AppTest], tmp_path: Path
) -> None:
    path = tmp_path / "parts.csv"
    rows = np.random.default_rng(0).normal(size=(60, 4))
    path.write_text("a,b,c,d\n" + "\n".join(",".join(map(str, row)) for row in rows.tolist()))
    roles = {"ignore": ["b"], "metadata": ["c"]}
    said = {"name": "linked", "model": {"family": "undercomplete"}, "data": {"dataset": str(path), "roles": roles}}
    app = _shown(open_page("train", model="tiny-variational", form=json.dumps(said)))
    again = app.query_params["form"]
    held = json.loads(again[0] if isinstance(again, list) else again)["data"]
    assert (held["dataset"], held["roles"]) == (str(path), roles)
    assert "training items of 2" in _words(app)


def test_a_preset_fills_the_form_and_my_own_comes_back(place: Path, page: Page) -> None:
    app = page()
    app.text_input("train.name").set_value("mine")
    app.number_input("train.model.beta").set_value(2.5).run()
    app.button("preset.breaks").click().run()
    assert (app.number_input("train.model.beta").value, app.selectbox("train.dataset").value) == (100, "mnist-sample")
    app.button("preset.heart").click().run()
    assert app.number_input("train.data.limit").value == 50
    _shown(app.button("preset.own").click().run())
    assert (app.number_input("train.model.beta").value, app.text_input("train.name").value) == (2.5, "mine")
