"""Tied weights and greedy layer-wise stages of the stacked autoencoder."""

from __future__ import annotations

import copy
import itertools

import pytest
import torch

from explorer.models.stacked import StackedAutoencoder, StackedConfig

SIZES = [20, 9, 6, 3]


def build(tied: bool, pretrain_epochs: int = 0, shape: tuple[int, ...] = (1, 4, 5)) -> StackedAutoencoder:
    torch.manual_seed(0)
    config = StackedConfig(hidden=(9, 6), latent_dim=3, activation="tanh", tied=tied, pretrain_epochs=pretrain_epochs)
    return config.build(shape)


def weights(part: torch.nn.Sequential) -> list[torch.Tensor]:
    return [module.weight for module in part if hasattr(module, "weight")]


def assert_tied(model: StackedAutoencoder) -> None:
    for up, down in zip(weights(model.encoder), reversed(weights(model.decoder)), strict=True):
        assert torch.equal(down, up.T)


def test_tied_weights_stay_tied_through_training_copies_and_files() -> None:
    model, x = build(tied=True), torch.rand(8, 1, 4, 5)
    before = [w.clone() for w in weights(model.encoder)]
    optimiser = torch.optim.Adam(model.parameters(), lr=0.01)
    for _ in range(3):
        optimiser.zero_grad()
        model.loss(x, x).total.backward()
        optimiser.step()
    assert not any(torch.equal(a, b) for a, b in zip(before, weights(model.encoder), strict=True))
    assert_tied(model)
    twin = copy.deepcopy(model)
    with torch.no_grad():
        weights(twin.encoder)[0].add_(1)
    assert_tied(twin)
    loaded = build(tied=True)
    loaded.load_state_dict(twin.state_dict())
    assert_tied(loaded)
    assert torch.equal(loaded(x), twin(x))


def test_tied_weights_are_counted_once() -> None:
    matrices = sum(a * b for a, b in itertools.pairwise(SIZES))
    biases = sum(SIZES[1:]) + sum(SIZES[:-1])
    for tied, copies in ((True, 1), (False, 2)):
        model = build(tied)
        assert sum(p.numel() for p in model.parameters()) == copies * matrices + biases
        assert sum(v.numel() for v in model.state_dict().values()) == copies * matrices + biases


def test_gradient_of_a_tied_weight_is_the_sum_of_both_its_uses() -> None:
    tied, free, x = build(tied=True), build(tied=False), torch.rand(8, 1, 4, 5)
    with torch.no_grad():
        for source, target in ((tied.encoder, free.encoder), (tied.decoder, free.decoder)):
            for a, b in zip(source, target, strict=True):
                if hasattr(a, "weight"):
                    b.weight.copy_(a.weight)
                    b.bias.copy_(a.bias)
    for model in (tied, free):
        model.loss(x, x).total.backward()
    pairs = zip(weights(tied.encoder), weights(free.encoder), reversed(weights(free.decoder)), strict=True)
    for w, up, down in pairs:
        torch.testing.assert_close(w.grad, up.grad + down.grad.T)


def test_without_pretraining_there_is_one_stage() -> None:
    assert [stage.name for stage in build(tied=False).stages()] == ["end to end"]


@pytest.mark.parametrize("tied", [False, True])
@pytest.mark.parametrize("shape", [(1, 4, 5), (20,)])
def test_greedy_stages_rebuild_the_codes_below(tied: bool, shape: tuple[int, ...]) -> None:
    model = build(tied, pretrain_epochs=4, shape=shape)
    x = 2 + 3 * torch.rand(16, *shape)
    model.fit_input([x])
    *greedy, last = model.stages()
    assert [stage.epochs for stage in greedy] == [4, 4, 4]
    assert last.epochs is None
    h = model.input(x).flatten(1)
    for k, stage in enumerate(greedy):
        inputs = stage.inputs(x)
        # The first stage gets the items themselves, which the trainer corrupts; the others the code so far.
        torch.testing.assert_close(inputs, x if k == 0 else h)
        layer = [module for module in model.encoder if isinstance(module, torch.nn.Linear)][k]
        # The innermost code is linear.
        h = layer(h) if k == len(greedy) - 1 else torch.tanh(layer(h))
    torch.testing.assert_close(h, model.encode(x))


def test_greedy_training_lowers_each_layers_loss_and_touches_no_other_layer() -> None:
    model, x = build(tied=False, pretrain_epochs=1), torch.rand(64, 1, 4, 5)
    for stage in model.stages()[:-1]:
        trained = {id(p) for p in stage.modules.parameters()}
        others = [(p, p.clone()) for p in model.parameters() if id(p) not in trained]
        inputs = stage.inputs(x)
        optimiser = torch.optim.Adam(stage.modules.parameters(), lr=0.01)
        losses = []
        for _ in range(60):
            optimiser.zero_grad()
            loss = stage.loss(inputs, inputs, None).total
            loss.backward()
            optimiser.step()
            losses.append(loss.item())
        assert losses[-1] < 0.8 * losses[0]
        assert all(torch.equal(p, kept) for p, kept in others)


@pytest.mark.parametrize("tied", [False, True])
@pytest.mark.parametrize("shape", [(1, 4, 5), (20,)])
def test_the_outer_layers_alone_reconstruct_as_their_weights_say(tied: bool, shape: tuple[int, ...]) -> None:
    model, x = build(tied, shape=shape), torch.rand(7, *shape)
    torch.testing.assert_close(model.forward_through(x, 3), model(x))
    up, down = model.encoder[0 if len(shape) == 1 else 1], weights_and_bias(model)
    h = torch.tanh(x.flatten(1) @ up.weight.T + up.bias)
    expected = h @ down[0].T + down[1]
    expected = expected.reshape(x.shape)
    torch.testing.assert_close(model.forward_through(x, 1), expected if len(shape) == 1 else torch.sigmoid(expected))


def weights_and_bias(model: StackedAutoencoder) -> tuple[torch.Tensor, torch.Tensor]:
    """Of the outermost layer of the decoder."""
    last = [module for module in model.decoder if hasattr(module, "weight")][-1]
    return last.weight, last.bias
