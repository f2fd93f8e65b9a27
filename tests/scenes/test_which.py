"""What the scene which gets: the shipped models on the same held-out items, each with a recipe that Train knows."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from explorer import checkpoints, data, denoising
from explorer.browser.scenes.scene import Material
from explorer.browser.scenes.which.scene import NOISE, prepare
from explorer.core import places


@pytest.mark.slow
def test_all_kinds_are_measured_on_the_same_items() -> None:
    checkpoint, dataset = checkpoints.load("mnist-undercomplete-32d"), data.dataset("mnist-sample")
    rows = np.arange(0, len(dataset), 100)
    message = prepare(Material(checkpoint, dataset, rows, "held out, n = 50"))
    recipes = {Path(path).stem for path in places.shipped("recipes").glob("*.toml")}
    assert {family.recipe for family in message.families} <= recipes
    assert [f.title for f in message.families] == [
        "Undercomplete",
        "Stacked",
        "Denoising",
        "Convolutional",
        "Variational",
    ]
    # 784 values with noise of variance 0.16 each: 125.4 on average, standard error 0.9.
    assert message.damage == pytest.approx(784 * 0.16, abs=5)
    x = dataset.x[rows].astype(np.float32) / 255
    assert message.families[0].error[0] == pytest.approx(float(checkpoint.reconstruction_errors(x).mean()), rel=1e-4)
    cleaned = {family.title: family.noisy_error for family in message.families}
    assert min(cleaned, key=lambda title: cleaned[title]) == "Denoising"
    denoised = denoising.denoise(checkpoints.load("mnist-denoising-32d"), denoising.add_noise(x, NOISE))
    assert cleaned["Denoising"] == pytest.approx(float(np.square(denoised - x).sum((1, 2, 3)).mean()), rel=1e-3)
