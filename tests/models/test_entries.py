"""What a list of layers may hold: each kind from a module of torch and back, with its weights."""

from __future__ import annotations

from collections.abc import Callable

import pydantic
import pytest
import torch
from torch import nn

from explorer.models.branches import Branches
from explorer.models.entries import ENTRIES, ENTRY, UnknownLayerError, check_size, with_weights
from explorer.models.entries.activations import Erf
from explorer.models.entries.normalisation import Affine
from explorer.models.entries.resampling import Padding
from explorer.models.entries.shapes import Columns, Permute, Reshape

EXAMPLES: dict[str, tuple[Callable[[], nn.Module], tuple[int, ...]]] = {
    "linear": (lambda: nn.Linear(5, 3, bias=False), (5,)),
    "conv2d": (lambda: nn.Conv2d(4, 6, (3, 2), (2, 1), (1, 0), (1, 2), 2, padding_mode="reflect"), (4, 7, 6)),
    "conv_transpose2d": (lambda: nn.ConvTranspose2d(4, 6, 3, 2, 1, 1, 2, dilation=2), (4, 4, 5)),
    "batch_norm1d": (lambda: nn.BatchNorm1d(5, 1e-3), (5,)),
    "batch_norm2d": (lambda: nn.BatchNorm2d(3, affine=False), (3, 4, 5)),
    "layer_norm": (lambda: nn.LayerNorm((3, 4), 1e-3, bias=False), (2, 3, 4)),
    "group_norm": (lambda: nn.GroupNorm(2, 4, 1e-3), (4, 3, 3)),
    "instance_norm2d": (lambda: nn.InstanceNorm2d(3, affine=True), (3, 4, 5)),
    "affine": (lambda: Affine.of([1.0, 2.0], 3.0, [4.0, 5.0]), (2, 3)),
    "max_pool2d": (lambda: nn.MaxPool2d(3, 2, 1, ceil_mode=True), (2, 6, 7)),
    "avg_pool2d": (lambda: nn.AvgPool2d((2, 3), count_include_pad=False, padding=1), (2, 6, 7)),
    "adaptive_avg_pool2d": (lambda: nn.AdaptiveAvgPool2d((2, 3)), (2, 6, 7)),
    "upsample": (lambda: nn.UpsamplingBilinear2d(scale_factor=2), (2, 3, 4)),
    "pixel_shuffle": (lambda: nn.PixelShuffle(2), (4, 3, 2)),
    "pad": (lambda: nn.ConstantPad2d((1, 0, 2, -1), 0.5), (2, 3, 4)),
    "flatten": (lambda: nn.Flatten(), (2, 3)),
    "reshape": (lambda: nn.Unflatten(1, (2, 3)), (6,)),
    "permute": (lambda: Permute((1, 0)), (2, 3)),
    "columns": (lambda: Columns(1, 3), (5,)),
    "branches": (lambda: Branches([[], [nn.Dropout(), nn.Linear(4, 4), nn.Sequential(nn.ReLU())]], "product"), (4,)),
    "relu": (nn.ReLU, (5,)),
    "relu6": (nn.ReLU6, (5,)),
    "leaky_relu": (lambda: nn.LeakyReLU(0.3), (5,)),
    "prelu": (lambda: nn.PReLU(3, 0.4), (3, 2)),
    "elu": (lambda: nn.ELU(0.6), (5,)),
    "celu": (lambda: nn.CELU(0.6), (5,)),
    "selu": (nn.SELU, (5,)),
    "gelu": (lambda: nn.GELU("tanh"), (5,)),
    "erf": (Erf, (5,)),
    "silu": (nn.SiLU, (5,)),
    "mish": (nn.Mish, (5,)),
    "tanh": (nn.Tanh, (5,)),
    "sigmoid": (nn.Sigmoid, (5,)),
    "softplus": (lambda: nn.Softplus(2.0, 3.0), (5,)),
    "softsign": (nn.Softsign, (5,)),
    "hardtanh": (lambda: nn.Hardtanh(-0.2, 0.7), (5,)),
    "hardsigmoid": (nn.Hardsigmoid, (5,)),
    "hardswish": (nn.Hardswish, (5,)),
}


def test_every_kind_has_an_example() -> None:
    assert {entry.model_fields["kind"].default for entry in ENTRIES} == set(EXAMPLES)


@pytest.mark.parametrize("kind", EXAMPLES)
def test_a_module_survives_the_list_and_its_text(kind: str) -> None:
    make, shape = EXAMPLES[kind]
    module = make().eval()
    generator = torch.Generator().manual_seed(0)
    for tensor in (*module.parameters(), *(b for b in module.buffers() if b.is_floating_point())):
        tensor.data.uniform_(0.5, 2.0, generator=generator)
    (entry,), (copy,) = with_weights(module)
    assert entry.kind == kind
    again = ENTRY.validate_json(ENTRY.dump_json(entry)).build().eval()
    again.load_state_dict(copy.state_dict())
    x = torch.randn(3, *shape, generator=generator)
    with torch.no_grad():
        torch.testing.assert_close(again(x), module(x))


@pytest.mark.parametrize(
    "module",
    [
        nn.LSTM(3, 3),
        nn.Flatten(0),
        nn.Unflatten(2, (2, 3)),
        nn.MaxPool2d(2, return_indices=True),
        nn.AvgPool2d(2, divisor_override=3),
        nn.InstanceNorm2d(2, track_running_stats=True),
        nn.Upsample(scale_factor=2, mode="trilinear"),
        nn.BatchNorm2d(2, track_running_stats=False),
    ],
    ids=lambda module: type(module).__name__,
)
def test_what_no_list_may_hold_is_named_with_its_place(module: nn.Module) -> None:
    with pytest.raises(UnknownLayerError, match=rf"0\.1 \({type(module).__name__}\)"):
        with_weights(nn.Sequential(nn.Sequential(nn.Identity(), module)))


@pytest.mark.parametrize(
    "values",
    [
        {"kind": "linear", "in_features": 1 << 40, "out_features": 2},
        {"kind": "linear", "in_features": 0, "out_features": 2},
        {"kind": "conv2d", "in_channels": 1, "out_channels": 1, "kernel_size": 3, "code": "import os"},
        {"kind": "exec"},
        {"kind": "permute", "axes": [0, 0]},
        {"kind": "columns", "start": 3, "stop": 3},
        {"kind": "branches", "branches": [[]]},
        {"kind": "leaky_relu", "negative_slope": float("nan")},
    ],
)
def test_values_that_cannot_be_meant_are_refused(values: dict[str, object]) -> None:
    with pytest.raises(pydantic.ValidationError):
        ENTRY.validate_python(values)


def test_lists_and_branches_have_limits() -> None:
    relu = ENTRY.validate_python({"kind": "relu"})
    check_size([relu] * 1024)
    with pytest.raises(ValueError, match="1024 layers"):
        check_size([relu] * 1025)
    deep: dict[str, object] = {"kind": "relu"}
    for _ in range(17):
        deep = {"kind": "branches", "branches": [[], [deep]]}
    with pytest.raises(ValueError, match="16 deep"):
        check_size([ENTRY.validate_python(deep)])


def test_padding_is_the_same_by_either_name() -> None:
    x = torch.randn(1, 2, 4, 5)
    torch.testing.assert_close(Padding((1, 2, 0, 1), "reflect")(x), nn.ReflectionPad2d((1, 2, 0, 1))(x))
    torch.testing.assert_close(Reshape((5, 8))(x), x.view(1, 5, 8))
