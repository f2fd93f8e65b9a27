"""A stage that comes after the model: it leaves the model as it is, has a best epoch of its own, and resumes."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import torch

from explorer import checkpoints
from explorer.core.errors import ExplorerError
from explorer.data import Dataset
from explorer.diagnosis import record_of
from explorer.latent import sampling
from explorer.recipe import Recipe
from explorer.training import train
from explorer.training.events import EpochFinished, Finished, Step

MODEL = {"family": "quantised", "body": "dense", "hidden": [16], "places": 4, "latent_dim": 3, "entries": 8,
         "prior_epochs": 3, "prior_units": 8}  # fmt: skip


def recipe(**training: object) -> Recipe:
    values = {"epochs": 3, "batch_size": 64, "learning_rate": 0.02, "device": "cpu", **training}
    return Recipe.parse({"name": "a", "data": {"dataset": "digits", "limit": 256}, "model": MODEL, "training": values})


def state_of(events: list[object]) -> dict[str, torch.Tensor]:
    assert isinstance(events[-1], Finished)
    return events[-1].checkpoint.model.state_dict()


def test_the_prior_is_fitted_to_the_best_model_and_leaves_it_alone(digits: Dataset) -> None:
    events, ends, models = [], [], {}
    # At a rate that stays high the last epoch is not the best one.
    for event in train(recipe(epochs=8, learning_rate=0.1, schedule="constant"), digits):
        events.append(event)
        if isinstance(event, EpochFinished):
            ends.append(event)
            # As it is at that moment, not after the prior.
            models[event.stage, event.epoch] = event.best().model.state_dict()
    own, after = [e for e in ends if not e.is_after], [e for e in ends if e.is_after]
    assert [e.stage for e in after] == ["prior"] * 3
    assert all(e.preview is not None for e in own)
    assert all(e.preview is None for e in after)
    best = min(own, key=lambda e: e.validation["total"])
    assert best.epoch < 8
    kept, finished = models[best.stage, best.epoch], events[-1]
    assert finished.best_epoch == best.epoch
    state = state_of(events)
    same = [key for key in state if not key.startswith("grid_prior.")]
    assert [key for key in same if not torch.equal(state[key], kept[key])] == []
    # The prior's own best epoch is what was saved.
    x = digits.validation.x
    model = finished.checkpoint.model
    losses = -model.grid_prior.log_probability(model.indices(finished.checkpoint.tensor(x)))
    assert float(losses.mean()) == pytest.approx(min(e.validation["total"] for e in after), rel=1e-5)
    assert [entry["epoch"] for entry in record_of(finished.checkpoint, None).epochs] == [*range(1, 9)]
    assert record_of(finished.checkpoint, None).epochs[0]["stage"] == "end to end"


def test_a_run_that_is_resumed_within_the_prior_ends_with_the_same_weights(digits: Dataset) -> None:
    whole = list(train(recipe(), digits))
    for at in (8, len(whole) - 4):  # in the model's stage, and in the prior's
        event = next(itertools.islice(train(recipe(), digits), at, None))
        assert isinstance(event, Step)
        rest = list(train(recipe(), digits, resume=event.snapshot()))
        one, other = state_of(rest), state_of(whole)
        assert [key for key in other if not torch.equal(one[key], other[key])] == []


def test_a_model_that_was_stopped_before_its_prior_says_so(digits: Dataset, tmp_path: object) -> None:
    event = next(e for e in train(recipe(), digits) if isinstance(e, EpochFinished))
    checkpoint = event.finish().checkpoint
    assert not checkpoint.model.has_prior
    assert "code under the prior" not in {metric.name for metric in checkpoint.card.metrics}
    with pytest.raises(ExplorerError, match="ended before the prior"):
        sampling.sample_prior(checkpoint, 2)
    codes, source = sampling.sample_codes(checkpoint, 3)
    assert codes.shape == (3, 12)
    assert source.startswith("a Gaussian")


def test_draws_of_the_prior_are_entries_and_the_seeds(digits: Dataset) -> None:
    *_, last = train(recipe(), digits)
    loaded = checkpoints.load(checkpoints.checkpoint_bytes(last.checkpoint), "a")
    first, again, other = (sampling.sample_prior(loaded, 5, seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)
    codes = torch.from_numpy(first)
    assert torch.equal(loaded.model.vectors_of(loaded.model.indices_of(codes)), codes)
    assert loaded.card.code_size == 12
    assert {m.name for m in loaded.card.metrics} >= {"codebook perplexity", "entries in use", "code under the prior"}
