"""A model as the tensors that an item goes through, with the values of some items in each."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float, Num
from torch import Tensor as Values
from torch import nn

from explorer.browser.inside.blocks import Block, blocks
from explorer.browser.inside.message import Inside, Tensor
from explorer.checkpoints import VectorCheckpoint
from explorer.evaluation.activations import standardised
from explorer.models import VariationalAutoencoder, layers

MAX_BYTES = 4_000_000
"""Of values that a visitor's browser gets; large models are shown with fewer items."""
ABOVE, BELOW = -1.0, 1.0


@dataclass(frozen=True)
class _Stop:
    """One tensor before it is known how many items fit."""

    name: str
    role: str
    block: Block | None
    values: np.ndarray
    column: float
    row: float
    after: tuple[int, ...]
    weights_name: str = ""
    weights: int = 0


def inside(
    checkpoint: VectorCheckpoint, x: Num[np.ndarray, "n *event"], names: Sequence[str], losses: Sequence[str]
) -> Inside:
    """The drawing of a model.

    A variational model's decoder is shown on one draw of each code, z = mu + sigma * epsilon, the same every time.

    Args:
        x: (n, *event) items as they go in, corrupted where the recipe corrupts; at least one.
        names: (n,) what they are called.
        losses: (n,) their losses in words.
    """
    stops = _stops(checkpoint, x)
    n = max(1, min(len(x), MAX_BYTES // sum(math.prod(stop.values.shape[1:]) for stop in stops)))
    return Inside(tensors=tuple(_tensor(stop, n) for stop in stops), names=tuple(names[:n]), losses=tuple(losses[:n]))


@torch.inference_mode()
def _stops(checkpoint: VectorCheckpoint, x: Num[np.ndarray, "n *event"]) -> list[_Stop]:
    model = checkpoint.model
    drawn = blocks(layers(model), checkpoint.event_shape)
    of_encoder = [block for block in drawn if block.part == "encoder"]
    given = checkpoint.tensor(x)
    encoded = _outputs(model.encoder_chain(), given)
    corrupted = checkpoint.card.recipe.corruption is not None
    stops = [_Stop("x̃" if corrupted else "x", "encoder", None, standardised(checkpoint, x), 0, 0, ())]
    for block in of_encoder[:-1]:
        at = len(stops)
        stops.append(_Stop("", "encoder", block, encoded[block.last], at, 0, (at - 1,)))
    last, at = of_encoder[-1], len(stops)
    z = encoded[last.last]
    if isinstance(model, VariationalAutoencoder):
        mu, logvar = model.posterior(given)
        sigma = torch.exp(0.5 * logvar)
        epsilon = torch.randn(mu.shape, generator=torch.Generator().manual_seed(0))
        z = (mu + sigma * epsilon.to(mu.device)).cpu().numpy()
        rest = checkpoint.card.weights - sum(block.weights for block in drawn)
        stops += [
            _Stop("μ", "code", last, mu.cpu().numpy(), at, ABOVE, (at - 1,)),
            _Stop("σ", "code", last, sigma.cpu().numpy(), at, 0, (at - 1,), "W_σ" if rest else "", max(0, rest)),
            _Stop("ε", "code", None, epsilon.numpy(), at, BELOW, ()),
            _Stop("z", "code", None, z, at + 1, 0, (at, at + 1, at + 2)),
        ]
    else:
        # A code that is a grid of entries is drawn as maps, and decoded as the vector that it is.
        stops.append(_Stop("code z", "code", last, z, at, 0, (at - 1,)))
        z = encoded[-1]
    decoded = _outputs(model.decoder_chain(), torch.from_numpy(z).to(given.device))
    first = len([layer for layer in layers(model) if layer.part == "encoder"])
    of_decoder = drawn[len(of_encoder) :]
    for i, block in enumerate(of_decoder):
        is_last = i == len(of_decoder) - 1
        values = decoded[block.last - first]
        if is_last:
            values = standardised(checkpoint, values)
        name, column = "x̂" if is_last else "", stops[-1].column + 1
        stops.append(_Stop(name, "decoder", block, values, column, 0, (len(stops) - 1,)))
    return stops


def _outputs(chain: Iterable[nn.Module], value: Values) -> list[Float[np.ndarray, "n *shape"]]:
    """What each layer makes of items, of those that ``models.layers`` lists."""
    outputs = []
    for module in chain:
        value = module(value)
        if not isinstance(module, nn.Identity):
            outputs.append(value.float().cpu().numpy())
    return outputs


def _tensor(stop: _Stop, n: int) -> Tensor:
    block, flat = stop.block, stop.values[:n].reshape(n, -1)
    low, high = flat.min(1), flat.max(1)
    spread = np.where(high > low, high - low, 1)
    return Tensor(
        name=stop.name,
        role=stop.role,
        shape=tuple(stop.values.shape[1:]),
        layers="" if block is None else " + ".join([block.name, *block.others]),
        weights_name=stop.weights_name or ("" if block is None else block.weights_name),
        weights=stop.weights or (0 if block is None else block.weights),
        column=float(stop.column),
        row=float(stop.row),
        after=stop.after,
        values=np.rint(255 * (flat - low[:, None]) / spread[:, None]).astype(np.uint8),
        low=low,
        high=high,
    )
