"""Undercomplete: points in the plane through a code of one number, trained before one's eyes."""

from __future__ import annotations

from explorer.browser.scenes.scene import Lead, Material, Scene, SceneMessage


class Undercomplete(SceneMessage):
    """Nothing: the points are made in the browser, and the autoencoder is trained there."""


def prepare(_material: Material | None) -> Undercomplete:
    """The scene's message."""
    return Undercomplete()


SCENE = Scene(
    name="undercomplete",
    number=1,
    title="Undercomplete",
    sentence="Press **Train**: an autoencoder learns to squeeze each point into one number and to put it back. "
    "Then draw a curve of your own.",
    for_tables="Each point is a row of a table with two columns: how far right it is, and how far up. Your own rows "
    "have more columns, but not more to it.",
    message=Undercomplete,
    prepare=prepare,
    leads=(
        Lead("latent_space", "See the codes of a trained one", {"model": "mnist-undercomplete-2d"}),
        Lead("train", "Train one on pictures", {"recipe": "mnist-undercomplete-2d"}),
    ),
)
