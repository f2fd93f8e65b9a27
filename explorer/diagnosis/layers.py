"""What each layer of a model gives for some items, as far as an examination asks: how large, how varied, how steep."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Bool, Float
from torch import Tensor, nn

from explorer.models import Autoencoder

FLAT = 0.01
"""A sigmoid is saturated where it is less than this share as steep as in its middle."""
MOSTLY = 0.95
"""A unit is saturated where it is so for this share of the items."""
SAME = 1e-6
"""A unit is dead where it varies by less than this share of the layer's size."""


@dataclass(frozen=True)
class LayerOutputs:
    """One layer's outputs over some items; of maps, a unit is a channel.

    Args:
        part: ``encoder`` or ``decoder``.
        number: its place among all layers of its part, from 1.
        kind: of layer, such as "ReLU".
        n: items that went through.
        is_hidden: an activation between other layers; the code and the item's own values are none.
        size: root of the mean square of all outputs.
        dead: (units,) which give the same for every item.
        saturated: (units,) which lie at an end of their sigmoid or tanh for nearly every item; all False for others.
    """

    part: str
    number: int
    kind: str
    n: int
    is_hidden: bool
    size: float
    dead: Bool[np.ndarray, " units"]
    saturated: Bool[np.ndarray, " units"]

    @property
    def called(self) -> str:
        """Which it is, in words."""
        return f"{self.kind} {self.number} of the {self.part}"


ACTIVATIONS = (nn.ReLU, nn.LeakyReLU, nn.ELU, nn.SiLU, nn.GELU, nn.Tanh, nn.Sigmoid)


@torch.inference_mode()
def layer_outputs(model: Autoencoder, x: Float[Tensor, "n *event"]) -> list[LayerOutputs]:
    """Every layer of encoder and decoder, for some items.

    Args:
        model: ready for evaluation.
        x: items as the model takes them.
    """
    value = x
    rows: list[LayerOutputs] = []
    for part, chain in (("encoder", model.encoder_chain()), ("decoder", model.decoder_chain())):
        for number, module in enumerate(chain, 1):
            value = module(value)
            is_hidden = isinstance(module, ACTIVATIONS) and number < len(chain)
            rows.append(_summary(module, part, number, value, is_hidden))
    return rows


def _summary(module: nn.Module, part: str, number: int, value: Tensor, is_hidden: bool) -> LayerOutputs:
    by_unit = _by_unit(value)
    size = float(value.double().square().mean().sqrt())
    spread = (by_unit.amax((0, 2)) - by_unit.amin((0, 2))).numpy()
    slope = _slope(module, by_unit)
    steep = np.zeros(by_unit.shape[1], bool) if slope is None else (slope < FLAT).float().mean((0, 2)).numpy() > MOSTLY
    dead = ~(spread > SAME * size)
    return LayerOutputs(part, number, type(module).__name__, len(value), is_hidden, size, dead, steep)


def _by_unit(value: Tensor) -> Float[Tensor, "n units places"]:
    return value.flatten(2) if value.ndim > 2 else value[:, :, None]


def _slope(module: nn.Module, y: Tensor) -> Tensor | None:
    """How steep a sigmoid is where it gives ``y``, as a share of its middle; None for other layers."""
    if isinstance(module, nn.Sigmoid):
        return 4 * y * (1 - y)
    return 1 - y.square() if isinstance(module, nn.Tanh) else None


def worst(layers: Sequence[LayerOutputs], what: str) -> tuple[LayerOutputs, float] | None:
    """The hidden layer with the largest share of ``dead`` or ``saturated`` units, and that share."""
    shares = [(float(getattr(layer, what).mean()), layer) for layer in layers if layer.is_hidden]
    if not shares:
        return None
    share, layer = max(shares, key=lambda pair: pair[0])
    return layer, share
