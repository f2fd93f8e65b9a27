"""Optimisers, schedules, parts of a batch, averaged weights and what the best epoch is chosen by, each by an oracle."""

from __future__ import annotations

import typing
from collections.abc import Iterator
from itertools import islice
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from explorer.core.errors import TrainingError
from explorer.data import Dataset
from explorer.recipe import Recipe, TrainingPart
from explorer.training import train
from explorer.training.average import WeightAverage
from explorer.training.events import Event, Finished, State
from explorer.training.schedule import learning_rate, plateaus
from explorer.training.step import MOMENTUM, OPTIMISERS, DecoupledSGD


def recipe(family: str = "undercomplete", **training: Any) -> Recipe:
    return Recipe.parse(
        {
            "data": {"dataset": "digits", "limit": 150},
            "model": {"family": family, "hidden": [12], "latent_dim": 3},
            "training": {"epochs": 2, "batch_size": 50, "device": "cpu", **training},
        }
    )


def finished(events: Iterator[Event]) -> Finished:
    *_, event = events
    assert isinstance(event, Finished)
    return event


def weights(event: Finished) -> dict[str, Tensor]:
    assert event.checkpoint is not None
    return event.checkpoint.model.state_dict()


# --- Optimisers ---


def test_every_name_of_a_recipe_has_its_optimiser() -> None:
    assert set(typing.get_args(TrainingPart.model_fields["optimiser"].annotation)) == set(OPTIMISERS)
    weight = nn.Parameter(torch.ones(2))
    kinds = {
        (name, decay): type(make([weight], TrainingPart(optimiser=name, weight_decay=decay), True))
        for name, make in OPTIMISERS.items()
        for decay in (0.0, 0.1)
    }
    assert kinds["adam", 0.0] is torch.optim.Adam
    assert kinds["adam", 0.1] is torch.optim.AdamW
    assert kinds["radam", 0.1] is torch.optim.RAdam
    assert kinds["sgd", 0.1] is DecoupledSGD


def test_decay_of_gradient_descent_shrinks_weights_and_not_gradients() -> None:
    """w <- w (1 - r d) - r (g + m b), b <- m b + g, over three steps (Loshchilov and Hutter 2019; Nesterov)."""
    weight, idle = nn.Parameter(torch.tensor([1.0, -2.0])), nn.Parameter(torch.tensor([3.0]))
    optimiser = DecoupledSGD([weight, idle], lr=0.1, decay=0.5, fused=True)
    w, b = weight.detach().clone(), torch.zeros(2)
    for step in range(3):
        g = torch.tensor([0.3, 0.1]) * (step + 1)
        weight.grad = g.clone()
        optimiser.step()
        b = MOMENTUM * b + g
        w = w * (1 - 0.1 * 0.5) - 0.1 * (g + MOMENTUM * b)
        torch.testing.assert_close(weight.detach(), w)
    assert idle.item() == 3, "what has no gradient is left alone"


@pytest.mark.slow
@pytest.mark.parametrize(
    "training",
    [{"optimiser": "radam", "weight_decay": 0.01}, {"optimiser": "sgd"}, {"average": 0.9, "parts": 2}],
    ids=["radam", "sgd", "average"],
)
def test_a_resumed_run_ends_with_the_same_weights(training: dict[str, Any], digits: Dataset) -> None:
    asked = recipe(**training)
    whole = finished(train(asked, digits))
    for at in (2, 4, 6):
        state = next(islice(train(asked, digits), at, None)).snapshot()  # type: ignore[attr-defined]
        again = weights(finished(train(asked, digits, state)))
        assert all(torch.equal(value, again[name]) for name, value in weights(whole).items())


def test_a_state_of_an_earlier_version_goes_on() -> None:
    asked = recipe()
    state = next(islice(train(asked), 2, None)).snapshot()  # type: ignore[attr-defined]
    values = state.values | {"recipe": {k: v for k, v in state.values["recipe"].items() if k != "objective"}}
    for name in ("optimiser", "average", "parts", "best_by"):
        values["recipe"]["training"].pop(name)
    assert finished(train(asked, resume=State(state.tensors, values))).reason == "completed"


# --- Schedules ---


def test_one_cycle_is_torchs() -> None:
    epochs, steps = 4, 25
    weight = nn.Parameter(torch.zeros(1))
    optimiser = torch.optim.SGD([weight], lr=1.0)
    theirs = torch.optim.lr_scheduler.OneCycleLR(optimiser, 0.02, epochs * steps, cycle_momentum=False)
    asked = TrainingPart(schedule="one_cycle", learning_rate=0.02)
    for step in range(epochs * steps):
        assert learning_rate(asked, step / steps, epochs, steps) == pytest.approx(theirs.get_last_lr()[0]), step
        optimiser.step()
        if step < epochs * steps - 1:
            theirs.step()
    assert learning_rate(asked, 0.0, 1, 1) > 0, "one step alone"


def test_plateaus_are_torchs() -> None:
    losses = (torch.rand(200, generator=torch.Generator().manual_seed(0)) + torch.linspace(1, 0, 200)).tolist()
    optimiser = torch.optim.SGD([nn.Parameter(torch.zeros(1))], lr=1.0)
    theirs = torch.optim.lr_scheduler.ReduceLROnPlateau(optimiser, factor=0.5, patience=6, threshold=0, eps=0)
    for n, loss in enumerate(losses, 1):
        theirs.step(loss)
        assert 0.5 ** plateaus(losses[:n], 7) == pytest.approx(optimiser.param_groups[0]["lr"]), n
    assert plateaus(losses, 7) > 3


def test_a_plateau_halves_the_rate_of_a_training(digits: Dataset) -> None:
    asked = recipe(schedule="plateau", plateau_epochs=1, learning_rate=3.0, optimiser="sgd", epochs=6, clip_norm=1)
    epochs = [event for event in train(asked, digits) if event.kind == "epoch"]
    losses = [event.validation["total"] for event in epochs]  # type: ignore[attr-defined]
    rates = [event.learning_rate for event in epochs]  # type: ignore[attr-defined]
    assert rates == [3.0 * 0.5 ** plateaus(losses[:n], 1) for n in range(6)]
    assert rates[-1] < 3.0, "or the test shows nothing"


# --- Parts ---


def test_parts_of_a_batch_make_the_step_of_the_whole(digits: Dataset) -> None:
    whole, parts = (list(train(recipe(parts=n, learning_rate=0.01), digits)) for n in (1, 3))
    for one, other in zip(whole[1:-1], parts[1:-1], strict=True):
        if one.kind == "step":
            assert one.terms == pytest.approx(other.terms, rel=1e-5)  # type: ignore[attr-defined]
    for name, value in weights(whole[-1]).items():  # type: ignore[arg-type]
        torch.testing.assert_close(value, weights(parts[-1])[name], rtol=1e-4, atol=1e-5)  # type: ignore[arg-type]


# --- Averaged weights ---


def test_the_average_follows_its_formula_and_gives_the_weights_back() -> None:
    model, draws = nn.Linear(3, 2), torch.Generator().manual_seed(0)
    average = WeightAverage(model, 0.6)
    wanted = model.weight.detach().clone()
    for step in range(1, 6):
        with torch.no_grad():
            model.weight.copy_(torch.randn(2, 3, generator=draws))
        average.update(step)
        decay = min(0.6, (1 + step) / (10 + step))
        wanted = decay * wanted + (1 - decay) * model.weight.detach()
    own = model.weight.detach().clone()
    with average.in_place():
        torch.testing.assert_close(model.weight.detach(), wanted)
    assert torch.equal(model.weight.detach(), own)


def test_what_is_validated_and_saved_is_the_average(digits: Dataset) -> None:
    plain, averaged = recipe(epochs=1, learning_rate=0.01), recipe(epochs=1, learning_rate=0.01, average=0.9)
    events = list(train(averaged, digits))
    state = [event for event in events if event.kind == "epoch"][-1].snapshot()  # type: ignore[attr-defined]
    saved = weights(events[-1])  # type: ignore[arg-type]
    for name, value in saved.items():
        torch.testing.assert_close(value, state.tensors[f"average.{name}"])
    own = weights(finished(train(plain, digits)))
    assert all(torch.equal(own[name], state.tensors[f"model.{name}"]) for name in own), "training is as without"
    assert any(not torch.equal(own[name], saved[name]) for name in own)


# --- Dropout ---


@pytest.mark.slow
def test_what_drops_out_is_the_same_after_a_break_and_differs_from_step_to_step(digits: Dataset) -> None:
    asked = recipe().with_settings(["model.dropout=0.5"])
    whole = finished(train(asked, digits))
    state = next(islice(train(asked, digits), 4, None)).snapshot()  # type: ignore[attr-defined]
    torch.manual_seed(99)
    again = weights(finished(train(asked, digits, state)))
    assert all(torch.equal(value, again[name]) for name, value in weights(whole).items())


# --- The best epoch ---


def test_the_best_epoch_is_that_of_the_figure_that_is_named(digits: Dataset) -> None:
    asked = recipe("variational", epochs=5, learning_rate=0.01, best_by="KL")
    event = finished(train(asked, digits))
    assert event.checkpoint is not None
    divergences = [entry["validation"]["KL"] for entry in event.checkpoint.card.history]
    totals = [entry["validation"]["total"] for entry in event.checkpoint.card.history]
    assert event.checkpoint.card.best_epoch == 1 + divergences.index(min(divergences))
    assert divergences.index(min(divergences)) != totals.index(min(totals)), "or the test shows nothing"


def test_early_stopping_waits_for_the_figure_that_is_named(digits: Dataset) -> None:
    asked = recipe("variational", epochs=30, learning_rate=0.01, best_by="KL", patience=2)
    event = finished(train(asked, digits))
    assert event.reason == "early stopping"
    assert event.checkpoint is not None
    assert len(event.checkpoint.card.history) == event.checkpoint.card.best_epoch + 2


def test_a_figure_that_there_is_not_is_named_with_those_that_there_are(digits: Dataset) -> None:
    with pytest.raises(TrainingError, match="no validation figure 'accuracy'") as caught:
        list(train(recipe("variational", best_by="accuracy"), digits))
    assert "total" in caught.value.hint
    assert "KL" in caught.value.hint
