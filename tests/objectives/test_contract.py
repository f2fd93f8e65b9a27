"""What every registered objective promises, whichever it is, and which models take one."""

from __future__ import annotations

import math
from typing import Any

import pydantic
import pytest
import torch

from explorer.core.errors import RecipeError
from explorer.models import VariationalAutoencoder
from explorer.objectives import REGISTRY, AnyObjective, Objective
from explorer.recipe import Recipe
from explorer.training import train

ANY_OBJECTIVE: pydantic.TypeAdapter[Objective] = pydantic.TypeAdapter(AnyObjective)

every_objective = pytest.mark.parametrize("objective", [cls() for cls in REGISTRY.values()], ids=list(REGISTRY))


def generator(seed: int = 1) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def model_of(objective: Objective | None = None, **fields: Any) -> VariationalAutoencoder:
    torch.manual_seed(0)
    values = {"family": "variational", "hidden": [8], "latent_dim": 3} | fields
    recipe = {"model": values, "objective": None if objective is None else objective.model_dump()}
    model = Recipe.parse(recipe).build((1, 4, 3))
    assert isinstance(model, VariationalAutoencoder)
    return model


@every_objective
def test_gives_finite_terms_and_every_weight_learns(objective: Objective) -> None:
    model, x = model_of(objective), torch.rand(6, 1, 4, 3, generator=generator(0))
    loss = model.loss(x, x, generator())
    assert all(value.shape == () and value.isfinite() for value, _ in loss.terms.values())
    loss.total.backward()
    assert all(p.grad is not None and p.grad.isfinite().all() and p.grad.any() for p in model.parameters())


@every_objective
def test_the_generator_decides_and_the_global_one_is_left_alone(objective: Objective) -> None:
    model, x = model_of(objective), torch.rand(6, 1, 4, 3, generator=generator(0))
    before = torch.random.get_rng_state()
    first, again = (model.loss(x, x, generator(3)).values() for _ in range(2))
    assert first == again
    assert torch.equal(torch.random.get_rng_state(), before)


@every_objective
def test_at_the_end_of_a_schedule_beta_is_in_force(objective: Objective) -> None:
    assert objective.kl_share(math.inf) == 1
    assert math.isfinite(objective.level(math.inf))
    assert all(0 <= objective.kl_share(epoch / 7) <= 1 for epoch in range(200))


@every_objective
def test_says_what_it_is_and_travels_as_json(objective: Objective) -> None:
    assert ANY_OBJECTIVE.validate_json(objective.model_dump_json()) == objective
    assert all((objective.title, objective.summary, objective.formula, objective.reference))
    for name, field in type(objective).model_fields.items():
        assert name == "kind" or (field.title and field.description), name
    with pytest.raises(pydantic.ValidationError, match="colour"):
        type(objective).model_validate({"colour": "pink"})


@every_objective
def test_a_recipe_with_it_trains_and_its_checkpoint_is_measured(objective: Objective) -> None:
    recipe = Recipe.parse(
        {
            "data": {"dataset": "digits", "limit": 128},
            "model": {"family": "variational", "hidden": [12], "latent_dim": 3},
            "objective": objective.model_dump(),
            "training": {"epochs": 1, "batch_size": 64, "device": "cpu"},
        }
    )
    assert Recipe.parse(recipe.model_dump(mode="json")) == recipe
    *_, last = train(recipe)
    assert last.checkpoint.card.recipe.objective == objective
    assert last.checkpoint.card.metric("ELBO").value < 0
    assert last.checkpoint.decode([[0.0, 0.0, 0.0]]).shape == (1, 1, 8, 8)


@pytest.mark.parametrize("family", ["undercomplete", "stacked", "convolutional", "photo"])
def test_a_family_with_a_loss_of_its_own_says_so_and_the_hint_works(family: str) -> None:
    recipe = Recipe.parse({"model": {"family": family}, "objective": {"kind": "cyclic"}})
    with pytest.raises(RecipeError, match="takes no objective") as caught:
        recipe.build((1, 16, 16))
    assert "objective=none" in caught.value.hint
    recipe.with_settings(["objective=none"]).build((1, 16, 16))


@pytest.mark.parametrize("settings", [{"beta": 2.0}, {"kl_warmup_epochs": 5}])
def test_an_objective_without_a_kl_refuses_beta(settings: dict[str, Any]) -> None:
    objective = REGISTRY["importance_weighted"]()
    with pytest.raises(RecipeError, match="no KL whose weight beta could be") as caught:
        model_of(objective, **settings)
    assert "model.beta to 1 and model.kl_warmup_epochs to 0" in caught.value.hint


def test_a_wrong_kind_and_field_are_named() -> None:
    recipe = Recipe.parse({"model": {"family": "variational"}})
    assert recipe.with_settings(["objective.kind=importance_weighted", "objective.samples=7"]).objective.samples == 7
    with pytest.raises(RecipeError, match=r"objective\.samples"):
        recipe.with_settings(["objective.kind=importance_weighted", "objective.samples=0"])
    with pytest.raises(RecipeError, match="'nonesuch'"):
        recipe.with_settings(["objective.kind=nonesuch"])
