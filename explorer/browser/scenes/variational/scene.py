"""Variational: what an encoder with a cloud of codes, a draw from it and a decoder do, number by number."""

from __future__ import annotations

import numpy as np

from explorer.browser.pack import pack_decoder
from explorer.browser.scenes.scene import Lead, Material, Scene, SceneMessage
from explorer.browser.schema import File, Float32, Number, Part, Uint16
from explorer.checkpoints import Card, VectorCheckpoint
from explorer.core import palette
from explorer.core.errors import CheckpointError, DataError
from explorer.data.stored import as_float
from explorer.latent.beta_ladder import BETAS, load_rung, measure_rung

SHOWN, MEASURED = 400, 2_000
"""Items on the map, and items that the means are over."""
LEAST_REACH = 3.0


class Vae(Part):
    """One variational autoencoder with a code of two numbers.

    Args:
        title: what it is called.
        beta: weight of the KL in its training.
        decoder: from ``pack_decoder``; it ends in probabilities.
        mu, sigma: (n, 2) posterior of each item.
        reconstruction, kl: means over the measured items, in nats.
    """

    title: str
    beta: Number
    decoder: File
    mu: Float32
    sigma: Float32
    reconstruction: Number
    kl: Number


class Variational(SceneMessage):
    """The items, and what each model makes of them.

    Args:
        shape: (C, H, W) of an item.
        items: (n, C, H, W) as stored, class by class in turn.
        labels: (n,) indices into ``names``.
        names, colours: of the classes.
        current: the current model.
        ladder: small models for several betas, trained on from one another, by beta; empty where they know other
            data than the current model.
        reach: the map shows codes from minus to plus this.
        measured: which items the means are over.
    """

    shape: tuple[int, int, int]
    items: Float32
    labels: Uint16
    names: tuple[str, ...]
    colours: tuple[str, ...]
    current: Vae
    ladder: tuple[Vae, ...]
    reach: Number
    measured: str


def matches(card: Card) -> bool:
    """Whether a checkpoint is a variational autoencoder of pictures with a plane of codes."""
    model = card.recipe.model
    return (
        model.family == "variational"
        and card.recipe.corruption is None
        and card.code_size == 2
        and len(card.data.event_shape) == 3
        and getattr(model, "likelihood", "") == "bernoulli"
        and model.has_standard_normal
    )


def prepare(material: Material | None) -> Variational:
    """The scene's message.

    Raises:
        DataError: no items.
        ExplorerError: a decoder too large for the browser.
    """
    if material is None or not len(material.rows):
        raise DataError("The scene has no pictures to show.", "Choose data with pictures.")
    dataset = material.dataset
    shown = material.first(SHOWN)
    labels = np.zeros(len(shown), np.uint16) if dataset.labels is None else dataset.labels[shown].astype(np.uint16)
    names = dataset.label_names if dataset.labels is not None else ("",)
    models = [vae(material, checkpoint) for checkpoint in (material.checkpoint, *ladder_for(material.checkpoint))]
    reach = max(float(np.quantile(np.abs(model.mu), 0.995)) for model in models)
    return Variational(
        shape=dataset.event_shape,
        rows=shown,
        items=as_float(dataset.x[shown]).numpy(),
        labels=labels,
        names=names,
        colours=tuple(palette.class_colours(range(len(names)))),
        current=models[0],
        ladder=tuple(models[1:]),
        reach=max(LEAST_REACH, reach),
        measured=f"{material.split.split(',')[0]}, n = {len(material.first(MEASURED)):,}",
    )


def ladder_for(checkpoint: VectorCheckpoint) -> list[VectorCheckpoint]:
    """The models of the ladder where they were trained on the same data; none where they are not installed."""
    try:
        rungs = [load_rung(beta) for beta in BETAS]
    except CheckpointError:
        return []
    return [rung for rung in rungs if rung.card.data.name == checkpoint.card.data.name]


def vae(material: Material, checkpoint: VectorCheckpoint) -> Vae:
    """A model with its posteriors of the shown items and its means over the measured ones."""
    rung = measure_rung(checkpoint, material.dataset, material.first(MEASURED), material.split)
    mu, logvar = checkpoint.posterior(material.x(SHOWN))
    return Vae(
        title=checkpoint.card.title,
        beta=rung.beta,
        decoder=pack_decoder(checkpoint.model),
        mu=mu,
        sigma=np.exp(0.5 * logvar),
        reconstruction=rung.reconstruction.value,
        kl=rung.kl.value,
    )


SCENE = Scene(
    name="variational",
    number=8,
    title="Variational",
    sentence="Drag **ε**, or draw it again: the encoder gives a small cloud of codes for each picture, and each draw "
    "from it decodes to a picture of its own. Then take away the picture and draw from the prior.",
    for_tables="It shows pictures, because one sees what each place of the map decodes to. Of rows, each place would "
    "be a list of columns.",
    message=Variational,
    prepare=prepare,
    leads=(
        Lead("generate", "Change the code of this picture"),
        Lead("latent_space", "See it among all codes"),
        Lead("train", "Train one with a beta of your own", {"recipe": "mnist-vae-2d"}),
    ),
    matches=matches,
    recipe="mnist-vae-2d",
    smaller=lambda message: message.model_copy(update={"ladder": ()}),
)
