"""What happens inside a model: the values of every layer as one item goes through, and the loss it ends in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float, Num
from torch import Tensor, nn

from explorer.checkpoints import Checkpoint
from explorer.data.stored import as_float
from explorer.models import Layer, Reconstructor, layers
from explorer.recipe import Recipe


@dataclass(frozen=True)
class Activation:
    """The output of one layer for one item.

    Args:
        layer: which layer, with its true output shape.
        value: float32 of ``layer.shape``.
    """

    layer: Layer
    value: Float[np.ndarray, "*shape"]


@dataclass(frozen=True)
class Term:
    """One named term of a loss, the mean over items, and the weight it enters the total by."""

    name: str
    value: float
    weight: float


@torch.inference_mode()
def activations(checkpoint: Checkpoint, item: Num[np.ndarray, "*event"]) -> list[Activation]:
    """Every layer's output for one item, encoder first, in the order of ``models.layers``.

    The encoder ends in the code (a variational model's mean) and the decoder starts from it, so that with unpooling the
    last value is ``decode(encode(x))``, not ``forward(x)``, which uses the pooling switches of its input.

    Args:
        checkpoint: of any family.
        item: (*event) as stored: uint8 or float.

    Raises:
        ExplorerError: the item does not fit the model.
    """
    value = checkpoint.tensor(np.asarray(item)[None])
    outputs = []
    for module in _shown(checkpoint.model):
        value = module(value)
        outputs.append(value[0].float().numpy())
    return [Activation(layer, output) for layer, output in zip(layers(checkpoint.model), outputs, strict=True)]


def _shown(model: Reconstructor) -> Iterator[nn.Module]:
    """The modules that ``models.layers`` lists."""
    return (m for m in (*model.encoder_chain(), *model.decoder_chain()) if not isinstance(m, nn.Identity))


@torch.inference_mode()
def loss_terms(checkpoint: Checkpoint, x: Num[np.ndarray, "n *event"], seed: int = 0) -> list[Term]:
    """The terms of the loss over items, corrupted as the recipe says, with one draw of all noise.

    Of what ``forward`` makes of each item, with unpooling by the switches of its input: the value over several items is
    the mean of each one's own, but for the draws.

    Args:
        checkpoint: of any family.
        x: (N, *event) as stored, N >= 1.
        seed: of the corruption and of the posterior sample; the same seed gives the same numbers.

    Returns:
        One entry a term, in nats or in squared error per item; their weighted sum is the loss.
    """
    target = as_float(x)
    generator = torch.Generator().manual_seed(seed)
    corruption = checkpoint.card.recipe.corruption
    x_in = target if corruption is None else corruption(target, generator)
    loss = checkpoint.model.loss(x_in, target, generator)
    return [Term(name, float(value), float(weight)) for name, (value, weight) in loss.terms.items()]


@torch.inference_mode()
def standardised(checkpoint: Checkpoint, x: Num[np.ndarray, "n *event"]) -> Float[np.ndarray, "n *event"]:
    """Table rows (N, D) as the model sees them, in standard deviations of each column; images as floats in [0, 1]."""
    values: Tensor = checkpoint.model.input(as_float(x))
    return values.numpy()


def weights_of(recipe: Recipe, event_shape: tuple[int, ...], n_labels: int = 0) -> int:
    """How many trained numbers a recipe's model would have: nothing is allocated and nothing computed.

    No item passes through it: the first pass on the meta device makes PyTorch import its compiler, for two seconds.

    Args:
        recipe: of the model.
        event_shape: of its items.
        n_labels: that a conditional model is told one of.

    Raises:
        RecipeError: the family cannot take such events, or its fields do not fit together.
    """
    with torch.device("meta"):
        return sum(parameter.numel() for parameter in recipe.build(event_shape, n_labels).parameters())
