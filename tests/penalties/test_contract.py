"""What every registered penalty promises, whichever it is, and which models take one."""

from __future__ import annotations

from typing import Any

import pydantic
import pytest
import torch
from torch import nn

from explorer.core.errors import RecipeError
from explorer.penalties import REGISTRY, AnyPenalty, Penalty
from explorer.recipe import Recipe
from explorer.training import train

ANY_PENALTY: pydantic.TypeAdapter[Penalty] = pydantic.TypeAdapter(AnyPenalty)
FAMILIES: dict[str, dict[str, Any]] = {
    "undercomplete": {"family": "undercomplete", "hidden": [12], "latent_dim": 3},
    "stacked": {"family": "stacked", "hidden": [12], "latent_dim": 3, "pretrain_epochs": 1},
    "convolutional": {"family": "convolutional", "channels": [4], "latent_dim": 3},
}

every_penalty = pytest.mark.parametrize("penalty", [cls() for cls in REGISTRY.values()], ids=list(REGISTRY))


def generator(seed: int = 1) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def encoder() -> nn.Module:
    with torch.random.fork_rng():
        torch.manual_seed(0)
        return nn.Sequential(nn.Flatten(), nn.Linear(12, 5))


def items(n: int = 6) -> torch.Tensor:
    return torch.rand(n, 1, 3, 4, generator=generator(0))


@every_penalty
def test_gives_codes_of_the_same_shape_and_finite_terms(penalty: Penalty) -> None:
    encode, x = encoder(), items()
    z, terms = penalty(encode, x, generator())
    assert z.shape == encode(x).shape
    assert z.isfinite().all()
    for value, weight in terms.values():
        assert value.shape in ((), (len(x),)), "of the batch, or of each item"
        assert value.isfinite().all()
        assert weight >= 0


@every_penalty
def test_the_encoder_learns_through_it(penalty: Penalty) -> None:
    encode = encoder()
    z, terms = penalty(encode, items(), generator())
    torch.stack([z.square().sum(), *(value.mean() * weight for value, weight in terms.values())]).sum().backward()
    assert all(weights.grad is not None and weights.grad.abs().sum() > 0 for weights in encode.parameters())


@every_penalty
def test_the_generator_decides_and_the_global_one_is_left_alone(penalty: Penalty) -> None:
    encode, x = encoder(), items()
    before = torch.random.get_rng_state()
    first, again = (penalty(encode, x, generator(3)) for _ in range(2))
    assert torch.equal(first[0], again[0])
    assert {k: v.tolist() for k, (v, _) in first[1].items()} == {k: v.tolist() for k, (v, _) in again[1].items()}
    assert torch.equal(torch.random.get_rng_state(), before)


@every_penalty
def test_says_what_it_is_and_travels_as_json(penalty: Penalty) -> None:
    assert ANY_PENALTY.validate_json(penalty.model_dump_json()) == penalty
    assert type(ANY_PENALTY.validate_python({"kind": penalty.model_dump()["kind"]})) is type(penalty)
    assert all((penalty.title, penalty.summary, penalty.formula, penalty.reference))
    for name, field in type(penalty).model_fields.items():
        assert name == "kind" or (field.title and field.description), name
    with pytest.raises(pydantic.ValidationError, match="colour"):
        type(penalty).model_validate({"colour": "pink"})
    with pytest.raises(pydantic.ValidationError, match="frozen"):
        penalty.kind = "other"  # type: ignore[attr-defined]


@every_penalty
@pytest.mark.parametrize("family", FAMILIES)
def test_a_recipe_with_it_trains_and_its_checkpoint_decodes(penalty: Penalty, family: str) -> None:
    recipe = Recipe.parse(
        {
            "data": {"dataset": "digits", "limit": 128},
            "model": FAMILIES[family],
            "penalty": penalty.model_dump(),
            "training": {"epochs": 1, "batch_size": 64, "device": "cpu"},
        }
    )
    assert Recipe.parse(recipe.model_dump(mode="json")) == recipe
    *_, last = train(recipe)
    assert last.checkpoint.card.recipe.penalty == penalty
    assert last.checkpoint.model.penalty == penalty
    assert last.checkpoint.decode([[0.0, 0.0, 0.0]]).shape == (1, 1, 8, 8)


@pytest.mark.parametrize(
    "model",
    [
        {"family": "variational", "latent_dim": 3},
        {"family": "photo"},
        {"family": "convolutional", "downsampling": "pooled", "upsampling": "unpooling"},
    ],
    ids=["variational", "photo", "unpooling"],
)
def test_a_model_without_a_place_for_one_says_so_and_the_hint_works(model: dict[str, Any]) -> None:
    recipe = Recipe.parse({"model": model, "penalty": {"kind": "nested_dropout"}})
    with pytest.raises(RecipeError, match="takes no penalty") as caught:
        recipe.build((1, 16, 16))
    assert "penalty=none" in caught.value.hint
    recipe.with_settings(["penalty=none"]).build((1, 16, 16))
    for family in ("undercomplete", "stacked"):
        assert family in caught.value.hint
        recipe.model_copy(update={"model": Recipe.parse({"model": {"family": family}}).model}).build((1, 16, 16))
