"""How far a training has come: what is counted and remembered from step to step, and goes on after a break."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields
from typing import Any


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
    seconds: float = 0.0

    @classmethod
    def of(cls, values: dict[str, Any]) -> TrainingProgress:
        """What ``values`` gave, among others."""
        return cls(**{known.name: values[known.name] for known in fields(cls) if known.name in values})

    def next_step(self) -> None:
        self.step, self.step_in_epoch = self.step + 1, self.step_in_epoch + 1

    def next_epoch(self) -> None:
        self.epoch, self.step_in_epoch = self.epoch + 1, 0

    def next_stage(self) -> None:
        self.stage_number, self.epoch, self.step_in_epoch = self.stage_number + 1, 0, 0
        self.best_value = None

    def values(self, seconds: float) -> dict[str, Any]:
        """All of it as plain JSON values; ``seconds``: until now."""
        return {**asdict(self), "seconds": seconds}
