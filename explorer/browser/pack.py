"""A chain of layers as bytes that the browser's runtime can run: a JSON header and weights."""

from __future__ import annotations

import json
import math
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from explorer.browser.envelope import pad
from explorer.core.errors import ExplorerError
from explorer.models.blocks import Pool, Standardise, TiedLinear, Unpool, Unstandardise
from explorer.models.convolutional import PairedPool, PairedUnpool
from explorer.models.variational import VariationalAutoencoder

FORMAT = 2
MAGIC = b"AEXP"
MAX_MULTIPLY_ADDS = 200_000_000
"""For one item; about a fifth of a second in plain JavaScript, where following a pointer ends."""
MAX_BYTES = 48 * 1024 * 1024
"""Of weights; each visitor's browser gets them."""
MAX_WORKING_VALUES = 32 * 1024 * 1024
"""float32 values between the layers (128 MiB), beside the weights; the browser keeps them for each decoder it shows."""

Shape = tuple[int, ...]


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


@dataclass(frozen=True)
class Operation:
    """One operation of the runtime.

    Args:
        op: its name in ``runtime.js``.
        settings: what the operation needs beside its shapes.
        tensors: name -> weights, in the layout the runtime reads.
        multiply_adds: per item; element-wise work counts as nothing.
        scratch: values that the runtime needs beside input and output, at least, while the operation runs.
        kept: values that it needs beside these until the next item.
    """

    op: str
    settings: dict[str, Any] = field(default_factory=dict)
    tensors: dict[str, Tensor] = field(default_factory=dict)
    multiply_adds: int = 0
    scratch: int = 0
    kept: int = 0


Plan = Sequence[tuple[Operation, Shape, Shape]]
"""Each operation with its input and output shape."""

# ``Any``: each function takes the layer type it is registered for. None: only the shape changes.
Packer = Callable[[Any, Shape, Shape], Operation | None]


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
    plan: list[tuple[Operation, Shape, Shape]] = []
    shape = tuple(input_shape)
    for module, shape_in, out in _connected(modules, shape, merge):
        step = _packer(module)(module, shape_in, out)
        if step is not None:
            plan.append((step, shape_in, out))
        shape = out
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


def _connected(modules: Iterable[nn.Module], shape: Shape, merge: bool) -> Iterator[tuple[nn.Module, Shape, Shape]]:
    """Each layer with its input and output shape; with ``merge``, enlarging and the convolution after it as one."""
    waiting = deque(_flattened(modules))
    while waiting:
        module = waiting.popleft()
        _packer(module)  # before the layer runs: one that cannot be packed may not even take such items
        out = _output_shape(module, shape)
        merged = _merged(module, waiting[0], shape, out) if merge and waiting else None
        if merged is not None:
            waiting.popleft()
            module, out = merged, _output_shape(merged, shape)
        yield module, shape, out
        shape = out


def _merged(enlarge: nn.Module, conv: nn.Module, shape: Shape, out: Shape) -> nn.ConvTranspose2d | None:
    """The transposed convolution that equals doubling or unpooling and then a 3x3 convolution; None for other layers.

    It reads each small input once, and not its four copies or the zeros around it: 2.25 times less work after nearest
    upsampling, 4 times less after unpooling. Its weights are the convolution's own, turned around; after upsampling,
    each is the sum of those that met copies of the same value.
    """
    if not (isinstance(conv, nn.Conv2d) and conv.kernel_size == (3, 3) and conv.stride == (1, 1)):
        return None
    if conv.padding not in ((1, 1), "same") or conv.padding_mode != "zeros":
        return None
    if conv.groups != 1 or conv.dilation != (1, 1):
        return None
    weight = _exact(conv.weight).flip(2, 3).transpose(0, 1)
    extra = (0, 0)
    if isinstance(enlarge, nn.Upsample) and enlarge.mode == "nearest" and out[1:] == (2 * shape[1], 2 * shape[2]):
        copies = torch.ones(1, 1, 2, 2, dtype=weight.dtype)
        weight = F.conv2d(weight.flatten(0, 1)[:, None], copies, padding=1).view(*weight.shape[:2], 4, 4)
    elif isinstance(enlarge, Unpool):
        extra = (out[1] - 2 * shape[1] + 1, out[2] - 2 * shape[2] + 1)
    else:
        return None
    n_in, n_out, size, _ = weight.shape
    merged = nn.ConvTranspose2d(n_in, n_out, size, stride=2, padding=1, output_padding=extra, bias=False)
    merged.weight.data = weight.float()
    if conv.bias is not None:
        merged.bias = nn.Parameter(conv.bias.detach().cpu())
    return merged


def _flattened(modules: Iterable[nn.Module]) -> Iterable[nn.Module]:
    for module in modules:
        if isinstance(module, nn.Sequential):
            yield from _flattened(module)
        else:
            yield module


def _output_shape(module: nn.Module, shape: Shape) -> Shape:
    """The shape of one output item, asked of the layer itself with a zero item."""
    if isinstance(module, nn.BatchNorm1d | nn.BatchNorm2d | nn.Dropout) and module.training:
        raise ExplorerError(
            f"{type(module).__name__} is in training mode, where its output depends on the batch.",
            "Call eval() on the model first.",
        )
    device = next((tensor.device for tensor in (*module.parameters(), *module.buffers())), None)
    try:
        with torch.no_grad():
            return tuple(module(torch.zeros(1, *shape, device=device)).shape[1:])
    except RuntimeError as error:  # how PyTorch says that the shape does not fit
        raise ExplorerError(
            f"The layer {module} takes no items of shape {shape}.", "Give it what the layer before it makes."
        ) from error


def _packer(module: nn.Module) -> Packer:
    packer = _PACKERS.get(type(module))
    if packer is None:
        raise ExplorerError(
            f"The layer {module} cannot run in the browser.",
            "Use layers that explorer.browser.pack knows, or look at this model on the pages that decode in Python.",
        )
    return packer


def _nothing(_module: Any, _shape: Shape, _out: Shape) -> None:
    return None


def _linear(module: nn.Linear | TiedLinear, shape: Shape, _out: Shape) -> Operation:
    if len(shape) != 1:
        raise ExplorerError(f"A linear layer gets items of shape {shape}.", "Flatten them first.")
    weight = module.weight
    return Operation("linear", tensors=_with_bias(weight, module.bias), multiply_adds=weight.numel())


def _convolution(module: nn.Conv2d, shape: Shape, out: Shape) -> Operation:
    _check_convolution(module)
    padding = module.padding
    if isinstance(padding, str):
        if padding == "same" and any(k % 2 == 0 for k in module.kernel_size):
            raise ExplorerError(f"The layer {module} pads one side more than the other.", "Use an odd kernel size.")
        padding = (0, 0) if padding == "valid" else tuple(k // 2 for k in module.kernel_size)
    settings = {"kernel": module.kernel_size, "stride": module.stride, "padding": padding}
    return Operation(
        "conv",
        settings,
        _with_bias(module.weight, module.bias),
        multiply_adds=module.weight.numel() * out[1] * out[2],
        # The patches of one row; the runtime takes more rows at a time where they are small.
        scratch=module.weight[0].numel() * out[2],
    )


def _transposed_convolution(module: nn.ConvTranspose2d, shape: Shape, _out: Shape) -> Operation:
    _check_convolution(module)
    settings = {"kernel": module.kernel_size, "stride": module.stride, "padding": module.padding}
    # One row for each (output channel, kernel position), so that the runtime needs one plain matrix product.
    weight = module.weight.flatten(1).t()
    return Operation(
        "conv_transpose",
        settings,
        _with_bias(weight, module.bias),
        multiply_adds=module.weight.numel() * shape[1] * shape[2],
        scratch=math.prod(module.kernel_size) * shape[1] * shape[2],
    )


def _check_convolution(module: nn.Conv2d | nn.ConvTranspose2d) -> None:
    if module.groups != 1 or any(d != 1 for d in module.dilation) or module.padding_mode != "zeros":
        raise ExplorerError(
            f"The layer {module} cannot run in the browser.",
            "Convolutions need one group, no dilation and padding with zeros.",
        )


def _upsample(module: nn.Upsample, shape: Shape, _out: Shape) -> Operation:
    factors = np.atleast_1d(np.asarray(module.scale_factor if module.size is None else 1.0, dtype=float))
    # With a fractional factor, PyTorch maps positions by the factor and not by the ratio of the sizes.
    whole = all(factor.is_integer() for factor in factors)
    if module.mode != "nearest" or len(shape) != 3 or not whole:
        raise ExplorerError(f"The layer {module} cannot run in the browser.", "Use nearest upsampling of images.")
    return Operation("upsample")


def _pool(_module: Pool, _shape: Shape, _out: Shape) -> Operation:
    return Operation("pool")


def _unpool(_module: Unpool, _shape: Shape, _out: Shape) -> Operation:
    return Operation("unpool")


def _paired_pool(module: PairedPool, _shape: Shape, out: Shape) -> Operation:
    return Operation("paired_pool", {"level": module.level}, kept=math.prod(out))


def _paired_unpool(module: PairedUnpool, _shape: Shape, _out: Shape) -> Operation:
    return Operation("paired_unpool", {"level": module.pool.level})


def _batch_norm(module: nn.BatchNorm1d | nn.BatchNorm2d, shape: Shape, _out: Shape) -> Operation:
    mean, variance = module.running_mean, module.running_var
    if mean is None or variance is None:
        raise ExplorerError(
            f"The layer {module} keeps no running statistics, so its output depends on the batch.",
            "Use track_running_stats=True.",
        )
    scale = torch.rsqrt(_exact(variance) + module.eps)
    if module.affine:
        scale = scale * _exact(module.weight)
    shift = module.bias if module.affine else torch.zeros_like(mean)
    return _affine(mean, scale, shift, shape)


def _standardise(module: Standardise, shape: Shape, _out: Shape) -> Operation:
    return _affine(module.mean, 1 / _exact(module.std), torch.zeros_like(module.mean), shape)


def _unstandardise(module: Unstandardise, shape: Shape, _out: Shape) -> Operation:
    return _affine(torch.zeros_like(module.mean), module.std, module.mean, shape)


def _affine(subtract: Tensor, scale: Tensor, add: Tensor, shape: Shape) -> Operation:
    """(x - subtract) * scale + add for each channel.

    The subtraction stays apart from the addition: folded into one shift, a column with a mean far above its spread
    would lose its digits in float32.
    """
    return Operation("affine", {"inner": math.prod(shape[1:])}, {"subtract": subtract, "scale": scale, "add": add})


def _exact(tensor: Tensor) -> Tensor:
    """In double precision, on the processor: not every accelerator has it."""
    return tensor.detach().cpu().double()


def _activation(kind: str, parameter: str | None = None) -> Packer:
    def packer(module: Any, _shape: Shape, _out: Shape) -> Operation:
        return Operation("activation", {"kind": kind, "parameter": getattr(module, parameter) if parameter else 0})

    return packer


def _with_bias(weight: Tensor, bias: Tensor | None) -> dict[str, Tensor]:
    return {"weight": weight} if bias is None else {"weight": weight, "bias": bias}


_PACKERS: dict[type[nn.Module], Packer] = {
    nn.Linear: _linear,
    TiedLinear: _linear,
    nn.Conv2d: _convolution,
    nn.ConvTranspose2d: _transposed_convolution,
    nn.Upsample: _upsample,
    Pool: _pool,
    Unpool: _unpool,
    PairedPool: _paired_pool,
    PairedUnpool: _paired_unpool,
    nn.BatchNorm1d: _batch_norm,
    nn.BatchNorm2d: _batch_norm,
    Standardise: _standardise,
    Unstandardise: _unstandardise,
    nn.ReLU: _activation("relu"),
    nn.LeakyReLU: _activation("leaky_relu", "negative_slope"),
    nn.ELU: _activation("elu", "alpha"),
    nn.SiLU: _activation("silu"),
    nn.Tanh: _activation("tanh"),
    nn.Sigmoid: _activation("sigmoid"),
    nn.Identity: _nothing,
    nn.Dropout: _nothing,
    nn.Flatten: _nothing,
    nn.Unflatten: _nothing,
}
