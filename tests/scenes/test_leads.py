"""The ways from a scene into other pages: with the model, the data and the item that it shows."""

from __future__ import annotations

import numpy as np

from explorer.browser.scenes import SCENES
from explorer.browser.scenes.scene import Lead, Material
from explorer.checkpoints import VectorCheckpoint
from explorer.core import places
from explorer.data import Dataset


def test_the_model_the_data_and_the_row_go_along(digits: Dataset, digits_autoencoder: VectorCheckpoint) -> None:
    material = Material(digits_autoencoder, digits, np.array([40, 7, 9]), "test, n = 3")
    lead = Lead("latent_space", "See it")
    shown = {"model": digits_autoencoder.name, "data": digits.name}
    assert lead.address(material, 7) == {**shown, "item": "7"}
    assert lead.address(material, None) == lead.address(material, len(digits)) == shown
    assert Lead("denoise", "Clean it").address(material, 7) == {**shown, "item": "7"}
    assert Lead("train", "Train one", {"recipe": "mnist-vae-2d"}).address(material, 7) == {"recipe": "mnist-vae-2d"}
    assert lead.address(None, 1) == {}


def test_every_scene_leads_on_and_every_recipe_is_there() -> None:
    for scene in SCENES:
        assert scene.leads, scene.name
        recipes = [lead.query["recipe"] for lead in scene.leads if "recipe" in lead.query]
        assert all((places.shipped("recipes") / f"{name}.toml").is_file() for name in recipes), scene.name
