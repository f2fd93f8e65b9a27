"""The label of a conditional model as an input of its graphs, beside the items or the codes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from explorer.checkpoints import VectorCheckpoint
from explorer.models import Autoencoder, VariationalAutoencoder

LABEL = "label"
"""Name of the input."""


class ToldLabels(nn.Module):
    """A part of a conditional model that takes the label of each item beside it: (n, ...) and (n,) whole numbers.

    What it makes of a label that the model does not know is not a number: it was never trained on such items, and a
    graph would make something of any number.
    """

    known: Tensor

    def __init__(self, part: nn.Module, model: VariationalAutoencoder) -> None:
        super().__init__()
        self.part, self.model = part, model
        self.register_buffer("known", model.label_counts > 0)

    def forward(
        self, value: Float[Tensor, "n ..."], label: Int[Tensor, " n"]
    ) -> Float[Tensor, "n ..."] | tuple[Float[Tensor, "n ..."], ...]:
        place = label.clamp(min=0)
        with self.model.told(place):
            made = self.part(value)
        unknown = torch.where((label >= 0) & self.known[place], 0.0, torch.nan)
        if isinstance(made, Tensor):
            return _marked(made, unknown)
        return tuple(_marked(one, unknown) for one in made)


def _marked(made: Tensor, unknown: Tensor) -> Tensor:
    return made + unknown.view(-1, *[1] * (made.ndim - 1))


def every_label(model: Autoencoder, least: int) -> Int[Tensor, " n"] | None:
    """(n,) labels that a conditional model knows, in turn, each at least once and ``least`` or more in all.

    None for other models, which are told none.
    """
    if not isinstance(model, VariationalAutoencoder) or not model.n_labels:
        return None
    known = model.label_counts.nonzero().flatten()
    n = max(least, len(known))
    return known.repeat(-(-n // len(known)))[:n]


def label_facts(checkpoint: VectorCheckpoint) -> Mapping[str, Any]:
    """What the input means, for a file's metadata; nothing for a model that is told no label."""
    if not checkpoint.labels:
        return {}
    numbers = {name: checkpoint.card.data.label_names.index(name) for name in checkpoint.labels}
    words = "the label of each item as its whole number in labels (int64); of others the results are NaN"
    return {f"meaning.{LABEL}": words, "labels": numbers}
