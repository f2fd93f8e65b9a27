"""What a training says as it goes: a stream of small values that the command line and the run folder read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from typing import Any, ClassVar, Literal

import numpy as np
from jaxtyping import Float, Int, Shaped
from torch import Tensor

from explorer.checkpoints import Checkpoint, TrainingFinding

Reason = Literal["completed", "early stopping", "diverged", "stopped"]


@dataclass(frozen=True)
class State:
    """Everything needed to go on from here to the same weights: tensors, and plain JSON values."""

    tensors: dict[str, Tensor]
    values: dict[str, Any]

    def under(self, prefix: str) -> dict[str, Tensor]:
        """Those of its tensors whose names begin so, by what follows."""
        return {name.removeprefix(prefix): value for name, value in self.tensors.items() if name.startswith(prefix)}


@dataclass(frozen=True)
class Preview:
    """How some validation items look to the model after an epoch, or within one.

    Args:
        x, x_noisy, x_hat: (n, *event) float32; ``x_noisy`` is ``x`` where nothing is corrupted.
        z: (m, latent_dim) codes.
        labels: (m,) labels of those codes, or None.
        x_names, z_names: (n,) and (m,) text, what those items are called; None: it was not kept.
        placed: (m,) which of the items of a whole preview have codes here; None: all of them.
        kl: (latent_dim,) KL of posterior from prior by dimension, a mean over those codes; None where there is none, or
            it was not kept.
    """

    x: Float[np.ndarray, "n *event"]
    x_noisy: Float[np.ndarray, "n *event"]
    x_hat: Float[np.ndarray, "n *event"]
    z: Float[np.ndarray, "m latent_dim"]
    labels: Shaped[np.ndarray, " m"] | None
    x_names: Shaped[np.ndarray, " n"] | None = None
    z_names: Shaped[np.ndarray, " m"] | None = None
    placed: Int[np.ndarray, " m"] | None = None
    kl: Float[np.ndarray, " latent_dim"] | None = None


@dataclass(frozen=True)
class Event:
    """Base of all events; ``as_json`` leaves out arrays, tensors and functions."""

    kind: ClassVar[str]
    hidden: ClassVar[frozenset[str]] = frozenset()

    def as_json(self) -> dict[str, Any]:
        shown = {f.name: getattr(self, f.name) for f in fields(self) if f.name not in self.hidden}
        return {"event": self.kind, **shown}


@dataclass(frozen=True)
class Started(Event):
    """Sent once, before the first step (again after a resume)."""

    kind = "started"
    name: str
    dataset: str
    n_train: int
    n_validation: int
    weights: int
    device: str
    stages: list[tuple[str, int]]
    steps_per_epoch: int
    resumed_at_step: int = 0
    processes: int = 1
    """How many train together."""
    main_stage: str = ""
    """The last of the stages that trains the model itself; "": of an earlier version, which has no other after it."""
    contract: dict[str, Any] | None = None
    """How the data was read, as the contract's ``answer``; None for registered data."""
    read: list[str] = field(default_factory=list)
    """What was left out or changed on the way in, and what does not fit, a sentence each."""


@dataclass(frozen=True)
class Step(Event):
    """One step of the optimiser. ``snapshot()`` gives the state after it; ``finish()``, the last event if it ends here.

    ``terms`` is empty for most steps on an accelerator, where looking at a loss waits for the device. ``preview(n)``
    shows the items as they are now, with at most n codes; None in other stages than the model's last: before, there is
    no whole model yet, and after, it does not change.
    """

    kind = "step"
    hidden = frozenset({"snapshot", "finish", "preview"})
    stage: str
    epoch: int
    step: int
    terms: dict[str, float]
    snapshot: Callable[[], State] = field(repr=False, compare=False)
    finish: Callable[[], Finished] = field(repr=False, compare=False)
    preview: Callable[[int], Preview | None] = field(repr=False, compare=False)


@dataclass(frozen=True)
class EpochFinished(Event):
    """One pass over the training rows. Epochs count from 1 within a stage; seconds are of this epoch alone."""

    kind = "epoch"
    hidden = frozenset({"snapshot", "finish", "preview", "best", "findings"})
    stage: str
    epoch: int
    epochs: int
    step: int
    train: dict[str, float]
    validation: dict[str, float]
    learning_rate: float
    seconds: float
    items_per_second: float
    improved: bool
    preview: Preview | None = field(repr=False, compare=False)
    snapshot: Callable[[], State] = field(repr=False, compare=False)
    finish: Callable[[], Finished] = field(repr=False, compare=False)
    best: Callable[[], Checkpoint] = field(repr=False, compare=False)
    """Gives a checkpoint of the best weights so far, without held-out figures."""
    findings: tuple[TrainingFinding, ...] = ()
    """What the losses so far show."""
    is_after: bool = False
    """Whether the model is done, and the stage is of something that is fitted to it."""

    def as_json(self) -> dict[str, Any]:
        return super().as_json() | _as_json(self.findings)


@dataclass(frozen=True)
class Finished(Event):
    """Sent once, last. ``checkpoint`` holds the best weights, or is None where nothing was learnt.

    ``findings`` is what a look at the whole of it showed, the gravest first.
    """

    kind = "finished"
    hidden = frozenset({"checkpoint", "findings"})
    reason: Reason
    best_epoch: int
    seconds: float
    message: str = ""
    hint: str = ""
    checkpoint: Checkpoint | None = field(default=None, repr=False, compare=False)
    findings: tuple[TrainingFinding, ...] = ()

    def as_json(self) -> dict[str, Any]:
        metrics = [] if self.checkpoint is None else [m.model_dump() for m in self.checkpoint.card.metrics]
        return {**super().as_json(), "metrics": metrics} | _as_json(self.findings)


def _as_json(findings: tuple[TrainingFinding, ...]) -> dict[str, Any]:
    """Findings as an event keeps them; nothing where there are none."""
    return {"findings": [finding.model_dump(mode="json") for finding in findings]} if findings else {}
