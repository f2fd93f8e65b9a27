"""What a step calculates, as a module that can be compiled and wrapped, and the error of a loss that is not finite."""

from __future__ import annotations

import torch
from jaxtyping import Float
from torch import Tensor, nn

from explorer.models import Stage
from explorer.recipe import TrainingPart


class StepLoss(nn.Module):
    """The forward pass of one step, as a module: what torch.compile compiles and Accelerate wraps."""

    def __init__(self, stage: Stage) -> None:
        super().__init__()
        self.trained = stage.modules
        self.stage_loss = stage.loss

    def forward(
        self, x: Float[Tensor, "n *event"], target: Float[Tensor, "n *event"], generator: torch.Generator
    ) -> tuple[Float[Tensor, ""], dict[str, Tensor]]:
        loss = self.stage_loss(x, target, generator)
        return loss.total, {name: value for name, (value, _) in loss.terms.items()}


class DivergedError(Exception):
    """A loss term stopped being finite."""

    def __init__(self, term: str, value: float) -> None:
        super().__init__(term)
        self.term, self.value = term, value


def optimiser_for(stage: Stage, training: TrainingPart, device: torch.device) -> torch.optim.Optimizer:
    """A new optimiser of a stage's weights."""
    kind = torch.optim.AdamW if training.weight_decay else torch.optim.Adam
    # Fused: one pass over all weights; a third quicker for a whole step of a dense model on the CPU.
    fused = device.type in ("cpu", "cuda")
    parameters = list(stage.modules.parameters())
    return kind(parameters, lr=training.learning_rate, weight_decay=training.weight_decay, fused=fused)


def load_optimiser(optimiser: torch.optim.Optimizer, tensors: dict[str, Tensor]) -> None:
    """Take back what another optimiser of the same weights had gathered.

    Args:
        tensors: by "NUMBER.NAME": the weight's number and what is kept of it.
    """
    slots: dict[int, dict[str, Tensor]] = {}
    weights = [weight for group in optimiser.param_groups for weight in group["params"]]
    for key, value in tensors.items():
        number, _, name = key.partition(".")
        weight = weights[int(number)]
        # In the weight's own layout in memory, which the fused optimiser takes for granted.
        placed = torch.empty_like(weight).copy_(value) if value.shape == weight.shape else value
        slots.setdefault(int(number), {})[name] = placed
    groups = optimiser.state_dict()["param_groups"]
    optimiser.load_state_dict({"state": slots, "param_groups": groups})
