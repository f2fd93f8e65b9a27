"""The Novelty page: what is normal by default, thresholds and tables that follow, uploads good and bad."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from explorer import checkpoints, data, novelty
from explorer.checkpoints import Checkpoint
from explorer.errors import ExplorerError
from explorer.ui import novelty as view
from explorer.ui import selection
from explorer.ui.my_image import OwnPicture
from tests.pages.conftest import OpenPage, words


def _save(checkpoint: Checkpoint, folder: Path, classes: tuple[str, ...] = ()) -> None:
    recipe = checkpoint.card.recipe
    recipe = recipe.model_copy(update={"data": recipe.data.model_copy(update={"classes": classes})})
    changed = replace(checkpoint, card=checkpoint.card.model_copy(update={"recipe": recipe}))
    checkpoints.save(changed, folder / f"{checkpoint.name}.safetensors")


def _counts(app: AppTest) -> np.ndarray:
    return app.main.dataframe[0].value[["alarm", "no alarm"]].to_numpy()


def test_the_classes_a_model_was_trained_on_are_normal(open_page: OpenPage, folder, table_autoencoder):
    _save(table_autoencoder, folder, ("benign",))
    app = open_page("novelty", model="tiny-undercomplete", data="breast-cancer")
    assert not app.exception
    assert r"Breast cancer \(benign\), test" in words(app)
    assert _counts(app).sum() == 114, "every test row is judged"
    ranking = next(frame.value for frame in app.main.dataframe if "AUROC" in frame.value)
    assert set(ranking["Score"]) == {"Reconstruction error", "PCA reconstruction", "Isolation forest"}
    assert list(ranking["AUROC"].astype(float)) == sorted(ranking["AUROC"].astype(float), reverse=True)
    assert len(app.main.get("plotly_chart")) == 3


def test_a_model_of_every_class_says_that_it_saw_the_novel_ones(open_page: OpenPage, folder, digits_vae):
    _save(digits_vae, folder)
    app = open_page("novelty", model="tiny-variational", data="digits")
    assert not app.exception
    assert "saw these novel classes in training" in words(app), "no other data of this shape is there"
    assert "elbo" in " ".join(app.main.selectbox(key="novelty_score").options).lower()


def test_the_false_alarm_rate_sets_the_threshold(open_page: OpenPage, folder, digits_vae):
    _save(digits_vae, folder)
    app = open_page("novelty", model="tiny-variational", data="digits")
    strict = app.main.select_slider(key="novelty_rate").set_value(0.01).run()
    few = _counts(strict)[:, 0].sum()
    loose = app.main.select_slider(key="novelty_rate").set_value(0.2).run()
    assert not loose.exception
    assert _counts(loose)[:, 0].sum() > few


def test_without_known_novel_items_the_threshold_is_still_set(open_page: OpenPage, folder, digits_vae):
    _save(digits_vae, folder)
    app = open_page("novelty", model="tiny-variational", data="digits")
    next(box for box in app.main.selectbox if box.label == "Novel items").set_value("(none known)").run()
    assert not app.exception
    assert len(_counts(app)) == 1
    assert "No novel items are known" in words(app)


def test_one_novel_item_is_shown_without_figures_that_need_more(open_page: OpenPage, folder, digits_vae, digits):
    _save(digits_vae, folder)
    app = open_page("novelty", model="tiny-variational", data="digits")
    out = io.BytesIO()
    np.savez(out, x=digits.x[:1])
    added = data.from_upload("one.npz", out.getvalue())
    app.session_state["own_datasets"] = {added.name: added}
    app.run()
    next(box for box in app.main.selectbox if box.label == "Novel items").set_value(added.title).run()
    assert not app.exception
    assert not app.error
    assert _counts(app)[1].sum() == 1
    assert not any("AUROC" in frame.value for frame in app.main.dataframe)


def test_too_few_normal_items_are_refused_inwords(digits_vae, digits):
    splits = replace(digits.splits, train=digits.splits.train[:3])
    few = replace(digits, x=digits.x[:5], labels=digits.labels[:5], splits=splits, fingerprint="another")
    with pytest.raises(ExplorerError, match="too few normal items"):
        novelty.normal_roles(digits_vae, few)


def test_no_row_has_two_roles(digits_vae, digits):
    held_out = replace(digits, fingerprint="another")
    for dataset in (digits, held_out):
        roles = novelty.normal_roles(digits_vae, dataset, ("1", "2"))
        together = np.concatenate([roles.fit, roles.calibrate, roles.judge])
        assert len(set(together)) == len(together)
        assert set(dataset.labels[together]) == {1, 2}
        novel = novelty.novel_rows(digits_vae, dataset, ("1", "2"))
        assert not {1, 2} & set(dataset.labels[novel])
    assert set(novelty.normal_roles(digits_vae, digits).judge) <= set(digits.splits.test)


def test_the_sessions_own_image_is_scored(open_page: OpenPage, folder, digits_vae):
    _save(digits_vae, folder)
    app = open_page("novelty", model="tiny-variational", data="digits")
    assert "my drawing" not in words(app)
    app.session_state["own_picture"] = OwnPicture(np.full((1, 8, 8), 128, np.uint8), "my drawing")
    app.run()
    assert not app.exception
    assert "**my drawing**: 1 item, " in words(app)


def test_uploads_are_scored_and_a_bad_one_is_named_while_the_rest_stays(open_page: OpenPage, folder, digits_vae):
    _save(digits_vae, folder)
    app = open_page("novelty", model="tiny-variational", data="digits")
    out = io.BytesIO()
    Image.fromarray(np.random.default_rng(0).integers(0, 256, (30, 30), np.uint8)).save(out, format="PNG")
    files = [("noise.png", out.getvalue(), "image/png"), ("broken.png", b"nothing", "image/png")]
    app.main.get("file_uploader")[0].set_value(files).run()
    assert not app.exception
    assert "1 item, 1 above the threshold" in words(app)
    assert "not an image" in words(app)
    assert app.main.dataframe, "the rest stays"


def test_rows_with_other_columns_are_refused(open_page: OpenPage, folder, table_autoencoder):
    _save(table_autoencoder, folder, ("benign",))
    app = open_page("novelty", model="tiny-undercomplete", data="breast-cancer")
    app.main.get("file_uploader")[0].set_value([("rows.csv", b"a,b\n1,2\n3,4\n", "text/csv")]).run()
    assert not app.exception
    assert "takes" in app.main.error[0].value


def test_rates_are_given_with_their_interval():
    lines = view.rate_lines(novelty.Confusion(found=8, missed=2, false_alarms=0, passed=20), has_novel=True)
    assert lines[0] == "False alarms: **0.0%** (0.0% to 16.8%), 0 of 20"  # 1 - 0.025 ** (1 / 20)
    assert lines[1].endswith("8 of 10")
    assert view.rate_lines(novelty.Confusion(0, 0, 0, 20), has_novel=False) == lines[:1]
    assert view.rate_lines(novelty.Confusion(0, 5, 0, 20), has_novel=True)[2] == "Alarms that are right: none to count"


def test_selected_items_are_marked_and_shown_alone(open_page: OpenPage, folder, digits_vae):
    _save(digits_vae, folder)
    digits = data.dataset("digits")
    rows = digits.splits.test[[4, 40, 41]]
    app = open_page(
        "novelty", model="tiny-variational", data="digits", selected=selection.link_text(rows, digits.fingerprint)
    )
    assert not app.exception
    app.main.toggle(key="novelty_selected").set_value(True).run()
    assert not app.exception
    gallery = next(e.proto.body for e in app.main.get("html") if "score" in e.proto.body)
    assert gallery.count("<figure") == 3
    assert gallery.count("\nselected\n") >= 3
    none = np.setdiff1d(np.arange(len(digits)), digits.splits.test)[:2]
    other = open_page(
        "novelty", model="tiny-variational", data="digits", selected=selection.link_text(none, digits.fingerprint)
    )
    assert "None of the 2 selected items" in words(other)
