"""Stacked: every unit of a deep model with its weights, and a film of training it layer by layer and at once."""

from __future__ import annotations

import numpy as np
import torch
from jaxtyping import Float

from explorer import checkpoints
from explorer.browser.pack import pack_reconstruction
from explorer.browser.scenes.scene import Lead, Material, Scene, SceneMessage
from explorer.browser.schema import File, Float32, Part, Uint8, Uint32
from explorer.checkpoints import Card, VectorCheckpoint
from explorer.core.errors import CheckpointError
from explorer.core.row_samples import spread_sample
from explorer.data.item_names import item_name
from explorer.data.stored import as_float
from explorer.evaluation.pretraining_film import PretrainingFilm, Reel, load_film, shipped_film
from explorer.io.images import to_uint8
from explorer.models.blocks import ACTIVATIONS, TiedLinear

ITEMS = 20
MEASURED = 1000
"""Items among which those are looked for that excite a unit most."""
TOP = 6
LEVELS = 127
TIED = "mnist-tied-30d"


class Frames(Part):
    """One training of the film.

    Args:
        name: how it was trained.
        stages: (frames,) what is trained, in words.
        weights: (frames, units, H, W) of the first layer, 128 for zero; each frame's largest weight is 127 from it.
        rebuilt: (frames, n, H, W) the items of the film as they come back, 0 to 255.
        errors: (frames, 3) squared error per image over held-out items, and the ends of its 95 % interval.
    """

    name: str
    stages: tuple[str, ...]
    weights: Uint8
    rebuilt: Uint8
    errors: Float32


class Film(Part):
    """Two trainings of one architecture.

    Args:
        measured: the items over which the error is the mean, in words.
        x: (n, H, W) the items, 0 to 255.
        reels: the trainings, with as many frames each.
    """

    measured: str
    x: Uint8
    reels: tuple[Frames, ...]


class Stack(Part):
    """A stacked model, and what excites its units.

    Args:
        network: all its layers as a pack.
        tied: whether the decoder's weights are the encoder's, transposed.
        exciting: (units, 6) of the items that were tried those that excite a unit most; the units of all layers but the
            last, in order.
        ranges: (units, 2) a unit's least and largest value over them.
    """

    network: File
    tied: bool
    exciting: Uint32
    ranges: Float32


class Stacked(SceneMessage):
    """Stacked models, and pictures to send through them.

    Args:
        models: the one that is shown, and one with tied weights where it has none.
        x: (n, 1, H, W) pictures, values in [0, 1].
        names: (n,) what they are called.
        seen: (m, H, W) the items that the units were tried on, 0 to 255.
        seen_in_words: what those items are.
        film: of the shipped training.
    """

    models: tuple[Stack, ...]
    x: Float32
    names: tuple[str, ...]
    seen: Uint8
    seen_in_words: str
    film: Film


def prepare(material: Material | None) -> Stacked:
    """The scene's message."""
    if material is None:
        raise ValueError("This scene shows a trained model.")
    checkpoint, dataset, rows = material.checkpoint, material.dataset, material.first(ITEMS)
    split = material.split.partition(",")[0]
    names = [f"{item_name(dataset, int(row))} ({split})" for row in rows]
    labels = None if dataset.labels is None else [dataset.label_names[label] for label in dataset.labels[rows]]
    tried = as_float(dataset.x[spread_sample(material.rows, MEASURED)]).numpy()
    models = [stack(checkpoint, tried)]
    if not models[0].tied and (tied := tied_model(checkpoint)) is not None:
        models.append(stack(tied, tried))
    return Stacked(
        models=tuple(models),
        rows=rows,
        x=as_float(material.x(ITEMS)).numpy(),
        names=tuple(names if labels is None else map("{}, class {}".format, names, labels)),
        seen=to_uint8(tried)[:, 0],
        seen_in_words=f"{len(tried):,} {split} items",
        film=_film(load_film(shipped_film())),
    )


def stack(checkpoint: VectorCheckpoint, tried: Float[np.ndarray, "n *event"]) -> Stack:
    """A model with what excites its units among the items that are tried."""
    values = unit_values(checkpoint, tried)
    return Stack(
        network=pack_reconstruction(checkpoint.model),
        tied=any(isinstance(module, TiedLinear) for module in checkpoint.model.decoder_chain()),
        exciting=np.argsort(-values, axis=0, kind="stable")[:TOP].T,
        ranges=np.stack([values.min(0), values.max(0)], axis=1),
    )


def tied_model(checkpoint: VectorCheckpoint) -> VectorCheckpoint | None:
    """The one with tied weights that is shipped, where it knows the same data; None where it is not installed."""
    try:
        tied = checkpoints.with_codes(checkpoints.load(TIED))
    except CheckpointError:
        return None
    return tied if tied.card.data.name == checkpoint.card.data.name else None


def unit_values(checkpoint: VectorCheckpoint, x: Float[np.ndarray, "n *event"]) -> Float[np.ndarray, "n units"]:
    """What the units of all layers but the last are for some items, layer after layer."""
    layers: list[torch.Tensor] = []
    with torch.inference_mode():
        h = torch.from_numpy(x).to(next(checkpoint.model.parameters()).device)
        for module in checkpoint.model.forward_chain():
            h = module(h)
            if isinstance(module, torch.nn.Linear | TiedLinear):
                layers.append(h)
            elif type(module) in ACTIVATIONS.values() and layers:
                layers[-1] = h
    return torch.cat(layers[:-1], dim=1).cpu().numpy()


def _film(film: PretrainingFilm) -> Film:
    measured = f"{film.n:,} {film.split} items of {film.data}"
    return Film(measured=measured, x=film.x[:, 0], reels=tuple(_frames(*entry) for entry in film.reels.items()))


def _frames(name: str, reel: Reel) -> Frames:
    reach = np.abs(reel.weights).max(axis=(1, 2, 3, 4), keepdims=True)
    weights = np.round(reel.weights / reach * LEVELS) + LEVELS + 1
    stages = [
        stage if not epoch else f"{stage}, epoch {epoch}" for stage, epoch in zip(reel.stages, reel.epochs, strict=True)
    ]
    return Frames(
        name=name, stages=tuple(stages), weights=weights[:, :, 0].astype(np.uint8), rebuilt=reel.x_hat[:, :, 0],
        errors=reel.errors,
    )  # fmt: skip


def matches(card: Card) -> bool:
    """Whether the scene shows such a model: stacked, of grey pictures that were not corrupted."""
    shape = card.data.event_shape
    return (
        card.recipe.model.family == "stacked" and card.recipe.corruption is None and len(shape) == 3 and shape[0] == 1
    )


SCENE = Scene(
    name="stacked",
    number=5,
    title="Stacked",
    sentence="**Point at any unit** of any layer: its weights, the items that excite it most, and its value for this "
    "picture. Then play the film of its training.",
    for_tables="It shows pictures, because the weights of a unit are then one. For rows they are a number for each "
    "column.",
    message=Stacked,
    prepare=prepare,
    leads=(
        Lead("latent_space", "See this picture among the codes"),
        Lead("train", "Train one layer by layer", {"recipe": "mnist-stacked-30d"}),
    ),
    matches=matches,
    recipe="mnist-stacked-30d",
)
