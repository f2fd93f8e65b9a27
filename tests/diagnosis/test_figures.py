"""The figures of findings, against closed forms, SciPy, scikit-learn and networks that were made by hand."""

from __future__ import annotations

import dataclasses
import json
import math
from typing import Any

import numpy as np
import pytest
import scipy.stats
import torch
from sklearn.linear_model import LinearRegression
from torch import nn

from explorer import checkpoints
from explorer.data import Dataset
from explorer.data.splits import Splits
from explorer.diagnosis import EXAMINATIONS, TrainingRecord
from explorer.diagnosis.layers import layer_outputs
from explorer.diagnosis.signs.code_use import explained_by
from explorer.diagnosis.signs.collapse import active_units, mutual_information
from explorer.diagnosis.signs.divergence import spikes
from explorer.diagnosis.signs.fit import gap
from explorer.diagnosis.signs.repeated_items import digests
from explorer.diagnosis.signs.sorted_classes import shares_apart
from explorer.recipe import Recipe
from explorer.training import train
from explorer.training.step_figures import StepFigures

RNG = np.random.default_rng(0)


def test_information_of_codes_that_are_far_apart_is_that_of_naming_the_item() -> None:
    mu = 100.0 * np.arange(50.0)[:, None]
    assert mutual_information(mu, np.full((50, 1), -4.0)) == pytest.approx(math.log(50), abs=1e-6)
    assert mutual_information(np.zeros((50, 3)), np.full((50, 3), 0.3)) == pytest.approx(0, abs=1e-9)


def test_information_of_a_gaussian_channel() -> None:
    signal, noise = 2.0, 1.0
    mu = signal * RNG.standard_normal((2000, 1))
    logvar = np.full((2000, 1), math.log(noise**2))
    expected = 0.5 * math.log(1 + signal**2 / noise**2)
    assert mutual_information(mu, logvar, seed=1) == pytest.approx(expected, abs=0.05)
    assert math.isfinite(mutual_information(mu, np.full((2000, 1), 1e4)))


def test_active_units_are_those_whose_mean_varies() -> None:
    deviations = np.array([1.0, 0.2, 0.05, 0.0])  # variances 1, 0.04, 0.0025, 0; the limit is 0.01
    assert active_units(RNG.standard_normal((5000, 4)) * deviations) == 2


def test_a_spike_undoes_half_of_what_was_gained() -> None:
    losses = np.array([100.0, 60, 50, 74, 45, 74, 40, 39])
    # Gains before: 40, 50, 50, 55, 55, 60; 74 loses 24 of 50 and 29 of 55.
    assert np.flatnonzero(spikes(losses)).tolist() == [5]
    assert not spikes(np.array([10.0, 12, 11])).any()


def test_the_gap_has_welchs_interval() -> None:
    train, held_out = RNG.normal(5, 2, 4000), RNG.normal(6, 3, 3000)
    expected = scipy.stats.ttest_ind(held_out, train, equal_var=False).confidence_interval(0.95)
    measured = gap(train, held_out)
    assert (measured.low, measured.high) == pytest.approx((expected.low, expected.high), rel=1e-3)
    assert measured.value == pytest.approx(held_out.mean() - train.mean())


def test_class_shares_apart() -> None:
    apart, p = shares_apart(np.repeat([0, 1], [60, 40]), np.repeat([0, 1], [30, 20]))
    assert (apart, p) == (pytest.approx(0, abs=1e-12), pytest.approx(1))
    apart, p = shares_apart(np.repeat([0, 1], [50, 50]), np.repeat([1, 2], [25, 25]))
    assert apart == pytest.approx(0.5)
    assert p < 1e-6
    assert shares_apart(np.zeros(5, int), np.zeros(4, int)) == (0.0, 1.0)


def test_explained_variance_is_that_of_a_linear_regression() -> None:
    codes = RNG.standard_normal((400, 3))
    x = codes @ RNG.standard_normal((3, 7)) + RNG.standard_normal((400, 7))
    model = LinearRegression().fit(codes[:200], x[:200])
    left = np.square(x[200:] - model.predict(codes[200:])).sum()
    assert explained_by(codes, x) == pytest.approx(1 - left / np.square(x[200:] - x[:200].mean(0)).sum())
    assert explained_by(np.ones((400, 2)), x) == pytest.approx(0, abs=1e-9)


class ByHand(nn.Module):
    """Layers as they are given."""

    def __init__(self, encoder: list[nn.Module], decoder: list[nn.Module]) -> None:
        super().__init__()
        self.chains = encoder, decoder

    def encoder_chain(self) -> list[nn.Module]:
        return self.chains[0]

    def decoder_chain(self) -> list[nn.Module]:
        return self.chains[1]


def linear(weights: list[list[float]], bias: list[float]) -> nn.Linear:
    layer = nn.Linear(len(weights[0]), len(weights)).requires_grad_(False)
    layer.weight.copy_(torch.tensor(weights))
    layer.bias.copy_(torch.tensor(bias))
    return layer


def test_units_that_are_dead_or_at_their_end_are_counted() -> None:
    x = torch.linspace(0, 1, 64)[:, None]
    # Four ReLU units, of which the second and the last are below zero everywhere; three tanh, of which one is in its
    # middle; a sigmoid as the output, which is no hidden layer.
    model: Any = ByHand(
        [linear([[1], [1], [2], [0]], [0, -2, 0, -1]), nn.ReLU(), nn.Linear(4, 1)],
        [linear([[0], [0.001], [0]], [9, 0, -9]), nn.Tanh(), nn.Linear(3, 1), nn.Sigmoid()],
    )
    with type_checks_off():
        rows = [layer for layer in layer_outputs(model, x) if layer.is_hidden]
    assert [row.called for row in rows] == ["ReLU 2 of the encoder", "Tanh 2 of the decoder"]
    assert rows[0].dead.tolist() == [False, True, False, True]
    assert not rows[0].saturated.any()
    assert rows[1].saturated.tolist() == [True, False, True]


class type_checks_off:  # noqa: N801 - reads as a phrase
    """The model made by hand is none of the program's: the checks of its type are left out."""

    def __enter__(self) -> None:
        import jaxtyping

        self.before = jaxtyping.config.jaxtyping_disable
        jaxtyping.config.update("jaxtyping_disable", True)

    def __exit__(self, *_: object) -> None:
        import jaxtyping

        jaxtyping.config.update("jaxtyping_disable", self.before)


def recipe(**model: Any) -> Recipe:
    return Recipe.parse({"model": {"family": "undercomplete", **model}})


def curves(train: list[float], validation: list[float], finished: str = "completed") -> TrainingRecord:
    history = [
        {"stage": "end to end", "epoch": i + 1, "train": {"total": t}, "validation": {"total": v}}
        for i, (t, v) in enumerate(zip(train, validation, strict=True))
    ]
    return TrainingRecord(recipe(), history, finished, 1000, 100)


@pytest.mark.parametrize(
    ("name", "record", "severity"),
    [
        ("loss rises", curves([10, 5, 4, 30], [9, 5, 4, 9]), "wrong"),
        ("loss rises", curves([10, 5, 4, 3], [9, 5, 4, 3]), None),
        ("loss rises", curves([10, 5, 9, 4, 3, 3, 2, 2], [9] * 8), "note"),
        ("loss rises", curves([10, 5, 9, 4, 9, 3, 2, 2], [9] * 8), "wrong"),
        # 4 of 10 gained is lost again, while the training loss falls; then the same where early stopping ended it.
        ("overfit", curves([20, 10, 5, 2, 1], [20, 12, 10, 12, 14]), "wrong"),
        ("overfit", curves([20, 10, 5, 2, 1], [20, 12, 10, 12, 14], "early stopping"), "note"),
        ("overfit", curves([20, 10, 5, 4, 3], [20, 11, 6, 5, 4.5]), None),
        # The validation loss rises by 6 %, which is less than a tenth of what it had gained.
        ("overfit", curves([90, 10, 5, 4, 3], [90, 12, 5, 5.1, 5.3]), "wrong"),
        ("overfit", curves([90, 10, 5, 4, 3], [90, 12, 5, 5.1, 5.2]), None),
        # It does not rise, but 12 of the 19 gained are missing on it; then it is four times the training loss.
        ("overfit", curves([20, 10, 5, 2, 1], [20, 15, 14, 13.5, 13.4]), "wrong"),
        ("overfit", curves([90, 10, 5, 2, 1], [90, 10, 6, 4.1, 4.0]), "wrong"),
        # Started from trained weights: hardly anything gained, and a gap of 2 %.
        ("overfit", curves([135, 134.9, 134.8, 134.7], [137.8, 137.7, 137.6, 137.5]), None),
        ("underfit", curves([20, 10, 8, 7], [20, 10, 8, 7]), "wrong"),
        ("underfit", curves([20, 4, 3.1, 3, 2.99, 2.985], [20, 4, 3.1, 3, 2.99, 2.985]), None),
        ("underfit", curves([20, 4, 3.1, 3, 2.99, 2.9], [20, 4, 3.1, 3, 2.99, 2.9]), "note"),
        ("underfit", curves([20, 10, 8, 7], [20, 10, 8, 7], "early stopping"), None),
    ],
)
def test_curves(name: str, record: TrainingRecord, severity: str | None) -> None:
    finding = EXAMINATIONS[name].look(record)
    assert (finding.severity if finding else None) == severity


def test_steps_that_lose_what_was_learnt_and_come_back_are_counted_within_their_epoch() -> None:
    def seen(losses: list[float]) -> StepFigures:
        steps = StepFigures()
        for loss in losses:
            steps.see(loss)
        return steps

    noise = 0.2 * np.random.default_rng(0).standard_normal(400)
    calm = (10 + 90 * np.exp(-np.arange(400) / 20) + noise).tolist()
    assert seen(calm).of_epoch() == {}
    assert seen([*calm, 80.0, *calm[-20:]]).of_epoch() == {}  # one step: a batch of unusual items
    twice = [*calm, 60.0, 80.0, 40.0, *calm[-20:], *[70.0] * 5, *calm[-20:]]
    steps = seen(twice)
    restored = StepFigures.of(json.loads(json.dumps(steps.values())))
    assert steps.of_epoch() == restored.of_epoch() == {"excursions": 2, "highest_step": 80.0}
    assert steps.of_epoch() == {}  # the next epoch has none
    assert seen([*calm, 60.0, 58.0]).excursions == 1
    assert seen([*calm, 52.0, 52.0]).excursions == 0  # 42 of 90 lost: less than half
    assert seen([*calm, *[70.0] * 500]).excursions == 1  # a level from then on, which the epochs' means see
    assert seen([5.0, *calm]).excursions <= 1  # nothing gained since the first step

    record = curves([10.0] * 8, [9.0] * 8)
    for epochs, severity in (((1,), "note"), ((5, 6), "wrong"), ((), None)):
        history = [
            e | ({"excursions": 1, "highest_step": 30.0} if e["epoch"] in epochs else {}) for e in record.history
        ]
        finding = EXAMINATIONS["loss rises"].look(dataclasses.replace(record, history=history))
        assert (finding.severity if finding else None) == severity


def test_a_steps_length_is_measured_where_the_gradient_makes_it() -> None:
    asked = Recipe.parse(
        {
            "name": "descent",
            "data": {"dataset": "digits", "limit": 100},
            "model": {"family": "undercomplete", "hidden": []},
            "training": {"optimiser": "sgd", "epochs": 2, "batch_size": 100, "schedule": "constant", "device": "cpu"},
        }
    )
    weights, lengths, longest = [], [], []
    for event in train(asked):
        if event.kind == "step":
            state = event.snapshot().under("model.")
            weights.append(torch.cat([value.flatten() for value in state.values()]).double())
        if event.kind == "epoch":
            entry = event.snapshot().values["history"][-1]
            lengths.append(entry["step_length"])
            longest.append(entry["longest_step"])
    assert len(weights) == 2
    # One step an epoch, so the second epoch's is the way between the two.
    assert lengths[1] == longest[1] == pytest.approx(float((weights[1] - weights[0]).square().mean().sqrt()), rel=1e-3)


def test_the_zero_of_a_density_is_of_no_account() -> None:
    falls = [200.0, 60.0, 8.0, 4.0, 2.0, 0.5]
    density = Recipe.parse({"model": {"family": "variational", "likelihood": "gaussian"}})
    for name in ("underfit", "overfit"):
        for zero in (0.0, 1000.0, -1000.0):
            losses = [value + zero for value in falls]
            record = dataclasses.replace(curves(losses, losses), recipe=density)
            assert EXAMINATIONS[name].look(record) is None
    assert EXAMINATIONS["underfit"].look(curves(falls, falls)) is not None


def test_the_best_epoch_is_counted_from_one() -> None:
    finding = EXAMINATIONS["overfit"].look(curves([20, 10, 5, 2, 1], [20, 12, 10, 12, 14]))
    assert finding.figures[0].value == 3


def of_items(x: np.ndarray, labels: np.ndarray | None, n_train: int, asked: Recipe) -> TrainingRecord:
    rows = np.arange(len(x))
    dataset = Dataset(
        "made",
        "Made",
        x,
        labels,
        ("a", "b", "c"),
        Splits(rows[:n_train], rows[n_train:], rows[:0], ""),
        "",
        "",
        "0" * 64,
    )
    n = len(x)
    return TrainingRecord(asked, (), "", n_train, n - n_train, None, dataset, rows[:n_train], rows[n_train:])


@pytest.mark.parametrize(
    ("x", "share"),
    [
        (np.full((60, 1, 4, 4), 0.5, np.float32), 1.0),
        (np.linspace(0, 1, 60 * 16, dtype=np.float32).reshape(60, 1, 4, 4), 2 / 3),  # E[x (1 - x)] = 1/6, beside 1/4
        ((np.arange(60 * 16) % 3 == 0).astype(np.float32).reshape(60, 1, 4, 4), None),
    ],
)
def test_grey_values_lack_the_variance_of_a_bernoulli_variable(x: np.ndarray, share: float | None) -> None:
    order = np.random.default_rng(1).permutation(x.size)
    x = x.reshape(-1)[order].reshape(x.shape)
    asked = Recipe.parse({"model": {"family": "variational", "likelihood": "bernoulli"}})
    finding = EXAMINATIONS["wrong likelihood"].look(of_items(x, None, 50, asked))
    assert (finding.figures[0].value if finding else None) == (
        None if share is None else pytest.approx(share, abs=0.02)
    )
    other = EXAMINATIONS["wrong likelihood"].look(of_items(x, None, 50, recipe()))
    assert other is None


def test_counts_that_are_often_0_are_no_gaussians() -> None:
    x = np.random.default_rng(0).poisson([0.3, 0.8, 30], (60, 3)).astype(np.float32)
    asked = Recipe.parse({"model": {"family": "variational", "likelihood": "gaussian"}})
    finding = EXAMINATIONS["wrong likelihood"].look(of_items(x, None, 50, asked))
    assert finding.figures[0].value == pytest.approx(2 / 3)
    assert (finding.remedy.field, finding.remedy.value) == ("model.likelihood", "negative_binomial")
    mixed = EXAMINATIONS["wrong likelihood"].look(of_items(x + np.float32([0, 0, 0.5]), None, 50, asked))
    assert mixed.remedy.value == "by_column"
    assert EXAMINATIONS["wrong likelihood"].look(of_items(x + 1, None, 50, asked)) is None


def test_counts_that_vary_more_than_poissons_are_named() -> None:
    random = np.random.default_rng(0)
    values: dict[str, Any] = {"model": {"family": "variational", "hidden": [4], "likelihood": "poisson"}}
    # Of so large a beta the code says nothing, and rates are means.
    values["model"]["beta"] = 100
    values |= {"training": {"epochs": 20, "learning_rate": 0.01, "device": "cpu"}}
    for x, ratio in ((random.poisson(9, (800, 4)), 1), (random.negative_binomial(3, 0.25, (800, 4)), 4)):
        record = of_items(x.astype(np.float32), None, 600, Recipe.parse(values))
        *_, last = train(record.recipe, record.dataset)
        record = dataclasses.replace(record, checkpoint=checkpoints.with_codes(last.checkpoint))
        finding = EXAMINATIONS["wrong likelihood"].look(record)
        assert (finding is None) == (ratio == 1)
    assert finding.figures[0].value == pytest.approx(4, rel=0.15)
    assert finding.remedy.value == "negative_binomial"


def test_repeated_items_are_counted_exactly() -> None:
    x = RNG.integers(0, 255, (120, 1, 3, 3)).astype(np.uint8)
    x[100:107] = x[:7]
    finding = EXAMINATIONS["repeated items"].look(of_items(x, None, 100, recipe()))
    assert finding.figures[0].value == pytest.approx(7 / 20)
    assert len(set(digests(of_items(x, None, 100, recipe()).dataset, np.arange(120)))) == 113
    assert EXAMINATIONS["repeated items"].look(of_items(x[7:100], None, 80, recipe())) is None


def test_sorted_classes_are_seen_and_mixed_ones_are_not() -> None:
    x = RNG.random((300, 4)).astype(np.float32)
    in_order = np.repeat([0, 1, 2], 100)
    finding = EXAMINATIONS["sorted classes"].look(of_items(x, in_order, 200, recipe()))
    assert [round(figure.value, 6) for figure in finding.figures[:2]] == [1.0, 1.0]
    mixed = of_items(x, RNG.permutation(in_order), 200, recipe())
    assert EXAMINATIONS["sorted classes"].look(mixed) is None


def test_a_weights_usual_size_is_that_of_pytorchs_beginning(digits_autoencoder: Any) -> None:
    torch.manual_seed(0)
    fresh = [nn.Linear(64, 500), nn.Linear(100, 500), nn.Linear(900, 500)]
    checkpoint = dataclasses.replace(digits_autoencoder, model=digits_autoencoder.model)
    record = TrainingRecord(digits_autoencoder.card.recipe, (), checkpoint=checkpoint)
    assert record.weight_scale == pytest.approx(
        np.median([1 / math.sqrt(3 * m.in_features) for m in checkpoint.model.modules() if isinstance(m, nn.Linear)])
    )
    for layer in fresh:
        assert float(layer.weight.detach().std()) == pytest.approx(1 / math.sqrt(3 * layer.in_features), rel=0.02)


def test_the_way_of_all_steps_is_the_sum_of_their_lengths() -> None:
    from explorer.training.schedule import learning_rate

    asked = recipe().with_settings(["training.epochs=6", "training.batch_size=64", "training.learning_rate=0.01"])
    history = curves([1.0] * 6, [1.0] * 6).history
    steps = 16  # of 1,000 items
    rates = [learning_rate(asked.training, step / steps, 6, steps) for step in range(6 * steps)]
    assert TrainingRecord(asked, history, "completed", 1000).reach == pytest.approx(sum(rates), rel=0.02)
    other = asked.with_settings(["training.optimiser=sgd"])
    assert TrainingRecord(other, history, "completed", 1000).reach == math.inf
    measured = [{**epoch, "step_length": 0.001 * (1 + i)} for i, epoch in enumerate(history)]
    # Of gradient descent what was measured counts, in full: its mean of 0.0035 over 6 epochs of 16 steps.
    assert TrainingRecord(other, measured, "completed", 1000).reach == pytest.approx(0.0035 * 96)
