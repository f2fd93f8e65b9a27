"""A checkpoint as ONNX files that run without this program: numbers as they stand in a file in, codes and items out."""

from __future__ import annotations

import io
import json
import warnings
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import onnx
import onnxruntime
import torch
from jaxtyping import Num
from torch import Tensor, nn

from explorer.checkpoints import Card, VectorCheckpoint
from explorer.core.errors import ExplorerError
from explorer.io.images.contract import ImageContract
from explorer.models import Autoencoder, VariationalAutoencoder

OPSET = 17
TOLERANCE = 1e-4
"""Largest difference between what a file makes and what the checkpoint makes, relative where values are above 1."""
BITS_8 = 255.0


@dataclass(frozen=True)
class Units:
    """What black and white are in the numbers that go in and come out: (0, 1) for rows, which keep their own units."""

    black: float
    white: float

    @property
    def span(self) -> float:
        return self.white - self.black


@dataclass(frozen=True)
class OnnxFiles:
    """Files by name, and what was left out.

    Args:
        files: name -> content.
        difference: the largest from the checkpoint's own results, relative where values are above 1.
        left_out: a sentence on each part that cannot be written.
    """

    files: Mapping[str, bytes]
    difference: float
    left_out: tuple[str, ...] = ()


def units_of(card: Card) -> Units:
    """The numbers that a model's data is written in: what its training set was divided by."""
    if card.data.kind == "table":
        return Units(0.0, 1.0)
    contract = card.data.contract
    if isinstance(contract, ImageContract):
        return Units(contract.black, contract.white)
    return Units(0.0, BITS_8)


class _CodesOf(nn.Module):
    """Items to codes; of a variational model mean and log variance."""

    def __init__(self, model: Autoencoder, units: Units) -> None:
        super().__init__()
        self.model, self.units = model, units

    def forward(self, x: Tensor) -> Tensor | tuple[Tensor, Tensor]:
        items = (x - self.units.black) / self.units.span
        if isinstance(self.model, VariationalAutoencoder):
            return self.model.posterior(items)
        return self.model.encode(items)


class _ItemsOf(nn.Module):
    """Codes to items."""

    def __init__(self, model: Autoencoder, units: Units) -> None:
        super().__init__()
        self.model, self.units = model, units

    def forward(self, z: Tensor) -> Tensor:
        return self.model.decode(z) * self.units.span + self.units.black


class _Rebuilt(nn.Module):
    """Items to their reconstructions, and the error of each as this program measures it."""

    def __init__(self, model: Autoencoder, units: Units) -> None:
        super().__init__()
        self.model, self.units = model, units

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        items = (x - self.units.black) / self.units.span
        x_hat = self.model(items)
        return x_hat * self.units.span + self.units.black, self.model.reconstruction_error(items, x_hat)


def onnx_files(checkpoint: VectorCheckpoint, x: Num[np.ndarray, "n *event"]) -> OnnxFiles:
    """``encoder.onnx``, ``decoder.onnx`` and ``autoencoder.onnx`` of a checkpoint, each for any number of items.

    Images come in as the numbers of their files (0 to 255, or what the training set's white was), rows in the units of
    their columns: scale and standardisation are in the graph. What each input and output means stands in the file's
    metadata. Each is run by onnxruntime on ``x`` and held against the checkpoint.

    Args:
        x: some items, uint8 or float in [0, 1]; rows in their own units.

    Raises:
        ExplorerError: onnxruntime makes something else of a file, by more than ``TOLERANCE``.
    """
    model, units = checkpoint.model, units_of(checkpoint.card)
    items = checkpoint.tensor(x)
    given = items * units.span + units.black
    with torch.no_grad():
        code = model.encode(items)
    heads = ("mu", "logvar") if isinstance(model, VariationalAutoencoder) else ("z",)
    parts: dict[str, tuple[nn.Module, Tensor, str, tuple[str, ...]]] = {
        "encoder.onnx": (_CodesOf(model, units), given, "x", heads),
        "decoder.onnx": (_ItemsOf(model, units), code, "z", ("x_hat",)),
        "autoencoder.onnx": (_Rebuilt(model, units), given, "x", ("x_hat", "error")),
    }
    left_out = []
    if model.uses_switches:
        del parts["autoencoder.onnx"]
        left_out.append("autoencoder.onnx: its reconstruction uses where maxima lay, for which ONNX has no operation.")
    files, worst = {}, 0.0
    for name, (module, value, source, outputs) in parts.items():
        content = _written(module.eval(), value[:2], source, outputs)
        files[name] = _described(content, checkpoint.card, units, source, outputs)
        worst = max(worst, _difference(files[name], module, value, name))
    return OnnxFiles(files, worst, tuple(left_out))


def _written(module: nn.Module, value: Tensor, source: str, outputs: tuple[str, ...]) -> bytes:
    file = io.BytesIO()
    with warnings.catch_warnings(), torch.no_grad():
        # The tracing exporter: it needs no package beside torch.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            module,
            (value,),
            file,  # type: ignore[arg-type]  # it writes to files as well
            dynamo=False,
            opset_version=OPSET,
            input_names=[source],
            output_names=list(outputs),
            dynamic_axes={name: {0: "n"} for name in (source, *outputs)},
        )
    return file.getvalue()


def _described(content: bytes, card: Card, units: Units, source: str, outputs: tuple[str, ...]) -> bytes:
    """The same file with what it is, and what its numbers mean, in its metadata."""
    proto = onnx.load_model_from_string(content)
    is_image = card.data.kind == "image"
    in_units = f"black is {units.black:g}, white {units.white:g}" if is_image else "the units of the columns"
    meaning = {
        "x": f"items, {in_units}",
        "x_hat": f"items, {in_units}",
        "z": "codes",
        "mu": "means of the posterior: the codes",
        "logvar": "log variances of the posterior",
        "error": f"squared error of each {'item, in units of white' if is_image else 'row, in standard deviations'}",
    }
    told = {
        "name": card.name,
        "title": card.title,
        "licence": card.licence,
        "trained_on": card.provenance,
        "opset": str(OPSET),
        **{f"meaning.{name}": meaning[name] for name in (source, *outputs)},
    }
    if card.data.feature_names:
        told["columns"] = json.dumps(card.data.feature_names, ensure_ascii=False)
    onnx.helper.set_model_props(proto, told)
    onnx.checker.check_model(proto)
    return proto.SerializeToString()


@torch.no_grad()
def _difference(content: bytes, module: nn.Module, value: Tensor, name: str) -> float:
    """The largest difference between onnxruntime's results and the module's; checked."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    results = session.run(None, {session.get_inputs()[0].name: value.numpy()})
    expected = module(value)
    worst = 0.0
    for ours, theirs in zip((expected,) if isinstance(expected, Tensor) else expected, results, strict=True):
        apart = np.abs(ours.numpy() - theirs) / np.maximum(1, np.abs(ours.numpy()))
        worst = max(worst, float(apart.max(initial=0)))
    if not worst <= TOLERANCE:
        raise ExplorerError(
            f"{name} makes something else by onnxruntime than the checkpoint: {worst:.2g} apart; {TOLERANCE:g} may be.",
            "Please report this model.",
        )
    return worst
