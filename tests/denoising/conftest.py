"""Photo denoisers for tests: one without training, quick and exact, and the shipped ones where they are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from skimage import data as pictures

from explorer import checkpoints
from explorer.checkpoints import Card, Checkpoint, DataCard
from explorer.denoising.photo import SHIPPED
from explorer.recipe import Recipe

MakeDenoiser = Callable[..., Checkpoint]


@pytest.fixture(scope="session")
def random_denoiser() -> MakeDenoiser:
    """Call it with the number of channels: a small net of random weights, which sees far and changes much."""

    def build(channels: int = 1, **model: Any) -> Checkpoint:
        recipe = Recipe.parse(
            {"name": "random", "model": {"family": "photo", "widths": [4, 4], "latent_dim": 4, "blocks": 1, **model}}
        )
        shape = (channels, 64, 64)
        with torch.random.fork_rng():
            torch.manual_seed(0)
            net = recipe.model.build(shape).eval().requires_grad_(False)
            torch.nn.init.normal_(net.tail.weight, std=0.3)
        data = DataCard(
            name="none",
            title="None",
            kind="image",
            event_shape=shape,
            fingerprint="",
            licence="",
            source="",
            splits="",
            n_train=0,
            n_validation=0,
        )
        return Checkpoint(net, Card(recipe=recipe, data=data, weights=1))

    return build


@pytest.fixture(scope="session")
def shipped() -> Checkpoint:
    """The shipped grey denoiser."""
    return checkpoints.load(SHIPPED[1])


@pytest.fixture(scope="session")
def photo() -> np.ndarray:
    """A public-domain photo, (3, 200, 240) float32; no model here was trained on it."""
    return np.ascontiguousarray(pictures.astronaut()[:200, 100:340].transpose(2, 0, 1), np.float32) / 255


@pytest.fixture(scope="session")
def grey(photo: np.ndarray) -> np.ndarray:
    """(1, 200, 240) float32."""
    return photo.mean(0, keepdims=True)


def with_noise(x: np.ndarray, level: float, seed: int = 0) -> np.ndarray:
    """Gaussian noise of a level in grey levels of 255, unclipped."""
    noise = np.random.default_rng(seed).standard_normal(x.shape)
    return (x + level / 255 * noise).astype(np.float32)


def psnr(x: np.ndarray, x_hat: np.ndarray) -> float:
    return float(-10 * np.log10(np.mean(np.square(x - x_hat, dtype=np.float64))))
