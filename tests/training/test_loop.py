"""Training: deterministic, resumable to the bit, and honest about its end."""

from __future__ import annotations

import ctypes
import dataclasses
import functools
import gc
import json
import math
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest
import torch
from torch import Tensor

from explorer import checkpoints, evaluation
from explorer.checkpoints import VectorCheckpoint
from explorer.checkpoints.files import write_tensors
from explorer.core.errors import ExplorerError, TrainingError
from explorer.data import Dataset
from explorer.models import REGISTRY
from explorer.recipe import Recipe
from explorer.training import train
from explorer.training.events import EpochFinished, Event, Finished, Started, State, Step

SMALL = {
    "undercomplete": {"hidden": [16], "latent_dim": 3},
    "stacked": {"hidden": [24, 12], "latent_dim": 3, "pretrain_epochs": 1},
    "convolutional": {"channels": [4, 8], "latent_dim": 3, "batch_norm": True},
    "variational": {"hidden": [16], "latent_dim": 2, "kl_warmup_epochs": 1.5},
    "listed": {
        "encoder": [{"kind": "flatten"}, {"kind": "linear", "in_features": 64, "out_features": 2}],
        "decoder": [{"kind": "linear", "in_features": 2, "out_features": 64}, {"kind": "reshape", "shape": [1, 8, 8]}],
    },
    "listed_variational": {
        "mu": [{"kind": "linear", "in_features": 64, "out_features": 2}],
        "logvar": [{"kind": "linear", "in_features": 64, "out_features": 2}],
        "decoder": [{"kind": "linear", "in_features": 2, "out_features": 64}, {"kind": "reshape", "shape": [1, 8, 8]}],
    },
    "photo": {"widths": [4, 4], "latent_dim": 4, "blocks": 1},
}
CORRUPTION = {"kind": "masking", "fraction": 0.3}


def recipe(family: str = "variational", corruption: dict[str, Any] | None = None, **training: Any) -> Recipe:
    return Recipe.parse(
        {
            "name": "tiny",
            "data": {"dataset": "digits", "limit": 250},
            "model": {"family": family, **SMALL.get(family, {})},
            "corruption": corruption,
            "training": {"epochs": 2, "batch_size": 64, "device": "cpu", **training},
        }
    )


def last(events: Iterator[Event]) -> Finished:
    *_, event = events
    assert isinstance(event, Finished)
    return event


def weights(finished: Finished) -> dict[str, Tensor]:
    return finished.checkpoint.model.state_dict()


def assert_same(a: dict[str, Tensor], b: dict[str, Tensor]) -> None:
    assert a.keys() == b.keys()
    different = [name for name in a if not torch.equal(a[name], b[name])]
    assert different == []


def through_file(state: State, path: Path) -> State:
    """The state as a resumed process sees it."""
    from explorer.runs import folder

    values = json.dumps(state.values)
    write_tensors(path, state.tensors, {folder.STATE_KEY: values})
    return folder.read_state(path.parent)


@pytest.mark.parametrize("family", REGISTRY)
@pytest.mark.slow
def test_every_family_trains_and_decodes_the_same_after_saving(family: str, digits: Dataset, tmp_path: Path) -> None:
    events = list(train(recipe(family), digits))
    assert isinstance(events[0], Started)
    checkpoint = events[-1].checkpoint
    loaded = checkpoints.load(checkpoints.save(checkpoint, tmp_path / "a.safetensors"))
    assert loaded.card == checkpoint.card
    assert sum(p.numel() for p in loaded.model.parameters()) == loaded.card.weights
    x = digits.test.x[:20]
    np.testing.assert_allclose(loaded.reconstruct(x), checkpoint.reconstruct(x), atol=1e-6)
    if not isinstance(checkpoint, VectorCheckpoint):
        assert not isinstance(loaded, VectorCheckpoint)
        return
    z = checkpoint.encode(digits.test.x[:20])
    np.testing.assert_allclose(loaded.encode(digits.test.x[:20]), z, atol=1e-6)
    np.testing.assert_allclose(loaded.decode(z), checkpoint.decode(z), atol=1e-6)
    assert loaded.card.metric("reconstruction error").n == len(digits.splits.test)


@pytest.mark.slow
def test_training_learns(digits: Dataset) -> None:
    long = recipe("undercomplete", epochs=15, learning_rate=1e-2).with_settings(["data.limit=none"])
    epochs = [e for e in train(long, digits) if e.kind == "epoch"]
    mean_image_error = np.square(digits.validation.x / 255 - digits.train.x.mean(0) / 255).sum((1, 2, 3)).mean()
    assert epochs[-1].validation["total"] < 0.8 * mean_image_error


@pytest.mark.parametrize("corruption", [None, CORRUPTION])
def test_a_seed_decides_every_weight(corruption: dict[str, Any] | None, digits: Dataset) -> None:
    first, second = (last(train(recipe("variational", corruption), digits)) for _ in range(2))
    assert_same(weights(first), weights(second))
    other = last(train(recipe("variational", corruption, seed=1), digits))
    assert not torch.equal(weights(first)["mu.weight"], weights(other)["mu.weight"])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("family", "corruption", "training"),
    [
        ("variational", CORRUPTION, {"epochs": 3}),
        ("stacked", CORRUPTION, {}),
        ("convolutional", None, {"schedule": "constant", "weight_decay": 0.01, "clip_norm": 1}),
    ],
)
def test_a_resumed_run_ends_with_the_same_weights(
    family: str, corruption: dict[str, Any] | None, training: dict[str, Any], digits: Dataset, tmp_path: Path
) -> None:
    whole = list(train(recipe(family, corruption, **training), digits))
    n_events = len(whole)
    # After some steps within an epoch, at the ends of epochs, and between stages.
    for at in range(1, n_events - 1, 3):
        event = next(islice(train(recipe(family, corruption, **training), digits), at, None))
        state = through_file(event.snapshot(), tmp_path / "state.safetensors")
        rest = list(train(recipe(family, corruption, **training), digits, resume=state))
        assert_same(weights(rest[-1]), weights(whole[-1]))
        assert rest[0].resumed_at_step == event.step
        for resumed, original in zip(rest[-1].checkpoint.card.history, whole[-1].checkpoint.card.history, strict=True):
            assert {**resumed, "seconds": 0} == {**original, "seconds": 0}


def test_early_stopping_after_a_resume_is_the_same(digits: Dataset, tmp_path: Path) -> None:
    # With so large a step the validation loss soon stops falling.
    patient = recipe("undercomplete", epochs=60, patience=2, learning_rate=0.3, schedule="constant")
    whole = list(train(patient, digits))
    assert whole[-1].reason == "early stopping"
    epochs = [e for e in whole if isinstance(e, EpochFinished)]
    assert len(epochs) == whole[-1].best_epoch + 2 < 60
    best = min(epochs, key=lambda e: e.validation["total"])
    assert whole[-1].best_epoch == best.epoch
    stopped_at = len(whole) - 2
    event = next(islice(train(patient, digits), stopped_at, None))
    assert isinstance(event, EpochFinished)
    rest = list(train(patient, digits, through_file(event.snapshot(), tmp_path / "state.safetensors")))
    assert [e.kind for e in rest] == ["started", "finished"]
    assert rest[-1].reason == "early stopping"
    assert_same(weights(rest[-1]), weights(whole[-1]))


def test_the_best_epoch_is_kept_not_the_last(digits: Dataset) -> None:
    unstable = recipe("undercomplete", epochs=8, learning_rate=0.3, schedule="constant")
    kept: dict[int, dict[str, Tensor]] = {}
    for event in train(unstable, digits):
        if isinstance(event, EpochFinished):
            kept[event.epoch] = {
                k.removeprefix("model."): v for k, v in event.snapshot().tensors.items() if k.startswith("model.")
            }
    assert event.best_epoch < 8
    assert_same(weights(event), kept[event.best_epoch])


def test_a_run_can_be_finished_after_any_step(digits: Dataset) -> None:
    for event in train(recipe("stacked"), digits):
        if isinstance(event, Step | EpochFinished) and event.step in (2, 15):
            finished = event.finish()
            assert finished.reason == finished.checkpoint.card.finished == "stopped"
            assert finished.checkpoint.card.metric("reconstruction error") is not None


def test_a_state_of_another_recipe_is_refused(digits: Dataset) -> None:
    state = next(islice(train(recipe(), digits), 3, None)).snapshot()
    with pytest.raises(TrainingError, match="another recipe"):
        list(train(recipe(seed=5), digits, resume=state))


def rates(digits: Dataset, **training: Any) -> list[float]:
    return [e.learning_rate for e in train(recipe("undercomplete", **training), digits) if isinstance(e, EpochFinished)]


def test_the_learning_rate_follows_its_schedule(digits: Dataset) -> None:
    steps = math.ceil(250 / 64)
    assert rates(digits, epochs=3, schedule="constant") == [1e-3] * 3
    # The rate reported is that of an epoch's last step.
    at = [epoch + (steps - 1) / steps for epoch in range(3)]
    expected = [1e-3 * 0.5 * (1 + math.cos(math.pi * t / 3)) for t in at]
    assert rates(digits, epochs=3, schedule="cosine") == pytest.approx(expected)
    warm = rates(digits, epochs=4, schedule="constant", warmup_epochs=2)
    assert warm == pytest.approx([1e-3 * 1 / (2 + 1 / steps), 1e-3 * 2 / (2 + 1 / steps), 1e-3, 1e-3])


def test_divergence_names_its_cause_and_keeps_the_best(digits: Dataset) -> None:
    wild = Recipe.parse(
        {
            "data": {"dataset": "digits"},
            "model": {"family": "undercomplete", "hidden": [64], "latent_dim": 3, "linear": True},
            "training": {"epochs": 40, "learning_rate": 1e-3, "device": "cpu"},
        }
    )
    finished = None
    stream = train(wild, digits)
    for event in stream:
        if isinstance(event, EpochFinished) and event.epoch == 2:
            # From here on, weights as a runaway training has them.
            state = event.snapshot()
            state.tensors["model.decoder.0.weight"].mul_(1e30)
            break
    for event in train(wild, digits, resume=state):
        finished = event
    assert finished.reason == "diverged"
    assert "'squared error' became inf" in finished.message
    assert "epoch 3" in finished.message
    assert "learning_rate" in finished.hint
    assert finished.best_epoch == 2
    assert np.isfinite(finished.checkpoint.encode(digits.test.x)).all()


def test_data_that_is_not_finite_ends_the_run(digits: Dataset) -> None:
    x = np.random.default_rng(0).normal(size=(len(digits), 5)).astype(np.float32)
    made = recipe("undercomplete")
    x[evaluation.training_rows(digits, (), "train", made.data.limit)[100], 2] = np.inf
    table = dataclasses.replace(digits, x=x, feature_names=tuple("abcde"))
    events = list(train(made, table))
    assert events[-1].reason == "diverged"
    assert events[-1].checkpoint is None
    assert "data" in events[-1].hint


def test_every_epoch_takes_every_item_once(digits: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    from explorer.training.items import Batches

    taken: list[np.ndarray] = []
    original = Batches.batch

    def batch(self: Batches, indices: Tensor, *view: Any) -> Tensor:
        if len(self) == 250:
            taken.append(indices.numpy())
        return original(self, indices, *view)

    monkeypatch.setattr(Batches, "batch", batch)
    for _ in train(recipe("undercomplete"), digits):
        pass
    steps = math.ceil(250 / 64)
    first, second = np.concatenate(taken[:steps]), np.concatenate(taken[steps:])
    assert sorted(first) == sorted(second) == list(range(250))
    assert (first != second).any()
    assert (first != np.arange(250)).any()


def test_data_on_disk_trains_like_data_in_memory(digits: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    held = last(train(recipe(), digits))
    monkeypatch.setattr("explorer.training.items.IN_MEMORY_BYTES", 0)
    assert_same(weights(last(train(recipe(), digits))), weights(held))


@pytest.mark.slow
def test_memory_does_not_grow_with_epochs(digits: Dataset) -> None:
    # One copy of the weights kept per epoch would add 25 x 1.3 MB.
    wide = recipe("undercomplete", epochs=30, batch_size=250)
    wide = wide.with_settings(["model.hidden=[1024, 256]"])
    # What other tests of this process have freed may lie in pieces between what is in use.
    give_back = functools.partial(getattr(ctypes.CDLL(None), "malloc_trim", bool), 0)
    process, resident = psutil.Process(), []
    for event in train(wide, digits):
        if isinstance(event, EpochFinished):
            event.snapshot()
            if event.epoch in (5, 30):
                gc.collect()
                give_back()
                resident.append(process.memory_info().rss)
    assert resident[1] - resident[0] < 12e6


def test_classes_and_limit_choose_the_rows(digits: Dataset) -> None:
    values = recipe("undercomplete").model_dump(mode="json")
    values["data"] |= {"classes": ["3", "5"], "limit": 100}
    started = next(train(Recipe.parse(values), digits))
    assert started.n_train == 100
    assert started.n_validation == np.isin(digits.validation.labels, [3, 5]).sum()
    values["data"]["classes"] = ["x"]
    with pytest.raises(ExplorerError, match="no class 'x'"):
        list(train(Recipe.parse(values), digits))


def test_training_flushes_denormal_numbers_and_leaves_them_as_they_were(digits: Dataset) -> None:
    """Without it an epoch of MNIST takes twice as long from the third on; other code must not notice."""
    tiny = torch.tensor([1e-39])
    events = train(recipe(), digits)
    next(events)
    assert (tiny * 1.0).item() == 0
    events.close()
    assert (tiny * 1.0).item() > 0
    last(train(recipe(), digits))
    assert (tiny * 1.0).item() > 0


@pytest.mark.parametrize(
    ("family", "model"),
    [("convolutional", {"channels": [4, 8, 8]}), ("variational", {"body": "convolutional", "channels": [4, 8, 8]})],
)
def test_an_item_left_over_joins_the_batch_before_where_it_is_normalised(family: str, model: dict[str, Any]) -> None:
    """Three halvings of 8x8 pixels leave one: a batch of one item then has one value, and no variance."""
    started, *steps, _, finished = train(_normalised(family, model, limit=65, batch_size=32))
    assert isinstance(started, Started)
    assert (started.n_train, started.steps_per_epoch, len(steps)) == (65, 2, 2)
    assert isinstance(finished, Finished)
    assert finished.reason == "completed"
    plain = train(_normalised(family, {**model, "batch_norm": False}, limit=65, batch_size=32))
    assert sum(isinstance(event, Step) for event in plain) == 3


@pytest.mark.parametrize(("limit", "batch_size"), [(1, 32), (20, 1)])
def test_batches_of_one_item_are_refused_where_they_are_normalised(limit: int, batch_size: int) -> None:
    with pytest.raises(TrainingError, match="needs 2 items in each batch, and here one has 1") as caught:
        list(train(_normalised("convolutional", {"channels": [4]}, limit=limit, batch_size=batch_size)))
    assert "model.batch_norm" in caught.value.hint
    assert last(train(_normalised("convolutional", {"batch_norm": False}, limit, batch_size))).reason == "completed"


def _normalised(family: str, model: dict[str, Any], limit: int, batch_size: int) -> Recipe:
    return Recipe.parse(
        {
            "name": "normalised",
            "data": {"dataset": "digits", "limit": limit},
            "model": {"family": family, "batch_norm": True, "latent_dim": 2, **model},
            "training": {"epochs": 1, "batch_size": batch_size, "device": "cpu"},
        }
    )
