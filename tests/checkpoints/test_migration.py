"""Files of version 0.1.0 open, and give what the program of then gave (figures.json, written by that program)."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from explorer import checkpoints, data
from explorer.checkpoints.migration import upgraded
from explorer.core.errors import CheckpointError
from explorer.models import REGISTRY
from explorer.novelty import detector as detectors

FOLDER = Path(__file__).parents[1] / "files" / "version-0.1.0"
FIGURES = json.loads((FOLDER / "figures.json").read_text())
PRESENT_NAMES = {
    "nearest-items": "knn",
    "tail-probabilities": "ecod",
    "hidden-columns": "masked-columns",
    "shape-error": "cosine-error",
    "combined-mean": "combined-mean",
    "combined-mean-table": "combined-mean",
}


@pytest.mark.parametrize("name", FIGURES["checkpoints"])
def test_checkpoints_open_and_give_the_same_codes(name: str) -> None:
    checkpoint = checkpoints.load(FOLDER / f"{name}.safetensors")
    then = FIGURES["checkpoints"][name]
    x = data.dataset(then["dataset"]).test.x[:3]
    np.testing.assert_allclose(checkpoint.reconstruct(x), then["x_hat"], rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(checkpoint.reconstruction_errors(x), then["errors"], rtol=1e-4)
    if "z" in then:
        np.testing.assert_allclose(checkpoints.with_codes(checkpoint).encode(x), then["z"], rtol=1e-4, atol=1e-5)
    metrics = checkpoint.card.metrics
    assert [metric.name for metric in metrics] == [figure["name"] for figure in then["metrics"]]
    for metric, figure in zip(metrics, then["metrics"], strict=True):
        ends = (metric.value, metric.low, metric.high, metric.n)
        assert ends == pytest.approx(tuple(figure[part] for part in ("value", "low", "high", "n")), rel=1e-6)
    assert not any(" an image" in metric.unit or " a row" in metric.unit for metric in metrics)


def test_there_is_one_of_every_family_of_then() -> None:
    families = {
        checkpoints.load_card(FOLDER / f"{name}.safetensors").recipe.model.family for name in FIGURES["checkpoints"]
    }
    assert families == {"undercomplete", "stacked", "convolutional", "variational", "photo"} <= set(REGISTRY)


@pytest.mark.parametrize("name", FIGURES["detectors"])
def test_detectors_open_and_give_the_same_scores(name: str) -> None:
    detector = detectors.load(FOLDER / f"{name}.safetensors")
    then = FIGURES["detectors"][name]
    x = np.asarray(then["x"], np.uint8 if detector.card.kind == "image" else np.float32)
    scores = detector.score(x)
    np.testing.assert_allclose(scores, then["scores"], rtol=1e-4)
    np.testing.assert_allclose(detector.p_values(scores), then["p_values"], rtol=1e-6)
    assert detector.threshold(0.1).value == pytest.approx(then["threshold"], rel=1e-6)
    assert detector.card.scorer.name == PRESENT_NAMES[name]


def test_what_is_saved_again_is_of_this_version(tmp_path: Path) -> None:
    checkpoint = checkpoints.load(FOLDER / "undercomplete.safetensors")
    path = checkpoints.save(checkpoint, tmp_path / "again.safetensors")
    assert b'\\"format_version\\":3' in path.read_bytes()
    assert checkpoints.load_card(path) == checkpoint.card
    detector = detectors.load(FOLDER / "nearest-items.safetensors")
    assert detectors.load(detector.save(tmp_path / "detector.safetensors")).card == detector.card


def test_of_a_card_of_version_2_nobody_has_looked_at_the_training() -> None:
    path = FOLDER.parent / "card-version-2" / "variational.safetensors"
    assert b'\\"format_version\\":2' in path.read_bytes()
    card = checkpoints.load(path).card
    assert card.findings is None
    assert card.wrongs == ()
    assert sum(card.kl_per_dimension) == pytest.approx(0.0919121)


def test_missing_fields_are_filled_in_step_by_step() -> None:
    steps = (lambda card: card.update(second=2), lambda card: card.update(third=card["second"] + 1))
    assert upgraded({"format_version": 1}, steps, "a") == {"format_version": 3, "second": 2, "third": 3}
    assert upgraded({"format_version": 2, "second": 5}, steps, "a")["third"] == 6
    assert upgraded({"format_version": 3}, steps, "a") == {"format_version": 3}


@pytest.mark.parametrize("version", [0, 3, -1, True, "1", 1.0, None, [1]])
def test_other_versions_are_refused_with_their_number(version: object) -> None:
    with pytest.raises(CheckpointError, match="this program reads versions 1 to 2"):
        upgraded(json.dumps({"format_version": version}), [lambda card: None], "a")


@pytest.mark.parametrize("metrics", [1, [1], [{}], [{"unit": 1}], "x"])
def test_damaged_figures_of_version_1_are_one_error(metrics: object) -> None:
    from explorer.checkpoints.migration import CARD_STEPS

    with pytest.raises(CheckpointError, match="damaged card"):
        upgraded({"format_version": 1, "metrics": metrics}, CARD_STEPS, "a")
