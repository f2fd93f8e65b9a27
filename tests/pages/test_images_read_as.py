"""Images of one's own in the sidebar: how they were read, and both readings where that cannot be told."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from explorer import checkpoints
from explorer.recipe import Recipe
from explorer.training import train
from tests.pages.conftest import OpenPage
from tests.pages.test_read_as import said
from tests.pages.test_user_data import own


def saved(path: Path, top: int, channels: int = 1, n: int = 40) -> str:
    """The path of an NPZ file of 12 by 12 pictures whose greatest number is ``top``."""
    x = np.random.default_rng(0).integers(0, top + 1, (n, channels, 12, 12)).astype(np.uint16)
    x[0, 0, 0, 0] = top
    np.savez(path, x=x)
    return str(path)


@pytest.fixture
def five(folder: Path) -> str:
    """A model of five channels of 12 bits."""
    recipe = Recipe.parse(
        {
            "name": "five",
            "data": {"dataset": saved(folder / "five.npz", 4095, 5)},
            "model": {"family": "undercomplete", "hidden": [4], "latent_dim": 2},
            "training": {"epochs": 1, "device": "cpu"},
        }
    )
    *_, last = train(recipe, recipe.data.open())
    checkpoints.save(last.checkpoint, folder / "five.safetensors")
    return "five"


@pytest.mark.slow
def test_new_images_are_read_as_the_model_learnt_and_some_channels_are_said_to_be_shown(
    open_page: OpenPage, five: str, tmp_path: Path
) -> None:
    app = open_page("home", model=five)
    app.text_input(key="data_path").set_value(saved(tmp_path / "dim.npz", 900, 5)).run()
    assert not app.exception
    assert own(app).contract.white == 4095
    assert "Channels 1 to 3 of 5 are shown" in said(app)


@pytest.mark.slow
def test_two_readings_are_shown_with_pictures_and_one_is_chosen(open_page: OpenPage, five: str, tmp_path: Path) -> None:
    app = open_page("home", model="mnist-vae-2d")
    app.text_input(key="data_path").set_value(saved(tmp_path / "few.npz", 12)).run()
    buttons = {button.label: button for button in app.button if button.label.startswith("Read with white")}
    assert set(buttons) == {"Read with white 12", "Read with white 255"}
    buttons["Read with white 12"].click().run()
    assert not app.exception
    assert own(app).contract.white == 12
    assert not own(app).contract.undecided
