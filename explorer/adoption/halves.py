"""An encoder or a decoder alone as a checkpoint: what it has is worked out, what it lacks is said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePath
from typing import Any

import numpy as np
from torch import nn

from explorer import evaluation
from explorer.adoption.adopting import ROWS_AT_ONCE, OnnxTensors, Output, code_of, shape_after, split_output
from explorer.adoption.graph import Shape
from explorer.adoption.onnx_chains import part
from explorer.checkpoints import LatentStatistics, VectorCheckpoint, checkpoint_of, with_codes
from explorer.core.errors import CheckpointError
from explorer.core.row_samples import spread_sample
from explorer.data import Dataset
from explorer.models import Autoencoder
from explorer.models.base import Half
from explorer.models.blocks import Standardise, Unstandardise
from explorer.models.entries import with_weights
from explorer.models.entries.normalisation import Affine
from explorer.models.entries.shapes import Reshape
from explorer.recipe import DataPart, Recipe
from explorer.training.card import card_of

ASSUMED = "assumed"
"""What statistics are called that come from no item."""
DRAWN = 20_000


def checkpoint_of_half(
    name: str,
    layers: Sequence[nn.Module],
    lacks: Half,
    dataset: Dataset,
    *,
    code_size: int = 0,
    pixels: tuple[float, float] = (0.0, 1.0),
    output: Output = "values",
    title: str = "",
    licence: str = "",
    origin: str = "",
    said: DataPart | None = None,
) -> VectorCheckpoint:
    """A checkpoint of one half of an autoencoder; arguments as in ``adopt``.

    An encoder gets statistics of its codes on the data. Of a decoder nothing is known of where codes lie: they are
    assumed to be standard normal, and its card says so.

    Args:
        lacks: "decoder" for an encoder, whose ``layers`` take items to codes; "encoder" for a decoder.
        code_size: numbers of a code, for a decoder.
        origin: sentences on where it comes from.
        said: how the data is opened again; None: by its name.

    Raises:
        CheckpointError, RecipeError: the layers and the data do not fit, or cannot be kept.
    """
    own, last = list(layers), list[nn.Module]()
    low, high = pixels
    scaled = dataset.kind == "image" and (low, high) != (0.0, 1.0)
    if lacks == "decoder":
        if scaled:
            own.insert(0, Affine.of(0.0, high - low, low))
        made = shape_after(own, dataset.event_shape)
        code_size = code_of(made)
        own += [nn.Flatten()] if len(made) > 1 else []
    else:
        made = shape_after(own, (code_size,))
        if int(np.prod(made)) != int(np.prod(dataset.event_shape)):
            raise CheckpointError(
                f"The decoder makes items of shape {made}, and the data's have {dataset.event_shape}.",
                "Give data of its shape.",
            )
        if made != dataset.event_shape:
            own.append(Reshape(dataset.event_shape))
        if output == "logits":
            last = [nn.Sigmoid()]
        elif dataset.kind == "image":
            own, last = split_output(own)
            last += [Affine.of(low, 1 / (high - low), 0.0)] if scaled else []
    model, recipe = _model(name, own, last, lacks, code_size, dataset, title, said)
    words = {
        "decoder": "It is an encoder alone: nothing decodes its codes.",
        "encoder": "It is a decoder alone: no item has a code. Its codes are taken to be standard normal, which nobody"
        " has checked.",
    }[lacks]
    card = card_of(recipe, dataset, model, 0, 0).model_copy(
        update={
            "origin": " ".join(filter(None, [origin, "Where it was trained is not known.", words])),
            "licence": licence or "Weights: as their author says.",
        }
    )
    half = with_codes(checkpoint_of(model, card))
    statistics = _assumed(code_size) if lacks == "encoder" else _of_items(half, dataset)
    return replace(half, card=card.model_copy(update={"latent": statistics}))


def half_of_onnx(tensors: OnnxTensors, lacks: Half, event_shape: Shape) -> tuple[list[nn.Module], int, str]:
    """The layers of an encoder or a decoder in an ONNX file, held against onnxruntime.

    Args:
        lacks: the half that is not there.
        event_shape: of the data's items.

    Returns:
        Layers, numbers of a code (for a decoder), and sentences on where it comes from.

    Raises:
        CheckpointError: see ``onnx_chains.part``.
    """
    shape = event_shape if lacks == "decoder" else None
    own = part(tensors.content, tensors.name, tensors.source, tensors.targets, shape)
    chains = list(own.layers.values())
    words = [
        f"Brought in from the ONNX file {PurePath(tensors.name).name}.",
        f"Its layers differ from onnxruntime's by {own.difference:.1g} at most.",
    ]
    if len(chains) > 1:
        words.insert(1, f"Of its results {next(iter(own.layers))!r} is kept.")
    return [*own.trunk, *chains[0]], code_of(own.shape) if lacks == "encoder" else 0, " ".join(words)


def _of_items(encoder: VectorCheckpoint, dataset: Dataset) -> LatentStatistics:
    rows = spread_sample(np.arange(len(dataset)), evaluation.MAX_STATISTICS_ITEMS)
    return evaluation.latent_statistics(encoder.encode(dataset.tensor(rows)), "given")


def _assumed(size: int) -> LatentStatistics:
    drawn = np.random.Generator(np.random.PCG64(0)).standard_normal((DRAWN, size)).astype(np.float32)
    exact: dict[str, Any] = {"mean": (0.0,) * size, "std": (1.0,) * size}
    statistics = evaluation.latent_statistics(drawn, ASSUMED)
    if statistics.covariance is not None:
        exact |= {"covariance": tuple(tuple(row) for row in np.eye(size).tolist())}
    return statistics.model_copy(update=exact)


def _model(
    name: str,
    layers: list[nn.Module],
    last: list[nn.Module],
    lacks: Half,
    code_size: int,
    dataset: Dataset,
    title: str,
    said: DataPart | None,
) -> tuple[Autoencoder, Recipe]:
    """The model with its weights, and the recipe that lists its layers."""
    scale = None
    if dataset.kind == "table":
        # Inside, rows are standardised; the foreign layers see the units that they were trained on.
        scale = Standardise(dataset.event_shape[0])
        rows = np.arange(len(dataset))
        scale.fit(dataset.tensor(rows[start : start + ROWS_AT_ONCE]) for start in range(0, len(rows), ROWS_AT_ONCE))
        if lacks == "decoder":
            layers = [Affine.of(0.0, scale.std, scale.mean), *layers]
        else:
            layers = [*layers, Affine.of(scale.mean, 1 / scale.std, 0.0)]
    entries, modules = with_weights(nn.Sequential(*layers))
    of_output, output_modules = with_weights(nn.Sequential(*last))
    part = "encoder" if lacks == "decoder" else "decoder"
    settings: dict[str, Any] = {
        "family": "listed",
        "latent_dim": code_size,
        "encoder": [],
        "decoder": [],
        "output": [entry.model_dump() for entry in of_output],
        part: [entry.model_dump() for entry in entries],
    }
    data = (said or DataPart(dataset=dataset.name)).model_dump()
    recipe = Recipe.parse({"name": name, "title": title, "model": settings, "data": data})
    model = recipe.build(dataset.event_shape).eval()
    if not isinstance(model, Autoencoder):
        raise CheckpointError("The layers come to no half of an autoencoder.")
    getattr(model, part).load_state_dict(nn.Sequential(*modules).state_dict())
    if output_modules:
        sequence = nn.Sequential(*output_modules) if isinstance(model.output, nn.Sequential) else output_modules[0]
        model.output.load_state_dict(sequence.state_dict())
    for units in (model.input, model.output):
        if scale is not None and isinstance(units, (Standardise, Unstandardise)):
            units.mean.copy_(scale.mean)
            units.std.copy_(scale.std)
    return model.requires_grad_(False), recipe
