"""Models of normal items alone, small and quick to train."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from explorer.checkpoints import Checkpoint


def _trained(dataset: str, classes: list[str], epochs: int, **model: Any) -> Checkpoint:
    from explorer.recipe import Recipe
    from explorer.training import train

    values = {
        "name": f"tiny-{model['family']}",
        "data": {"dataset": dataset, "classes": classes},
        "model": model,
        "training": {"epochs": epochs, "batch_size": 32, "learning_rate": 5e-3, "device": "cpu"},
    }
    *_, last = train(Recipe.parse(values))
    return last.checkpoint


@pytest.fixture(scope="session")
def zeros_vae() -> Checkpoint:
    """A variational autoencoder of zeros of the 8x8 digits."""
    return _trained("digits", ["0"], 60, family="variational", hidden=[64], latent_dim=2)


@pytest.fixture(scope="session")
def benign_autoencoder() -> Checkpoint:
    """An autoencoder of the benign rows of the breast-cancer table."""
    return _trained("breast-cancer", ["benign"], 40, family="undercomplete", hidden=[16], latent_dim=3)


@pytest.fixture(scope="session")
def table_vae() -> Checkpoint:
    """A variational autoencoder of the breast-cancer table."""
    return _trained("breast-cancer", [], 40, family="variational", likelihood="gaussian", hidden=[16], latent_dim=3)
