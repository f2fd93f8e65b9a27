"""Five ways to begin on Train: three that go wrong on purpose, one that goes well, and the visitor's own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from explorer.recipe import Recipe

DATA = "mnist-sample"


@dataclass(frozen=True)
class Preset:
    """A recipe to look at.

    Args:
        title: on its card.
        icon: beside it.
        about: what to look for, in a sentence.
        values: of the recipe.
    """

    title: str
    icon: str
    about: str
    values: dict[str, Any]

    @property
    def recipe(self) -> Recipe:
        """The recipe itself."""
        return Recipe.parse(self.values)


def _values(name: str, model: dict[str, Any], epochs: int, data: dict[str, Any] | None = None) -> dict[str, Any]:
    part = {"dataset": DATA, **(data or {})}
    return {"name": name, "data": part, "model": model, "training": {"epochs": epochs}}


PRESETS = {
    "forms": Preset(
        "Watch a VAE form",
        ":material/bubble_chart:",
        "Two numbers for each digit: the classes part on the map, and one blurred mean becomes ten kinds of digits.",
        _values("vae-forms", {"family": "variational", "latent_dim": 2, "hidden": [256]}, 15),
    ),
    "breaks": Preset(
        "Break it (beta 100)",
        ":material/heart_broken:",
        "Each nat in the code costs a hundredfold: the KL falls to zero, and every reconstruction is the same picture.",
        _values("vae-breaks", {"family": "variational", "latent_dim": 2, "hidden": [256], "beta": 100.0}, 8),
    ),
    "narrow": Preset(
        "Too narrow",
        ":material/compress:",
        "One number for each digit: both losses stop early and far too high, since nothing else gets through.",
        _values("too-narrow", {"family": "undercomplete", "latent_dim": 1, "hidden": [256]}, 10),
    ),
    "heart": Preset(
        "Learn it by heart",
        ":material/school:",
        "Fifty digits and many numbers: the training loss falls on, the validation loss turns and rises.",
        _values("by-heart", {"family": "undercomplete", "latent_dim": 64, "hidden": [256]}, 100, {"limit": 50}),
    ),
}
"""By name, as in the session; the visitor's own is none of them."""
