"""The report of a model as a file: its figures against ones worked out here, and that strangers' words stay words."""

from __future__ import annotations

import base64
import io
import re
from dataclasses import replace

import numpy as np
import pytest
import torch
from PIL import Image
from sklearn.decomposition import PCA

from explorer import checkpoints, data, denoising, evaluation
from explorer.checkpoints import Checkpoint, VectorCheckpoint
from explorer.checkpoints.history import best_position
from explorer.core.written import three_digits
from explorer.data import Dataset
from explorer.data.splits import Splits
from explorer.evaluation import training_rows
from explorer.export.charts import Line, curves
from explorer.noise.gaussian import GaussianNoise
from explorer.novelty.thresholds import threshold_for
from explorer.views.report import Reported, report_page, reported_items, reported_samples
from explorer.views.report.novelty import errors_as_scores
from explorer.views.report.strips import ranked
from tests.views.test_exported import EVIL, Read


@pytest.fixture(scope="module")
def reported(digits_vae: VectorCheckpoint, digits: Dataset) -> Reported:
    return reported_items(digits_vae, digits, digits.splits.test, "test", 60)


@pytest.fixture(scope="module")
def benign() -> Reported:
    """A table's model of one class alone, on the held-out rows of that class."""
    checkpoint = checkpoints.with_codes(checkpoints.load("breast-cancer-undercomplete"))
    dataset = data.dataset("breast-cancer")
    return reported_items(checkpoint, dataset, training_rows(dataset, ("benign",), "test"), "test", 60)


def own_errors(reported: Reported, rows: np.ndarray) -> np.ndarray:
    """Squared errors by torch alone."""
    assert reported.dataset is not None
    x = torch.from_numpy(reported.dataset.x[rows]).float() / 255
    with torch.no_grad():
        return np.asarray((x - reported.checkpoint.model(x)).square().flatten(1).sum(1))


def pictures_of(read: Read) -> dict[str, np.ndarray]:
    """The pictures of a page by what they are called."""
    pictures = {}
    for tag, attributes in read.tags:
        if tag == "img":
            content = base64.b64decode(str(attributes["src"]).partition("base64,")[2])
            pictures[str(attributes["alt"])] = np.asarray(Image.open(io.BytesIO(content)))
    return pictures


def test_a_report_has_every_part_and_says_which_rows(reported: Reported) -> None:
    page = report_page(reported)
    assert page.parts == (
        "The model", "Noteworthy", "Training", "Figures", "Map of the codes", "Items and reconstructions",
        "Highest errors", "Novelty",
    )  # fmt: skip
    assert page.left_out == ()
    read = Read(page.html)
    assert f"Digits, test, n = {len(reported.rows)}" in read.text or reported.of in read.text
    for metric in reported.card.metrics:
        assert f"{metric.name}{three_digits(metric.value)}{metric.ends(three_digits)}" in read.text
    error = float(own_errors(reported, reported.rows).mean())
    assert f"reconstruction error{three_digits(error)}" in read.text


def test_a_report_asks_for_nothing(reported: Reported) -> None:
    read = Read(report_page(reported).html)
    outside = [a for _, a in read.tags if "href" in a and not str(a["href"]).startswith("#")]
    outside += [a for _, a in read.tags if "src" in a and not str(a["src"]).startswith("data:image/png;base64,")]
    assert outside == []
    assert len(read.scripts) == 2


def test_a_report_without_live_parts_runs_no_script() -> None:
    page = report_page(reported_samples(checkpoints.load("photo-denoiser-grey"), 100))
    read = Read(page.html)
    assert read.scripts == []
    assert "Map of the codes" not in page.parts
    assert any("script-src" not in str(a.get("content")) for _, a in read.tags if a.get("http-equiv"))
    shown = pictures_of(read)
    clean, noisy, cleaned = (
        shown[f"Photographer with a camera: {kind}"] for kind in ("clean", "with noise", "denoised")
    )
    before, after = (np.square(clean / 255 - each / 255).mean() for each in (noisy, cleaned))
    assert after < before / 4  # pictures are shown at two thirds of their size


def test_pictures_are_those_of_the_items_and_of_what_the_model_makes_of_them(reported: Reported) -> None:
    shown = pictures_of(Read(report_page(reported).html))
    assert reported.dataset is not None
    rows = reported.rows[np.argsort(-own_errors(reported, reported.rows))[:10]]
    for row in rows.tolist():
        x = reported.dataset.x[[row]]
        item, rebuilt = (shown[f"row {row:,}: {kind}"] for kind in ("item", "rebuilt"))
        assert np.array_equal(item, x[0, 0])
        expected = 255 * reported.checkpoint.reconstruct(x)[0, 0]
        assert np.abs(rebuilt - expected).max() <= 0.51


def test_a_denoiser_gets_noise_as_in_its_training(digits_vae: VectorCheckpoint, digits: Dataset) -> None:
    noise = GaussianNoise(sigma=0.4)
    recipe = digits_vae.card.recipe.model_copy(update={"corruption": noise})
    checkpoint = replace(digits_vae, card=digits_vae.card.model_copy(update={"recipe": recipe}))
    page = report_page(reported_items(checkpoint, digits, digits.splits.test, "test", 60))
    assert "Noise and denoised" in page.parts
    shown = pictures_of(Read(page.html))
    name = next(name for name in shown if name.endswith("with noise")).removesuffix(": with noise")
    row = int(name.removeprefix("row ").replace(",", ""))
    apart = shown[f"{name}: with noise"] / 255 - digits.x[row, 0] / 255
    assert 0.15 < apart.std() < 0.45  # clipped for the picture
    rebuilt = denoising.denoise(checkpoint, shown[f"{name}: with noise"][None, None])
    assert np.abs(rebuilt[0, 0] - shown[f"{name}: denoised"] / 255).mean() < 0.3


def test_the_worst_come_first_and_what_is_no_number_before_them() -> None:
    assert ranked(np.array([1.0, np.nan, 3.0, 2.0])).tolist() == [1, 2, 3, 0]


def test_alarms_are_counted_over_the_threshold_of_validation_errors(reported: Reported) -> None:
    scores = errors_as_scores(reported)
    assert scores is not None
    threshold = threshold_for(np.array(reported.card.calibration), 0.05)
    alarms = int((own_errors(reported, reported.rows) > threshold.value).sum())
    assert (scores.alarms.count, scores.alarms.n) == (alarms, len(reported.rows))
    assert f"{alarms:,} of {len(reported.rows):,}" in Read(report_page(reported).html).text


def test_other_classes_are_novel_where_the_model_learnt_one(benign: Reported) -> None:
    scores = errors_as_scores(benign)
    assert scores is not None
    assert benign.dataset is not None
    assert (len(scores.normal), len(scores.novel)) == (67, 47)  # of the 114 test rows
    separation = scores.separation
    assert separation is not None
    both = np.concatenate([scores.normal, scores.novel])
    above = (scores.novel[:, None] > scores.normal[None]).mean()
    assert separation.area.value == pytest.approx(above, abs=1e-6)
    assert np.isfinite(both).all()
    text = Read(report_page(benign).html).text
    assert "Normal: benign" in text
    assert f"AUROC {separation.area.value:.4f}" in text


def test_rows_that_were_learnt_from_promise_nothing(digits_vae: VectorCheckpoint, digits: Dataset) -> None:
    page = report_page(reported_items(digits_vae, digits, digits.splits.train, "train", 60))
    assert "Novelty" not in page.parts
    assert "rows of its classes that the model has not learnt from" in page.left_out[0]
    assert "may have learnt from these rows" in Read(page.html).text


def test_without_data_nothing_is_measured(digits_vae: VectorCheckpoint) -> None:
    page = report_page(reported_samples(digits_vae, 60))
    assert "nothing was measured" in page.left_out[0]
    assert not {"Novelty", "Highest errors"} & set(page.parts)
    assert "for this report" not in Read(page.html).text


def test_a_table_is_shown_in_its_own_units(benign: Reported) -> None:
    read = Read(report_page(benign).html)
    assert benign.dataset is not None
    row = int(benign.rows[benign.samples(1)[0]])
    assert three_digits(float(benign.dataset.x[row, 0])) in read.text
    assert "Rows and reconstructions" in read.text


def test_pca_stands_beside_the_model_on_the_same_rows(benign: Reported) -> None:
    dataset = benign.dataset
    assert dataset is not None
    figure = evaluation.pca_beside(benign.checkpoint, dataset, benign.rows, "test")
    assert figure is not None
    train = dataset.x[training_rows(dataset, ("benign",), "train")].astype(np.float64)
    mean, std = train.mean(0), train.std(0)
    pca = PCA(4).fit((train - mean) / std)
    x = (dataset.x[benign.rows] - mean) / std
    error = np.square(x - pca.inverse_transform(pca.transform(x))).sum(1).mean()
    assert figure.value == pytest.approx(error, rel=1e-3)
    trained_on = training_rows(dataset, ("benign",), "train")
    assert evaluation.pca_beside(benign.checkpoint, dataset, trained_on, "all") is None  # would flatter it
    others = replace(dataset, label_names=("a", "b"))
    assert evaluation.pca_beside(benign.checkpoint, others, benign.rows, "test") is None


def test_a_stranger_s_words_stay_words(digits_vae: VectorCheckpoint, digits: Dataset) -> None:
    splits = Splits(*(getattr(digits.splits, part) for part in ("train", "validation", "test")), EVIL)
    dataset = replace(
        digits, title=EVIL, source=EVIL, licence=EVIL, splits=splits,
        label_names=tuple(f"{i} {EVIL}" for i in range(10)),
        item_names=tuple(f"{EVIL} {i}" for i in range(len(digits))),
    )  # fmt: skip
    card = digits_vae.card
    recipe = card.recipe.model_copy(update={"title": EVIL, "name": EVIL})
    of_data = card.data.model_copy(update={"title": EVIL, "splits": EVIL, "source": EVIL, "licence": EVIL})
    update = {"recipe": recipe, "data": of_data, "licence": EVIL, "device": EVIL, "finished": EVIL, "origin": EVIL}
    checkpoint = replace(digits_vae, card=card.model_copy(update=update))
    rows = digits.splits.test
    plain, evil = (
        Read(report_page(reported_items(digits_vae, digits, rows, "test", 60)).html),
        Read(report_page(reported_items(checkpoint, dataset, rows, EVIL, 60)).html),
    )
    assert {tag for tag, _ in evil.tags} <= {tag for tag, _ in plain.tags}
    assert not [a for _, a in evil.tags if any(name.startswith("on") for name in a)]
    assert EVIL in evil.text
    assert len(evil.scripts) == 2


# --- Curves -------------------------------------------------------------------------------------------------------


def test_a_curve_goes_through_its_values() -> None:
    drawing = curves([Line("a", [0.0, 1.0, 0.25], "#000000")], "epoch", "Loss", [(2, "kept")])
    points = re.search(r'points="([^"]+)"', drawing)
    assert points is not None
    x, y = np.array([place.split(",") for place in points[1].split(" ")], float).T
    assert x[1] - x[0] == pytest.approx(x[2] - x[1], abs=0.11)
    assert (y[0] - y) / (y[0] - y[1]) == pytest.approx([0, 1, 0.25], abs=1e-3)
    assert f'x1="{x[1]:.1f}"' in drawing  # the mark


def test_values_of_several_sizes_get_a_logarithmic_axis_and_it_says_so() -> None:
    drawing = curves([Line("<b>", [1.0, 10.0, float("nan"), 100.0], "#000000")], "epoch", "Loss")
    points = re.search(r'points="([^"]+)"', drawing)
    assert points is not None
    y = np.array([place.split(",") for place in points[1].split(" ")], float)[:, 1]
    assert len(y) == 3
    assert y[0] - y[1] == pytest.approx(y[1] - y[2], abs=0.11)
    assert "logarithmic" in drawing
    assert "<b>" not in drawing


def test_one_point_is_a_dot_and_none_is_said() -> None:
    assert "<circle" in curves([Line("a", [1.0], "#000000")], "epoch", "Loss")
    assert "no figure" in curves([Line("a", [float("nan")], "#000000")], "epoch", "Loss")


def test_the_epoch_that_was_kept_counts_within_the_last_stage(digits_autoencoder: Checkpoint) -> None:
    history = tuple({"stage": stage, "epoch": i, "train": {"total": 1.0}} for stage in "ab" for i in (1, 2, 3))
    card = digits_autoencoder.card.model_copy(update={"history": history, "best_epoch": 2})
    assert best_position(card) == 4
    assert best_position(card.model_copy(update={"history": history[:5], "best_epoch": 3})) is None
    assert best_position(card.model_copy(update={"history": ()})) is None
