"""How far a run is, read from its events: numbers only, no widgets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

RECENT_EPOCHS = 3
"""The time left is reckoned from so many of the last epochs."""


@dataclass(frozen=True)
class Progress:
    """What a run's events say.

    Args:
        started: the first event, empty before it.
        history: the epochs so far, as a card's ``history``.
        stage, epoch, epochs: where it is; ``epoch`` counts from 1 within the stage, 0 before the first step.
        step, steps: optimiser steps done and to do, over all stages.
        items_per_second: of the last epoch, 0 before it.
        seconds_left: None while no epoch has been timed.
        finished: the last event, empty before it.
    """

    started: Mapping[str, Any] = field(default_factory=dict)
    history: Sequence[Mapping[str, Any]] = ()
    stage: str = ""
    epoch: int = 0
    epochs: int = 0
    step: int = 0
    steps: int = 0
    items_per_second: float = 0.0
    seconds_left: float | None = None
    finished: Mapping[str, Any] = field(default_factory=dict)

    @property
    def share(self) -> float:
        """Share of the steps done, in [0, 1]."""
        return min(1.0, self.step / self.steps) if self.steps else 0.0

    def best(self, best_by: str = "total") -> tuple[float, int] | None:
        """The lowest validation figure of the model's last stage and its epoch; None before the first.

        Args:
            best_by: its name, as in ``TrainingPart.best_by``.
        """
        known = [entry for entry in self.main_epochs if best_by in entry["validation"]]
        return min(((entry["validation"][best_by], entry["epoch"]) for entry in known), default=None)

    @property
    def main_epochs(self) -> list[Mapping[str, Any]]:
        """The epochs of the last stage that trains the model itself; earlier versions have no other after it."""
        main = self.started.get("main_stage") or self.started.get("stages", [[""]])[-1][0]
        return [entry for entry in self.history if entry["stage"] == main]

    @property
    def epochs_done(self) -> int:
        """Of the model's last stage."""
        return len(self.main_epochs)

    @property
    def seconds(self) -> float:
        """Of training: as the last event says, before it those of the epochs."""
        return float(self.finished.get("seconds", sum(entry["seconds"] for entry in self.history)))


def progress(events: Sequence[Mapping[str, Any]]) -> Progress:
    """Read a run's events (``runs.current`` of them, so that nothing is counted twice after a resume)."""
    by_kind: dict[str, list[Mapping[str, Any]]] = {"started": [], "step": [], "epoch": [], "finished": []}
    for event in events:
        by_kind.get(event["event"], []).append(event)
    if not by_kind["started"]:
        return Progress()
    started, history = by_kind["started"][-1], by_kind["epoch"]
    stages: dict[str, int] = dict(started["stages"])
    newest = max((by_kind[kind][-1] for kind in ("step", "epoch") if by_kind[kind]), key=_at, default=None)
    steps = sum(stages.values()) * started["steps_per_epoch"]
    step = newest["step"] if newest else started["resumed_at_step"]
    stage = newest["stage"] if newest else started["stages"][0][0]
    return Progress(
        started=started,
        history=history,
        stage=stage,
        epoch=newest["epoch"] if newest else 0,
        epochs=stages[stage],
        step=step,
        steps=steps,
        items_per_second=history[-1]["items_per_second"] if history else 0.0,
        seconds_left=_seconds_left(history, (steps - step) / started["steps_per_epoch"]),
        finished=by_kind["finished"][-1] if by_kind["finished"] else {},
    )


def _at(event: Mapping[str, Any]) -> tuple[int, bool]:
    """The order of steps and epochs: an epoch ends after its last step."""
    return event["step"], event["event"] == "epoch"


def _seconds_left(history: Sequence[Mapping[str, Any]], epochs_left: float) -> float | None:
    recent = [entry["seconds"] for entry in history[-RECENT_EPOCHS:]]
    return sum(recent) / len(recent) * epochs_left if recent else None
