"""Novelty: what was never seen cannot be rebuilt, and its error says so against those of normal items."""

from __future__ import annotations

import numpy as np

from explorer.browser.pack import MAX_BYTES, pack_reconstruction
from explorer.browser.scenes.scene import Lead, Material, Scene, SceneMessage
from explorer.browser.schema import File, Float32, Float64, Part
from explorer.checkpoints import Card
from explorer.data import as_float

CALIBRATION = 2000
"""Normal items whose errors are kept, at most."""
SHOWN, REBUILT, SEARCHED = 16, 4, 1000
"""Items of a kind that are shown, new ones that are rebuilt best, and new ones that are looked at for those."""


class Items(Part):
    """Items of one kind.

    Args:
        title: of the kind.
        values: (n, C, H, W) in [0, 1].
        names: what each is.
    """

    title: str
    values: Float32
    names: tuple[str, ...]


class Novelty(SceneMessage):
    """An autoencoder that has seen some of the classes, its errors on held-out items of these, and items to try.

    Args:
        pack: encoder and decoder in one.
        shape: (C, H, W) of an item.
        calibration: (n,) sorted errors of normal items; none of them is shown.
        split: what these are to the model.
        seen: the classes that it was trained on, in words.
        normal, new, rebuilt: items of seen classes, of others, and those of others that it rebuilds best; ``rows`` are
            of all of them, in this order.
    """

    pack: File
    shape: tuple[int, int, int]
    calibration: Float64
    split: str
    seen: str
    normal: Items
    new: Items
    rebuilt: Items


def matches(card: Card) -> bool:
    """Whether a checkpoint has seen some of the classes of its pictures, and a browser can run it."""
    return (
        bool(card.recipe.data.classes)
        and card.data.kind == "image"
        and card.recipe.model.family != "photo"
        and 4 * card.weights <= MAX_BYTES
    )


def prepare(material: Material | None) -> Novelty:
    """The scene's message."""
    assert material is not None  # noqa: S101 - a scene with ``matches`` gets one
    checkpoint, dataset = material.checkpoint, material.dataset
    seen = checkpoint.card.recipe.data.classes
    assert dataset.labels is not None  # noqa: S101 - a model of some classes has data with classes
    classes = np.array(dataset.label_names)[dataset.labels]
    is_normal = np.isin(classes[material.rows], seen)
    normal, new = material.rows[is_normal], material.rows[~is_normal][:SEARCHED]
    shown, calibrating = normal[:SHOWN], normal[SHOWN : SHOWN + CALIBRATION]
    rebuilt = new[np.argsort(checkpoint.reconstruction_errors(dataset.x[new]), kind="stable")]

    new_shown, rebuilt = new[~np.isin(new, rebuilt[:REBUILT])][:SHOWN], rebuilt[:REBUILT]

    def items(title: str, rows: np.ndarray) -> Items:
        return Items(title=title, values=as_float(dataset.x[rows]).numpy(), names=tuple(map(str, classes[rows])))

    return Novelty(
        pack=pack_reconstruction(checkpoint.model),
        shape=checkpoint.event_shape,
        calibration=np.sort(checkpoint.reconstruction_errors(dataset.x[calibrating])),
        split=f"{material.split.split(',')[0]}, n = {len(calibrating):,}",
        seen=", ".join(seen),
        rows=np.concatenate([shown, new_shown, rebuilt]),
        normal=items("Of a kind it has seen", shown),
        new=items("Of a kind it has never seen", new_shown),
        rebuilt=items("New, and yet rebuilt", rebuilt),
    )


SCENE = Scene(
    name="novelty",
    number=4,
    title="Novelty",
    sentence="**Draw** on the item, or take one that was never seen: its error moves among those of normal items, "
    "and the p-value says how odd it is.",
    for_tables="It shows pictures, because a hand can spoil them. In a row it is a column that is wrong: the Novelty "
    "page says which, and by how much.",
    message=Novelty,
    prepare=prepare,
    leads=(
        Lead("novelty", "Find what is odd"),
        Lead("train", "Train one on good examples alone", {"recipe": "mnist-eight-digits-32d"}),
    ),
    matches=matches,
    recipe="mnist-eight-digits-32d",
)
