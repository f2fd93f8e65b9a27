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
        about: what to look for, in a sentence.
        values: of the recipe.
    """

    title: str
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
        "Classes part on the map; one blurred mean becomes ten digits.",
        _values("vae-forms", {"family": "variational", "latent_dim": 2, "hidden": [256]}, 15),
    ),
    "breaks": Preset(
        "Break it (beta 100)",
        "Codes cost a hundredfold: all reconstructions become one picture.",
        _values("vae-breaks", {"family": "variational", "latent_dim": 2, "hidden": [256], "beta": 100.0}, 8),
    ),
    "narrow": Preset(
        "Too narrow",
        "One number for each digit: both losses stop early, and high.",
        _values("too-narrow", {"family": "undercomplete", "latent_dim": 1, "hidden": [256]}, 10),
    ),
    "heart": Preset(
        "Learn it by heart",
        "Fifty digits: training falls on, validation turns and rises.",
        _values("by-heart", {"family": "undercomplete", "latent_dim": 64, "hidden": [256]}, 100, {"limit": 50}),
    ),
}
"""By name, as in the session; the visitor's own is none of them."""
