"""What each kind of layer is to the browser's runtime. A new one is a function here and a line in ``PACKERS``."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
from jaxtyping import Float, Float64
from torch import Tensor, nn

from explorer.browser.operation import Operation, Packer, Shape
from explorer.core.errors import ExplorerError
from explorer.models.blocks import Pool, Standardise, TiedLinear, Unpool, Unstandardise
from explorer.models.codebook import Codebook
from explorer.models.columns import MAX_LOG_RATE, ColumnUnits
from explorer.models.convolutional import PairedPool, PairedUnpool
from explorer.models.entries.activations import Erf
from explorer.models.entries.normalisation import Affine
from explorer.models.entries.resampling import Padding
from explorer.models.entries.shapes import Columns, Permute, Reshape
from explorer.models.levels import LevelMean


def packer_of(module: nn.Module) -> Packer:
    """What packs layers of this kind.

    Raises:
        ExplorerError: nothing does.
    """
    packer = PACKERS.get(type(module))
    if packer is None:
        raise ExplorerError(
            f"The layer {module} cannot run in the browser.",
            "Use layers that explorer.browser.packers knows, or look at this model on the pages that decode in Python.",
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
    padding = module.padding
    if isinstance(padding, str):
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


def _upsample(module: nn.Upsample, shape: Shape, out: Shape) -> Operation:
    if len(shape) != 3:
        raise ExplorerError(f"The layer {module} cannot run in the browser.", "Enlarge images.")
    if module.mode != "nearest":
        return _resampled(module, shape, out)
    factors = np.atleast_1d(np.asarray(module.scale_factor if module.size is None else 1.0, dtype=float))
    # With a fractional factor, PyTorch maps positions by the factor and not by the ratio of the sizes.
    return Operation("upsample") if all(factor.is_integer() for factor in factors) else _moved(module, shape, out)


def _moved(module: nn.Module, shape: Shape, _out: Shape) -> Operation:
    """What moves values, repeats them, leaves some out and puts a constant between: where each comes from."""
    places = torch.arange(1, math.prod(shape) + 1, dtype=torch.float64).view(1, *shape)
    fill = 0.0
    if isinstance(module, Padding):
        fill, module = module.value, Padding(module.sides, module.mode)
    with torch.no_grad():
        index = module(places).flatten() - 1
    return Operation("gather", {"fill": fill}, {"index": index})


def _resampled(module: nn.Module, shape: Shape, out: Shape) -> Operation:
    """What is linear along rows and along columns: one matrix each, asked of the layer itself."""
    channels, height, width = shape
    with torch.no_grad():
        of_ones = module(torch.ones(1, 1, height, width, dtype=torch.float64))[0, 0]
        row, column = divmod(int(of_ones.abs().argmax()), of_ones.shape[1])
        down = torch.stack([module(part)[0, 0, :, column] for part in _bars(height, width, 0)], 1)
        across = torch.stack([module(part)[0, 0, row] for part in _bars(height, width, 1)], 1) / of_ones[row, column]
        trial = torch.rand(1, 1, height, width, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
        if not torch.allclose(down @ trial[0, 0] @ across.T, module(trial)[0, 0], atol=1e-6):
            raise ExplorerError(
                f"The layer {module} cannot run in the browser: rows and columns are not treated by themselves.",
                "Look at this model on the pages that decode in Python.",
            )
    return Operation(
        "resample",
        tensors={"down": down, "across": across.T.contiguous()},
        multiply_adds=channels * out[1] * width * (height + out[2]),
        scratch=out[1] * width,
    )


def _bars(height: int, width: int, axis: int) -> Iterator[Tensor]:
    """(1, 1, H, W) pictures that are 1 in one row each, or in one column each, and 0 elsewhere."""
    for place in range((height, width)[axis]):
        bar = torch.zeros(1, 1, height, width, dtype=torch.float64)
        bar.select(2 + axis, place).fill_(1)
        yield bar


def _max_pool(module: nn.MaxPool2d, _shape: Shape, _out: Shape) -> Operation:
    settings = {name: _pair(getattr(module, name)) for name in ("stride", "padding", "dilation")}
    return Operation("max_pool", {"kernel": _pair(module.kernel_size), **settings})


def _pair(value: Any) -> tuple[int, int]:
    return (value, value) if isinstance(value, int) else (value[0], value[1])


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
    scale = torch.rsqrt(exact(variance) + module.eps)
    if module.affine:
        scale = scale * exact(module.weight)
    shift = module.bias if module.affine else torch.zeros_like(mean)
    return _affine(mean, scale, shift, shape)


def _layer_norm(module: nn.LayerNorm, shape: Shape, _out: Shape) -> Operation:
    size = math.prod(module.normalized_shape)
    return _normalised(module, size, 1, module.eps, size)


def _group_norm(module: nn.GroupNorm, shape: Shape, _out: Shape) -> Operation:
    inner = math.prod(shape[1:])
    return _normalised(module, module.num_channels // module.num_groups * inner, inner, module.eps, module.num_channels)


def _instance_norm(module: nn.InstanceNorm2d, shape: Shape, _out: Shape) -> Operation:
    if module.track_running_stats:
        raise ExplorerError(f"The layer {module} cannot run in the browser.", "Use track_running_stats=False.")
    inner = math.prod(shape[1:])
    return _normalised(module, inner, inner, module.eps, module.num_features)


def _normalised(module: Any, size: int, inner: int, epsilon: float, count: int) -> Operation:
    """Groups of ``size`` values that follow one another; weights for ``inner`` values each, over and over."""
    weight, bias = (
        torch.full((count,), constant) if values is None else values.flatten()
        for values, constant in ((module.weight, 1.0), (module.bias, 0.0))
    )
    return Operation("normalise", {"size": size, "inner": inner, "epsilon": epsilon}, {"weight": weight, "bias": bias})


def _units(module: Affine, shape: Shape, _out: Shape) -> Operation:
    subtract, scale, add = (part.expand(shape[0]) for part in (module.subtract, module.scale, module.add))
    return _affine(subtract, scale, add, shape)


def _nearest(module: Codebook, shape: Shape, _out: Shape) -> Operation:
    return Operation(
        "nearest", tensors={"entries": module.entries}, multiply_adds=module.entries.numel() * math.prod(shape[1:])
    )


def _prelu(module: nn.PReLU, shape: Shape, _out: Shape) -> Operation:
    return Operation("prelu", {"inner": math.prod(shape[1:])}, {"slope": module.weight.expand(shape[0])})


def _standardise(module: Standardise, shape: Shape, _out: Shape) -> Operation:
    return _affine(module.mean, 1 / exact(module.std), torch.zeros_like(module.mean), shape)


def _unstandardise(module: Unstandardise, shape: Shape, _out: Shape) -> Operation:
    return _affine(torch.zeros_like(module.mean), module.std, module.mean, shape)


def _columns(module: ColumnUnits, _shape: Shape, _out: Shape) -> Operation:
    tensors = {"mean": module.mean, "std": module.std, "kinds": module.kinds}
    return Operation("columns", {"parameter": MAX_LOG_RATE}, tensors)


def _levels(module: LevelMean, _shape: Shape, _out: Shape) -> Operation:
    return Operation("levels", {"size": module.levels})


def _affine(subtract: Tensor, scale: Tensor, add: Tensor, shape: Shape) -> Operation:
    """(x - subtract) * scale + add for each channel.

    The subtraction stays apart from the addition: folded into one shift, a column with a mean far above its spread
    would lose its digits in float32.
    """
    return Operation("affine", {"inner": math.prod(shape[1:])}, {"subtract": subtract, "scale": scale, "add": add})


def exact(tensor: Float[Tensor, "*shape"]) -> Float64[Tensor, "*shape"]:
    """In double precision, on the processor: not every accelerator has it."""
    return tensor.detach().cpu().double()


def _activation(kind: str, parameter: str | None = None) -> Packer:
    def packer(module: Any, _shape: Shape, _out: Shape) -> Operation:
        return Operation("activation", {"kind": kind, "parameter": getattr(module, parameter) if parameter else 0})

    return packer


def _other(kind: str, *parameters: str) -> Packer:
    return lambda module, _shape, _out: _other_activation(kind, *(getattr(module, name) for name in parameters))


def _other_activation(kind: str, parameter: float = 0, other: float = 0) -> Operation:
    return Operation("other_activation", {"other_kind": kind, "parameter": parameter, "other": other})


def _gelu(module: nn.GELU, _shape: Shape, _out: Shape) -> Operation:
    return _other_activation("gelu_tanh" if module.approximate == "tanh" else "gelu")


def _with_bias(weight: Tensor, bias: Tensor | None) -> dict[str, Tensor]:
    return {"weight": weight} if bias is None else {"weight": weight, "bias": bias}


PACKERS: dict[type[nn.Module], Packer] = {
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
    ColumnUnits: _columns,
    LevelMean: _levels,
    nn.ReLU: _activation("relu"),
    nn.LeakyReLU: _activation("leaky_relu", "negative_slope"),
    nn.ELU: _activation("elu", "alpha"),
    nn.SiLU: _activation("silu"),
    nn.Tanh: _activation("tanh"),
    nn.Sigmoid: _activation("sigmoid"),
    nn.ReLU6: _other("hardtanh", "min_val", "max_val"),
    nn.Hardtanh: _other("hardtanh", "min_val", "max_val"),
    nn.Hardsigmoid: _other("hardsigmoid"),
    nn.Hardswish: _other("hardswish"),
    nn.PReLU: _prelu,
    nn.CELU: _other("celu", "alpha"),
    nn.SELU: _other("selu"),
    nn.GELU: _gelu,
    Erf: _other("erf"),
    nn.Mish: _other("mish"),
    nn.Softplus: _other("softplus", "beta", "threshold"),
    nn.Softsign: _other("softsign"),
    Codebook: _nearest,
    nn.LayerNorm: _layer_norm,
    nn.GroupNorm: _group_norm,
    nn.InstanceNorm2d: _instance_norm,
    Affine: _units,
    nn.MaxPool2d: _max_pool,
    nn.AvgPool2d: _resampled,
    nn.AdaptiveAvgPool2d: _resampled,
    nn.PixelShuffle: _moved,
    Padding: _moved,
    nn.ZeroPad2d: _moved,
    nn.ReflectionPad2d: _moved,
    nn.ReplicationPad2d: _moved,
    nn.CircularPad2d: _moved,
    Permute: _moved,
    Columns: _moved,
    Reshape: _nothing,
    nn.Identity: _nothing,
    nn.Dropout: _nothing,
    nn.Flatten: _nothing,
    nn.Unflatten: _nothing,
}
