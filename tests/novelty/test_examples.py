"""The worked examples open offline, judge only what nothing has seen, and find what is novel."""

from __future__ import annotations

import socket
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from explorer import checkpoints, novelty
from explorer.core.errors import ExplorerError
from explorer.novelty import detector as detectors
from explorer.novelty.examples import EXAMPLES, fit_example, open_example, stored_file


@pytest.mark.slow
@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_finds_more_than_pca_does(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("an example opened a connection")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    opened = open_example(name)
    example, dataset = opened.example, opened.dataset
    labels = np.array(dataset.label_names)[dataset.labels[opened.rows]]
    np.testing.assert_array_equal(opened.is_novel, ~np.isin(labels, example.normal))
    assert min(opened.is_novel.sum(), (~opened.is_novel).sum()) >= 40
    x = dataset.x[opened.rows]
    area = novelty.auroc(opened.detector.score(x), opened.is_novel).value
    assert area > 0.9
    splits = novelty.normal_splits(opened.checkpoint, dataset, example.normal)
    assert not set(opened.rows) & {*splits.fit, *splits.calibrate}
    pca = novelty.PCAReconstruction.for_checkpoint(opened.checkpoint).fit(dataset.x[splits.fit])
    assert area > novelty.auroc(pca.score(x), opened.is_novel).value
    again = detectors.load(opened.detector.save(tmp_path / "d.safetensors"))
    np.testing.assert_array_equal(again.score(x[:20]), opened.detector.score(x[:20]))


@pytest.mark.parametrize("name", ["cells", pytest.param("brick", marks=pytest.mark.slow)])
def test_the_stored_detector_is_the_one_that_fitting_gives(name: str) -> None:
    stored, fitted = open_example(name).detector, fit_example(name)
    assert stored.card.created != fitted.card.created, "it was read, not fitted"
    np.testing.assert_allclose(stored.calibration, fitted.calibration, rtol=1e-4)
    assert stored.card.scorer == fitted.card.scorer
    assert stored.card.n_fit == fitted.card.n_fit


def test_each_example_has_a_detector_of_its_own_model() -> None:
    for name, example in EXAMPLES.items():
        card = detectors.load(stored_file(name)).card
        assert [model.unexamined for model in card.models] == [checkpoints.load_card(example.checkpoint).unexamined]
        assert (card.scorer.name, card.normal_labels) == (example.scorer, example.normal)


@pytest.mark.parametrize("name", ["brick", "unseen-digits"])
def test_a_stored_example_of_images_has_a_threshold_of_pixels(name: str) -> None:
    detector = detectors.load(stored_file(name))
    assert detector.map_peaks is not None
    assert len(detector.card.example_names) == len(detector.examples)
    threshold = detector.pixel_threshold(0.05)
    assert len(detector.map_peaks) > 100
    assert (detector.map_peaks > threshold.value).mean() <= 0.05
    shown = open_example(name)
    maps = detector.maps(shown.dataset.x[shown.rows[~shown.is_novel][:200]])
    assert maps is not None
    assert (maps.max((1, 2)) > threshold.value).mean() < 0.12


def test_a_detector_of_another_model_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shipped = checkpoints.load("breast-cancer-undercomplete")
    own = replace(shipped, card=shipped.card.model_copy(update={"best_epoch": shipped.card.best_epoch + 1}))
    checkpoints.save(own, tmp_path / f"{shipped.name}.safetensors")
    monkeypatch.setenv("EXPLORER_CHECKPOINTS", str(tmp_path))
    assert open_example("cells").detector.card.models == (own.card,)


def test_an_unknown_example_lists_the_known_ones() -> None:
    with pytest.raises(ExplorerError, match="no example called 'x'") as caught:
        open_example("x")
    assert "unseen-digits" in caught.value.hint
