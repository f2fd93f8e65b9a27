"""A run on the stage: the newest frames while it goes on, all of them once it rests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from explorer import checkpoints, runs
from explorer.browser.run_stage import message as run_stage
from explorer.browser.run_stage.message import StageFrame
from explorer.checkpoints import Card
from explorer.checkpoints.history import loss_unit
from explorer.data import DATASETS
from explorer.runs import Run
from explorer.runs.kept_frames import kept_frames, why_none
from explorer.runs.progress import Progress, progress
from explorer.training.events import Preview
from explorer.ui.shell import cache
from explorer.ui.train.stage_downloads import film_downloads
from explorer.ui.widgets.component import mount
from explorer.ui.widgets.terms import explained
from explorer.views.stage_contents import StageFrames, curves_of, stage_message
from explorer.views.training_stage import stage_of_kept

NEWEST = 24
"""At most so many of the newest frames are sent each time while a run goes on; the browser keeps those that it has."""
SENT_AGAIN = 6
"""So many looks back go the frames that are sent, three seconds: a busy browser takes the last of several messages."""


@dataclass
class Followed:
    """What this session has read of a run.

    Args:
        run: whose files are read on from where they were read last.
    """

    run: Run
    events: list[dict[str, Any]] = field(default_factory=list)
    position: int = 0
    frames: StageFrames = field(default_factory=StageFrames)
    labels: tuple[int, ...] = ()
    sent: list[float] = field(default_factory=list)
    """The newest epoch of each of the last messages."""

    def new_frames(self, frames: Sequence[StageFrame]) -> Sequence[StageFrame]:
        """The frames that have come since some messages ago, at least the newest and at most ``NEWEST``."""
        before = self.sent[0] if len(self.sent) == SENT_AGAIN else -1.0
        since = [frame for frame in frames[-NEWEST:] if frame.epoch > before] or list(frames[-1:])
        self.sent = [*self.sent, *(frame.epoch for frame in frames[-1:])][-SENT_AGAIN:]
        return since

    def progress(self) -> Progress:
        """How far it is; only what was written since the last look is read."""
        new, self.position = self.run.events(self.position)
        self.events += new
        return progress(runs.current(self.events))


def followed(run: Run) -> Followed:
    """What this session has read of a run so far."""
    known: Followed = st.session_state.setdefault(f"followed.{run.id}", Followed(run))
    return known


def show_kept(name: str, card: Card) -> None:
    """The stage of the frames that a checkpoint carries; why there are none, where it carries none."""
    path = checkpoints.available().get(name)
    if path is None:
        return
    kept = kept_frames(path, card)
    if kept is None:
        explained(why_none(path, card))
        return
    message = stage_of_kept(kept, name, card.data.label_names)
    mount(run_stage.COMPONENT, message, key="run_stage")
    film_downloads(message, name)


def show_stage(run: Run, state: Progress, live: bool, whole: bool) -> None:
    """Curve, map and items with the slider.

    Args:
        run: that is shown.
        state: how far it is.
        live: whether it still goes on.
        whole: send all of its frames, not the newest alone.
    """
    seen = followed(run)
    stages: list[tuple[str, int]] = [(name, epochs) for name, epochs in state.started.get("stages", [])]
    seen.frames.offset = sum(epochs for _, epochs in stages[:-1])
    kept = seen.run.frames()
    previews: dict[float, Preview] = dict(kept)
    within = run.live()  # of a run that was paused within an epoch, too
    if within is not None and within[0] > max(kept, default=0.0):
        previews[within[0]] = within[1]
    frames = seen.frames.of(previews)
    whole_preview = next(iter(kept.values()), None)
    if whole_preview is not None and whole_preview.labels is not None and not seen.labels:
        seen.labels = tuple(whole_preview.labels.tolist())
    newest = whole_preview or next(reversed(previews.values()), None)
    steps = [event for event in runs.current(seen.events) if event["event"] == "step"]
    message = stage_message(
        run.id,
        frames if whole else seen.new_frames(frames),
        newest,
        _label_names(run),
        curves_of(state.history, steps, state.started.get("steps_per_epoch", 1)),
        unit=loss_unit(state.history) if state.history else "per item",
        epochs=sum(epochs for _, epochs in stages),
        whole=whole,
        live=live,
        labels=seen.labels or _of_part(newest),
    )
    mount(run_stage.COMPONENT, message, key="run_stage")
    if not live:
        film_downloads(message, run.id)


def _of_part(preview: Preview | None) -> Sequence[int]:
    """Labels of all items as far as a frame within the first epoch knows them; the others count as the first class."""
    if preview is None or preview.labels is None or preview.placed is None or not len(preview.placed):
        return ()
    labels = [int(preview.labels.min())] * (int(preview.placed.max()) + 1)
    for item, label in zip(preview.placed.tolist(), preview.labels.tolist(), strict=True):
        labels[item] = label
    return labels


def _label_names(run: Run) -> tuple[str, ...]:
    """Names of the classes: of a dataset by name, else from the best checkpoint so far, as the events hold none."""
    name = run.recipe.data.dataset
    if name in DATASETS:
        return cache.load_dataset(name).label_names
    return () if run.checkpoint is None else cache.load_card(run.checkpoint).data.label_names
