"""Conditional variational autoencoders: each label's part against what it stands for, and what knowing it is worth."""

from __future__ import annotations

import copy
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from sklearn.svm import SVC
from torch import nn

from explorer import checkpoints, data
from explorer.checkpoints import VectorCheckpoint
from explorer.core.errors import ExplorerError, RecipeError, TrainingError
from explorer.core.intervals import rate
from explorer.data import Dataset
from explorer.evaluation.measures import telling
from explorer.latent import sampling
from explorer.models.label_conditions import LabelledLayer
from explorer.recipe import Recipe
from explorer.training import train


def recipe(epochs: int = 2, dataset: str = "digits", batch: int = 64, **model: Any) -> Recipe:
    settings = {"family": "variational", "hidden": [16], "latent_dim": 3, "conditional": True} | model
    training = {"epochs": epochs, "batch_size": batch, "learning_rate": 4e-3, "device": "cpu"}
    return Recipe.parse({"name": "told", "data": {"dataset": dataset}, "model": settings, "training": training})


def trained(asked: Recipe, dataset: Dataset | None = None) -> VectorCheckpoint:
    *_, last = train(asked, dataset)
    return checkpoints.with_codes(last.checkpoint)


# --- The layer --------------------------------------------------------------------------------------------------------


def test_a_labels_part_is_that_of_its_one_hot_vector_appended_to_the_input() -> None:
    torch.manual_seed(0)
    layer = LabelledLayer(nn.Linear(5, 7), 3)
    whole = nn.Linear(8, 7)
    whole.weight.data = torch.cat([layer.layer.weight, layer.shift.T], 1).detach()
    whole.bias.data = layer.layer.bias.detach()
    x, labels = torch.randn(4, 5), torch.tensor([2, 0, 0, 1])
    wanted = whole(torch.cat([x, nn.functional.one_hot(labels, 3)], 1))
    layer.labels = labels
    torch.testing.assert_close(layer(x), wanted)
    # Several codes an item, as an importance-weighted bound draws them: one round of items after the other.
    torch.testing.assert_close(layer(x.repeat(3, 1)), wanted.repeat(3, 1))
    torch.testing.assert_close(layer.plain(2)(x[:1]), wanted[:1])
    torch.testing.assert_close(layer.with_label_input()(torch.cat([x, nn.functional.one_hot(labels, 3)], 1)), wanted)


BODIES = {
    "dense": {},
    "convolutional": {"body": "convolutional", "channels": [4, 6], "batch_norm": True},
    "importance weighted": {},
}


@pytest.mark.parametrize("body", BODIES)
def test_given_a_label_it_is_an_ordinary_model_that_can_be_kept(body: str, tmp_path: Path) -> None:
    asked = recipe(1, **BODIES[body])
    if body == "importance weighted":
        asked = asked.with_settings(["objective.kind=importance_weighted", "objective.samples=3"])
    digits = data.dataset("digits")
    model = checkpoints.with_codes(checkpoints.load(checkpoints.save(trained(asked), tmp_path / "told.safetensors")))
    fives = np.flatnonzero(np.asarray(digits.labels) == 5)[:20]
    labels = model.labels_of(digits, fives)
    kept = checkpoints.save(model.given("5"), tmp_path / "five.safetensors")
    five = checkpoints.with_codes(checkpoints.load(kept))
    assert (five.card.given, five.labels, five.card.title) == ("5", (), "told, label 5")
    np.testing.assert_allclose(five.encode(digits.x[fives]), model.encode(digits.x[fives], labels), atol=1e-5)
    codes = model.encode(digits.x[fives], labels)
    np.testing.assert_allclose(five.decode(codes), model.decode(codes, labels), atol=1e-5)
    one_hot = np.eye(10, dtype=np.float32)[labels]
    chain = nn.Sequential(*model.model.label_chain())
    np.testing.assert_allclose(chain(torch.from_numpy(np.hstack([codes, one_hot]))), five.decode(codes), atol=1e-5)
    four = model.given("4").decode(codes)
    assert np.abs(four - five.decode(codes)).max() > 1e-3, "another label is another picture"
    with pytest.raises(ExplorerError, match="was given the label 5"):
        five.given("4")


# --- Labels -----------------------------------------------------------------------------------------------------------


def test_labels_are_found_by_their_names_and_missing_ones_are_asked_for() -> None:
    model, digits = trained(recipe(1)), data.dataset("digits")
    turned = replace(digits, labels=9 - np.asarray(digits.labels), label_names=tuple(reversed(digits.label_names)))
    rows = np.arange(50)
    np.testing.assert_array_equal(model.labels_of(turned, rows), model.labels_of(digits, rows))
    with pytest.raises(ExplorerError, match="conditional on the label, and none is said") as caught:
        model.encode(digits.x[:3])
    assert "given('0')" in caught.value.hint
    with pytest.raises(ExplorerError, match="Digits 8x8 has no labels"):
        model.labels_of(replace(digits, labels=None, label_names=()), rows)
    other = replace(digits, label_names=tuple("abcdefghi9"))
    with pytest.raises(ExplorerError, match="of 50 items of Digits 8x8 have none of its labels"):
        model.labels_of(other, rows)
    with pytest.raises(ExplorerError, match="knows no label 'x'"):
        model.given("x")
    assert model.encode(digits.x[:0], np.zeros(0, np.int64)).shape == (0, 3)


def test_a_label_that_nothing_was_learnt_of_is_not_offered() -> None:
    asked = recipe(1).with_settings(['data.classes=["2", "7"]'])
    model = trained(asked)
    assert model.labels == ("2", "7")
    assert model.model.label_counts.tolist()[1:3] == [0, int((data.dataset("digits").train.labels == 2).sum())]
    with pytest.raises(ExplorerError, match="knows no label '3'"):
        model.given("3")


def test_where_there_is_no_label_to_tell_the_training_says_so() -> None:
    digits = data.dataset("digits")
    unlabelled = replace(digits, labels=None, label_names=())
    with pytest.raises(TrainingError, match="its items have none"):
        next(train(recipe(1), unlabelled))
    some = np.asarray(digits.labels).copy()
    some[:7] = -1
    with pytest.raises(TrainingError, match="7 of its 1,797 items have none"):
        next(train(recipe(1), replace(digits, labels=some)))
    with pytest.raises(TrainingError, match="the same one, '3'"):
        next(train(recipe(1).with_settings(['data.classes=["3"]'])))
    with pytest.raises(RecipeError, match="VampPrior runs the encoder"):
        recipe(1, prior="vamp").build((1, 8, 8), 10)
    with pytest.raises(RecipeError, match="no dense or convolutional layer"):
        recipe(1, hidden=[]).build((1, 8, 8), 10)


def test_rows_of_a_table_are_told_their_labels() -> None:
    asked = recipe(1, "breast-cancer", likelihood="gaussian")
    model, table = trained(asked), data.dataset("breast-cancer")
    rows = table.splits.test
    labels = model.labels_of(table, rows)
    assert np.isfinite(model.reconstruction_errors(table.x[rows], labels)).all()
    assert set(model.labels) == set(table.label_names)


def test_a_resumed_training_is_told_the_same_labels() -> None:
    events = train(recipe(2))
    state = next(event.snapshot() for number, event in enumerate(events) if hasattr(event, "snapshot") and number > 9)
    *_, resumed = train(recipe(2), resume=state)
    *_, whole = train(recipe(2))
    first, second = (last.checkpoint.model.state_dict() for last in (resumed, whole))
    assert all(torch.equal(first[name], second[name]) for name in second)


# --- What it is worth -------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_samples_are_of_their_label_and_knowing_it_explains_more() -> None:
    """By a classifier that learnt from the same training digits, and by the held-out ELBO of the same test items."""
    digits = data.dataset("digits")
    told, untold = (trained(recipe(40, batch=128, hidden=[96], latent_dim=4, conditional=c)) for c in (True, False))
    judge = SVC(gamma=0.001).fit(digits.train.x.reshape(len(digits.train), -1) / 255 * 16, digits.train.labels)
    z = sampling.sample_prior(told, 40, seed=3)
    right = 0
    for number, label in enumerate(told.labels):
        drawn = told.given(label).decode(z).reshape(40, -1) * 16
        right += int((judge.predict(drawn) == number).sum())
    assert rate(right, 400).low > 0.9
    rows = digits.splits.test
    elbo = {}
    for name, model in (("told", told), ("untold", untold)):
        generator = torch.Generator().manual_seed(0)
        with telling(model, digits, rows):
            elbo[name] = model.model.elbo(digits.tensor(rows), generator).double().numpy()
    gain = elbo["told"] - elbo["untold"]
    assert gain.mean() - 1.96 * gain.std() / np.sqrt(len(gain)) > 0.5, "nats an item"


def test_what_is_told_ends_with_its_block() -> None:
    model = trained(recipe(1)).model
    before = copy.deepcopy(model.state_dict())
    with model.told(torch.tensor([3])):
        model.encode(torch.zeros(2, 1, 8, 8))
    with pytest.raises(ExplorerError, match="no label is said"):
        model.encode(torch.zeros(2, 1, 8, 8))
    assert all(torch.equal(value, before[name]) for name, value in model.state_dict().items())
