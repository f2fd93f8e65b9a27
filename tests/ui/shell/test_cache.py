"""What is kept between reruns: one result for equal values, another for different ones."""

from __future__ import annotations

import copy
import dataclasses
import itertools
from pathlib import Path

import numpy as np
import pytest
import streamlit as st
import torch

from explorer.checkpoints import Checkpoint, VectorCheckpoint
from explorer.noise import GaussianNoise
from explorer.ui.shell.cache import Keyed, cached, cached_resource, key_of


def other_weights(checkpoint: Checkpoint) -> Checkpoint:
    """The same card, and the biases of an encoder's layer moved."""
    model = copy.deepcopy(checkpoint.model)
    with torch.no_grad():
        list(model.encoder.parameters())[-1].add_(0.5)
    return VectorCheckpoint(model, checkpoint.card)


@dataclasses.dataclass(frozen=True, eq=False)
class Point:
    x: np.ndarray
    name: str


class Photo(Keyed):
    def __init__(self, key: str) -> None:
        self.key = key


@cached(max_entries=8)
def code(checkpoint: Checkpoint, x: np.ndarray) -> np.ndarray:
    return checkpoint.encode(x)


def test_checkpoints_of_one_card_and_different_weights_share_no_result(digits_vae, digits):
    x = digits.x[:4]
    other = other_weights(digits_vae)
    assert digits_vae.card == other.card
    np.testing.assert_array_equal(code(digits_vae, x), digits_vae.encode(x))
    np.testing.assert_array_equal(code(other, x), other.encode(x))
    assert not np.array_equal(code(digits_vae, x), code(other, x))


def test_equal_values_share_a_result(digits_vae, digits):
    st.cache_data.clear()
    calls = []

    @cached(max_entries=8)
    def error(checkpoint: Checkpoint, x: np.ndarray, scale: float = 1.0) -> float:
        calls.append(scale)
        return scale * float(checkpoint.reconstruction_errors(x).sum())

    twin = VectorCheckpoint(copy.deepcopy(digits_vae.model), digits_vae.card.model_copy())
    x = digits.x[:3]
    values = [error(digits_vae, x), error(twin, x.copy(), 1.0), error(x=x, checkpoint=twin)]
    assert len(set(values)) == 1
    assert calls == [1.0], "computed once, however it is called"
    assert error(twin, x, 2.0) == 2 * values[0]


def test_a_cached_result_is_copied_and_a_resource_is_not():
    @cached(max_entries=2)
    def copied(n: int) -> list[int]:
        return [n]

    @cached_resource(max_entries=2)
    def shared(n: int) -> list[int]:
        return [n]

    copied(1).append(5)
    assert copied(1) == [1]
    assert shared(1) is shared(1)


def test_functions_keep_their_results_apart_and_forget_them_when_they_are_rewritten():
    @cached(max_entries=2)
    def step(n: int) -> int:
        return n + 1

    before = step

    @cached(max_entries=2)
    def step(n: int) -> int:
        return n - 1

    @cached(max_entries=2)
    def other(n: int) -> int:
        return 10 * n

    assert (before(3), step(3), other(3), before(3)) == (4, 2, 30, 4)


def test_every_pair_of_different_values_has_different_keys(digits_vae, digits):
    values = [
        None, True, 1, 1.0, "1", b"1", "None", (1,), [1], ((1,),), (1, 2), ("1, 2",), ("1", "2"),
        {"a": 1}, {"b": 1}, Path("1"),
        np.arange(4), np.arange(4.0), np.arange(4).reshape(2, 2), np.arange(1, 5), np.float32(1), np.float64(1),
        GaussianNoise(sigma=0.1), GaussianNoise(sigma=0.2), Point(np.arange(3), "a"), Point(np.arange(3), "b"),
        Point(np.arange(1, 4), "a"), Photo("a"), Photo("b"), digits_vae, other_weights(digits_vae), digits,
        dataclasses.replace(digits, splits=dataclasses.replace(digits.splits, note="cut by seed 1")),
    ]  # fmt: skip
    for a, b in itertools.combinations(values, 2):
        assert key_of(a) != key_of(b), (a, b)
    assert key_of(1, 2) != key_of(12)


def test_an_array_is_known_by_its_numbers_however_it_lies_in_memory():
    x = np.random.default_rng(0).normal(size=(6, 4))
    assert key_of(x) == key_of(np.asfortranarray(x)) == key_of(x.copy()[:])
    assert key_of(x[::2]) == key_of(x[::2].copy())


@pytest.mark.parametrize("value", [torch.zeros(2), torch.nn.Linear(1, 1), object(), len, {1, 2}, np.array([object()])])
def test_what_has_no_key_is_refused_and_named(value):
    @cached(max_entries=2)
    def identity(value: object) -> object:
        return value

    with pytest.raises(TypeError, match=f"identity.*{type(value).__qualname__}"):
        identity(value)


def test_no_other_module_keeps_results_by_itself():
    """One place makes keys: a page that called Streamlit's caches would write its own."""
    folder = Path(__file__).parents[3] / "explorer" / "ui"
    users = {str(path.relative_to(folder)) for path in folder.rglob("*.py") if "st.cache_" in path.read_text("utf-8")}
    assert users == {"shell/cache.py"}
