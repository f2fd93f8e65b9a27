"""Every kind of part that a recipe can have, each as the smallest recipe that has it: what Learn draws of them.

A new family, objective, prior, likelihood, penalty or corruption is here as soon as it is in its registry.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from explorer.likelihoods import REGISTRY as LIKELIHOODS
from explorer.models import REGISTRY as FAMILIES
from explorer.noise import REGISTRY as NOISES
from explorer.objectives import REGISTRY as OBJECTIVES
from explorer.penalties import REGISTRY as PENALTIES
from explorer.priors import REGISTRY as PRIORS
from explorer.recipe import Recipe

IMAGE, ROW = (1, 8, 8), (12,)
"""What the drawn models take: a digit of 8 x 8 pixels, or a row of a table with 12 columns."""


@dataclass(frozen=True)
class GalleryEntry:
    """A part as Learn shows it.

    Args:
        name: in its registry.
        title, summary, formula, reference: as the part itself says; empty where it says nothing.
        recipe: the smallest that has it.
        event_shape: of the items that its drawing is for.
    """

    name: str
    title: str
    summary: str
    formula: str
    reference: str
    recipe: Recipe
    event_shape: tuple[int, ...] = IMAGE


def _entry(name: str, part: Any, values: dict[str, Any], event_shape: tuple[int, ...] = IMAGE) -> GalleryEntry:
    told = (str(getattr(part, word, "")) for word in ("title", "summary", "formula", "reference"))
    title, summary, formula, reference = told
    recipe = Recipe.parse({"name": "gallery", **values})
    return GalleryEntry(name, title, summary, formula, reference, recipe, event_shape)


def _that_takes(part: str) -> dict[str, Any]:
    """A model of the first family that has such a part; of one that all have, as a corruption, of the first."""
    configs = {name: config for name, (config, _) in FAMILIES.items() if config.in_form}
    takers = [name for name, config in configs.items() if part in config.takes or part in config.model_fields]
    return {"family": next(iter(takers or configs))}


def _beside(part: str, registry: dict[str, Any]) -> list[GalleryEntry]:
    """Parts that stand beside the model in a recipe."""
    model = _that_takes(part)
    return [_entry(name, one, {"model": model, part: {"kind": name}}) for name, one in registry.items()]


def _within(part: str, registry: dict[str, Any]) -> list[GalleryEntry]:
    """Parts that are a field of the model."""
    model = _that_takes(part)
    return [
        _entry(name, one, {"model": model | {part: name}}, IMAGE if getattr(one, "of_images", True) else ROW)
        for name, one in registry.items()
    ]


def _families() -> list[GalleryEntry]:
    shown = {name: made for name, (config, made) in FAMILIES.items() if config.in_form}
    return [_entry(name, made, {"model": {"family": name}}) for name, made in shown.items()]


def _conditional() -> list[GalleryEntry]:
    title = "Conditional on the label"
    configs = {name: config for name, (config, _) in FAMILIES.items() if "conditional" in config.model_fields}
    return [
        GalleryEntry(
            name,
            f"{FAMILIES[name][1].title}, {title.lower()}",
            str(config.model_fields["conditional"].description),
            r"q(z|x, y),\qquad p(x|z, y)",
            "Sohn, Lee and Yan 2015",
            Recipe.parse({"name": "gallery", "model": {"family": name, "conditional": True}}),
        )
        for name, config in configs.items()
        if config.in_form
    ]


GALLERY: dict[str, Callable[[], list[GalleryEntry]]] = {
    "Families": _families,
    "Told the label": _conditional,
    "Objectives": lambda: _beside("objective", OBJECTIVES),
    "Priors": lambda: _within("prior", PRIORS),
    "Likelihoods": lambda: _within("likelihood", LIKELIHOODS),
    "Penalties": lambda: _beside("penalty", PENALTIES),
    "Corruptions": lambda: _beside("corruption", dict(NOISES)),
}
"""Every kind of part by the name that Learn gives it, and how its entries are made."""
