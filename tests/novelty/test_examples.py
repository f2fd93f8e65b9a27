"""The worked examples open offline, judge only what nothing has seen, and find what is novel."""

from __future__ import annotations

import socket
from pathlib import Path

import numpy as np
import pytest

from explorer import novelty
from explorer.core.errors import ExplorerError
from explorer.novelty import detector as detectors
from explorer.novelty.examples import EXAMPLES, open_example


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


def test_an_unknown_example_lists_the_known_ones() -> None:
    with pytest.raises(ExplorerError, match="no example called 'x'") as caught:
        open_example("x")
    assert "unseen-digits" in caught.value.hint
