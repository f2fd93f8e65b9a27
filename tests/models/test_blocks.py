"""Pooling and its inverse, tied layers, and standardisation, against definitions written out."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from explorer.core.errors import RecipeError
from explorer.models.blocks import (
    DenseOptions,
    Pool,
    Standardise,
    TiedLinear,
    Unpool,
    Unstandardise,
    dense_layers,
    image_sizes,
)
from explorer.models.branches import Branches
from explorer.models.quantised import QuantisedAutoencoder
from explorer.models.residual import DenseResidual, MapResidual
from explorer.recipe import Recipe

sizes = st.integers(1, 11)


def maps(h: int, w: int) -> torch.Tensor:
    """Positive and all different, so that each maximum has one place."""
    order = torch.randperm(2 * 3 * h * w, generator=torch.Generator().manual_seed(h * 100 + w))
    return (order.float() + 1).reshape(2, 3, h, w)


def brute_pool(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Maximum of each window, and a map with everything but the maxima set to 0."""
    n, c, h, w = x.shape
    pooled, kept = np.zeros((n, c, -(-h // 2), -(-w // 2)), x.dtype), np.zeros_like(x)
    for i, j in np.ndindex(pooled.shape[2:]):
        window = x[:, :, 2 * i : 2 * i + 2, 2 * j : 2 * j + 2]
        pooled[:, :, i, j] = window.max((2, 3))
        kept[:, :, 2 * i : 2 * i + 2, 2 * j : 2 * j + 2] = np.where(
            window == window.max((2, 3), keepdims=True), window, 0
        )
    return pooled, kept


@pytest.mark.slow
@given(h=sizes, w=sizes)
def test_unpooling_puts_each_maximum_back_where_it_was(h: int, w: int) -> None:
    x = maps(h, w)
    pooled, kept = (torch.from_numpy(v) for v in brute_pool(x.numpy()))
    pool, unpool = Pool(), Unpool((h, w))
    values, switches = pool.with_switches(x)
    assert torch.equal(values, pooled)
    assert torch.equal(pool(x), pooled)
    back = unpool.with_switches(values, switches)
    assert torch.equal(back, kept)
    again, same_switches = pool.with_switches(back)
    assert torch.equal(again, values)
    assert torch.equal(same_switches, switches)


@given(h=sizes, w=sizes)
@pytest.mark.slow
def test_unpooling_without_switches_fills_the_top_left_of_each_window(h: int, w: int) -> None:
    pooled = Pool()(maps(h, w))
    back = Unpool((h, w))(pooled)
    assert back.shape == (2, 3, h, w)
    assert torch.equal(back[:, :, ::2, ::2], pooled)
    assert int((back != 0).sum()) == pooled.numel()
    assert torch.equal(Pool()(back), pooled)


def test_tied_layer_is_the_transpose_with_a_bias_of_its_own() -> None:
    layer = torch.nn.Linear(5, 3)
    tied = TiedLinear(layer)
    with torch.no_grad():
        tied.bias.copy_(torch.arange(5.0))
        layer.weight.mul_(2)  # what the encoder becomes, the decoder is
    h = torch.rand(4, 3)
    torch.testing.assert_close(tied(h), h @ layer.weight + torch.arange(5.0))
    assert [name for name, _ in tied.named_parameters()] == ["bias"]


def test_standardise_and_back() -> None:
    x = torch.tensor([[1.0, 1e6, 0.1], [3.0, 1e6, 0.1], [5.0, 1e6, 0.1]])
    forward, back = Standardise(3), Unstandardise(3)
    forward.fit([x])
    back.copy_from(forward)
    # (x - 3) / sqrt(8 / 3); a constant column is centred and keeps its unit.
    expected = torch.tensor([[-1.224745, 0, 0], [0, 0, 0], [1.224745, 0, 0]])
    torch.testing.assert_close(forward(x), expected)
    torch.testing.assert_close(back(forward(x)), x)


def test_image_sizes_round_up_and_refuse_what_cannot_be_halved() -> None:
    assert image_sizes((3, 33, 20), 3) == [(33, 20), (17, 10), (9, 5), (5, 3)]
    with pytest.raises(RecipeError, match="cannot be halved 4 times") as caught:
        image_sizes((1, 7, 5), 4)
    assert "at most 3" in caught.value.hint
    with pytest.raises(RecipeError, match="needs images"):
        image_sizes((11,), 1)


def test_dense_bodies_are_normalised_and_drop_units_where_they_are_hidden() -> None:
    """Of each item mean 0 and variance 1 over the units; a share of them 0 and the others larger by 1 / (1 - share)."""
    torch.manual_seed(0)
    layers = dense_layers([6, 40, 30, 2], DenseOptions("relu", layer_norm=True, dropout=0.25), last=False)
    kinds = [nn.Linear, nn.LayerNorm, nn.ReLU, nn.Dropout]
    assert [type(layer) for layer in layers] == [*kinds, *kinds, nn.Linear]
    normalised = nn.Sequential(*layers[:2])(torch.randn(5, 6) * 7 + 3)
    torch.testing.assert_close(normalised.mean(1), torch.zeros(5), atol=1e-5, rtol=0)
    torch.testing.assert_close(normalised.var(1, correction=0), torch.ones(5), atol=1e-3, rtol=0)
    dropped = layers[3](torch.ones(200, 40))
    assert dropped.unique().tolist() == pytest.approx([0, 4 / 3])
    assert abs((dropped == 0).float().mean() - 0.25) < 4 * (0.25 * 0.75 / 8000) ** 0.5
    last = dense_layers([6, 4], DenseOptions("gelu", layer_norm=True), last=True)
    assert [type(layer) for layer in last] == [nn.Linear, nn.LayerNorm, nn.GELU]


@pytest.mark.parametrize(
    "model",
    [
        {"family": "undercomplete", "linear": True, "dropout": 0.1},
        {"family": "undercomplete", "linear": True, "layer_norm": True},
        {"family": "variational", "body": "convolutional", "layer_norm": True},
    ],
)
def test_a_body_without_hidden_dense_layers_refuses_both(model: dict[str, Any]) -> None:
    with pytest.raises(RecipeError, match="layer normalisation"):
        Recipe.parse({"model": model})


@pytest.mark.parametrize(("layer_norm", "is_line"), [(False, False), (True, True)])
def test_residual_blocks_add_what_two_layers_make_of_the_activated_values(layer_norm: bool, is_line: bool) -> None:
    torch.manual_seed(0)
    h = torch.randn(4, 6)
    block = DenseResidual(6, nn.ReLU, layer_norm, dropout=0.0).eval()
    first, second = (module for module in block.modules() if isinstance(module, nn.Linear))
    norm = nn.functional.layer_norm if layer_norm else lambda values, _: values
    inner = nn.functional.linear(norm(h, (6,)).relu(), first.weight, first.bias)
    wanted = h + nn.functional.linear(norm(inner, (6,)).relu(), second.weight, second.bias)
    torch.testing.assert_close(block(h), wanted)
    x = torch.randn(2, 3, 1 if is_line else 5, 4)
    block_of_maps = MapResidual(3, nn.ReLU, batch_norm=False, is_line=is_line).eval()
    first, second = (module for module in block_of_maps.modules() if isinstance(module, nn.Conv2d))
    around = (0, 1) if is_line else (1, 1)
    inner = nn.functional.conv2d(x.relu(), first.weight, first.bias, padding=around)
    wanted = x + nn.functional.conv2d(inner.relu(), second.weight, second.bias, padding=around)
    torch.testing.assert_close(block_of_maps(x), wanted)
    with torch.no_grad():
        second.weight.zero_()
        assert second.bias is not None
        second.bias.zero_()
    assert torch.equal(block_of_maps(x), x), "the way past it is the identity"


def _without_blocks(model: nn.Module) -> list[nn.Parameter]:
    """The weights of a model whose residual blocks add nothing, in order, without those of the blocks."""
    within = {
        id(tensor) for module in model.modules() if isinstance(module, Branches) for tensor in module.parameters()
    }
    kept = [tensor for tensor in model.parameters() if id(tensor) not in within]
    with torch.no_grad():
        for tensor in model.parameters():
            if id(tensor) in within:
                tensor.zero_()
    return kept


@pytest.mark.parametrize(
    "model",
    [
        {"family": "stacked", "hidden": [7, 5], "latent_dim": 3, "pretrain_epochs": 1},
        {"family": "quantised", "body": "dense", "hidden": [6], "places": 2, "latent_dim": 3, "prior_epochs": 0},
        {"family": "quantised", "channels": [3, 4], "latent_dim": 3, "prior_epochs": 0},
    ],
)
def test_blocks_that_add_nothing_leave_the_model_without_them(model: dict[str, Any]) -> None:
    x = torch.rand(5, 1, 8, 8, generator=torch.Generator().manual_seed(0))
    plain = Recipe.parse({"model": model}).build((1, 8, 8)).eval()
    blocked = Recipe.parse({"model": model | {"residual_blocks": 2}}).build((1, 8, 8)).eval()
    assert not torch.allclose(blocked(x), plain(x), atol=1e-5)
    for half in (blocked.encoder, blocked.decoder):
        assert any(isinstance(module, Branches) for module in half.modules()), "both halves have them"
    with torch.no_grad():
        for own, other in zip(_without_blocks(blocked), plain.parameters(), strict=True):
            own.copy_(other)
        if isinstance(plain, QuantisedAutoencoder) and isinstance(blocked, QuantisedAutoencoder):
            blocked.codebook.load_state_dict(plain.codebook.state_dict())
    torch.testing.assert_close(blocked(x), plain(x))


def test_tied_weights_take_no_blocks() -> None:
    with pytest.raises(RecipeError, match="residual_blocks"):
        Recipe.parse({"model": {"family": "stacked", "tied": True, "residual_blocks": 1}})
