"""Data of one's own: by path, as the model's, and trained on as it was read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from explorer import data, runs
from explorer.checkpoints import Checkpoint
from explorer.data.importing import ImportOptions
from explorer.io.tables.asked import RolesAsked
from explorer.ui.train import form_data
from tests.pages.conftest import OpenPage, own, trained_on_table
from tests.pages.test_read_as import give, said, table

Model = Callable[..., Checkpoint]
NAMES = ("temp", "volt", "load")


def rows(n: int, names: tuple[str, ...] = NAMES, seed: int = 0) -> str:
    values = dict(zip(NAMES, np.random.default_rng(seed).normal(5, 1, (3, n)).round(3), strict=True))
    columns = [values.get(name, values["temp"]) for name in names]
    return "\n".join([",".join(names), *(",".join(map(str, row)) for row in zip(*columns, strict=True))])


@pytest.fixture
def parts_model(folder: Path) -> Checkpoint:
    """Trained on a file of the three columns, which lies on this machine."""
    return trained_on_table(folder, "parts", rows(60))


@pytest.mark.slow
def test_the_data_a_model_was_trained_on_is_offered(open_page: OpenPage, parts_model: Checkpoint) -> None:
    app = open_page("home", model="parts")
    assert app.button(key="open_trained_on").label.endswith("parts.csv")
    app.button(key="open_trained_on").click().run()
    assert app.selectbox(key="data").value == parts_model.card.recipe.data.dataset
    assert own(app).fingerprint == parts_model.card.data.fingerprint
    assert not [button for button in app.button if button.key == "open_trained_on"], "it is open now"
    assert "60 rows · showing test" in said(app)


@pytest.mark.slow
def test_a_path_is_opened_in_the_sidebar(open_page: OpenPage, parts_model: Checkpoint, tmp_path: Path) -> None:
    path = tmp_path / "new.csv"
    path.write_text(rows(40, seed=1))
    app = open_page("home", model="parts")
    app.text_input(key="data_path").set_value(str(path)).run()
    assert app.selectbox(key="data").value == str(path)
    app = open_page("home", model="parts")
    app.text_input(key="data_path").set_value(str(tmp_path / "nowhere.csv")).run()
    assert "There is no dataset or file" in app.sidebar.error[0].value.replace("\\", "")


@pytest.mark.slow
def test_columns_are_found_by_their_names(open_page: OpenPage, parts_model: Checkpoint) -> None:
    app = give(open_page("home", model="parts"), "data_upload", "turned.csv", rows(40, ("load", "temp", "volt")))
    right = data.from_upload("straight.csv", rows(40).encode())
    assert own(app).feature_names == NAMES
    np.testing.assert_array_equal(own(app).x, right.x)
    assert app.selectbox(key="data").value == own(app).name


@pytest.mark.slow
def test_other_columns_are_no_data_for_the_model(open_page: OpenPage, parts_model: Checkpoint) -> None:
    app = give(open_page("home", model="parts"), "data_upload", "other.csv", rows(40, ("temp", "volt", "lode")))
    assert own(app).name not in app.selectbox(key="data").options
    [note] = [info.value.replace("\\", "") for info in app.sidebar.info]
    assert "This model takes the columns temp, volt, load" in note
    assert "is 'lode' meant by 'load'?" in note.lower()
    app.run()
    assert [info.value.replace("\\", "") for info in app.sidebar.info] == [note], "as long as the data is there"
    app = give(app, "data_upload", "right.csv", rows(40, ("temp", "volt", "load")))
    assert app.selectbox(key="data").value != "other.csv"
    assert not app.sidebar.info


@pytest.mark.slow
def test_a_training_reads_a_path_as_the_page_does(
    open_page: OpenPage, tiny_models: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EXPLORER_RUNS", str(tmp_path / "runs"))
    monkeypatch.setattr(runs.Run, "_start", lambda run, *arguments: None)
    path = tmp_path / "parts.csv"
    path.write_text(table())
    app = open_page("train", model="tiny-table")
    app.selectbox(key="train.dataset").set_value("a path").run()
    app.text_input(key="train.path").set_value(str(path)).run()
    source = app.session_state["user_sources"][str(path)]
    roles = RolesAsked(label="kind", ignore=("temp",))
    read_so = data.dataset(str(path), options=ImportOptions(roles=roles))
    object.__setattr__(source, "options", ImportOptions(roles=roles))
    app.session_state["user_datasets"][str(path)] = read_so
    app.run()
    assert "label `kind`" in said(app)
    app.button(key="start").click().run()
    [run] = runs.list_runs()
    assert run.recipe.data.open().fingerprint == read_so.fingerprint
    assert run.recipe.data.roles == roles


def test_an_upload_is_trained_on_with_its_contract(tmp_path: Path) -> None:
    uploaded = data.from_upload("parts.csv", table().encode(), options=ImportOptions(roles=RolesAsked(label="kind")))
    path = tmp_path / "data.npz"
    path.write_bytes(data.npz_bytes(uploaded))
    again = data.dataset(str(path))
    assert again.contract == uploaded.contract
    assert again.item_names == uploaded.item_names
    assert again.fingerprint == uploaded.fingerprint


def test_data_of_ones_own_never_stands_in_for_a_dataset_that_is_not_here() -> None:
    names = ["/data/own.csv", *(name for name, source in data.DATASETS.items() if source.offline)]
    for wanted in (*data.DATASETS, "gone", None):
        chosen = form_data._stand_in(wanted, names)
        assert chosen in names[1:]
