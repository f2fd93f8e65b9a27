"""A split of one's own on Train's form, and on the pages of a model that was trained with it."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from explorer import checkpoints, runs
from explorer.recipe import Recipe
from explorer.runs import Run
from explorer.training import train
from tests.pages.conftest import OpenPage, words

PATIENTS = [f"P{i % 12}" for i in range(120)]
PART = ["train" if i % 4 else ("test" if i % 8 else "hidden") for i in range(120)]


@pytest.fixture
def visits(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A table with patients and a part for each row; a started training is done at once, in this process."""
    monkeypatch.setenv("EXPLORER_RUNS", str(folder / "runs"))
    rows = [f"{i % 7}.5,{(i * i) % 13}.25,{PATIENTS[i]},{PART[i]}" for i in range(120)]
    (folder / "visits.csv").write_text("\n".join(["height,weight,patient,part", *rows]) + "\n")

    def start(run: Run, *arguments: str) -> None:
        for _ in runs.drain(run.recipe, run.folder):
            pass

    monkeypatch.setattr(Run, "_start", start)
    return folder / "visits.csv"


def recipe(visits: Path, **split: object) -> Recipe:
    return Recipe.parse(
        {
            "name": "visits",
            "data": {"dataset": str(visits), "split": split, "roles": {"metadata": ["part"], "label": ""}},
            "model": {"family": "undercomplete", "hidden": [4], "latent_dim": 2},
            "training": {"epochs": 1, "device": "cpu"},
        }
    )


def chosen(app: AppTest, key: str, value: object) -> AppTest:
    [widget] = [e for kind in ("text_input", "number_input", "multiselect") for e in app.get(kind) if e.key == key]
    return widget.set_value(value).run()


@pytest.mark.slow
def test_what_was_held_out_is_what_the_pages_show(visits: Path, open_page: OpenPage) -> None:
    asked = recipe(visits, groups="patient", folds=3, fold=2)
    *_, last = train(asked, asked.data.open())
    checkpoints.save(last.checkpoint, visits.with_name("visits.safetensors"))
    app = open_page("latent_space", model="visits")
    app.button(key="open_trained_on").click().run()
    assert not app.exception
    captions = "\n".join(caption.value for caption in app.sidebar.caption)
    assert "120 rows · showing test" in captions
    assert "fold 2 of 3 by seed 0 held out for testing" in captions
    assert "40 test items" in captions


@pytest.mark.slow
def test_a_split_is_typed_and_what_is_wrong_with_it_stands_at_its_field(visits: Path, open_page: OpenPage) -> None:
    app = open_page("train")
    app.selectbox(key="train.dataset").set_value("a path").run()
    app.text_input(key="train.path").set_value(str(visits)).run()
    assert "train.data.split.fold" not in {e.key for e in app.get("number_input")}, "without folds none is held out"
    app = chosen(app, "train.data.split.column", "mood")
    assert "no column 'mood'" in "".join(error.value for error in app.error)
    assert "Not ready to start: Split column." in words(app)
    app = chosen(app, "train.data.split.column", "part")
    assert "'hidden' (15 items)" in "".join(error.value for error in app.error).replace("\\", "")
    assert "Not ready to start: Split column." in words(app)
    app = chosen(app, "train.data.split.test", ["test"])
    assert not app.error
    assert "By 'part', test for testing" in words(app)
    assert "train.training.class_weights" not in {e.key for e in app.get("text_input")}, "there are no labels"
    app.button("start").click().run()
    [run] = runs.list_runs()
    model = checkpoints.load(run.checkpoint)
    assert model.card.recipe.data.split.column == "part"
    assert "15 test items" in model.card.data.splits
    assert not any("part" in name for name in model.card.data.feature_names)


@pytest.mark.slow
def test_class_weights_say_what_they_do_and_which_labels_there_are(visits: Path, open_page: OpenPage) -> None:
    app = chosen(open_page("train"), "train.training.class_weights", "black=2")
    assert "no label 'black'" in "".join(error.value for error in app.error).replace("\\", "")
    assert "Not ready to start: Class weights." in words(app)
    app = chosen(app, "train.training.class_weights", "balanced")
    assert not app.error
    assert "Items count in the loss by their label: 0 " in words(app).replace("\\", "")


@pytest.mark.slow
def test_an_upload_takes_the_columns_of_its_split_into_the_run(visits: Path, open_page: OpenPage) -> None:
    table = "\n".join(line.rpartition(",")[0] for line in visits.read_text().splitlines()).encode()
    app = open_page("train")
    [uploader] = [one for one in app.main.file_uploader if one.key == "train_upload"]
    app = uploader.set_value(("visits.csv", table, "text/csv")).run()
    app = chosen(app, "train.data.split.groups", "patient")
    app.button("start").click().run()
    assert not app.exception
    [run] = runs.list_runs()
    model = checkpoints.load(run.checkpoint)
    data = model.card.recipe.data.open()
    assert data.splits.note == model.card.data.splits
    sides = [{PATIENTS[row] for row in rows} for rows in (data.splits.train, data.splits.validation, data.splits.test)]
    assert sum(map(len, sides)) == 12
