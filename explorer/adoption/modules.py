"""Modules of torch as lists of layers: directly where they are sequences of known ones, else by what they compute."""

from __future__ import annotations

import copy
import io
import math
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.utils import parametrize

from explorer.adoption.graph import Shape
from explorer.adoption.onnx_chains import TOLERANCE, part
from explorer.core.agreement import apart
from explorer.core.errors import CheckpointError
from explorer.models.entries import UnknownLayerError, with_weights

OPSET = 20
TRIALS = 12
"""Batches of random items on which layers are held against the module that they were read from."""
MEANS = ("mu", "mean", "embedding", "z_mean", "loc")
LOG_VARIANCES = ("logvar", "log_var", "log_covariance", "log_variance", "z_log_var", "log_sigma2")


@dataclass(frozen=True)
class Chain:
    """What a module comes to.

    Args:
        trunk: layers that all its results share; all of them, where it has one result.
        heads: the layers behind them of mean and log variance; None: it has one result.
        told: one sentence on how its results were told apart; empty: there was nothing to tell.
    """

    trunk: list[nn.Module]
    heads: tuple[list[nn.Module], list[nn.Module]] | None = None
    told: str = ""


def chain_of(module: nn.Module, shape: Shape, part_name: str) -> Chain:
    """The layers of a module that takes items of this shape.

    A sequence of known layers is taken as it is. Anything else is traced to an ONNX model, which is translated; two
    results of the same size are mean and log variance.

    Args:
        module: of one tensor; it is put into evaluation mode.
        shape: of one item that it takes.
        part_name: what errors call it.

    Raises:
        CheckpointError: it does not take such items.
        UnknownLayerError, CheckpointError: a layer that cannot be kept, by name.
        CheckpointError: the module makes something else of other items than the layers that it was seen to use.
    """
    module = module.eval()
    results, names = _results(module, shape, part_name)
    chosen, told = _chosen(results, names, part_name)
    trials = _trials(_Tensors(module, chosen), shape, part_name)
    chain = _chain(_plain(module), chosen, shape, told, part_name)
    _check(chain, trials, part_name)
    return chain


def _plain(module: nn.Module) -> nn.Module:
    """The module with the weights that parametrisations (weight norm, spectral norm, orthogonal ones) come to."""
    if not any(parametrize.is_parametrized(one) for one in module.modules()):
        return module
    module = copy.deepcopy(module)
    for one in [*module.modules()]:
        if parametrize.is_parametrized(one):
            weights = {name: getattr(one, name).detach() for name in one.parametrizations}  # type: ignore[union-attr]
            del one.parametrizations
            # Torch's own removal takes the property from the class, which the given module shares.
            one.__class__ = type(one).__bases__[0]
            for name, values in weights.items():
                one.register_parameter(name, nn.Parameter(values))
    return module


def _chain(module: nn.Module, chosen: tuple[int | str, ...], shape: Shape, told: str, part_name: str) -> Chain:
    """The layers that tracing, or a sequence itself, shows."""
    hooks = any(one._forward_hooks or one._forward_pre_hooks for one in module.modules())
    if not hooks and (type(module) is nn.Sequential or not list(module.children())):
        try:
            return Chain(with_weights(module)[1])
        except UnknownLayerError:
            pass  # what it computes may be known all the same
    content = _traced(_Tensors(module, chosen), shape, len(chosen), part_name)
    found_part = part(content, f"the {part_name}", "x", [f"y{i}" for i in range(len(chosen))])
    heads = list(found_part.layers.values())
    if len(heads) == 1:
        return Chain([*found_part.trunk, *heads[0]], None, told)
    return Chain(found_part.trunk, (heads[0], heads[1]), told)


class _Tensors(nn.Module):
    """A module whose results are the chosen ones of another's, as a tuple."""

    def __init__(self, module: nn.Module, chosen: tuple[int | str, ...]) -> None:
        super().__init__()
        self.module = module
        self.chosen = chosen

    def forward(self, x: Tensor) -> tuple[Tensor, ...]:
        results = self.module(x)
        return (results,) if isinstance(results, Tensor) else tuple(results[key] for key in self.chosen)


@torch.no_grad()
def _trials(tensors: _Tensors, shape: Shape, part_name: str) -> list[tuple[Tensor, tuple[Tensor, ...]]]:
    """Random items, one or five at a time, with what a module makes of them.

    Raises:
        CheckpointError: it takes a fixed number of items, or draws at random.
    """
    generator = torch.Generator().manual_seed(0)
    trials = []
    for trial in range(TRIALS):
        n = 1 + 4 * (trial % 2)
        x = torch.randn(n, *shape, generator=generator) * (1, 0.1, 3)[trial % 3]
        x = x.sigmoid() if trial % 4 < 2 else x
        try:
            made = tensors(x)
            again = made if trial else tensors(x)
        except (RuntimeError, ValueError, IndexError, TypeError) as error:
            raise CheckpointError(
                f"The {part_name} does not take {n} of the items of which it takes 2: {str(error)[:200]}",
                "Let its forward take any number of items: no batch size in a view or reshape.",
            ) from error
        if not all(apart(one.numpy(), two.numpy()) <= TOLERANCE for one, two in zip(made, again, strict=True)):
            raise CheckpointError(
                f"The {part_name} makes something else of the same items a second time: it draws at random.",
                "In evaluation mode it should not: give F.dropout its training=self.training, and return mean and"
                " log variance instead of a sample.",
            )
        trials.append((x, made))
    return trials


@torch.no_grad()
def _check(chain: Chain, trials: list[tuple[Tensor, tuple[Tensor, ...]]], part_name: str) -> None:
    """Hold the layers against what their module made: tracing sees one way through it alone."""
    for x, made in trials:
        shared = nn.Sequential(*chain.trunk)(x)
        for values, head in zip(made, chain.heads or ([],), strict=True):
            ours = nn.Sequential(*head)(shared)
            worst = math.inf if ours.shape != values.shape else apart(values.numpy(), ours.numpy())
            if not worst <= TOLERANCE:
                raise CheckpointError(
                    f"The {part_name} makes something else of other items than the layers that it was seen to use"
                    f" ({worst:.2g} apart, {TOLERANCE:g} may be): its forward asks for values, as by an if or a loop,"
                    " or items depend on those that come with them.",
                    "Such things are not layers, and are not kept. Leave them outside the model.",
                )


@torch.no_grad()
def _results(module: nn.Module, shape: Shape, part_name: str) -> tuple[list[Tensor], list[Any]]:
    """What a module makes of two items, with the key of each result."""
    try:
        results = module(torch.zeros(2, *shape))
    except (RuntimeError, ValueError, IndexError, TypeError) as error:
        raise CheckpointError(
            f"The {part_name} takes no items of shape {shape}: {str(error)[:200]}", "Give data of the shape it takes."
        ) from error
    if isinstance(results, Tensor):
        return [results], [0]
    keyed = results.items() if isinstance(results, Mapping) else enumerate(results)
    tensors = [(key, value) for key, value in keyed if isinstance(value, Tensor)]
    if not tensors:
        raise CheckpointError(f"The {part_name} makes no tensor of its items.", "Give a module that returns one.")
    return [value for _, value in tensors], [key for key, _ in tensors]


def _chosen(results: list[Tensor], names: list[Any], part_name: str) -> tuple[tuple[int | str, ...], str]:
    """Which results are meant, and how that was told."""
    if len(results) == 1:
        return (names[0],), ""
    mean = next((name for name in names if name in MEANS), names[0])
    variance = next((name for name in names if name in LOG_VARIANCES), None)
    sizes = dict(zip(names, (tuple(result.shape) for result in results), strict=True))
    if variance is None and isinstance(names[0], int) and sizes[names[0]] == sizes[names[1]] and part_name != "decoder":
        variance = names[1]
    if variance is None or sizes[variance] != sizes[mean]:
        return (mean,), f"Of the {part_name}'s {len(results)} results, {_word(mean)} is taken."
    return (
        mean,
        variance,
    ), f"Of the {part_name}'s results, {_word(mean)} is the mean, {_word(variance)} the log variance."


def _word(key: object) -> str:
    return f"number {key + 1}" if isinstance(key, int) else repr(key)


def _traced(module: nn.Module, shape: Shape, results: int, part_name: str) -> bytes:
    """An ONNX model of what a module computes."""
    file = io.BytesIO()
    outputs = [f"y{i}" for i in range(results)]
    try:
        with warnings.catch_warnings():
            # The tracing exporter names operations by their modules, folds shapes, and needs no other package.
            warnings.simplefilter("ignore")
            torch.onnx.export(
                module.eval(),
                (torch.zeros(2, *shape),),
                file,  # type: ignore[arg-type]  # the tracing exporter writes to files as well
                dynamo=False,
                opset_version=OPSET,
                input_names=["x"],
                output_names=outputs,
                dynamic_axes={name: {0: "n"} for name in ("x", *outputs)},
            )
    except (RuntimeError, ValueError, TypeError, torch.onnx.errors.OnnxExporterError) as error:
        raise CheckpointError(
            f"The {part_name} cannot be traced: {str(error)[:300]}",
            "Give it as an nn.Sequential of known layers, or as an ONNX file of its own.",
        ) from error
    return file.getvalue()
