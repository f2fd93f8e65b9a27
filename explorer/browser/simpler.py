"""Layers as simpler ones that compute the same, so that the browser's runtime needs few operations."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from explorer.models.entries.resampling import Padding

ZEROS = "zeros"


def simplified(module: nn.Module) -> list[nn.Module]:
    """The same computation by convolutions of one group, without dilation, padded alike on both sides with zeros."""
    if type(module) is nn.Conv2d:
        return _convolution(module)
    if type(module) is nn.ConvTranspose2d and (module.groups != 1 or module.dilation != (1, 1)):
        return [_transposed(module)]
    return [module]


def _convolution(conv: nn.Conv2d) -> list[nn.Module]:
    kernel = [(k - 1) * d + 1 for k, d in zip(conv.kernel_size, conv.dilation, strict=True)]
    uneven = conv.padding == "same" and any(k % 2 == 0 for k in kernel)
    padded = uneven or (conv.padding_mode != ZEROS and any(conv._reversed_padding_repeated_twice))
    if not padded and conv.groups == 1 and conv.dilation == (1, 1):
        return [conv]
    padding: tuple[int, ...] | str = conv.padding
    if isinstance(padding, str):
        padding = tuple(k // 2 for k in kernel) if padding == "same" else (0, 0)
    simple = nn.Conv2d(
        conv.in_channels,
        conv.out_channels,
        (kernel[0], kernel[1]),
        _pair(conv.stride),
        (0, 0) if padded else (padding[0], padding[1]),
        bias=conv.bias is not None,
        device="meta",
    )
    simple.weight = nn.Parameter(_spread(_one_group(conv.weight, conv.groups), conv.dilation), requires_grad=False)
    simple.bias = conv.bias
    if not padded:
        return [simple]
    left, right, top, bottom = conv._reversed_padding_repeated_twice
    mode = "constant" if conv.padding_mode == ZEROS else conv.padding_mode
    return [Padding((left, right, top, bottom), mode), simple]


def _transposed(conv: nn.ConvTranspose2d) -> nn.Module:
    # Its weights are (in, out / groups, ...): each group of inputs reaches its own outputs alone.
    weight = _one_group(conv.weight.transpose(0, 1).contiguous(), conv.groups, of_inputs=True).transpose(0, 1)
    weight = _spread(weight, conv.dilation)
    simple = nn.ConvTranspose2d(
        conv.in_channels,
        conv.out_channels,
        (weight.shape[2], weight.shape[3]),
        _pair(conv.stride),
        _pair(conv.padding),
        _pair(conv.output_padding),
        bias=conv.bias is not None,
        device="meta",
    )
    simple.weight = nn.Parameter(weight.contiguous(), requires_grad=False)
    simple.bias = conv.bias
    return simple


def _one_group(weight: Tensor, groups: int, of_inputs: bool = False) -> Tensor:
    """(out, in, ...) weights over all channels of what (out, in / groups, ...) are within their group; zero elsewhere.

    Args:
        of_inputs: the other way about: ``weight`` is (out / groups, in, ...).
    """
    weight = weight.detach()
    if groups == 1:
        return weight
    if of_inputs:
        n_out, n_in = weight.shape[0] * groups, weight.shape[1]
    else:
        n_out, n_in = weight.shape[0], weight.shape[1] * groups
    whole = weight.new_zeros(n_out, n_in, *weight.shape[2:])
    for group in range(groups):
        outs = slice(group * n_out // groups, (group + 1) * n_out // groups)
        ins = slice(group * n_in // groups, (group + 1) * n_in // groups)
        whole[outs, ins] = weight[:, ins] if of_inputs else weight[outs]
    return whole


def _pair(sizes: Any) -> tuple[int, int]:
    first, second = sizes
    return first, second


def _spread(weight: Tensor, dilation: tuple[int, ...]) -> Tensor:
    """A kernel with the gaps of its dilation as zeros."""
    if tuple(dilation) == (1, 1):
        return weight.detach()
    (rows, columns), (down, across) = weight.shape[2:], dilation
    spread = torch.zeros(*weight.shape[:2], (rows - 1) * down + 1, (columns - 1) * across + 1, dtype=weight.dtype)
    spread[:, :, ::down, ::across] = weight.detach().cpu()
    return spread
