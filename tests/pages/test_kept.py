"""What a visitor brings and sets survives a change of page, and a reload that finds the session by its link."""

from __future__ import annotations

import io
import re

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from explorer.checkpoints import Checkpoint, save
from explorer.novelty.detector import Detector
from explorer.novelty.inputs import TableInput, open_upload
from explorer.novelty.table_fitting import fit_table
from explorer.ui.novelty.fit_jobs import fit_jobs
from explorer.ui.shell import kept
from tests.pages.conftest import OpenPage
from tests.pages.test_read_as import GOOD, give, said, table


def reload(open_page: OpenPage, app: AppTest, page: str) -> AppTest:
    """A new session of the same link."""
    return open_page(page, **{name: value for name, value in app.query_params.items() if isinstance(value, str)})


@pytest.fixture
def detector() -> Detector:
    good = open_upload("good.csv", table().replace(";odd;", ";ok;").encode())
    assert isinstance(good, TableInput)
    return fit_table(good, (), scorer="pca")


@pytest.mark.slow
def test_a_link_says_nothing_as_long_as_nothing_is_kept(open_page: OpenPage, tiny_models: object) -> None:
    app = open_page("home", model="tiny-table", kept="x" * 32)
    assert kept.PARAMETER not in app.query_params, "a token that nobody gave is worth nothing"
    app = open_page("home", model="tiny-table", kept="../../etc/passwd")
    assert not app.exception
    assert kept.PARAMETER not in app.query_params


@pytest.mark.slow
def test_the_token_cannot_be_guessed(open_page: OpenPage, tiny_models: object) -> None:
    tokens = set()
    for _ in range(3):
        app = give(open_page("train", model="tiny-table"), "data_upload", "parts.csv", table())
        token = app.query_params[kept.PARAMETER]
        assert re.fullmatch(r"[\w-]{32}", token), "192 bits"
        tokens.add(token)
    assert len(tokens) == 3


@pytest.mark.slow
def test_data_of_ones_own_are_there_after_a_reload(open_page: OpenPage, tiny_models: object) -> None:
    app = give(open_page("train", model="tiny-table"), "data_upload", "parts.csv", table())
    [name] = app.session_state["user_datasets"]
    again = reload(open_page, app, "train")
    assert list(again.session_state["user_datasets"]) == [name]
    assert "parts.csv" in again.selectbox(key="train.dataset").options
    other = open_page("train", model="tiny-table")
    assert not other.session_state["user_datasets"], "without the token nobody sees them"


@pytest.mark.slow
def test_what_is_forgotten_is_gone(open_page: OpenPage, tiny_models: object) -> None:
    app = give(open_page("home", model="tiny-table"), "data_upload", "parts.csv", table())
    link = app.query_params[kept.PARAMETER]
    app.button(key="forget").click().run()
    assert not app.session_state["user_datasets"]
    assert kept.PARAMETER not in app.query_params
    again = open_page("home", model="tiny-table", kept=link)
    assert not again.session_state["user_datasets"]


@pytest.mark.slow
def test_the_form_of_train_keeps_its_fields(open_page: OpenPage, tiny_models: object) -> None:
    app = open_page("train", model="tiny-vae")
    app.text_input(key="train.name").set_value("my-own").run()
    app.number_input(key="train.training.epochs").set_value(7).run()
    app.selectbox(key="train.corruption").set_value("gaussian").run()
    again = reload(open_page, app, "train")
    assert not again.exception
    assert again.text_input(key="train.name").value == "my-own"
    assert again.number_input(key="train.training.epochs").value == 7
    assert again.selectbox(key="train.corruption").value == "gaussian"


@pytest.mark.slow
def test_a_learnt_detector_is_there_after_a_reload(open_page: OpenPage) -> None:
    app = give(open_page("novelty", novelty_from="good-examples"), GOOD, "parts.csv", table())
    app.selectbox(key="novelty_good_score.table").set_value("pca").run()
    app.button(key="novelty_fit").click().run()
    for job in fit_jobs()._known.values():
        job.wait(120)
    app.run()
    scores = [button.proto.label for button in app.main.get("download_button")]
    assert any("scores" in label for label in scores)
    for number in range(4):  # of other visitors: the server keeps the last three
        fit_jobs().start(f"other {number}", lambda _: None).wait(60)
    again = reload(open_page, app, "novelty")
    assert not again.exception
    assert again.selectbox(key="novelty_good_score.table").value == "pca"
    assert "In use: parts.csv" in said(again)
    assert [button.proto.label for button in again.main.get("download_button")] == scores
    [remove] = [button for button in again.button if button.label == "Remove"]
    remove.click().run()
    assert not again.main.get("download_button")


@pytest.mark.slow
def test_a_saved_detector_and_what_it_scores_are_there_after_a_reload(open_page: OpenPage, detector: Detector) -> None:
    app = open_page("novelty", novelty_from="detector")
    [box] = [box for box in app.main.get("file_uploader") if box.key == "novelty_detector"]
    app = box.set_value(("d.safetensors", detector.to_bytes(), "application/octet-stream")).run()
    [box] = [box for box in app.main.get("file_uploader") if box.key == "novelty_upload"]
    app = box.set_value([("new.csv", table(60).encode(), "text/csv")]).run()
    scores = [button.proto.label for button in app.main.get("download_button")]
    assert any("All 60 scores" in label for label in scores)
    again = reload(open_page, app, "novelty")
    assert [button.proto.label for button in again.main.get("download_button")] == scores


@pytest.mark.slow
def test_a_checkpoint_of_ones_own_is_there_after_a_reload(
    open_page: OpenPage, tiny_models: dict[str, Checkpoint], tmp_path
) -> None:
    path = save(tiny_models["tiny-plain"], tmp_path / "mine.safetensors")
    (tmp_path / "models" / "tiny-plain.safetensors").unlink()
    app = open_page("home", model="tiny-vae")
    uploader = app.sidebar.file_uploader(key="checkpoint_upload")
    app = uploader.set_value((path.name, path.read_bytes(), "application/octet-stream")).run()
    assert app.sidebar.selectbox(key="model").value == "tiny-plain"
    again = reload(open_page, app, "home")
    assert again.sidebar.selectbox(key="model").value == "tiny-plain"
    assert not again.sidebar.warning


@pytest.mark.slow
def test_photos_of_ones_own_are_there_on_another_page_and_after_a_reload(
    open_page: OpenPage, photo_page: AppTest
) -> None:
    def photos(app: AppTest) -> list[str]:
        return list(app.selectbox(key="photo").options)

    [box] = [box for box in photo_page.get("file_uploader") if box.key == "denoise_photos"]
    picture = io.BytesIO()
    Image.fromarray(np.random.default_rng(0).integers(0, 256, (40, 50), np.uint8)).save(picture, "PNG")
    app = box.set_value([("mine.png", picture.getvalue(), "image/png")]).run()
    assert "mine.png" in photos(app)
    chosen = app.selectbox(key="photo").value
    again = reload(open_page, app, "denoise")
    assert "mine.png" in photos(again)
    assert again.selectbox(key="photo").value == chosen, "the chosen one is still chosen"
