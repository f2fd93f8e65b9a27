"""Items weighed by their label: weights as scikit-learn's, the loss in closed form, and weight 2 as an item twice."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from sklearn.utils.class_weight import compute_class_weight

from explorer.core.errors import ExplorerError, RecipeError, TrainingError
from explorer.data import Dataset
from explorer.data.splits import Splits
from explorer.data.stored import fingerprint
from explorer.objectives import REGISTRY as OBJECTIVES
from explorer.penalties import REGISTRY as PENALTIES
from explorer.recipe import Recipe, weights_by_label
from explorer.training import train
from explorer.training.class_weights import class_weights_of
from explorer.training.events import EpochFinished, Started

N, RARE = 40, 8


def pictures(labels: np.ndarray, twice: bool = False) -> Dataset:
    """Pictures whose label is how bright they are; the rare ones once more at the end, where that is asked for."""
    random = np.random.default_rng(0)
    x = np.clip(random.normal(60 + 120 * labels, 30)[:, None, None, None] + random.normal(0, 20, (N, 1, 3, 3)), 0, 255)
    x = x.astype(np.uint8)
    if twice:
        x, labels = np.concatenate([x, x[labels == 1]]), np.concatenate([labels, labels[labels == 1]])
    rows, nothing = np.arange(len(x)), np.empty(0, np.int64)
    return Dataset(
        name="made",
        title="made",
        x=x,
        labels=labels,
        label_names=("dark", "bright"),
        splits=Splits(rows, nothing, nothing, "all train"),
        licence="",
        source="",
        fingerprint=fingerprint(x, labels),
    )


LABELS = (np.arange(N) >= N - RARE).astype(np.int64)


def recipe(weights: Any = "", model: dict[str, Any] | None = None, **more: Any) -> Recipe:
    return Recipe.parse(
        {
            "model": model or {"family": "undercomplete", "hidden": [5], "latent_dim": 2},
            "training": {"epochs": 4, "batch_size": 64, "schedule": "constant", "optimiser": "sgd", "device": "cpu"}
            | {"learning_rate": 1e-2, "class_weights": weights},
            **more,
        }
    )


def trained(dataset: Dataset, settings: Recipe) -> tuple[dict[str, torch.Tensor], list[EpochFinished], Started]:
    events = list(train(settings, dataset))
    weights = events[-1].checkpoint.model.state_dict()
    return weights, [event for event in events if isinstance(event, EpochFinished)], events[0]


def test_balanced_weights_are_those_of_scikit_learn() -> None:
    dataset = pictures(LABELS)
    ours = class_weights_of(recipe("balanced"), dataset, dataset.splits.train)
    assert ours is not None
    theirs = compute_class_weight("balanced", classes=np.array([0, 1]), y=LABELS)
    np.testing.assert_allclose(ours.by_label, theirs, rtol=1e-6)
    assert "bright 2.5 (n = 8)" in ours.words
    assert f"{N**2 / (theirs[LABELS] ** 2).sum():,.0f} equal items in place of 40" in ours.words


def test_the_loss_is_the_weighted_mean_of_the_items_and_weights_of_1_change_nothing() -> None:
    dataset = pictures(LABELS)
    x = dataset.tensor()
    for model in ({"family": "undercomplete", "hidden": [5]}, {"family": "stacked", "hidden": [5]}):
        plain, of_plain, _ = trained(dataset, recipe(model=model))
        same, of_same, _ = trained(dataset, recipe({"dark": 1, "bright": 1}, model=model))
        assert [e.train for e in of_plain] == [e.train for e in of_same]
        assert all(torch.equal(plain[name], same[name]) for name in plain)
    untrained = recipe({"dark": 1, "bright": 6}, training={"epochs": 1, "batch_size": 64, "learning_rate": 1e-9}
                       | {"class_weights": "dark=1, bright=6", "device": "cpu"})  # fmt: skip
    weights, [only], _ = trained(dataset, untrained)
    network = untrained.build(dataset.event_shape)
    network.load_state_dict(weights)
    with torch.no_grad():
        errors = (network(x) - x).square().flatten(1).sum(1)
    each = torch.tensor([1.0, 6.0])[torch.from_numpy(LABELS)]
    wanted = float((each * errors).sum() / each.sum())
    assert only.train["total"] == pytest.approx(wanted, rel=1e-4)
    assert only.validation["total"] == pytest.approx(wanted, rel=1e-4), "validated as it is trained"


@pytest.mark.parametrize("sizes", [{}, {"parts": 3}])
def test_weight_2_is_as_an_item_twice(sizes: dict[str, int]) -> None:
    once = recipe({"bright": 2})
    once = once.model_copy(update={"training": once.training.model_copy(update=sizes)})
    weighted, of_weighted, _ = trained(pictures(LABELS), once)
    doubled, of_doubled, _ = trained(pictures(LABELS, twice=True), recipe())
    for name in weighted:
        torch.testing.assert_close(weighted[name], doubled[name], rtol=1e-4, atol=1e-6)
    for one, other in zip(of_weighted, of_doubled, strict=True):
        assert one.train["total"] == pytest.approx(other.train["total"], rel=1e-5)
    assert not torch.equal(weighted["decoder.0.weight"], trained(pictures(LABELS), recipe())[0]["decoder.0.weight"])


@pytest.mark.parametrize("kind", sorted(OBJECTIVES))
def test_a_variational_loss_is_weighed_or_refused_with_the_term_that_cannot_be(kind: str) -> None:
    model = {"family": "variational", "hidden": [5], "latent_dim": 2}
    settings = recipe("balanced", model=model, objective={"kind": kind})
    if kind not in ("cyclic", "importance_weighted"):
        with pytest.raises(RecipeError, match="is one of a whole batch, so that its items cannot be weighed"):
            class_weights_of(settings, pictures(LABELS), np.arange(4))  # as the form asks, before anything begins
        return
    _, epochs, started = trained(pictures(LABELS), settings)
    _, plain, _ = trained(pictures(LABELS), recipe(model=model, objective={"kind": kind}))
    assert epochs[-1].train["total"] != plain[-1].train["total"]
    assert "Items count in the loss by their label" in started.read[-1]


@pytest.mark.parametrize("part", ["objective", "penalty"])
def test_what_is_said_to_weigh_items_has_a_value_of_each(part: str) -> None:
    """What is refused at the field is what a loss would refuse: by the terms themselves, of every kind."""
    family = "variational" if part == "objective" else "undercomplete"
    model = {"family": family, "hidden": [5], "latent_dim": 2}
    for kind, told in (OBJECTIVES if part == "objective" else PENALTIES).items():
        built = recipe(model=model, **{part: {"kind": kind}}).build((1, 4, 4)).train()
        x = torch.rand(6, 1, 4, 4, generator=torch.Generator().manual_seed(0))
        loss = built.loss(x, x, torch.Generator().manual_seed(0))
        counted = [name for name, (value, weight) in loss.each.items() if not value.ndim and float(weight) != 0]
        assert told.weighs_items == (not counted), (kind, counted)


@pytest.mark.parametrize(
    ("weights", "words"),
    [({"black": 2}, "no label 'black'"), ({"dark": 0, "bright": 0}, "No training item counts")],
)
def test_what_cannot_be_weighed_is_said(weights: Any, words: str) -> None:
    with pytest.raises(TrainingError, match=words):
        trained(pictures(LABELS), recipe(weights))
    with pytest.raises(TrainingError, match="no labels to weigh"):
        trained(replace(pictures(LABELS), labels=None, label_names=()), recipe("balanced"))


@pytest.mark.parametrize("table", [{"cat": 2, "dog": 0.5}, {"a, b": 1.5, "c=d": 2}, {"0": 3}])
def test_a_table_is_kept_as_text_that_gives_it_back(table: dict[str, float]) -> None:
    settings = recipe(table)
    assert weights_by_label(settings.training.class_weights) == table
    assert recipe(settings.training.class_weights) == settings
    assert Recipe.parse(settings.model_dump(mode="json")) == settings


@pytest.mark.parametrize("weights", ["balance", "cat", {"cat": -1}, {"cat": float("nan")}, "cat=two", {"cat": True}])
def test_weights_that_are_none_are_refused(weights: Any) -> None:
    with pytest.raises(ExplorerError, match=r"training\.class_weights"):
        recipe(weights)
