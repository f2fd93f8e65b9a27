"""The Novelty page: every way to say what is normal, what is scored, bad input, and the downloads."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest
from typer.testing import CliRunner

from explorer import checkpoints, data, novelty
from explorer.checkpoints import Checkpoint
from explorer.cli import app as command_line
from explorer.core.errors import ExplorerError
from explorer.io.tables.asked import RolesAsked
from explorer.novelty import contaminated, table_fitting
from explorer.novelty.detector import Detector
from explorer.novelty.drift import check_promise
from explorer.novelty.inputs import TableInput, open_upload
from explorer.novelty.items import read_items
from explorer.ui.novelty import downloads
from explorer.ui.novelty.fit_jobs import fit_jobs
from explorer.ui.novelty.scored import ScoredItems, score_items
from explorer.ui.shell import selection
from explorer.ui.shell.user_image import UserPicture
from tests.pages.conftest import OpenPage, words

UPLOADER, GOOD, MIXED, DETECTOR = "novelty_upload", "novelty_good_files", "novelty_mixed_files", "novelty_detector"


def _save(checkpoint: Checkpoint, folder: Path, classes: tuple[str, ...] = ()) -> None:
    recipe = checkpoint.card.recipe
    recipe = recipe.model_copy(update={"data": recipe.data.model_copy(update={"classes": classes})})
    changed = replace(checkpoint, card=checkpoint.card.model_copy(update={"recipe": recipe}))
    checkpoints.save(changed, folder / f"{checkpoint.name}.safetensors")


def _counts(app: AppTest) -> tuple[int, int]:
    """How many items are flagged, and how many are scored, by what the downloads are called."""
    labels = " ".join(button.proto.label for button in app.main.get("download_button"))
    flagged, scored = re.search(r"The ([\d,]+) flagged", labels), re.search(r"All ([\d,]+) scores", labels)
    assert flagged is not None, labels
    assert scored is not None, labels
    return int(flagged[1].replace(",", "")), int(scored[1].replace(",", ""))


def _uploader(app: AppTest, key: str) -> object:
    return next(box for box in app.main.get("file_uploader") if box.key == key)


def _give(app: AppTest, key: str, *files: tuple[str, bytes]) -> AppTest:
    _uploader(app, key).set_value([(name, content, "application/octet-stream") for name, content in files])
    return app.run()


def _fit(app: AppTest) -> AppTest:
    """Press the button, wait for the work, and look again."""
    app.main.button(key="novelty_fit").click().run()
    for job in fit_jobs()._known.values():
        job.wait(120)
    return app.run()


def _table(n: int = 120, anomalous: int = 0, labelled: bool = True, seed: int = 0) -> bytes:
    """Two columns of numbers that belong together, one of words; the first ``odd`` rows break the relation."""
    random = np.random.default_rng(seed)
    a = random.normal(size=n)
    b = a + 0.1 * random.normal(size=n)
    b[:anomalous] += 4
    words = random.choice(["north", "south"], n)
    head, tail = ("a,b,place,class\n", [",odd" if i < anomalous else ",good" for i in range(n)])
    if not labelled:
        head, tail = "a,b,place\n", [""] * n
    rows = zip(a, b, words, tail, strict=True)
    return (head + "".join(f"{x:.4f},{y:.4f},{word}{end}\n" for x, y, word, end in rows)).encode()


def _png(value: int, height: int = 12, width: int | None = None) -> bytes:
    out = io.BytesIO()
    pixels = np.random.default_rng(value).integers(0, 256, (height, width or height), np.uint8)
    Image.fromarray(pixels).save(out, format="PNG")
    return out.getvalue()


@pytest.fixture(scope="module")
def detector() -> Detector:
    """Of rows as ``_table`` makes them."""
    table = open_upload("good.csv", _table(200))
    assert isinstance(table, TableInput)
    return table_fitting.fit_table(table, ("good",), scorer="knn")


# --- The sidebar's model ---------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_the_classes_a_model_was_trained_on_are_normal(open_page: OpenPage, folder, table_autoencoder):
    _save(table_autoencoder, folder, ("benign",))
    app = open_page("novelty", model="tiny-undercomplete", data="breast-cancer")
    assert not app.exception
    assert r"Breast cancer \(benign\), test" in words(app)
    assert _counts(app)[1] == 114, "every test row is judged"


@pytest.mark.slow
def test_a_model_of_every_class_says_that_it_saw_the_novel_ones(open_page: OpenPage, folder, digits_vae):
    _save(digits_vae, folder)
    app = open_page("novelty", model="tiny-variational", data="digits")
    assert not app.exception
    assert "saw these novel classes in training" in words(app), "no other data of this shape is there"
    assert "elbo" in " ".join(app.main.selectbox(key="novelty_score").options).lower()


@pytest.mark.slow
def test_the_false_alarm_rate_of_the_link_sets_the_threshold(open_page: OpenPage, folder, digits_vae):
    _save(digits_vae, folder)
    thresholds = [
        _counts(open_page("novelty", model="tiny-variational", data="digits", false_alarm_rate=rate))[0]
        for rate in ("0.01", "0.2")
    ]
    assert thresholds[0] < thresholds[1]


@pytest.mark.slow
def test_the_link_restores_score_and_classes(open_page: OpenPage, folder, digits_vae):
    _save(digits_vae, folder)
    app = open_page("novelty", model="tiny-variational", data="digits", novelty_score="nearest-neighbours")
    assert app.main.selectbox(key="novelty_score").value == "nearest-neighbours"
    app.main.multiselect(key="novelty_classes").set_value(["3", "5"]).run()
    assert not app.exception
    assert r"\(3, 5\)" in words(app)
    again = open_page("novelty", **{name: value for name, value in app.query_params.items() if isinstance(value, str)})
    assert again.main.selectbox(key="novelty_score").value == "nearest-neighbours"


def test_without_known_novel_items_the_threshold_is_still_set(open_page: OpenPage, folder, digits_vae):
    _save(digits_vae, folder)
    app = open_page("novelty", model="tiny-variational", data="digits")
    app.main.selectbox(key="novelty_novel").set_value("(none known)").run()
    assert not app.exception
    assert not app.error
    assert "There are no novel items" in words(app)
    assert _counts(app)[1] < 500


@pytest.mark.slow
def test_one_novel_item_is_shown_without_figures_that_need_more(open_page: OpenPage, folder, digits_vae, digits):
    _save(digits_vae, folder)
    app = open_page("novelty", model="tiny-variational", data="digits")
    out = io.BytesIO()
    np.savez(out, x=digits.x[:1])
    added = data.from_upload("one.npz", out.getvalue())
    app.session_state["user_datasets"] = {added.name: added}
    app.run()
    app.main.selectbox(key="novelty_novel").set_value(added.title).run()
    assert not app.exception
    assert not app.error
    assert not any("AUROC" in frame.value for frame in app.main.dataframe)


def test_too_few_normal_items_are_refused_in_words(digits_vae, digits):
    splits = replace(digits.splits, train=digits.splits.train[:3])
    few = replace(digits, x=digits.x[:5], labels=digits.labels[:5], splits=splits, fingerprint="another")
    with pytest.raises(ExplorerError, match="too few normal items"):
        novelty.normal_splits(digits_vae, few)


def test_no_row_is_in_two_splits(digits_vae, digits):
    held_out = replace(digits, fingerprint="another")
    for dataset in (digits, held_out):
        splits = novelty.normal_splits(digits_vae, dataset, ("1", "2"))
        together = np.concatenate([splits.fit, splits.calibrate, splits.test])
        assert len(set(together)) == len(together)
        assert set(dataset.labels[together]) == {1, 2}
        novel = novelty.novel_rows(digits_vae, dataset, ("1", "2"))
        assert not {1, 2} & set(dataset.labels[novel])
    assert set(novelty.normal_splits(digits_vae, digits).test) <= set(digits.splits.test)


@pytest.mark.slow
def test_the_sessions_own_image_is_scored(open_page: OpenPage, folder, digits_vae):
    _save(digits_vae, folder)
    app = open_page("novelty", model="tiny-variational", data="digits")
    assert "my drawing" not in words(app)
    app.session_state["own_picture"] = UserPicture(np.full((1, 8, 8), 128, np.uint8), "my drawing")
    app.run()
    assert not app.exception
    assert "my drawing." in words(app)
    assert words(app).count("Score **") == 2, "that of the most anomalous item, and its own"


def test_selected_items_are_counted(open_page: OpenPage, folder, digits_vae):
    _save(digits_vae, folder)
    digits = data.dataset("digits")
    none = np.setdiff1d(np.arange(len(digits)), digits.splits.test)[:2]
    link = selection.link_text(none, digits.fingerprint)
    assert "None of the 2 selected items" in words(
        open_page("novelty", model="tiny-variational", data="digits", selected=link)
    )


# --- Other ways to say what is normal --------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "scored"), [("unseen-digits", "MNIST sample"), ("cells", "Breast cancer"), ("brick", "Brick")]
)
def test_a_worked_example_opens_by_its_link(open_page: OpenPage, name: str, scored: str):
    app = open_page("novelty", novelty_from=name)
    assert not app.exception
    assert not app.error
    assert scored in words(app)
    flagged, n = _counts(app)
    assert 0 < flagged < n
    assert app.main.get("bidi_component"), "the picture is there"


@pytest.mark.slow
def test_another_example_starts_from_its_own_score(open_page: OpenPage):
    app = open_page("novelty", novelty_from="cells", novelty_score="pca")
    assert app.main.selectbox(key="novelty_score").value == "pca"
    app.main.button(key="novelty_from_brick").click().run()
    assert not app.exception
    assert app.main.selectbox(key="novelty_score").value == "local-error"
    assert "novelty_score" not in app.query_params


@pytest.mark.slow
def test_a_detector_is_learnt_from_a_table_of_normal_examples(open_page: OpenPage):
    app = _give(open_page("novelty", novelty_from="good-examples"), GOOD, ("parts.csv", _table(150, anomalous=20)))
    assert not app.error
    assert app.main.multiselect[0].value == ["good"], "the labels say which are good"
    app.main.selectbox(key="novelty_good_score.table").set_value("knn").run()
    done = _fit(app)
    assert not done.exception
    assert not done.error
    flagged, scored = _counts(done)
    assert scored == 26 + 20, "a fifth of the good rows, and all others"
    assert flagged >= 20


@pytest.mark.slow
def test_a_detector_is_learnt_from_classes_of_a_dataset(open_page: OpenPage):
    app = open_page("novelty", novelty_from="good-examples")
    groups = {group.key: group for group in app.main.get("button_group")}
    groups["novelty_good"].set_value("A dataset here").run()
    app.main.selectbox(key="novelty_good_data").set_value("breast-cancer").run()
    assert app.main.multiselect(key="novelty_good_classes").value == ["benign"], "the word says it"
    app.main.selectbox(key="novelty_good_score.table").set_value("pca").run()
    done = _fit(app)
    assert not done.exception
    assert not done.error
    assert _counts(done)[1] > 200


@pytest.mark.slow
def test_images_are_learnt_from_with_an_autoencoder(open_page: OpenPage):
    files = [(f"{i}.png", _png(i)) for i in range(40)]
    app = _give(open_page("novelty", novelty_from="good-examples"), GOOD, *files, ("bad.png", b"nothing"))
    assert not app.error
    done = _fit(app)
    assert not done.exception
    assert not done.error
    assert _counts(done)[1] == 8
    assert "bad.png" in words(done).replace("\\", "")


@pytest.mark.slow
def test_a_fit_can_be_cancelled(open_page: OpenPage):
    app = _give(open_page("novelty", novelty_from="good-examples"), GOOD, ("long.csv", _table(4000, seed=5)))
    app.main.button(key="novelty_fit").click().run()
    app.main.button(key="novelty_cancel").click().run()
    for job in fit_jobs()._known.values():
        job.wait(120)
    app.run()
    assert not app.exception
    assert app.main.button(key="novelty_fit"), "it can be started again"


@pytest.mark.slow
@pytest.mark.parametrize("known", [False, True])
def test_most_of_a_file_is_normal(open_page: OpenPage, known: bool):
    app = _give(open_page("novelty", novelty_from="most-of-a-file"), MIXED, ("mixed.csv", _table(300, anomalous=9)))
    assert not app.error
    if known:
        next(group for group in app.main.get("button_group") if group.key == "novelty_share_known").set_value(
            "known"
        ).run()
        app.main.number_input(key="novelty_share").set_value(3.0).run()
    app.main.selectbox(key="novelty_mixed_score.table").set_value("knn").run()
    done = _fit(app)
    assert not done.exception
    assert not done.error
    said = words(done)
    if known:
        assert _counts(done) == (9, 300), "the share that was given is flagged"
    else:
        assert _counts(done)[1] == 300
        assert "expect fewer false alarms than the rate says" in said


@pytest.mark.slow
def test_a_saved_detector_opens_and_scores_a_file(open_page: OpenPage, detector: Detector):
    app = open_page("novelty", novelty_from="detector")
    _uploader(app, DETECTOR).set_value(("mine.safetensors", detector.to_bytes(), "application/octet-stream")).run()
    assert not app.exception
    assert not app.error
    assert "Add items for it to score" in words(app)
    scored = _give(app, UPLOADER, ("new.csv", _table(80, anomalous=8, seed=3)))
    assert not scored.exception
    assert not scored.error
    assert _counts(scored)[1] == 80
    assert scored.main.multiselect[0].value == ["good"], "the detector knows what it was fitted on"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"PK\x03\x04 archive/data.pkl", "pickle"),
        (b"PK\x03\x04 something", "not a safetensors file"),
        (b"nothing at all", "not a safetensors file"),
        (b"", "too short"),
    ],
)
def test_a_file_that_is_no_detector_is_refused(open_page: OpenPage, content: bytes, said: str):
    app = open_page("novelty", novelty_from="detector")
    _uploader(app, DETECTOR).set_value(("x.safetensors", content, "application/octet-stream")).run()
    assert not app.exception
    assert said in app.main.error[0].value.replace("\\", "")


def test_a_checkpoint_is_no_detector(open_page: OpenPage, folder, digits_vae):
    path = checkpoints.save(digits_vae, folder / "model.safetensors")
    app = open_page("novelty", novelty_from="detector")
    _uploader(app, DETECTOR).set_value(("model.safetensors", path.read_bytes(), "application/octet-stream")).run()
    assert not app.exception
    assert "not a detector" in app.main.error[0].value


# --- What is judged, good and bad ------------------------------------------------------------------------------------


@pytest.fixture
def ready(open_page: OpenPage, detector: Detector) -> Callable[[str, bytes], AppTest]:
    """Give a file to the detector of ``_table``."""

    def give(name: str, content: bytes) -> AppTest:
        app = open_page("novelty", novelty_from="detector")
        _uploader(app, DETECTOR).set_value(("mine.safetensors", detector.to_bytes(), "application/octet-stream")).run()
        return _give(app, UPLOADER, (name, content))

    return give


@pytest.mark.slow
@pytest.mark.parametrize(
    ("content", "scored", "said"),
    [
        pytest.param(b"a,b,place\n0.1,0.1,north\n", 1, "", id="one row"),
        pytest.param(b"a,b,place\n0.1,,north\n,0.3,\n", 2, "b: missing", id="missing values"),
        pytest.param(b"a,b,place\n0.1,0.1,north\n0.1,0.4,north\n", 2, "", id="constant columns"),
        pytest.param(b"a;b;place\n0,1;0,1;north\n0,5;0,4;south\n", 2, "", id="semicolons and decimal commas"),
        pytest.param("a\tb\tplace\n1\t1\tnørth\n".encode("latin-1"), 1, "a value that no normal row has", id="Latin-1"),
        pytest.param("a,b,place\n1,1,north\n".encode("utf-16"), 1, "", id="UTF-16"),
        pytest.param(b"a,b,place,id,remark\n1,1,north,x7,fine\n", 1, "id, remark", id="columns that are not known"),
        pytest.param(_table(50), 50, "nothing to compare", id="all rows normal"),
        pytest.param(b"a,b,place,y\n1,1,north,zebra\n2,2,south,zebra\n", 2, "", id="labels of one unknown value"),
        pytest.param(b"a,b,place,class\n1,1,north,good\n2,2,south,\n", 2, "1 of 2 items have no label", id="no label"),
        pytest.param(b"a,b,place,target\n1,1,north,0.5\n2,2,south,0.7\n", 2, "measurements", id="measured target"),
    ],
)
def test_unusual_tables_are_scored(ready: Callable[[str, bytes], AppTest], content: bytes, scored: int, said: str):
    app = ready("new.csv", content)
    assert not app.exception
    assert not app.error
    assert _counts(app)[1] == scored
    assert said in words(app).replace("\\", "")


@pytest.mark.parametrize(
    ("name", "content", "named"),
    [
        pytest.param("new.csv", b"a,c,place\n1,2,north\n", "'b'", id="another column name"),
        pytest.param("new.csv", b"a,b,place\nhigh,low,north\nlow,low,south\n", "'a'", id="text for numbers"),
        pytest.param("new.csv", b"a,b,place\n", "new.csv", id="no rows"),
        pytest.param("new.csv", b"", "new.csv", id="empty"),
        pytest.param("new.csv", b"\x00\x01\x02\x03", "new.csv", id="not text"),
        pytest.param("new.npz", b"PK\x03\x04broken", "new.npz", id="a broken archive"),
        pytest.param("new.png", _png(1), "not on images", id="an image for a detector of rows"),
    ],
)
def test_what_cannot_be_scored_is_named_in_one_message(
    ready: Callable[[str, bytes], AppTest], name: str, content: bytes, named: str
):
    app = ready(name, content)
    assert not app.exception
    assert len(app.main.error) == 1
    assert named in app.main.error[0].value.replace("\\", "")


@pytest.mark.slow
@pytest.mark.parametrize("source", ["good-examples", "most-of-a-file"])
@pytest.mark.parametrize(
    ("content", "named"),
    [
        pytest.param(b"a,b\n" + b"1,2\n" * 80, "new.csv has no column that varies", id="constant columns"),
        pytest.param(b"a,b\n1,2\n", "new.csv", id="one row"),
        pytest.param(
            b"id,remark\n" + b"".join(b"x%d,y%d\n" % (i, i) for i in range(200)),
            "text with",
            id="text alone",
        ),
    ],
)
def test_what_nothing_can_be_learnt_from_is_named(open_page: OpenPage, source: str, content: bytes, named: str):
    app = _give(
        open_page("novelty", novelty_from=source), GOOD if source == "good-examples" else MIXED, ("new.csv", content)
    )
    app = _fit(app)
    assert not app.exception
    assert len(app.main.error) == 1
    assert named in app.main.error[0].value.replace("\\", "")


@pytest.mark.slow
def test_uploaded_images_of_another_size_are_scored_and_a_bad_one_is_named(open_page: OpenPage, folder, digits_vae):
    _save(digits_vae, folder)
    app = open_page("novelty", model="tiny-variational", data="digits")
    given = _give(app, UPLOADER, ("noise.png", _png(0, 30)), ("other.png", _png(1, 50)), ("broken.png", b"nothing"))
    assert not given.exception
    assert not given.error
    assert _counts(given)[1] == 2
    assert "broken.png: " in words(given).replace("\\", "")


def test_a_file_that_cannot_be_read_leaves_the_rest_as_it_is(open_page: OpenPage, folder, table_autoencoder):
    _save(table_autoencoder, folder, ("benign",))
    app = open_page("novelty", model="tiny-undercomplete", data="breast-cancer")
    given = _give(app, UPLOADER, ("rows.csv", b"a,b\n1,2\n3,4\n"))
    assert not given.exception
    assert "lacks 30 of the 30 columns" in given.main.error[0].value.replace("\\", "")
    assert _counts(given)[1] == 114


def test_two_tables_at_once_are_refused(open_page: OpenPage):
    app = _give(open_page("novelty", novelty_from="good-examples"), GOOD, ("a.csv", _table()), ("b.csv", _table()))
    assert not app.exception
    assert "a.csv is not an image" in app.main.error[0].value.replace("\\", "")


# --- Corrections -----------------------------------------------------------------------------------------------------


def _done(app: AppTest) -> AppTest:
    for job in fit_jobs()._known.values():
        job.wait(120)
    return app.run()


@pytest.mark.slow
def test_an_item_that_is_fine_moves_to_the_normal_ones_and_comes_back(open_page: OpenPage):
    given = _give(open_page("novelty", novelty_from="good-examples"), GOOD, ("good.csv", _table(150, 9)))
    app = _fit(given)
    flagged, scored = _counts(app)
    app.main.button(key="novelty_fine").click().run()
    app = _done(app)
    assert not app.exception
    assert not app.error
    assert _counts(app)[1] == scored - 1
    said = app.success[0].value.replace("\\", "")
    assert "The score has learnt again from 113 normal items and 1 item said to be fine" in said
    assert f"Alarms at 5%: {flagged} before" in said
    app.main.button(key="novelty_fine").click().run()
    app = _done(app)
    assert _counts(app)[1] == scored - 2
    assert [button.label for button in app.main.button if button.key == "novelty_undo_all"] == ["Undo all 2"]
    app.main.button(key="novelty_undo_all").click().run()
    assert not app.exception
    assert _counts(app) == (flagged, scored)
    assert not app.success


# --- Downloads -------------------------------------------------------------------------------------------------------


def _written(scored: ScoredItems, threshold: float, items: np.ndarray, columns: bool = True) -> list[dict[str, str]]:
    content = downloads.file_of(scored, threshold, items, "csv", columns, False)
    return list(csv.DictReader(io.StringIO(content.decode())))


def test_the_page_writes_what_the_command_line_writes(detector: Detector, tmp_path):
    """The same rows, columns and letters, in every format, with all columns of the file and without."""
    lines = _table(60, anomalous=6, seed=9).decode().splitlines()
    head, *rows = [f"{line},{'serial' if i == 0 else f'{i:04d}'}" for i, line in enumerate(lines)]
    content = "\n".join([head, *rows]).encode()
    (tmp_path / "new.csv").write_bytes(content)
    detector.save(tmp_path / "d.safetensors")
    roles = RolesAsked(identifier=("serial",))
    upload = open_upload("new.csv", content, roles=roles, like=detector.card.contract)
    scored = score_items(detector, read_items(detector, upload), np.arange(60) < 6, "key", "new.csv")
    threshold = detector.threshold(0.1)
    withdrawn = check_promise(detector, threshold.value, scored.scores, scored.watched, scored.is_novel).is_withdrawn
    for form in ("csv", "parquet"):
        for columns in (True, False):
            out = tmp_path / f"s.{form}"
            asked = ["score", str(tmp_path / "d.safetensors"), str(tmp_path / "new.csv"), "--out", str(out)]
            asked += ["--id", "serial", "--false-alarm-rate", "0.1", *(["--keep", "all"] if columns else [])]
            run = CliRunner().invoke(command_line, asked)
            assert run.exit_code == 0, run.output
            here = downloads.file_of(scored, threshold.value, np.arange(60), form, columns, withdrawn)
            assert here == out.read_bytes()
    rows_here = _written(scored, threshold.value, np.arange(60))
    assert [*rows_here[0]][:2] == ["serial", "item"]
    assert rows_here[4]["serial"] == "0005"
    given = list(csv.DictReader(io.StringIO(content.decode())))
    assert [row["a"] for row in rows_here] == [row["a"] for row in given]
    assert any("%" in row["reasons"] for row in rows_here)


def test_columns_of_the_file_do_not_hide_the_scores(detector: Detector):
    upload = open_upload("new.csv", b"score,a,b,place\nhigh,9,-9,north\n")
    scored = score_items(detector, read_items(detector, upload), None, "key", "new.csv")
    [row] = _written(scored, 0.0, np.arange(1))
    assert float(row["score"]) == scored.scores[0]
    assert row["score (2)"] == "high"


def test_a_row_of_nothing_has_no_score_and_no_alarm(detector: Detector):
    upload = open_upload("new.csv", b"a,b,place,id\n,,,x7\n1,1,north,x8\n")
    scored = score_items(detector, read_items(detector, upload), None, "key", "new.csv")
    assert list(scored.order) == [1, 0]
    first, second = _written(scored, 0.0, scored.order[::-1])
    assert (first["item"], first["score"], first["p_value"], first["alarm"]) == ("1", "", "", "0")
    assert second["item"] == "2"


@pytest.mark.slow
def test_a_file_scored_by_itself_gives_a_detector_that_scores_elsewhere(tmp_path):
    upload = open_upload("mixed.csv", _table(200, anomalous=5))
    assert isinstance(upload, TableInput)
    cells = {c: v for c, v in next(upload.rows.chunks()).cells.items() if c != "class"}
    result = contaminated.fit_contaminated_table(cells, "mixed.csv", scorer="knn")
    result.detector.save(tmp_path / "d.safetensors")
    (tmp_path / "new.csv").write_bytes(_table(20))
    arguments = ["score", str(tmp_path / "d.safetensors"), str(tmp_path / "new.csv"), "--out", str(tmp_path / "s.csv")]
    assert CliRunner().invoke(command_line, arguments).exit_code == 0


@pytest.mark.slow
def test_a_zip_of_folders_names_the_files(open_page: OpenPage):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for i in range(30):
            archive.writestr(f"parts/{'good' if i < 25 else 'scratch'}/{i}.png", _png(i))
    app = _give(open_page("novelty", novelty_from="good-examples"), GOOD, ("parts.zip", out.getvalue()))
    assert not app.error
    assert app.main.multiselect[0].value == ["good"], "the folder says it"
    app.main.selectbox(key="novelty_good_score.image").set_value("pca").run()
    done = _fit(app)
    assert not done.exception
    assert not done.error
    assert _counts(done)[1] == 5 + 5


@pytest.mark.slow
def test_rows_that_are_no_longer_as_the_normal_ones_withdraw_the_promise(ready: Callable[[str, bytes], AppTest]):
    same = ready("same.csv", _table(100, labelled=False, seed=3))
    assert not any("withdrawn" in warning.value for warning in same.warning)
    text = _table(100, labelled=False, seed=3).decode().splitlines()
    rows = [line.split(",") for line in text[1:]]
    moved = [f"{float(a) + 30:.4f},{float(b) + 30:.4f},{place}" for a, b, place in rows]
    app = ready("moved.csv", "\n".join([text[0], *moved]).encode())
    assert not app.exception
    (warning,) = (warning.value.replace("\\", "") for warning in app.warning if "withdrawn" in warning.value)
    assert "100 of 100 items raise an alarm" in warning
    assert "`a` lies outside what was learnt" in warning.replace("\\", "")


@pytest.mark.slow
def test_a_zip_of_good_parts_defects_and_masks_is_learnt_from_as_it_says(open_page: OpenPage, tmp_path):
    from tests.data.test_folder_layouts import bottle, zipped

    packed = zipped(bottle(tmp_path / "bottle"), tmp_path / "b.zip").read_bytes()
    app = _give(open_page("novelty", novelty_from="good-examples"), GOOD, ("bottle.zip", packed))
    assert not app.error
    app.main.selectbox(key="novelty_good_score.image").set_value("local-error").run()
    done = _fit(app)
    assert not done.exception
    assert not done.error
    assert _counts(done)[1] == 6 + 5
    said = words(done).replace("\\", "")
    assert "Pixels: AUROC" in said
    assert "11 images, 5 masked regions" in said
    case = done.session_state["novelty_fitted"][1]
    promise = check_promise(case.detector, 1.0, case.scored.scores)
    report = downloads.report_of(case.scored, 1.0, promise).decode()
    assert "By the masks" in report
    assert "11 images, 5 masked regions" in report


@pytest.mark.slow
def test_most_of_a_file_is_looked_at_in_its_own_size(open_page: OpenPage):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for i in range(64):
            archive.writestr(f"{i}.png", _png(i, 136, 140))
    app = _give(open_page("novelty", novelty_from="most-of-a-file"), MIXED, ("parts.zip", out.getvalue()))
    assert not app.error
    scores = app.main.selectbox(key="novelty_mixed_score.image.large")
    assert scores.value == "combined-maps"
    assert "shrunk to 128x124 pixels" in words(scores.set_value("pca").run())
    done = _fit(app.main.selectbox(key="novelty_mixed_score.image.large").set_value("pca-maps").run())
    assert not done.exception
    assert not done.error
    assert done.session_state["novelty_fitted"][1].detector.card.event_shape == (1, 136, 140)


@pytest.mark.slow
def test_large_images_are_learnt_from_in_their_own_size(open_page: OpenPage):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for i in range(25):
            archive.writestr(f"parts/{i}.png", _png(i, 140, 150))
    app = _give(open_page("novelty", novelty_from="good-examples"), GOOD, ("parts.zip", out.getvalue()))
    assert not app.error
    scores = app.main.selectbox(key="novelty_good_score.image.large")
    assert scores.value == "combined-maps"
    shrunk = scores.set_value("pca").run()
    assert "shrunk to 128x119 pixels" in words(shrunk)
    done = _fit(app.main.selectbox(key="novelty_good_score.image.large").set_value("pca-maps").run())
    assert not done.exception
    assert not done.error
    detector = done.session_state["novelty_fitted"][1].detector
    assert detector.card.event_shape == (1, 140, 150)
    assert detector.map_peaks is not None, "so that maps and boxes are shown in that size"
