"""Modules of torch as lists of layers: directly where they are sequences of known ones, else by what they compute."""

from __future__ import annotations

import io
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from explorer.adoption.graph import Shape
from explorer.adoption.onnx_chains import part
from explorer.core.errors import CheckpointError
from explorer.models.entries import UnknownLayerError, with_weights

OPSET = 20
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
    """
    module = module.eval()
    results, names = _results(module, shape, part_name)
    if type(module) is nn.Sequential or not list(module.children()):
        try:
            return Chain(with_weights(module)[1])
        except UnknownLayerError:
            pass  # what it computes may be known all the same
    chosen, told = _chosen(results, names, part_name)
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
