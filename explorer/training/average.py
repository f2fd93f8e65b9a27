"""An exponential moving average of a model's weights, which is validated and saved in their place."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Tensor, nn


class WeightAverage:
    """a <- d a + (1 - d) w after each step, d = min(decay, (1 + t) / (10 + t)) at step t: the start is soon forgotten.

    Statistics of batch normalisation and whole numbers are not averaged: they are those of the newest weights.

    Source: Polyak and Juditsky 1992; the decay's start: TensorFlow's ExponentialMovingAverage.

    Args:
        model: whose trained weights are followed.
        decay: of the average, in [0, 1).
        tensors: of an earlier average, by name; none: begins with the weights as they are.
    """

    def __init__(self, model: nn.Module, decay: float, tensors: dict[str, Tensor] | None = None) -> None:
        self.decay = decay
        self._weights = dict(model.named_parameters())
        start = tensors or self._weights
        self._average = {name: start[name].detach().to(w.device, copy=True) for name, w in self._weights.items()}

    @torch.no_grad()
    def update(self, step: int) -> None:
        """Take in the weights after so many steps, counted from 1."""
        share = 1 - min(self.decay, (1 + step) / (10 + step))
        torch._foreach_lerp_(list(self._average.values()), list(self._weights.values()), share)

    def tensors(self) -> dict[str, Tensor]:
        """The average by the weights' names."""
        return dict(self._average)

    @contextmanager
    def in_place(self) -> Iterator[None]:
        """Within it the model has the averaged weights."""
        own = {name: weight.detach().clone() for name, weight in self._weights.items()}
        self._put(self._average)
        try:
            yield
        finally:
            self._put(own)

    @torch.no_grad()
    def _put(self, tensors: dict[str, Tensor]) -> None:
        for name, weight in self._weights.items():
            weight.copy_(tensors[name])
