"""Convolutional: one picture through every map of a model, and what each value there is made of."""

from __future__ import annotations

from explorer.browser.pack import pack
from explorer.browser.scenes.scene import Lead, Material, Scene, SceneMessage
from explorer.browser.schema import File, Float32
from explorer.checkpoints import Card
from explorer.data.item_names import item_name
from explorer.data.stored import as_float

ITEMS = 20


class Convolutional(SceneMessage):
    """A convolutional model and pictures to send through it.

    Args:
        network: all its layers as a pack, each on its own.
        x: (n, C, H, W) pictures, values in [0, 1].
        names: (n,) what they are called.
    """

    network: File
    x: Float32
    names: tuple[str, ...]


def prepare(material: Material | None) -> Convolutional:
    """The scene's message."""
    if material is None:
        raise ValueError("This scene shows a trained model.")
    dataset, rows = material.dataset, material.first(ITEMS)
    split = material.split.partition(",")[0]
    labels = None if dataset.labels is None else [dataset.label_names[label] for label in dataset.labels[rows]]
    names = [f"{item_name(dataset, int(row))} ({split})" for row in rows]
    return Convolutional(
        network=pack(
            material.checkpoint.model.forward_chain(), material.checkpoint.event_shape, "autoencoder", merge=False
        ),
        rows=rows,
        x=as_float(material.x(ITEMS)).numpy(),
        names=tuple(names if labels is None else map("{}, class {}".format, names, labels)),
    )


def matches(card: Card) -> bool:
    """Whether the scene shows such a model: convolutions, and a picture that was not corrupted."""
    model = card.recipe.model
    return model.family == "convolutional" and card.recipe.corruption is None


SCENE = Scene(
    name="convolutional",
    number=7,
    title="Convolutional",
    sentence="**Point at any value** of any map: what it sees of the picture, and the sum that it is, are shown. "
    "Press to keep it.",
    for_tables="It shows pictures, because a kernel looks at neighbours, and the columns of a table have none.",
    message=Convolutional,
    prepare=prepare,
    leads=(
        Lead("generate", "Change the code of this picture"),
        Lead("novelty", "Find odd pictures with it"),
        Lead("train", "Train one", {"recipe": "mnist-convolutional-16d"}),
    ),
    matches=matches,
    recipe="mnist-convolutional-16d",
)
