"""A model that was trained elsewhere as a checkpoint: layers as a list, with statistics and figures from data given."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePath
from typing import Any, Literal

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor, nn

from explorer import evaluation
from explorer.adoption.graph import Shape
from explorer.adoption.modules import Chain, chain_of
from explorer.adoption.onnx_chains import narrowest, part
from explorer.checkpoints import VectorCheckpoint
from explorer.core.errors import CheckpointError
from explorer.core.row_samples import spread_sample
from explorer.data import Dataset
from explorer.models import Autoencoder, VariationalAutoencoder
from explorer.models.blocks import Standardise, Unstandardise
from explorer.models.entries import LayerEntry, with_weights
from explorer.models.entries.normalisation import Affine
from explorer.models.entries.shapes import Columns, Reshape
from explorer.recipe import DataPart, Recipe
from explorer.training.card import card_of, describe

Output = Literal["values", "logits"]
MEASURED = 2_000
"""Items that the spread of a Gaussian likelihood, and doubts, are measured on."""
ROWS_AT_ONCE = 65_536
BEYOND = 0.25
"""So far outside of 0 to 1, pixels are not pixels."""
GIVEN = "given"
"""What figures call items of which it is not known whether the model was trained on them."""


@dataclass(frozen=True)
class ModelChains:
    """A model as chains of layers.

    Args:
        encoder: from items to codes, or to what the heads take.
        decoder: from codes to items.
        heads: layers of mean and log variance, for a variational model.
        origin: one sentence on where it comes from.
        told: sentences on what was found out by itself.
    """

    encoder: list[nn.Module]
    decoder: list[nn.Module]
    heads: tuple[list[nn.Module], list[nn.Module]] | None = None
    origin: str = ""
    told: tuple[str, ...] = field(default=())


def of_modules(
    encoder: nn.Module, decoder: nn.Module, mu: nn.Module | None, logvar: nn.Module | None, event_shape: Shape
) -> ModelChains:
    """The chains of a model's modules.

    Raises:
        CheckpointError: they do not fit items of this shape, or one another.
    """
    if (mu is None) != (logvar is None):
        raise CheckpointError("Of mu and logvar one is missing.", "Give both heads, or neither.")
    encoding, flat = first_that_fits(encoder, event_shape)
    encoding = replace(encoding, trunk=[*([nn.Flatten()] if flat else []), *encoding.trunk])
    told = [encoding.told]
    heads = encoding.heads
    if mu is not None and logvar is not None:
        if heads is not None:
            encoding = replace(encoding, trunk=[*encoding.trunk, *heads[0]])
        features = shape_after(encoding.trunk, event_shape)
        heads = chain_of(mu, features, "head mu").trunk, chain_of(logvar, features, "head logvar").trunk
    trunk = encoding.trunk if heads is None else [*encoding.trunk, *heads[0]]
    code = code_of(shape_after(trunk, event_shape))
    decoding, size, sentence = _decoding(decoder, code, halves=heads is None)
    told += [sentence, decoding.told]
    if heads is None and size != code:
        heads = [Columns(0, size)], [Columns(size, 2 * size)]
    return ModelChains(
        encoding.trunk, decoding.trunk, heads, "Brought in from torch modules.", tuple(words for words in told if words)
    )


def code_of(shape: Shape) -> int:
    """Numbers of a code of this shape.

    Raises:
        CheckpointError: it is a map, and no vector.
    """
    if math.prod(shape) != max(shape, default=0):
        raise CheckpointError(
            f"The encoder makes codes of shape {shape}; a code is one vector here.",
            "Maps of codes, as vector-quantised models have them, are not kept. Give an encoder that ends in a vector.",
        )
    return max(shape)


@dataclass(frozen=True)
class OnnxTensors:
    """A part of an ONNX file, by the names of its tensors.

    Args:
        content: the file's bytes; they are not trusted.
        name: of the file.
        source: what comes in; "": the file's only input.
        targets: what comes out: a code, or mean and log variance, or an item; none: the file's outputs.
    """

    content: bytes
    name: str
    source: str = ""
    targets: tuple[str, ...] = ()


def of_onnx(encoder: OnnxTensors, decoder: OnnxTensors | None, event_shape: Shape) -> ModelChains:
    """The chains of a model in ONNX files, held against onnxruntime.

    Args:
        decoder: None: one file holds the whole, and the code is its shortest vector where that is not said.

    Raises:
        CheckpointError: see ``onnx_chains.part`` and ``narrowest``; or the parts do not fit the items or one another.
    """
    told = []
    if decoder is None:
        if encoder.targets:
            raise CheckpointError("The decoder is missing.", "Name its tensors, --decoder CODE:OUTPUT, or its file.")
        source, code, target = narrowest(encoder.content, encoder.name, event_shape)
        told.append(f"The code is its shortest vector, {code!r}.")
        decoder = replace(encoder, source=code, targets=(target,))
        encoder = replace(encoder, source=source, targets=(code,))
    encoding = part(encoder.content, encoder.name, encoder.source, encoder.targets, event_shape)
    chains = list(encoding.layers.values())
    if len(chains) > 2:
        raise CheckpointError(
            f"The encoder has {len(chains)} outputs: {', '.join(encoding.layers)}.",
            "Say which is the code, or mean and log variance: --encoder INPUT:MU,LOGVAR.",
        )
    heads = (chains[0], chains[1]) if len(chains) == 2 else None
    if heads is not None:
        mean, log_variance = encoding.layers
        told.append(f"{mean!r} is the mean, {log_variance!r} the log variance.")
    trunk = encoding.trunk if heads else [*encoding.trunk, *chains[0]]
    code_shape = shape_after([*trunk, *(heads[0] if heads else [])], event_shape)
    decoding = part(decoder.content, decoder.name, decoder.source, decoder.targets[:1], code_shape)
    layers = [*decoding.trunk, *next(iter(decoding.layers.values()))]
    difference = max(encoding.difference, decoding.difference)
    told.append(f"Its layers differ from onnxruntime's by {difference:.1g} at most.")
    return ModelChains(
        trunk, layers, heads, f"Brought in from the ONNX file {PurePath(encoder.name).name}.", tuple(told)
    )


def first_that_fits(encoder: nn.Module, event_shape: Shape) -> tuple[Chain, bool]:
    """The encoder's chain, and whether it takes items flattened.

    Raises:
        CheckpointError: it takes items in neither way, or has a layer that cannot be kept.
    """
    try:
        _run(encoder, event_shape)
    except CheckpointError as first:
        flat = (math.prod(event_shape),)
        try:
            _run(encoder, flat)
        except CheckpointError:
            raise first from None
        return chain_of(encoder, flat, "encoder"), True
    return chain_of(encoder, event_shape, "encoder"), False


def _decoding(decoder: nn.Module, size: int, halves: bool) -> tuple[Chain, int, str]:
    """The decoder's chain, the size of codes that it takes, and a word where that is half of the encoder's."""
    try:
        _run(decoder, (size,), "decoder")
    except CheckpointError as first:
        if not halves or size % 2:
            raise
        try:
            _run(decoder, (size // 2,), "decoder")
        except CheckpointError:
            raise first from None
        words = f"The decoder takes {size // 2} numbers of the encoder's {size}: mean first, then log variance."
        return chain_of(decoder, (size // 2,), "decoder"), size // 2, words
    return chain_of(decoder, (size,), "decoder"), size, ""


@torch.no_grad()
def _run(module: nn.Module, shape: Shape, part: str = "encoder") -> None:
    try:
        module.eval()(torch.zeros(2, *shape))
    except (RuntimeError, ValueError, IndexError, TypeError) as error:
        raise CheckpointError(
            f"The {part} takes no items of shape {shape}: {str(error)[:200]}", "Give data of the shape it takes."
        ) from error


@torch.no_grad()
def shape_after(modules: Sequence[nn.Module], shape: Shape) -> Shape:
    """Of one item, what layers make of one of ``shape``.

    Raises:
        CheckpointError: they take none of that shape.
    """
    value = torch.zeros(2, *shape)
    try:
        return tuple(nn.Sequential(*modules)(value).shape[1:])
    except RuntimeError as error:
        raise CheckpointError(
            f"The encoder takes no items of shape {shape}: {str(error)[:200]}", "Give data of the shape it takes."
        ) from error


def checkpoint_of_parts(
    name: str,
    chains: ModelChains,
    dataset: Dataset,
    *,
    pixels: tuple[float, float] = (0.0, 1.0),
    output: Output = "values",
    title: str = "",
    licence: str = "",
    held_out: bool = False,
    said: DataPart | None = None,
) -> VectorCheckpoint:
    """A checkpoint of chains of layers, with statistics and figures on the data; arguments as in ``adopt``.

    Args:
        said: how the data is opened again; None: by its name.

    Raises:
        CheckpointError, RecipeError: as ``adopt``.
    """
    event_shape = dataset.event_shape
    encoder, decoder = list(chains.encoder), list(chains.decoder)
    low, high = pixels
    if dataset.kind == "image" and (low, high) != (0.0, 1.0):
        encoder.insert(0, Affine.of(0.0, high - low, low))
    decoded = shape_after(decoder, shape_after([*encoder, *(chains.heads[0] if chains.heads else [])], event_shape))
    if math.prod(decoded) != math.prod(event_shape):
        raise CheckpointError(
            f"The decoder makes items of shape {decoded}, and the data's have {event_shape}.", "Give data of its shape."
        )
    if decoded != event_shape:
        decoder.append(Reshape(event_shape))
    last: list[nn.Module] = []
    if output == "logits":
        last = [nn.Sigmoid()]
    elif dataset.kind == "image":
        decoder, last = split_output(decoder)
        if (low, high) != (0.0, 1.0):
            last.append(Affine.of(low, 1 / (high - low), 0.0))
    model, recipe = _model(name, encoder, chains.heads, decoder, last, dataset, title, said)
    rows = evaluation.training_rows(dataset, (), "train")
    rows = rows if len(rows) else np.arange(len(dataset))
    sample = dataset.tensor(spread_sample(rows, MEASURED))
    told = [*chains.told, *_set_spread(model, sample), *_doubts(model, sample)]
    card = card_of(recipe, dataset, model, 0, 0).model_copy(
        update={
            "origin": " ".join([f"{chains.origin} Where it was trained is not known.", *told]),
            "licence": licence or "Weights: as their author says.",
        }
    )
    validation = evaluation.training_rows(dataset, (), "validation")
    described = describe(VectorCheckpoint(model, card), dataset, rows, validation)
    figures = described.card.metrics
    if not held_out:
        figures = tuple(figure.model_copy(update={"split": GIVEN}) for figure in figures)
    return VectorCheckpoint(model, described.card.model_copy(update={"metrics": figures}))


@torch.no_grad()
def _set_spread(model: Autoencoder, x: Float[Tensor, "n *event"]) -> list[str]:
    """Give a Gaussian likelihood the spread that its errors have, and say so."""
    if not isinstance(model, VariationalAutoencoder) or model.likelihood != "gaussian":
        return []
    error = model.reconstruction_error(x, model(x)).mean() / x[0].numel()
    model.log_sigma.copy_(0.5 * error.clamp_min(1e-12).log())
    return [f"Its decoder is read as a Gaussian, with the spread that its errors have ({float(error.sqrt()):.3g})."]


@torch.no_grad()
def _doubts(model: Autoencoder, x: Float[Tensor, "n *event"]) -> list[str]:
    """What shows that the model takes items in other units than these."""
    x_hat = model(x)
    doubts = []
    if not model.is_table and (float(x_hat.min()) < -BEYOND or float(x_hat.max()) > 1 + BEYOND):
        doubts.append(
            f"Its decoded values go from {float(x_hat.min()):.2g} to {float(x_hat.max()):.2g}, where pixels go from 0"
            " to 1: say what black and white are (pixels), or that it makes logits (output)."
        )
    error = model.reconstruction_error(x, x_hat).mean()
    of_mean = model.reconstruction_error(x, x.mean(0, keepdim=True).expand_as(x)).mean()
    if not error < of_mean:
        doubts.append(
            f"It rebuilds these items worse than their mean does ({float(error):.4g} against {float(of_mean):.4g}): "
            "it takes other data, or the same in other units."
        )
    return doubts


def split_output(decoder: list[nn.Module]) -> tuple[list[nn.Module], list[nn.Module]]:
    """A decoder without the sigmoid that it ends in, and that; what only reshapes behind it goes before it."""
    shaping = len(decoder)
    while shaping and isinstance(decoder[shaping - 1], (Reshape, nn.Unflatten, nn.Flatten)):
        shaping -= 1
    if shaping and isinstance(decoder[shaping - 1], nn.Sigmoid):
        return [*decoder[: shaping - 1], *decoder[shaping:]], [decoder[shaping - 1]]
    return decoder, []


def _model(
    name: str,
    encoder: list[nn.Module],
    heads: tuple[list[nn.Module], list[nn.Module]] | None,
    decoder: list[nn.Module],
    last: list[nn.Module],
    dataset: Dataset,
    title: str,
    said: DataPart | None,
) -> tuple[Autoencoder, Recipe]:
    """The model with its weights, and the recipe that lists its layers."""
    if dataset.kind == "table":
        # Inside, rows are standardised; the foreign layers see the units that they were trained on.
        scale = Standardise(dataset.event_shape[0])
        rows = dataset.splits.train if len(dataset.splits.train) else np.arange(len(dataset))
        scale.fit(dataset.tensor(rows[start : start + ROWS_AT_ONCE]) for start in range(0, len(rows), ROWS_AT_ONCE))
        encoder = [Affine.of(0.0, scale.std, scale.mean), *encoder]
        decoder = [*decoder, Affine.of(scale.mean, 1 / scale.std, 0.0)]
    lists: dict[str, tuple[list[LayerEntry], list[nn.Module]]] = {
        part: with_weights(nn.Sequential(*modules))
        for part, modules in (("encoder", encoder), ("decoder", decoder), ("output", last))
    }
    if heads is not None:
        lists |= {part: with_weights(nn.Sequential(*head)) for part, head in zip(("mu", "logvar"), heads, strict=True)}
    code = shape_after([*encoder, *(heads[0] if heads else [])], dataset.event_shape)
    settings: dict[str, Any] = {part: [entry.model_dump() for entry in entries] for part, (entries, _) in lists.items()}
    settings |= {"family": "listed" if heads is None else "listed_variational", "latent_dim": code[0]}
    if heads is not None:
        settings["likelihood"] = "bernoulli" if settings["output"] == [{"kind": "sigmoid"}] else "gaussian"
    values = {
        "name": name,
        "title": title,
        "model": settings,
        "data": (said or DataPart(dataset=dataset.name)).model_dump(),
    }
    recipe = Recipe.parse(values)
    model = recipe.build(dataset.event_shape).eval()
    if not isinstance(model, Autoencoder):
        raise CheckpointError("The layers come to no autoencoder.")
    for name_of_part, (_, modules) in lists.items():
        if name_of_part != "output" or dataset.kind == "image":
            of_part = getattr(model, name_of_part)
            sequence = nn.Sequential(*modules) if isinstance(of_part, nn.Sequential) else modules[0]
            of_part.load_state_dict(sequence.state_dict())
    if dataset.kind == "table":
        for units in (model.input, model.output):
            if isinstance(units, (Standardise, Unstandardise)):
                units.mean.copy_(scale.mean)
                units.std.copy_(scale.std)
    return model.requires_grad_(False), recipe
