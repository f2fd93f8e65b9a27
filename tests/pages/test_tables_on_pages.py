"""Tables on the pages: categories as inputs, labels and letters that are asked about, and data of another kind."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from explorer import runs
from explorer.checkpoints import Checkpoint
from explorer.ui.train import form_data
from tests.pages.conftest import OpenPage, own, trained_on_table, warnings_of
from tests.pages.test_read_as import GOOD, give, read_with, said

Model = Callable[..., Checkpoint]
PAGES = ("home", "latent_space", "generate", "denoise", "novelty", "compare", "learn", "train")
COLOURS = ("red", "green", "blue")


def with_categories(n: int = 90, colours: tuple[str, ...] = COLOURS) -> str:
    """Two numbers and two categories."""
    random = np.random.default_rng(5)
    rows = [
        f"{a:.3f},{colours[i % len(colours)]},{b:.3f},{'on' if i % 4 else 'off'}"
        for i, (a, b) in enumerate(random.normal(5, 1, (n, 2)))
    ]
    return "\n".join(["temp,colour,volt,power", *rows, ""])


def with_verdicts(n: int = 60) -> str:
    """Numbers, and words for good and bad under a name that says nothing."""
    random = np.random.default_rng(6)
    rows = [
        f"{a:.3f},{'defect' if i % 6 == 5 else 'ok'},{b:.3f}" for i, (a, b) in enumerate(random.normal(5, 1, (n, 2)))
    ]
    return "\n".join(["temp,v7,volt", *rows, ""])


@pytest.fixture
def colours_model(folder: Path) -> Checkpoint:
    """Trained on the table with categories, which lies on this machine."""
    return trained_on_table(folder, "colours", with_categories())


@pytest.mark.slow
def test_categories_of_an_upload_are_trained_on(
    open_page: OpenPage, tiny_models: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EXPLORER_RUNS", str(tmp_path / "runs"))
    monkeypatch.setattr(runs.Run, "_start", lambda run, *arguments: None)
    path = tmp_path / "colours.csv"
    path.write_text(with_categories())
    app = open_page("train", model="tiny-table")
    app.selectbox(key="train.dataset").set_value(form_data.PATH).run()
    app.text_input(key="train.path").set_value(str(path)).run()
    assert "2 numbers, 2 categories" in said(app)
    app.button(key="start").click().run()
    assert not app.exception
    [run] = runs.list_runs()
    assert run.recipe.data.open().feature_names == (
        "temp", "colour = blue", "colour = green", "colour = red", "colour = (another value)", "volt",
        "power = off", "power = on", "power = (another value)",
    )  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES)
def test_every_page_shows_a_model_of_categories_with_a_value_that_it_does_not_know(
    open_page: OpenPage, colours_model: Checkpoint, page: str
) -> None:
    app = give(open_page(page, model="colours"), "data_upload", "new.csv", with_categories(40, (*COLOURS, "mauve")))
    assert not app.exception
    assert not app.error
    [new] = [opened for name, opened in app.session_state["user_datasets"].items() if name.startswith("new.csv")]
    x, names = new.x, colours_model.card.data.feature_names
    assert x[:, names.index("colour = (another value)")].tolist() == [float(i % 4 == 3) for i in range(40)]
    if page not in ("learn", "train"):
        shown = " ".join([said(app), *(str(frame.value) for frame in app.dataframe)])
        assert "mauve" in shown


@pytest.mark.slow
@pytest.mark.parametrize("page", ["home", "train", "novelty"])
def test_a_column_that_may_hold_labels_is_asked_about_and_each_answer_is_taken(
    open_page: OpenPage, tiny_models: object, page: str
) -> None:
    key = {"train": "train_upload", "novelty": GOOD}.get(page, "data_upload")
    query = {"novelty_from": "good-examples"} if page == "novelty" else {"model": "tiny-table"}
    for answer, line in (("labels in 'v7'", "2 numbers, label `v7`"), ("'v7' as an input", "2 numbers, 1 category")):
        app = give(open_page(page, **query), key, "parts.csv", with_verdicts())
        [question] = [warning.value for warning in app.warning if "The label cannot be told" in warning.value]
        assert "'ok' (50), 'defect' (10)" in question.replace("\\", "")
        if page != "novelty":  # there it does not stand behind the form
            assert "Close this to say which" in " ".join(info.value for info in app.info)
        app = read_with(app, answer)
        assert not [warning for warning in app.warning if "cannot be told" in warning.value]
        if page != "home":
            assert line in said(app)
        else:
            labels = own(app).label_names  # type: ignore[attr-defined]
            assert labels == (("defect", "ok") if answer.startswith("labels") else ())


@pytest.mark.slow
def test_letters_of_two_encodings_are_asked_about_with_both(open_page: OpenPage, tiny_models: object) -> None:
    text = "a,b,kind\n" + "".join(f"{i}.5,{i * 7 % 11},{'Höhe' if i % 2 else 'low'}\n" for i in range(40))
    app = open_page("home", model="tiny-table")
    [box] = [box for box in app.get("file_uploader") if box.key == "data_upload"]
    box.set_value(("mac.csv", text.encode("mac_roman"), "text/csv"))
    app.run()
    assert "'Höhe' in Mac Roman" in warnings_of(app)[0].replace("\\", "")
    [button] = [button for button in app.button if "Mac Roman" in button.label]
    app = button.click().run()
    assert not app.exception
    assert not warnings_of(app)
    values = {value for column in own(app).contract.columns for value in column.values}  # type: ignore[attr-defined]
    assert "Höhe" in values | {*own(app).label_names}  # type: ignore[attr-defined]


OTHER_KINDS = [
    ("tiny-table", "pictures.npz", "home"),
    ("tiny-table", "pictures.npz", "generate"),
    ("tiny-table", "rows.npy", "latent_space"),
    ("tiny-table", "other.csv", "novelty"),
    ("tiny-table", "other.csv", "compare"),
    ("tiny-vae", "other.csv", "latent_space"),
    ("tiny-vae", "other.csv", "denoise"),
    ("tiny-vae", "rows.npy", "learn"),
]
"""A model, data of another kind, and the page on which they meet."""
SMALL = [("tiny-vae", "one.npz", page) for page in ("home", "latent_space", "generate", "compare", "novelty")]


@pytest.mark.slow
@pytest.mark.parametrize(("model", "name", "page"), OTHER_KINDS)
def test_data_of_another_kind_is_told_and_kept_to_train_on(
    open_page: OpenPage, tiny_models: object, tmp_path: Path, model: str, name: str, page: str
) -> None:
    random = np.random.default_rng(0)
    np.savez(tmp_path / "pictures.npz", x=random.integers(0, 255, (20, 12, 12, 3)).astype(np.uint8))
    np.save(tmp_path / "rows.npy", random.normal(size=(40, 7)).astype(np.float32))
    (tmp_path / "other.csv").write_text(with_categories())
    app = open_page(page, model=model)
    before = app.selectbox(key="data").value
    app.text_input(key="data_path").set_value(str(tmp_path / name)).run()
    assert not app.exception
    [note] = [info.value for info in app.sidebar.info]
    assert "This model takes" in note
    assert "Train one on this data" in note
    assert app.selectbox(key="data").value == before, "the page goes on with what it had"
    assert str(tmp_path / name) in app.session_state["user_datasets"], "and nothing is lost"


@pytest.mark.slow
@pytest.mark.parametrize(("model", "name", "page"), SMALL)
def test_a_single_item_is_shown_or_said_to_be_too_few(
    open_page: OpenPage, tiny_models: object, tmp_path: Path, model: str, name: str, page: str
) -> None:
    np.savez(tmp_path / "one.npz", x=np.full((1, 8, 8), 90, np.uint8))
    app = open_page(page, model=model)
    app.text_input(key="data_path").set_value(str(tmp_path / name)).run()
    assert not app.exception
    for error in app.error:
        assert "n = 1" in error.value
