"""A layer that is told each item's label: what makes a variational autoencoder conditional."""

from __future__ import annotations

import copy
import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from explorer.core.errors import ExplorerError, RecipeError


class LabelledLayer(nn.Module):
    """h = W x + b + U y, for the one-hot vector y of an item's label: the layer that would have y appended to its x.

    Of a convolution the same number is added at each place of a map. U y is a column of U, so that a label that is
    chosen once and for all becomes a part of the bias (``plain``). U begins as W does, uniform within 1 / sqrt(fan_in).
    """

    labels: Tensor | None = None
    """(n,) of the items that come, or (1,) for all of them; None: nobody has said them."""

    def __init__(self, layer: nn.Linear | nn.Conv2d, n_labels: int) -> None:
        super().__init__()
        self.layer = layer
        bound = 1 / math.sqrt(layer.weight[0].numel())
        self.shift = nn.Parameter(torch.empty(n_labels, len(layer.weight)).uniform_(-bound, bound))

    def forward(self, x: Float[Tensor, "n *event"]) -> Float[Tensor, "n *event2"]:
        """The layer's values of items whose labels are said in ``labels``.

        Several codes of each item, one whole round of items after the other, have the labels of the items.
        """
        if self.labels is None:
            raise ExplorerError(
                "This model is conditional on the label, and no label is said.", "Say one: given(LABEL)."
            )
        h: Tensor = self.layer(x)
        rounds = 1 if len(self.labels) == 1 else len(h) // len(self.labels)
        shift = self.shift[self.labels].repeat(rounds, 1)
        return h + shift.view(*shift.shape, *[1] * (h.ndim - 2))

    def plain(self, label: int) -> nn.Linear | nn.Conv2d:
        """The same layer for items of one label, which is then a part of its bias."""
        layer = copy.deepcopy(self.layer)
        bias = self.shift[label].detach()
        layer.bias = nn.Parameter(bias.clone() if layer.bias is None else layer.bias.detach() + bias)
        return layer.requires_grad_(self.shift.requires_grad)

    def with_label_input(self) -> nn.Linear:
        """The same layer with the label's one-hot vector appended to what it takes.

        Raises:
            ExplorerError: it is a convolution.
        """
        if not isinstance(self.layer, nn.Linear):
            raise ExplorerError("A convolution has no place for a label in what it takes.")
        layer = nn.Linear(self.layer.in_features + len(self.shift), self.layer.out_features, device="meta")
        layer.weight = nn.Parameter(torch.cat([self.layer.weight, self.shift.T], 1).detach(), requires_grad=False)
        layer.bias = nn.Parameter(self.layer.bias.detach().clone(), requires_grad=False)
        return layer


def condition_first(layers: nn.Sequential, n_labels: int) -> None:
    """Put a ``LabelledLayer`` in the place of the first layer with weights; for 0 labels only see that it has a bias.

    Raises:
        RecipeError: there is none that could be told a label.
    """
    for place, layer in enumerate(layers):
        if isinstance(layer, (nn.Linear, nn.Conv2d)):
            if n_labels:
                layers[place] = LabelledLayer(layer, n_labels)
            elif layer.bias is None:  # a convolution before batch normalisation
                layer.bias = nn.Parameter(torch.zeros(len(layer.weight)))
            return
    raise RecipeError(
        "There is no dense or convolutional layer that could be told a label.",
        "Set model.conditional to false, or give model.hidden a layer.",
    )


def labelled_layers(model: nn.Module) -> list[LabelledLayer]:
    """The layers of a model that are told labels."""
    return [module for module in model.modules() if isinstance(module, LabelledLayer)]


@contextmanager
def told(layers: Sequence[LabelledLayer], labels: Int[Tensor, " n"] | None) -> Iterator[None]:
    """Within it the layers know the labels (n,) of the items that come; labels do not matter to other models."""
    before = [layer.labels for layer in layers]
    for layer in layers:
        layer.labels = labels
    try:
        yield
    finally:
        for layer, former in zip(layers, before, strict=True):
            layer.labels = former


def without_labels(layers: nn.Sequential, label: int) -> nn.Sequential:
    """The same layers for items of one label."""
    return nn.Sequential(*(one.plain(label) if isinstance(one, LabelledLayer) else one for one in layers))
