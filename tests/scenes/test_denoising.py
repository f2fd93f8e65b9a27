"""What the scene denoising gets: every corruption as a brush, and only models that a browser can run."""

from __future__ import annotations

import numpy as np
import pytest

from explorer import checkpoints, data, noise
from explorer.browser.pack import input_shape
from explorer.browser.scenes.denoising.scene import matches, prepare
from explorer.browser.scenes.scene import Material


def test_every_corruption_is_a_brush_and_the_trained_one_starts_at_its_level() -> None:
    checkpoint, dataset = checkpoints.load("mnist-denoising-32d"), data.dataset("mnist-sample")
    message = prepare(Material(checkpoint, dataset, np.array([3, 7]), "held out, n = 2"))
    assert [brush.kind for brush in message.brushes] == list(noise.REGISTRY)
    starts = {brush.kind: brush.start for brush in message.brushes}
    assert (message.kind, starts["gaussian"], starts["poisson"]) == ("gaussian", 0.4, 30)
    assert all(brush.low <= brush.start <= brush.high for brush in message.brushes)
    assert input_shape(message.pack) == (1, 28, 28)
    assert np.array_equal(message.items, dataset.x[[3, 7]].astype(np.float32) / 255)
    assert message.trained == "Gaussian (noise level 0.4)"


@pytest.mark.parametrize(
    ("name", "fits"),
    [
        ("mnist-denoising-32d", True),
        ("mnist-eight-digits-32d", True),
        ("photo-denoiser-grey", False),
        ("mnist-vae-2d", False),
    ],
)
def test_photo_denoisers_and_models_without_corruption_are_not_of_its_kind(name: str, fits: bool) -> None:
    card = checkpoints.load_card(next(p for f in checkpoints.folders() for p in f.glob(f"{name}.safetensors")))
    assert matches(card) == fits
