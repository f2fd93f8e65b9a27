"""Images of one's own in the sidebar: how they were read, and both readings where that cannot be told."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
import tifffile

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


def tiff(channels: int) -> bytes:
    """A picture of 12 by 12 whose planes rise one after the other, in 12 of 16 bits."""
    planes = np.broadcast_to(np.arange(channels, dtype=np.uint16)[:, None, None] * 700, (channels, 12, 12))
    content = io.BytesIO()
    tifffile.imwrite(content, planes, photometric="minisblack", planarconfig="separate", metadata=None)
    return content.getvalue()


@pytest.mark.slow
def test_my_image_is_a_file_of_all_the_channels_that_a_model_takes(open_page: OpenPage, five: str) -> None:
    app = open_page("latent_space", model=five, inspect="My image")
    assert "takes images of 5 channels, which cannot be drawn" in said(app)
    app.file_uploader(key="latent_mine_file").upload("cells.tif", tiff(5), "image/tiff")
    app.run()
    pixels = app.session_state["own_picture"].pixels
    np.testing.assert_allclose(pixels[:, 3, 3], np.arange(5) * 700 / 4095, atol=1e-6)
    assert "Reconstruction error" in said(app)
    app = open_page("latent_space", model=five, inspect="My image")
    app.file_uploader(key="latent_mine_file").upload("two.tif", tiff(2), "image/tiff")
    app.run()
    assert "channels" in app.main.error[0].value
