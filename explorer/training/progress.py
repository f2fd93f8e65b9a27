"""How far a training has come: what is counted and remembered from step to step, and goes on after a break."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields
from typing import Any

from explorer.training.step_figures import StepFigures


@dataclass
class TrainingProgress:
    """How far a training has come, in plain values that a state holds as they are.

    Args:
        stage_number, epoch, step_in_epoch: where it stands, each counted from 0 within the one before.
        step: steps so far, over all stages.
        history: the figures of each epoch.
        best_epoch, best_value: the epoch of the model with the lowest validation loss, from 1, and that loss; None: not
            yet. In a stage after the model, the loss is that stage's.
        stopped_early: whether the model's own stage ended before all of its epochs.
        names: of the loss and its terms.
        items_seen: in this epoch.
        steps_seen: what single steps of this stage told; of an accelerator, those whose loss was looked at.
        step_lengths: of this epoch's first and last step, where no formula says how long a step is.
        seconds: before this process.
    """

    stage_number: int = 0
    epoch: int = 0
    step_in_epoch: int = 0
    step: int = 0
    history: list[dict[str, Any]] = field(default_factory=list)
    best_epoch: int = 0
    best_value: float | None = None
    stopped_early: bool = False
    names: list[str] = field(default_factory=list)
    items_seen: int = 0
    steps_seen: StepFigures = field(default_factory=StepFigures)
    step_lengths: list[float] = field(default_factory=list)
    seconds: float = 0.0

    @classmethod
    def of(cls, values: dict[str, Any]) -> TrainingProgress:
        """What ``values`` gave, among others."""
        given = {known.name: values[known.name] for known in fields(cls) if known.name in values}
        if "steps_seen" in given:  # a state of an earlier version has none
            given["steps_seen"] = StepFigures.of(given["steps_seen"])
        return cls(**given)

    def next_step(self) -> None:
        self.step, self.step_in_epoch = self.step + 1, self.step_in_epoch + 1

    def told_by_steps(self) -> dict[str, Any]:
        """What the epoch's entry in the history gets of single steps; the next epoch is counted anew."""
        lengths, self.step_lengths = self.step_lengths, []
        measured = {"step_length": lengths[-1], "longest_step": max(lengths)} if lengths else {}
        return self.steps_seen.of_epoch() | measured

    def next_epoch(self) -> None:
        self.epoch, self.step_in_epoch = self.epoch + 1, 0

    def next_stage(self) -> None:
        self.stage_number, self.epoch, self.step_in_epoch = self.stage_number + 1, 0, 0
        self.best_value, self.steps_seen = None, StepFigures()

    def values(self, seconds: float) -> dict[str, Any]:
        """All of it as plain JSON values; ``seconds``: until now."""
        return {**asdict(self), "steps_seen": self.steps_seen.values(), "seconds": seconds}
