"""Progress against events of a training that was counted by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from explorer.browser.run_stage.message import StageFrame
from explorer.checkpoints.history import loss_unit
from explorer.data import Dataset
from explorer.recipe import Recipe
from explorer.runs import Run
from explorer.runs.progress import progress
from explorer.training import train
from explorer.ui.train.stage import SENT_AGAIN, Followed

STARTED = {
    "event": "started",
    "stages": [["layer 1 of 1", 2], ["end to end", 4]],
    "steps_per_epoch": 10,
    "resumed_at_step": 0,
}


def _epoch(stage: str, epoch: int, step: int, seconds: float, total: float) -> dict[str, Any]:
    terms = {"squared error": total, "total": total}
    return {
        "event": "epoch",
        "stage": stage,
        "epoch": epoch,
        "step": step,
        "seconds": seconds,
        "items_per_second": 99.0,
        "train": terms,
        "validation": terms,
    }


def test_nothing_is_known_before_the_first_event() -> None:
    empty = progress([])
    assert (empty.share, empty.seconds_left, empty.best(), empty.epoch) == (0.0, None, None, 0)


def test_counts_over_stages() -> None:
    events = [
        STARTED,
        _epoch("layer 1 of 1", 1, 10, 2.0, 0.5),
        _epoch("layer 1 of 1", 2, 20, 2.0, 0.4),
        _epoch("end to end", 1, 30, 5.0, 9.0),
        _epoch("end to end", 2, 40, 5.0, 7.0),
        {"event": "step", "stage": "end to end", "epoch": 3, "step": 45, "terms": {}},
    ]
    state = progress(events)
    assert (state.stage, state.epoch, state.epochs, state.step, state.steps) == ("end to end", 3, 4, 45, 60)
    assert state.share == pytest.approx(0.75)
    # 1.5 epochs to go, at the mean of the last three (2, 5 and 5 seconds).
    assert state.seconds_left == pytest.approx(1.5 * 4.0)
    assert state.best() == (7.0, 2)
    assert (state.best("squared error"), state.best("nothing")) == ((7.0, 2), None)
    assert (state.epochs_done, state.seconds) == (2, 14.0)


def test_an_epoch_counts_after_its_last_step() -> None:
    events = [
        STARTED,
        {"event": "step", "stage": "layer 1 of 1", "epoch": 1, "step": 10, "terms": {}},
        _epoch("layer 1 of 1", 1, 10, 2.0, 0.5),
    ]
    assert progress(events).step == 10
    assert progress(events).items_per_second == 99.0


def test_a_real_training_ends_at_its_last_step(digits: Dataset) -> None:
    recipe = Recipe.parse(
        {"model": {"family": "variational", "hidden": [8]}, "training": {"epochs": 2, "device": "cpu"}}
    )
    events = [event.as_json() for event in train(recipe, digits)]
    state = progress(events)
    assert (state.share, state.epoch, state.epochs) == (1.0, 2, 2)
    assert state.finished["reason"] == "completed"
    assert state.best() == min((e["validation"]["total"], e["epoch"]) for e in state.history)
    assert state.seconds_left == pytest.approx(0.0)
    assert loss_unit(state.history) == "nats per item"


def test_the_unit_of_a_squared_error() -> None:
    assert loss_unit([_epoch("end to end", 1, 10, 1.0, 1.0)]) == "squared error per item"


def test_a_browser_that_misses_messages_gets_their_frames_with_the_next_ones() -> None:
    """One epoch a look: whichever run of fewer than ``SENT_AGAIN`` messages is lost, no frame is."""
    nothing = np.zeros(0, np.uint16)
    frames = [
        StageFrame(epoch=n, placed=nothing, places=np.zeros((0, 2), np.float32), made=np.zeros((0, 1), np.uint8))
        for n in range(1, 40)
    ]
    followed = Followed(Run(Path("nowhere")))
    sent = [[frame.epoch for frame in followed.new_frames(frames[:n])] for n in range(1, len(frames) + 1)]
    for first in range(len(sent) - SENT_AGAIN):
        got = {epoch for number, one in enumerate(sent) if not first < number < first + SENT_AGAIN for epoch in one}
        assert got == {frame.epoch for frame in frames}
    assert max(map(len, sent)) == SENT_AGAIN, "not the last 24 each time"
