"""A field is shown where another value of it gives another model or another loss, and nowhere else."""

from __future__ import annotations

import io
import itertools
import math
import types
from collections.abc import Iterator
from typing import Any, Literal, get_args, get_origin

import numpy as np
import pytest
import torch
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from explorer import data
from explorer.core.applicability import applying, choices_of, settled
from explorer.core.errors import ExplorerError
from explorer.models import REGISTRY as FAMILIES
from explorer.models import Reconstructor
from explorer.noise import REGISTRY as NOISES
from explorer.objectives import REGISTRY as OBJECTIVES
from explorer.penalties import REGISTRY as PENALTIES
from explorer.recipe import DataPart, Recipe, TrainingPart
from explorer.training.schedule import learning_rate
from explorer.ui.train.form_fields import traits_of

SHAPES = {"images": (1, 8, 8), "rows": (12,)}
SMALL: dict[str, dict[str, Any]] = {
    "undercomplete": {"hidden": (6,)},
    "stacked": {"hidden": (6,), "latent_dim": 3},
    "convolutional": {"channels": (3, 4), "latent_dim": 3},
    "variational": {"hidden": (6,), "channels": (3, 4)},
    "quantised": {"hidden": (6,), "channels": (3, 4), "latent_dim": 3, "entries": 6, "places": 3, "prior_units": 4},
    "photo": {"widths": (4,), "latent_dim": 4, "blocks": 1},
}
VARIANTS: dict[str, list[dict[str, Any]]] = {
    "undercomplete": [{}, {"linear": True}, {"hidden": ()}],
    "convolutional": [{}, {"downsampling": "pooled"}],
    "variational": [{}, {"body": "convolutional"}, {"hidden": ()}, {"body": "convolutional", "hidden": ()}],
    "quantised": [{}, {"body": "dense"}, {"body": "dense", "hidden": (), "prior_epochs": 0}],
}


def _parts(family: str) -> list[dict[str, Any]]:
    """What stands beside the model in a recipe."""
    takes = FAMILIES[family][0].takes
    objectives: list[Any] = [{"kind": kind} for kind in OBJECTIVES] + [{"kind": "discrepancy", "alpha": 0.5}]
    return [{}, *({"objective": one} for one in objectives if "objective" in takes)]


def _cases() -> list[Any]:
    return [pytest.param(items, values, parts, id=name) for name, items, values, parts in _combinations()]


def _combinations() -> Iterator[tuple[str, str, dict[str, Any], dict[str, Any]]]:
    for family, (config, _) in FAMILIES.items():
        for items, variant in itertools.product(SHAPES if config.in_form else (), VARIANTS.get(family, [{}])):
            for parts in _parts(family) if not variant else [{}]:
                values = {"family": family, **SMALL[family], **variant}
                if items == "rows" and (family == "photo" or variant.get("body") == "convolutional"):
                    continue
                if family == "quantised" and items == "rows" and not variant:
                    continue
                if family == "convolutional" and items == "rows":
                    values["window"] = 4
                if family == "variational" and items == "rows":
                    values["likelihood"] = "gaussian"
                yield f"{family} of {items} {variant} {parts}", items, values, parts


def _others(info: FieldInfo, value: Any) -> list[Any]:
    """Values that a field might have instead."""
    kind = info.annotation
    if get_origin(kind) is types.UnionType:
        kind = get_args(kind)[0]
    if get_origin(kind) is Literal:
        return [word for word in get_args(kind) if word != value]
    if kind is bool:
        return [not value]
    if kind is int:
        return [6 if value in (None, 4) else value + 1]
    if kind is float:
        return [0.5, 0.0] if value else [0.5]
    return [(5,), ()]


def _outcome(recipe: Recipe, shape: tuple[int, ...]) -> str | None:
    """The model's parts, stages and losses in the middle of a warm-up and at its end; None: there is no such model."""
    torch.manual_seed(0)
    try:
        model = recipe.build(shape, 3)
    except ExplorerError:
        return None
    generator = torch.Generator().manual_seed(1)
    x = torch.rand(16, *shape, generator=generator)
    model.fit_input([x])
    torch.manual_seed(1)
    losses: list[Any] = []
    for epoch in (0.25, math.inf):
        model.anneal(epoch)
        with model.told(torch.arange(16) % 3):
            losses.append(model.loss(x, x, generator).values())
    return f"{_structure(model)} {[(s.name, s.epochs) for s in model.stages()]} {losses}"


def _structure(model: Reconstructor) -> str:
    tied = [type(module).__name__ for module in model.modules()]
    return f"{tied} {[(name, tuple(tensor.shape)) for name, tensor in model.state_dict().items()]} {model}"


def _recipe(model: dict[str, Any], parts: dict[str, Any]) -> Recipe | None:
    try:
        return Recipe.parse({"model": model, **parts})
    except ExplorerError:
        return None


@pytest.mark.slow
@pytest.mark.parametrize(("items", "values", "parts"), _cases())
def test_a_models_field_is_shown_where_it_changes_the_model(
    items: str, values: dict[str, Any], parts: dict[str, Any]
) -> None:
    recipe, shape = _recipe(values, parts), SHAPES[items]
    assert recipe is not None
    before = _outcome(recipe, shape)
    assert before is not None
    config = type(recipe.model)
    uses_beta = recipe.objective is None or recipe.objective.uses_beta
    traits = {"items": items, "has_beta": uses_beta, "has_labels": True}
    held = recipe.model.model_dump()
    shown = {name for name in applying(config, held, traits) if name != "family"}
    fixed = settled(config, traits)
    for name, info in config.model_fields.items():
        if name == "family" or (parts and name not in ("beta", "kl_warmup_epochs")):
            continue
        words = choices_of(info, traits)
        others = [value for value in _others(info, held[name]) if not words or value in words or name not in shown]
        recipes = (_recipe({**held, name: value}, parts) for value in others)
        outcomes = (_outcome(other, shape) for other in recipes if other is not None)
        assert any(outcome not in (None, before) for outcome in outcomes) == (name in shown), name
        assert held[name] == fixed.get(name, held[name])


def test_words_that_are_offered_fit_the_items() -> None:
    for family, (config, _) in FAMILIES.items():
        for name, info in config.model_fields.items() if config.in_form else ():
            for word in choices_of(info, {"items": "rows"}):
                values = {"family": family, **SMALL[family], name: word, **settled(config, {"items": "rows"})}
                values |= {"window": 4} if family == "convolutional" else {}
                values |= {"likelihood": "gaussian"} if family == "variational" and name != "likelihood" else {}
                recipe = Recipe.parse({"model": values})
                assert family == "photo" or _outcome(recipe, SHAPES["rows"]) is not None, (family, name, word)


@pytest.mark.parametrize("family", [name for name, (config, _) in FAMILIES.items() if config.in_form])
def test_a_family_says_which_parts_its_models_take(family: str) -> None:
    config = FAMILIES[family][0]
    model = {"family": family, **SMALL[family]}
    for part, registry in (("penalty", PENALTIES), ("objective", OBJECTIVES)):
        for kind in registry:
            recipe = Recipe.parse({"model": model, part: {"kind": kind}})
            assert (_outcome(recipe, SHAPES["images"]) is not None) == (part in config.takes), (part, kind)


def _fields(model: type[BaseModel], values: dict[str, Any], traits: dict[str, Any]) -> set[str]:
    return set(applying(model, values, traits))


def test_fields_of_data_noise_penalty_and_schedule() -> None:
    buffer = io.BytesIO()
    np.savez(buffer, x=np.random.default_rng(0).integers(0, 255, (30, 50, 50), np.uint8))
    photos = traits_of(data.from_upload("photos.npz", buffer.getvalue()))
    digits, table = (traits_of(data.dataset(name)) for name in ("digits", "breast-cancer"))
    crops = {"crop", "crops_per_item"}
    assert not _fields(DataPart, {"crop": 32}, digits) & crops
    assert crops <= _fields(DataPart, {"crop": 32}, photos)
    assert "crops_per_item" not in _fields(DataPart, {"crop": 0}, photos)
    assert not _fields(DataPart, {}, table) & {*crops, "augment", "tile", "exclude"}
    assert {"tile", "exclude", "augment"} <= _fields(DataPart, {}, photos)
    assert "classes" not in _fields(DataPart, {}, photos)
    assert "classes" in _fields(DataPart, {}, digits)
    law = PENALTIES["nested_dropout"]
    assert [("rate" in _fields(law, {"law": word}, digits)) for word in ("uniform", "geometric")] == [False, True]
    rows = torch.zeros(4, 30) + 1
    blocks = NOISES["blocks"]
    wide, narrow = (blocks(largest=size)(rows, torch.Generator().manual_seed(0)) for size in (2, 14))
    assert torch.equal(wide, narrow) == ("largest" not in _fields(blocks, {}, table))
    for schedule in get_args(TrainingPart.model_fields["schedule"].annotation):
        rates = [learning_rate(TrainingPart(schedule=schedule, plateau_epochs=n), 3, 9, 2, [1.0] * 6) for n in (2, 5)]
        shown = "plateau_epochs" in _fields(TrainingPart, {"schedule": schedule}, digits)
        assert shown == (not np.isclose(*rates)), schedule
