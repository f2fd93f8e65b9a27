"""What every registered examination promises, and how findings are told together."""

from __future__ import annotations

import copy
import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from explorer.checkpoints import Checkpoint, TrainingFinding, VectorCheckpoint
from explorer.data import Dataset
from explorer.diagnosis import (
    EXAMINATIONS,
    Examination,
    Glance,
    TrainingRecord,
    diagnose,
    diagnose_checkpoint,
    record_of,
)
from explorer.recipe import Recipe
from explorer.training import train
from explorer.training.events import EpochFinished, Finished

every_examination = pytest.mark.parametrize("examination", EXAMINATIONS.values(), ids=list(EXAMINATIONS))


def changed(checkpoint: Checkpoint, change: Any) -> Checkpoint:
    """A checkpoint whose model a function has changed."""
    model = copy.deepcopy(checkpoint.model)
    with torch.no_grad():
        change(model)
    return replace(checkpoint, model=model)


def dense(part: nn.Module) -> list[nn.Linear]:
    return [module for module in part.modules() if isinstance(module, nn.Linear)]


def forget(model: Any) -> None:
    """A posterior that is the prior whatever the item is."""
    for head in (model.mu, model.logvar):
        head.weight.zero_()
        head.bias.zero_()


def kill(model: Any) -> None:
    dense(model.encoder)[0].bias[:-2] = -100


def copy_one(model: Any) -> None:
    last = dense(model.encoder)[-1]
    last.weight[1], last.bias[1] = -2 * last.weight[0], 3 - 2 * last.bias[0]
    dense(model.decoder)[0].weight[:, 1] = 0


def blow_up(model: Any) -> None:
    dense(model.encoder)[0].weight.mul_(1e5)


def deafen(model: Any) -> None:
    dense(model.decoder)[0].weight.zero_()


@every_examination
def test_says_what_it_is(examination: Examination) -> None:
    assert all((examination.name, examination.title, examination.summary, examination.needs))
    assert examination.summary.endswith(".")
    assert examination.explains <= set(EXAMINATIONS) - {examination.name}


@every_examination
def test_finds_nothing_wrong_in_a_healthy_training_and_asks_for_nothing_that_is_not_there(
    examination: Examination, digits_autoencoder: Checkpoint, digits_vae: Checkpoint, digits: Dataset
) -> None:
    for checkpoint in (digits_autoencoder, digits_vae):
        for record in (record_of(checkpoint, digits), record_of(checkpoint, None)):
            if examination.can_look(record):
                finding = examination.look(record)
                assert finding is None or not finding.is_wrong, finding
    assert not examination.can_look(TrainingRecord(digits_vae.card.recipe, ()))


@pytest.mark.parametrize(
    ("fixture", "change", "name"),
    [
        ("digits_vae", forget, "posterior collapse"),
        ("digits_autoencoder", kill, "dead units"),
        ("digits_autoencoder", copy_one, "copied dimension"),
        ("digits_autoencoder", blow_up, "exploding values"),
        ("digits_autoencoder", deafen, "decoder ignores its code"),
    ],
)
def test_what_was_done_to_a_model_is_named_first_with_a_remedy_that_fits_its_recipe(
    request: pytest.FixtureRequest, digits: Dataset, fixture: str, change: Any, name: str
) -> None:
    checkpoint = changed(request.getfixturevalue(fixture), change)
    first, *_ = diagnose_checkpoint(checkpoint, digits)
    assert (first.name, first.is_wrong) == (name, True)
    assert first.figures
    assert all(math.isfinite(figure.value) and figure.unit and figure.split for figure in first.figures)
    recipe = checkpoint.card.recipe
    assert first.remedy is not None
    mended = recipe.with_settings([first.remedy.setting])
    part, field = first.remedy.field.split(".")
    assert getattr(getattr(mended, part), field) == pytest.approx(first.remedy.value)
    assert mended != recipe
    assert TrainingFinding.model_validate_json(first.model_dump_json()) == first
    assert f"--set {first.remedy.setting}" in " ".join(first.lines)


def test_what_follows_by_itself_is_not_told_beside_its_cause(digits_vae: Checkpoint, digits: Dataset) -> None:
    collapsed = changed(digits_vae, forget)
    assert EXAMINATIONS["only the mean"].look(record_of(collapsed, digits)) is not None
    assert "only the mean" not in [finding.name for finding in diagnose_checkpoint(collapsed, digits)]


def test_a_model_from_elsewhere_is_asked_by_its_weights_alone_and_no_recipe_is_changed(
    digits_vae: Checkpoint, digits: Dataset
) -> None:
    card = digits_vae.card.model_copy(update={"origin": "Brought in.", "history": ()})
    assert not [finding for finding in diagnose_checkpoint(replace(digits_vae, card=card), digits) if finding.is_wrong]
    finding, *_ = diagnose_checkpoint(replace(changed(digits_vae, forget), card=card), digits)
    assert (finding.name, finding.remedy) == ("posterior collapse", None)


def test_other_items_than_those_learnt_from_are_not_looked_at(digits_vae: Checkpoint, digits: Dataset) -> None:
    record = record_of(digits_vae, replace(digits, fingerprint="0" * 64))
    assert not record.has_items
    assert not record.has_vectors


@pytest.mark.slow
def test_a_training_tells_of_an_empty_code_as_it_goes_and_its_card_keeps_it() -> None:
    recipe = Recipe.parse(
        {
            "data": {"dataset": "digits", "limit": 250},
            "model": {"family": "variational", "latent_dim": 2, "hidden": [16], "beta": 500.0},
            "training": {"epochs": 8, "batch_size": 32, "learning_rate": 5e-3, "device": "cpu"},
        }
    )
    events = list(train(recipe))
    told = [[finding.name for finding in event.findings] for event in events if isinstance(event, EpochFinished)]
    assert told[1] == []
    assert told[-1] == ["collapse so far"]
    finished = events[-1]
    assert isinstance(finished, Finished)
    assert finished.findings[0].name == "beta too high"
    assert finished.findings == finished.checkpoint.card.findings
    assert finished.as_json()["findings"][0]["remedy"] == {"field": "model.beta", "value": 1.0}
    assert isinstance(finished.checkpoint, VectorCheckpoint)
    kl = sum(finished.checkpoint.card.kl_per_dimension or ())
    measured = {figure.name: figure.value for figure in finished.findings[0].figures}
    assert measured["KL of posterior from prior"] == pytest.approx(kl, abs=1e-4)


def test_a_training_that_is_not_finite_says_so_without_a_checkpoint() -> None:
    recipe = Recipe.parse({"model": {"family": "variational"}})
    first, *_ = diagnose(TrainingRecord(recipe, (), "diverged", 100, 10))
    assert (first.name, first.remedy.value) == ("divergence", 1e-4)


def test_a_collapse_is_named_while_the_run_goes_and_a_healthy_run_is_not_troubled() -> None:
    """A VAE at beta 500, whose means vary by less than Burda's limit, beside one at beta 0.5."""
    told = {}
    for beta in (500.0, 0.5):
        values = {
            "data": {"dataset": "digits"},
            "model": {"family": "variational", "hidden": [32], "latent_dim": 4, "beta": beta},
            "training": {"epochs": 8, "device": "cpu", "learning_rate": 3e-3},
        }
        epochs = [event for event in train(Recipe.parse(values)) if isinstance(event, EpochFinished)]
        told[beta] = [[finding for finding in epoch.findings if finding.is_wrong] for epoch in epochs]
        preview = epochs[-1].preview
        assert preview is not None
        assert preview.kl is not None
        assert preview.kl.shape == (4,)
        assert preview.kl.sum() == pytest.approx(epochs[-1].validation["KL"], rel=1e-3)
        assert (preview.z.var(0).max() < 0.01) == (beta == 500)
    first = next(i for i, wrongs in enumerate(told[500.0]) if wrongs)
    assert first < 5, "before five epochs are over"
    named = [finding.name for finding in told[500.0][-1]]
    assert named == ["collapse so far"], "with its consequences left out"
    assert told[500.0][-1][0].remedy is not None
    assert told[500.0][-1][0].remedy.setting == "model.beta=1"
    assert not any(told[0.5])
    recipe = Recipe.parse({"model": {"family": "undercomplete", "latent_dim": 4}})
    losses = ({"total": 9.0 - n} for n in range(5))
    history = [{"stage": "all", "epoch": n, "train": loss, "validation": loss} for n, loss in enumerate(losses)]
    rng = np.random.default_rng(0)
    z = rng.standard_normal((50, 4)).astype(np.float32) * np.array([1, 0, 0, 0], np.float32)
    x = rng.random((8, 1, 4, 4)).astype(np.float32)
    record = TrainingRecord(recipe, history, glance=Glance(z, None, x, x * 0 + x.mean(0)))
    assert {"inactive so far", "same picture so far"} <= {finding.name for finding in diagnose(record)}
    ended = replace(record, finished="completed")
    assert not {"inactive so far", "same picture so far"} & {finding.name for finding in diagnose(ended)}
