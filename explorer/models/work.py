"""How much a model has to reckon for one item, the same on every machine: how many items a page can afford."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from weakref import WeakKeyDictionary

import torch
from jaxtyping import Float
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.flop_counter import flop_registry

from explorer.models.base import Autoencoder

_DECODING: WeakKeyDictionary[Autoencoder, int] = WeakKeyDictionary()
_REBUILDING: WeakKeyDictionary[Autoencoder, int] = WeakKeyDictionary()


class _Counter(TorchDispatchMode):
    """Counts the multiply-adds of matrix products and convolutions of this thread; element-wise work is nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.total = 0

    def __torch_dispatch__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        out = func(*args, **(kwargs or {}))
        count = flop_registry.get(func._overloadpacket)
        if count is not None:
            self.total += count(*args, **(kwargs or {}), out_val=out) // 2
        return out


def multiply_adds(run: Callable[[Tensor], Tensor], x: Float[Tensor, "n *event"]) -> int:
    """Those of ``run(x)``, in matrix products and convolutions."""
    with torch.no_grad(), _Counter() as counter:
        run(x)
    return counter.total


def decoding_work(model: Autoencoder, latent_dim: int) -> int:
    """Multiply-adds for one code, counted once for each model."""
    if model not in _DECODING:
        _DECODING[model] = _of_one(model, model.decode, (latent_dim,))
    return _DECODING[model]


def rebuilding_work(model: Autoencoder, event_shape: tuple[int, ...]) -> int:
    """Multiply-adds for encoding and decoding one item, of an encoder alone for encoding it; counted once a model."""
    if model not in _REBUILDING:
        _REBUILDING[model] = _of_one(model, model.encode if model.lacks == "decoder" else model, event_shape)
    return _REBUILDING[model]


def _of_one(model: Autoencoder, run: Callable[[Tensor], Tensor], shape: tuple[int, ...]) -> int:
    device = next((weight.device for weight in model.parameters()), torch.device("cpu"))
    label = torch.zeros(1, dtype=torch.int64) if model.n_labels else None  # any: each takes the same work
    with model.told(label):
        return multiply_adds(run, torch.zeros(1, *shape, device=device))
