"""What a step calculates, as a module that can be compiled and wrapped, and the error of a loss that is not finite."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor, nn

from explorer.models import Stage, VariationalAutoencoder
from explorer.recipe import TrainingPart


class StepLoss(nn.Module):
    """The forward pass of one step, as a module: what torch.compile compiles and Accelerate wraps."""

    def __init__(self, stage: Stage) -> None:
        super().__init__()
        self.trained = stage.modules
        self.stage_loss = stage.loss

    def forward(
        self,
        x: Float[Tensor, "n *event"],
        target: Float[Tensor, "n *event"],
        generator: torch.Generator,
        item_weights: Float[Tensor, " n"] | None = None,
    ) -> tuple[Float[Tensor, ""], dict[str, Tensor]]:
        loss = self.stage_loss(x, target, generator)
        means = loss.means(item_weights)
        return loss.total_of(means), means


class DivergedError(Exception):
    """A loss term stopped being finite."""

    def __init__(self, term: str, value: float) -> None:
        super().__init__(term)
        self.term, self.value = term, value


MOMENTUM = 0.9


def _adam(parameters: list[Any], training: TrainingPart, fused: bool) -> torch.optim.Optimizer:
    kind = torch.optim.AdamW if training.weight_decay else torch.optim.Adam
    return kind(parameters, lr=training.learning_rate, weight_decay=training.weight_decay, fused=fused)


def _radam(parameters: list[Any], training: TrainingPart, fused: bool) -> torch.optim.Optimizer:
    decay = training.weight_decay
    return torch.optim.RAdam(
        parameters, lr=training.learning_rate, weight_decay=decay, decoupled_weight_decay=bool(decay)
    )


class DecoupledSGD(torch.optim.SGD):
    """Gradient descent whose weight decay is taken from the weights and not added to the gradient.

    Source: Loshchilov and Hutter 2019, algorithm 1.
    """

    def __init__(self, parameters: list[Any], lr: float, decay: float, fused: bool) -> None:
        super().__init__(parameters, lr=lr, momentum=MOMENTUM, nesterov=True, fused=fused)
        self.decay = decay

    @torch.no_grad()
    def step(self, closure: Any = None) -> Any:
        """Shrink the weights by rate times decay, then take the step of the gradient."""
        if self.decay:
            for group in self.param_groups:
                weights = [weight for weight in group["params"] if weight.grad is not None]
                if weights:
                    torch._foreach_mul_(weights, 1 - group["lr"] * self.decay)
        return super().step(closure)


def _sgd(parameters: list[Any], training: TrainingPart, fused: bool) -> torch.optim.Optimizer:
    return DecoupledSGD(parameters, training.learning_rate, training.weight_decay, fused)


OPTIMISERS: dict[str, Callable[[list[Any], TrainingPart, bool], torch.optim.Optimizer]] = {
    "adam": _adam,
    "radam": _radam,
    "sgd": _sgd,
}
"""Every optimiser by its name in recipes."""


def optimiser_for(stage: Stage, training: TrainingPart, device: torch.device) -> torch.optim.Optimizer:
    """A new optimiser of a stage's weights.

    Those of an objective's own network are a group with a rate of its own: ``share`` of the model's. What optimisers
    gather they keep by weight, so that such a group is as good as an optimiser of its own.
    """
    # Fused: one pass over all weights; a third quicker for a whole step of a dense model on the CPU.
    fused = device.type in ("cpu", "cuda")
    weights = list(stage.modules.parameters())
    groups: list[Any] = weights
    model = stage.modules
    if isinstance(model, VariationalAutoencoder) and model.objective is not None and model.critic is not None:
        own = list(model.critic.parameters())
        others = [weight for weight in weights if all(weight is not one for one in own)]
        groups = [{"params": others}, {"params": own, "share": model.objective.critic_rate}]
    return OPTIMISERS[training.optimiser](groups, training, fused)


def set_rate(optimiser: torch.optim.Optimizer, rate: float) -> None:
    """Set the learning rate of a step, of each group its share."""
    for group in optimiser.param_groups:
        group["lr"] = rate * group.get("share", 1.0)


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
