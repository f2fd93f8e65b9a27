"""Pretrained patches, with random weights: the promise, the file, and what the command line refuses."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save_file
from scipy import stats
from typer.testing import CliRunner

from explorer import novelty
from explorer.cli import app
from explorer.core.errors import CheckpointError, ExplorerError
from explorer.io.images import png_bytes
from explorer.novelty import detector as detectors
from explorer.novelty.patches.resnet import SHAPES, ResNetFeatures
from explorer.novelty.scores.pretrained_patches import PretrainedPatches
from tests.novelty.test_combined_maps import plates


def random_weights(seed: int = 0) -> dict[str, torch.Tensor]:
    """As a new network has them (He et al. 2015), which tell patterns apart already."""
    generator = torch.Generator().manual_seed(seed)
    weights = {}
    for name, shape in SHAPES.items():
        if len(shape) == 4:
            weights[name] = torch.randn(shape, generator=generator) * (2 / np.prod(shape[1:])) ** 0.5
        else:
            weights[name] = torch.ones(shape) if name.endswith(("weight", "running_var")) else torch.zeros(shape)
    return weights


@pytest.fixture(scope="module")
def fitted() -> PretrainedPatches:
    return PretrainedPatches().use_weights(ResNetFeatures(random_weights())).fit(plates(30, 0))


def test_the_promised_rate_holds_on_fresh_images(fitted: PretrainedPatches) -> None:
    """Every image was learnt from, and alarms on 150 others follow the law of 30 fresh scores (beta-binomial)."""
    assert fitted.crossed_.shape == (30,)
    threshold = novelty.threshold_for(np.sort(fitted.crossed_), 0.1)
    alarms = int((fitted.score(plates(150, 3)) > threshold.value).sum())
    above = int((fitted.crossed_ > threshold.value).sum())
    law = stats.betabinom(150, above + 1, 30 - above)
    assert min(law.cdf(alarms), law.sf(alarms - 1)) > 0.005


def test_a_planted_defect_is_seen_where_it_is(fitted: PretrainedPatches) -> None:
    spoilt = plates(6, 1)
    spoilt[:, :, 24:44, 30:54] = 255 - spoilt[:, :, 24:44, 30:54]
    maps = fitted.maps(spoilt)
    assert maps.shape == (6, 72, 96)
    peaks = np.stack(np.unravel_index(maps.reshape(6, -1).argmax(1), (72, 96)), 1)
    assert (np.abs(peaks - (34, 42)).max(1) <= 24).all()
    assert fitted.score(spoilt).min() > np.quantile(fitted.crossed_, 0.9)


def test_a_detector_holds_its_weights_and_knows_them(tmp_path: Path) -> None:
    folder = tmp_path / "parts"
    folder.mkdir()
    for i, image in enumerate(plates(20, 5)):
        (folder / f"{i:02d}.png").write_bytes(png_bytes(image))
    weights = tmp_path / "resnet18.safetensors"
    save_file(random_weights(), weights)
    out = tmp_path / "d.safetensors"
    fit = ["detector", "fit", str(folder), "--out", str(out), "--weights", str(weights)]
    done = CliRunner().invoke(app, fit)
    assert done.exit_code == 0, done.stderr
    weights.unlink()  # no other file is needed
    detector = detectors.load(out)
    assert detector.card.scorer.name == "pretrained-patches"
    assert detector.card.scorer.settings == {"fingerprint": ResNetFeatures(random_weights()).fingerprint}
    assert detector.calibrated_by.startswith("20 items fitted it and set thresholds as well")
    scores = detector.score(plates(3, 6))
    np.testing.assert_array_equal(scores, detectors.load(detector.to_bytes()).score(plates(3, 6)))

    scorer = detector.scorer
    learnt = scorer.learnt()
    learnt["network.bn1.bias"] = learnt["network.bn1.bias"] + 1e-3
    with pytest.raises(CheckpointError, match="not those that it was fitted with"):
        PretrainedPatches(scorer.settings()["fingerprint"]).restore(learnt)


def test_weights_go_with_no_other_score_and_no_table(tmp_path: Path) -> None:
    weights, table = tmp_path / "resnet18.safetensors", tmp_path / "t.csv"
    save_file(random_weights(), weights)
    table.write_text("a,b\n" + "".join(f"{i},{i * i % 7}\n" for i in range(40)))
    fit = ["detector", "fit", str(table), "--out", str(tmp_path / "d"), "--weights", str(weights)]
    other = CliRunner().invoke(app, [*fit, "--scorer", "pca"])
    assert other.exit_code == 1
    assert "The score pca looks through no given weights" in other.stderr
    of_table = CliRunner().invoke(app, fit)
    assert of_table.exit_code == 1
    assert "no pictures" in of_table.stderr
    without = CliRunner().invoke(app, [*fit[:5], "--scorer", "pretrained-patches"])
    assert without.exit_code == 1
    with pytest.raises(ExplorerError, match="not defined without the weights"):
        PretrainedPatches().fit(plates(3, 0))
