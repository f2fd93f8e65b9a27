"""What every registered corruption promises, whichever it is."""

from __future__ import annotations

from typing import Any

import pydantic
import pytest
import torch

from explorer.noise import REGISTRY, AnyNoise, Noise

ANY_NOISE: pydantic.TypeAdapter[Noise] = pydantic.TypeAdapter(AnyNoise)

every_noise = pytest.mark.parametrize("noise", [cls() for cls in REGISTRY.values()], ids=list(REGISTRY))


def uniform(*shape: int, dtype: torch.dtype = torch.float32) -> torch.Tensor:
    return torch.rand(*shape, generator=torch.Generator().manual_seed(0), dtype=dtype)


def level_schema(noise: Noise) -> dict[str, Any]:
    return type(noise).model_json_schema()["properties"][noise.level_field]


@every_noise
@pytest.mark.parametrize("shape", [(2, 1, 7, 5), (3, 3, 8, 8), (4, 11), (1, 1), (0, 1, 4, 4)])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.bfloat16])
def test_keeps_shape_dtype_and_device(noise: Noise, shape: tuple[int, ...], dtype: torch.dtype) -> None:
    x = uniform(*shape, dtype=dtype)
    x_noisy = noise(x, torch.Generator().manual_seed(1))
    assert (x_noisy.shape, x_noisy.dtype, x_noisy.device) == (x.shape, x.dtype, x.device)
    assert x_noisy.isfinite().all()


@every_noise
def test_same_seed_same_noise_and_another_seed_another(noise: Noise) -> None:
    x = uniform(4, 1, 28, 28)
    first, again, other = (noise(x, torch.Generator().manual_seed(seed)) for seed in (1, 1, 2))
    assert torch.equal(first, again)
    assert not torch.equal(first, other)


@every_noise
def test_without_a_generator_the_global_seed_decides(noise: Noise) -> None:
    x = uniform(4, 1, 28, 28)
    with torch.random.fork_rng():
        torch.manual_seed(3)
        first, second = noise(x), noise(x)
        torch.manual_seed(3)
        again = noise(x)
    assert torch.equal(first, again)
    assert not torch.equal(first, second)


@every_noise
def test_a_given_generator_leaves_the_global_one_alone(noise: Noise) -> None:
    before = torch.random.get_rng_state()
    noise(uniform(4, 11), torch.Generator().manual_seed(1))
    assert torch.equal(torch.random.get_rng_state(), before)


@every_noise
def test_leaves_its_input_alone(noise: Noise) -> None:
    x = uniform(4, 1, 28, 28)
    kept = x.clone()
    x_noisy = noise(x, torch.Generator().manual_seed(1))
    assert torch.equal(x, kept)
    assert not torch.equal(x_noisy, x)


@every_noise
def test_examples_and_neighbours_are_corrupted_independently(noise: Noise) -> None:
    """The errors of two neighbours, and of one place in two examples, are uncorrelated (r has error 1/sqrt(n))."""
    x = torch.full((2, 1, 200, 200), 0.4)
    error = (noise(x, torch.Generator().manual_seed(4)) - x).double()
    between_examples = torch.corrcoef(error.flatten(1))[0, 1].item()
    between_neighbours = torch.corrcoef(torch.stack([error[..., 1:].flatten(), error[..., :-1].flatten()]))[0, 1].item()
    # Values that are lost a block at a time are fewer draws, and neighbours share them.
    assert abs(between_examples) < 4.5 / (40_000 if noise.is_local else 400) ** 0.5
    assert (abs(between_neighbours) < 4.5 / 80_000**0.5) == noise.is_local


@every_noise
def test_round_trip_through_json(noise: Noise) -> None:
    low = level_schema(noise)["minimum"]
    changed = noise.model_copy(update={noise.level_field: low + 1})
    for value in (noise, changed):
        assert ANY_NOISE.validate_json(value.model_dump_json()) == value
    assert changed != noise


@pytest.mark.parametrize("kind", REGISTRY)
def test_kind_chooses_the_class(kind: str) -> None:
    assert type(ANY_NOISE.validate_python({"kind": kind})) is REGISTRY[kind]


@every_noise
def test_level_field_is_a_parameter_that_a_slider_can_show(noise: Noise) -> None:
    schema = level_schema(noise)
    assert schema["minimum"] <= getattr(noise, noise.level_field) <= schema["maximum"]
    assert schema["unit"]
    for name, field in type(noise).model_fields.items():
        if name != "kind":
            assert field.title, name
            assert field.description, name
    assert noise.title
    assert noise.formula


@pytest.mark.parametrize("kind", [kind for kind, cls in REGISTRY.items() if level_schema(cls())["minimum"] == 0])
def test_level_zero_is_no_noise(kind: str) -> None:
    noise = REGISTRY[kind]()
    x = uniform(4, 3, 9, 7)
    assert torch.equal(noise.model_copy(update={noise.level_field: 0.0})(x, torch.Generator().manual_seed(1)), x)


@every_noise
def test_refuses_levels_out_of_range_and_unknown_fields(noise: Noise) -> None:
    schema = level_schema(noise)
    for level in (schema["minimum"] - 1, schema["maximum"] + 1, float("nan"), "loud"):
        with pytest.raises(pydantic.ValidationError, match=noise.level_field):
            type(noise).model_validate({noise.level_field: level})
    with pytest.raises(pydantic.ValidationError, match="colour"):
        type(noise).model_validate({"colour": "pink"})


@every_noise
def test_is_a_frozen_value(noise: Noise) -> None:
    with pytest.raises(pydantic.ValidationError, match="frozen"):
        setattr(noise, noise.level_field, 1.0)
    assert hash(noise) == hash(type(noise)())
