"""A checkpoint as ONNX files that run without this program: numbers as they stand in a file in, codes and items out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from jaxtyping import Num
from torch import Tensor, nn

from explorer.checkpoints import Card, VectorCheckpoint
from explorer.core.agreement import apart
from explorer.export.onnx_files.labels import LABEL, ToldLabels, every_label, label_facts
from explorer.export.onnx_files.units import Units, units_of
from explorer.export.onnx_files.writing import OnnxRun, check_difference, described, written
from explorer.models import Autoencoder, QuantisedAutoencoder, VariationalAutoencoder
from explorer.priors import DiagonalMixture

MOST_NUMBERS = 100_000
"""Of a prior's Gaussians in a file's metadata; a larger one is told in words alone."""
TIE = 1e-4
"""Of the mean square of encodings: two entries whose squared distances differ by less are as near as one another."""


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


class _CodesOf(nn.Module):
    """Items to codes; of a variational model mean and log variance, of a vector-quantised one also entries' numbers."""

    def __init__(self, model: Autoencoder, units: Units) -> None:
        super().__init__()
        self.model, self.units = model, units

    def forward(self, x: Tensor) -> Tensor | tuple[Tensor, Tensor]:
        items = (x - self.units.black) / self.units.span
        if isinstance(self.model, VariationalAutoencoder):
            return self.model.posterior(items)
        if isinstance(self.model, QuantisedAutoencoder):
            indices = self.model.indices(items)
            return self.model.vectors_of(indices), indices
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

    A conditional model's take the label of each item as a second input; they are compared under every label it knows.

    Args:
        x: some items, uint8 or float in [0, 1]; rows in their own units.

    Raises:
        ExplorerError: onnxruntime makes something else of a file, by more than ``TOLERANCE``.
    """
    model, units = checkpoint.model, units_of(checkpoint.card)
    items = _told_apart(model, checkpoint.tensor(x))
    labels = every_label(model, len(items))
    if labels is not None:
        items = items[torch.arange(len(labels)) % len(items)]
    given = items * units.span + units.black
    with torch.no_grad(), model.told(labels):
        code = torch.randn(len(items), model.latent_dim) if model.lacks == "encoder" else model.encode(items)
    heads = _heads(model)
    parts: dict[str, tuple[nn.Module, Tensor, str, tuple[str, ...]]] = {
        "encoder.onnx": (_CodesOf(model, units), given, "x", heads),
        "decoder.onnx": (_ItemsOf(model, units), code, "z", ("x_hat",)),
        "autoencoder.onnx": (_Rebuilt(model, units), given, "x", ("x_hat", "error")),
    }
    left_out = []
    for half in ("encoder", "decoder"):
        if model.lacks == half:
            del parts[f"{half}.onnx"], parts["autoencoder.onnx"]
            left_out.append(f"{half}.onnx and autoencoder.onnx: this model has no {half}.")
    if isinstance(model, QuantisedAutoencoder) and model.has_prior:
        left_out.append("the prior that draws new codes: it goes place by place, each draw the next one's input.")
    if model.uses_switches:
        del parts["autoencoder.onnx"]
        left_out.append("autoencoder.onnx: its reconstruction uses where maxima lay, for which ONNX has no operation.")
    files, worst = {}, 0.0
    for name, (part, value, source, outputs) in parts.items():
        facts = _facts(checkpoint.card, units, (source, *outputs)) | (_prior(model) if source == "z" else {})
        module, inputs = part, {source: value}
        if labels is not None and isinstance(model, VariationalAutoencoder):
            module, inputs = ToldLabels(part, model), {source: value, LABEL: labels}
        facts |= label_facts(checkpoint)
        files[name] = described(written(module, {name: values[:2] for name, values in inputs.items()}, outputs), facts)
        difference = _difference(files[name], module, inputs)
        check_difference(name, difference)
        worst = max(worst, difference)
    return OnnxFiles(files, worst, tuple(left_out))


@torch.no_grad()
def _told_apart(model: Autoencoder, items: Tensor) -> Tensor:
    """The items that any arithmetic gives the same code: a place between two entries falls to either by rounding."""
    if not isinstance(model, QuantisedAutoencoder):
        return items
    encodings = model.encodings(items)
    sure = model.codebook.margins(encodings).flatten(1).amin(1) > TIE * encodings.square().mean()
    return items[sure] if sure.any() else items


def _heads(model: Autoencoder) -> tuple[str, ...]:
    """What the encoder's file gives."""
    if isinstance(model, VariationalAutoencoder):
        return "mu", "logvar"
    return ("z", "indices") if isinstance(model, QuantisedAutoencoder) else ("z",)


def _facts(card: Card, units: Units, names: Iterable[str]) -> dict[str, Any]:
    """What a file is, and what its numbers mean."""
    is_image = card.data.kind == "image"
    in_units = f"black is {units.black:g}, white {units.white:g}" if is_image else "the units of the columns"
    meaning = {
        "x": f"items, {in_units}",
        "x_hat": f"items, {in_units}",
        "z": "codes",
        "indices": "codes as numbers of entries of the codebook, from 0, row by row",
        "mu": "means of the posterior: the codes",
        "logvar": "log variances of the posterior",
        "error": f"squared error of each {'item, in units of white' if is_image else 'row, in standard deviations'}",
    }
    return {
        "name": card.name,
        "title": card.title,
        "licence": card.licence,
        "trained_on": card.provenance,
        **{f"meaning.{name}": meaning[name] for name in names},
        "columns": list(card.data.feature_names),
    }


@torch.no_grad()
def _prior(model: Autoencoder) -> dict[str, Any]:
    """What new codes are drawn from, of a variational model: words, and the numbers of a mixture."""
    if not isinstance(model, VariationalAutoencoder):
        return {}
    words, prior = model.code_prior.words, model.prior_distribution()
    if not isinstance(prior, DiagonalMixture):
        return {"prior": words}
    if 2 * prior.mu.numel() > MOST_NUMBERS:
        return {"prior": f"{words}; its {len(prior.mu):,} Gaussians are too many numbers for this place"}
    numbers = {"weights": prior.log_weights.exp(), "means": prior.mu, "deviations": (0.5 * prior.logvar).exp()}
    return {"prior": words, "prior.gaussians": {name: values.tolist() for name, values in numbers.items()}}


@torch.no_grad()
def _difference(content: bytes, module: nn.Module, inputs: Mapping[str, Tensor]) -> float:
    """The largest difference between onnxruntime's results and the module's."""
    results = OnnxRun(content)({name: values.numpy() for name, values in inputs.items()}).values()
    expected = module(*inputs.values())
    expected = (expected,) if isinstance(expected, Tensor) else expected
    return max(apart(ours.numpy(), theirs) for ours, theirs in zip(expected, results, strict=True))
