"""A chain of layers as operations of the browser's runtime: opened, simplified, joined where that is quicker."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator

import torch
import torch.nn.functional as F
from torch import nn

from explorer.browser.operation import Operation, Plan, Shape
from explorer.browser.packers import exact, packer_of
from explorer.browser.simpler import simplified
from explorer.core.errors import ExplorerError
from explorer.models.blocks import Unpool
from explorer.models.branches import Branches


def operations(modules: Iterable[nn.Module], shape: Shape, merge: bool = True) -> tuple[Plan, Shape]:
    """The operations of a chain, each with its input and output shape, and the shape of what it makes.

    Args:
        modules: layers in order, in evaluation mode; ``nn.Sequential`` may be nested.
        shape: of one item, without the batch.
        merge: join enlarging and the convolution after it into one layer.

    Raises:
        ExplorerError: a layer the runtime does not know, or one that does not fit the one before.
    """
    plan: list[tuple[Operation, Shape, Shape]] = []
    shape = _append(plan, modules, shape, merge, 0)
    return plan, shape


def _append(
    plan: list[tuple[Operation, Shape, Shape]], modules: Iterable[nn.Module], shape: Shape, merge: bool, depth: int
) -> Shape:
    for module, shape_in, out in _connected(modules, shape, merge):
        if isinstance(module, Branches):
            _append_branches(plan, module, shape_in, out, merge, depth)
        else:
            step = packer_of(module)(module, shape_in, out)
            if step is not None:
                plan.append((step, shape_in, out))
        shape = out
    return shape


def _append_branches(
    plan: list[tuple[Operation, Shape, Shape]], module: Branches, shape: Shape, out: Shape, merge: bool, depth: int
) -> None:
    """What goes into the branches is kept, taken up again by each of them, and their results joined."""
    first = 100 * depth
    plan.append((Operation("keep", {"slot": first}, kept=_values(shape)), shape, shape))
    ends: list[int] = []
    last = shape
    for number, branch in enumerate(module.branches, 1):
        if number > 1:
            plan.append((Operation("recall", {"slot": first}), last, shape))
        last = _append(plan, branch.children(), shape, merge, depth + 1)
        if number < len(module.branches):
            plan.append((Operation("keep", {"slot": first + number}, kept=_values(last)), last, last))
            ends.append(first + number)
    plan.append((Operation("join", {"join": module.join, "slots": ends}), last, out))


def _values(shape: Shape) -> int:
    values = 1
    for size in shape:
        values *= size
    return values


def _connected(modules: Iterable[nn.Module], shape: Shape, merge: bool) -> Iterator[tuple[nn.Module, Shape, Shape]]:
    """Each layer with its input and output shape; with ``merge``, enlarging and the convolution after it as one."""
    waiting = deque(_flattened(modules))
    while waiting:
        module = waiting.popleft()
        if not isinstance(module, Branches):
            packer_of(module)  # before the layer runs: one that cannot be packed may not even take such items
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
    weight = exact(conv.weight).flip(2, 3).transpose(0, 1)
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
            yield from simplified(module)


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
