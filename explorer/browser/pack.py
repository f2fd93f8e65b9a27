"""A chain of layers as bytes that the browser's runtime can run: a JSON header and weights."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from typing import Any, Protocol

import numpy as np
from torch import nn

from explorer.browser.chains import operations
from explorer.browser.envelope import pad
from explorer.browser.operation import Plan, Shape
from explorer.core.errors import ExplorerError
from explorer.models.variational import VariationalAutoencoder

FORMAT = 2
MAGIC = b"AEXP"
MAX_MULTIPLY_ADDS = 200_000_000
"""For one item; about a fifth of a second in plain JavaScript, where following a pointer ends."""
MAX_BYTES = 48 * 1024 * 1024
"""Of weights; each visitor's browser gets them."""
MAX_WORKING_VALUES = 32 * 1024 * 1024
"""float32 values between the layers (128 MiB), beside the weights; the browser keeps them for each decoder it shows."""


class Packable(Protocol):
    """A model that names its decoder's layers (every ``Autoencoder`` does)."""

    latent_dim: int

    def decoder_chain(self) -> list[nn.Module]:
        """Plain layers that take z (N, latent_dim) to a decoded item."""


class Encodable(Protocol):
    """A model that names its encoder's layers (every ``Autoencoder`` does; variational ones their posterior's too)."""

    event_shape: tuple[int, ...]

    def encoder_chain(self) -> list[nn.Module]:
        """Plain layers that take x (N, *event) to its code."""

    def forward_chain(self) -> list[nn.Module]:
        """Plain layers that take x (N, *event) to its reconstruction."""


def pack(
    modules: Iterable[nn.Module], input_shape: tuple[int, ...], part: str = "decoder", merge: bool = True
) -> bytes:
    """Write a chain of layers for the browser's runtime.

    Layout: ``AEXP``, 4 bytes little-endian length of the JSON text, the text, then the weights, each tensor at a
    multiple of 8 bytes. Tensors are named in the header as [offset in bytes after the text, number of values, bytes
    of one]: float32, or float16 where every value is one, as in a checkpoint of half precision: half the bytes for
    the very same numbers.

    Args:
        modules: layers in order, in evaluation mode; ``nn.Sequential`` may be nested.
        input_shape: of one item, without the batch.
        part: what to call the chain in an error.
        merge: join enlarging and the convolution after it into one layer, which is faster; without, the layers are
            those of the model, for what shows each.

    Raises:
        ExplorerError: a layer the runtime does not know, or a chain too large to follow a pointer.
    """
    plan, output_shape = _plan(modules, input_shape, part, merge)
    blobs: list[bytes] = []
    offset = 0
    layers: list[dict[str, Any]] = []
    for step, shape_in, shape_out in plan:
        places: dict[str, tuple[int, int, int]] = {}
        for name, tensor in step.tensors.items():
            values = _shortest(tensor.detach().cpu().contiguous().numpy().astype("<f4"))
            blob = values.tobytes()
            blob += bytes(pad(len(blob)))
            places[name] = (offset, values.size, values.itemsize)
            blobs.append(blob)
            offset += len(blob)
        layers.append({"op": step.op, "in": shape_in, "out": shape_out, **step.settings, "tensors": places})
    header = {
        "format": FORMAT,
        "input": input_shape,
        "output": output_shape,
        "layers": layers,
        "weight_bytes": offset,
    }
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * pad(len(text))
    return b"".join([MAGIC, len(text).to_bytes(4, "little"), text, *blobs])


def _shortest(values: np.ndarray) -> np.ndarray:
    """The same numbers in half the bytes where each is finite in half precision."""
    with np.errstate(over="ignore"):
        halves = values.astype("<f2")
    return halves if np.isfinite(halves).all() and (halves == values).all() else values


def pack_label_decoder(model: VariationalAutoencoder) -> bytes:
    """The decoder of a conditional model: a code and a label's one-hot vector behind it to a decoded item.

    Raises:
        ExplorerError: see ``pack``.
    """
    return pack(model.label_chain(), (model.latent_dim + model.n_labels,))


def pack_decoder(model: Packable) -> bytes:
    """The decoder of a model: z (latent_dim,) to a decoded item.

    Raises:
        ExplorerError: see ``pack``.
    """
    return pack(model.decoder_chain(), (model.latent_dim,))


def input_shape(packed: bytes) -> tuple[int, ...]:
    """Shape of the one item that a pack takes."""
    start = len(MAGIC) + 4
    length = int.from_bytes(packed[len(MAGIC) : start], "little")
    return tuple(json.loads(packed[start : start + length])["input"])


def pack_encoder(model: Encodable) -> bytes:
    """The encoder of a model: x (*event) to its code (latent_dim,).

    Of a variational model, whose code is the posterior's mean, the log variance follows: (2 latent_dim,) in all.

    Raises:
        ExplorerError: see ``pack``.
    """
    return pack(_encoder(model), model.event_shape, "encoder")


def pack_reconstruction(model: Encodable) -> bytes:
    """Encoder and decoder in one: x (*event) to what ``forward`` makes of it, with the switches of unpooling models.

    Raises:
        ExplorerError: see ``pack``.
    """
    return pack(model.forward_chain(), model.event_shape, "autoencoder")


def can_run_live(model: Packable) -> str | None:
    """Why a model's decoder cannot run in the browser, as a sentence; None where it can."""
    return _obstacle(model.decoder_chain(), (model.latent_dim,), "decoder")


def can_encode_live(model: Encodable) -> str | None:
    """Why a model cannot encode and rebuild an item in the browser, as a sentence; None where it can."""
    # The whole takes at least what the encoder takes, but for the log variances.
    return _obstacle(_encoder(model), model.event_shape, "encoder") or _obstacle(
        model.forward_chain(), model.event_shape, "autoencoder"
    )


def _encoder(model: Encodable) -> list[nn.Module]:
    return model.posterior_chain() if isinstance(model, VariationalAutoencoder) else model.encoder_chain()


def _obstacle(modules: Iterable[nn.Module], input_shape: Shape, part: str) -> str | None:
    try:
        _plan(modules, input_shape, part)
    except ExplorerError as error:
        return str(error)
    return None


def _plan(modules: Iterable[nn.Module], input_shape: Shape, part: str, merge: bool = True) -> tuple[Plan, Shape]:
    """The operations of a chain and its output shape; checked against the limits."""
    plan, shape = operations(modules, tuple(input_shape), merge)
    _check_size(plan, tuple(input_shape), part)
    return plan, shape


def _check_size(plan: Plan, input_shape: Shape, part: str) -> None:
    multiply_adds = sum(step.multiply_adds for step, _, _ in plan)
    if multiply_adds > MAX_MULTIPLY_ADDS:
        raise ExplorerError(
            f"This {part} needs {multiply_adds / 1e6:,.0f} million multiply-adds a picture; live decoding stops at "
            f"{MAX_MULTIPLY_ADDS / 1e6:,.0f} million.",
            "Train one with fewer channels or smaller images to drag through it.",
        )
    weight_bytes = _weight_bytes(plan)
    if weight_bytes > MAX_BYTES:
        raise ExplorerError(
            f"This {part} has {weight_bytes / 2**20:,.0f} MiB of weights; live decoding stops at "
            f"{MAX_BYTES // 2**20} MiB.",
            "Train one with smaller layers to drag through it.",
        )
    working = _working_values(plan, input_shape)
    if working > MAX_WORKING_VALUES:
        raise ExplorerError(
            f"This {part} keeps {working / 1e6:,.0f} million values between its layers; live decoding stops at "
            f"{MAX_WORKING_VALUES / 1e6:,.0f} million.",
            "Train one with fewer channels or smaller images to drag through it.",
        )


def _weight_bytes(plan: Plan) -> int:
    return 4 * sum(tensor.numel() for step, _, _ in plan for tensor in step.tensors.values())


def _working_values(plan: Plan, input_shape: Shape) -> int:
    """Values beside the weights: the runtime gives each layer an output of its own, and all layers one scratch."""
    values = math.prod(input_shape) + sum(math.prod(out) + step.kept for step, _, out in plan)
    return values + max((step.scratch for step, _, _ in plan), default=0)
