"""Codes as features: how far a few labels go on the codes, on PCA and on the pixels themselves."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float, Int, UInt8

from explorer.browser.scenes.features.nearest import nearest_by_count, squared_distances
from explorer.browser.scenes.scene import Lead, Material, Scene, SceneMessage
from explorer.browser.schema import Float32, Part, Uint8, Uint16, Uint32
from explorer.checkpoints import Card
from explorer.core import metrics, palette
from explorer.core.errors import DataError
from explorer.core.intervals import mean_interval
from explorer.core.row_samples import spread_sample
from explorer.data.base import Dataset
from explorer.evaluation.few_labels import DRAWS, drawn_labels
from explorer.evaluation.rows import training_rows

COUNTS = (1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 30, 40, 50, 60, 80, 100)
"""Labels per class that can be chosen."""
MEASURED, SHOWN_DRAWS, MAX_POOL, MAX_CLASSES = 500, 4, 4_000, 50


class Input(Part):
    """One kind of what the classifier sees.

    Args:
        name: what it is called.
        accuracy, low, high: (counts,) mean over the draws with its 95 % interval.
        nearest: (draws, counts, n) position of the nearest labelled item in ``FeatureCodes.labelled``.
    """

    name: str
    accuracy: Float32
    low: Float32
    high: Float32
    nearest: Uint16


class FeatureCodes(SceneMessage):
    """Held-out items on the map of codes, and what a classifier with few labels says of them.

    Args:
        shape: (C, H, W) of an item.
        names, colours: of the classes.
        counts: labels per class that can be chosen.
        places: (n, 2) of the items to classify, on the map.
        labels: (n,) theirs.
        pictures: (n, C, H, W) theirs, from 0 to 255.
        labelled: (draws, k) positions of labelled items in the pool, in the order in which they are labelled.
        pool_places, pool_labels, pool_pictures: of the items that may be labelled.
        inputs: the code, PCA, and the items themselves.
        axes: what the map's axes are.
        source: where the items are from.
        draws: how many draws of labels the means are over.
    """

    shape: tuple[int, int, int]
    names: tuple[str, ...]
    colours: tuple[str, ...]
    counts: tuple[int, ...]
    places: Float32
    labels: Uint16
    pictures: Uint8
    labelled: Uint32
    pool_places: Float32
    pool_labels: Uint16
    pool_pictures: Uint8
    inputs: tuple[Input, ...]
    axes: str
    source: str
    draws: int


def matches(card: Card) -> bool:
    """Whether a checkpoint has codes of labelled pictures that it was trained on as they are."""
    return (
        bool(card.code_size)
        and card.recipe.corruption is None
        and not card.recipe.data.classes
        and len(card.data.event_shape) == 3
        and 2 <= len(card.data.label_names) <= MAX_CLASSES
    )


def prepare(material: Material | None) -> FeatureCodes:
    """The scene's message.

    Raises:
        DataError: no labels, no test items, or a class with a single item to label.
    """
    if material is None or material.dataset.labels is None:
        raise DataError("The scene has no labelled pictures to show.", "Choose data with pictures in classes.")
    checkpoint, dataset = material.checkpoint, material.dataset
    train, test = (training_rows(dataset, (), split) for split in ("train", "test"))
    if not len(test):
        raise DataError(f"{dataset.title} has no test items.", "Choose data with a test split.")
    train, test = spread_sample(train, MAX_POOL), spread_sample(test, MEASURED)
    labels = np.asarray(dataset.labels)
    names, sizes = np.unique(labels[train], return_counts=True)
    counts = tuple(count for count in COUNTS if count <= sizes.min())
    orders = [drawn_labels(labels[train], counts[-1], np.random.default_rng([0, draw])) for draw in range(DRAWS)]
    used, places = np.unique(np.stack(orders[:SHOWN_DRAWS]), return_inverse=True)

    codes = [checkpoint.encode(dataset.x[rows]).astype(np.float64) for rows in (train, test)]
    x = [checkpoint.model.input(dataset.tensor(rows)).flatten(1).numpy().astype(np.float64) for rows in (train, test)]
    size = min(checkpoint.latent_dim, *x[0].shape)
    seen = {
        f"Code, {checkpoint.latent_dim} numbers": codes,
        f"PCA, {size} numbers": projected(x, size),
        f"Pixels, {x[0].shape[1]:,} numbers": x,
    }
    inputs = []
    for name, (known, asked) in seen.items():
        distances = squared_distances(asked, known)
        nearest = np.stack([nearest_by_count(distances, order, len(names), counts) for order in orders])
        given = np.stack([labels[train][order][each] for order, each in zip(orders, nearest, strict=True)])
        shares = (given == labels[test]).mean(2)
        accuracy = [mean_interval(shares[:, i], (0.0, 1.0)) for i in range(len(counts))]
        inputs.append(
            Input(
                name=name,
                accuracy=np.array([one.value for one in accuracy]),
                low=np.array([one.low for one in accuracy]),
                high=np.array([one.high for one in accuracy]),
                nearest=nearest[:SHOWN_DRAWS],
            )
        )
    map_places = codes if checkpoint.latent_dim == 2 else projected(codes, 2)
    return FeatureCodes(
        shape=dataset.event_shape,
        names=dataset.label_names,
        colours=tuple(palette.class_colours(range(len(dataset.label_names)))),
        counts=counts,
        rows=test,
        places=map_places[1],
        labels=labels[test],
        pictures=as_bytes(dataset, test),
        labelled=places.reshape(SHOWN_DRAWS, -1),
        pool_places=map_places[0][used],
        pool_labels=labels[train][used],
        pool_pictures=as_bytes(dataset, train[used]),
        inputs=tuple(inputs),
        axes="the two numbers of the code" if checkpoint.latent_dim == 2 else "the first two components of the codes",
        source=f"{dataset.title}: labels from {len(train):,} items, measured on {len(test):,} others "
        f"(test split of the data; to the model: {material.split.split(',')[0]})",
        draws=DRAWS,
    )


def projected(sets: list[Float[np.ndarray, "_ d"]], size: int) -> list[Float[np.ndarray, "_ size"]]:
    """Both sets on the leading principal components of the first, whose labels are not used."""
    mean, components = metrics.fitted_pca(sets[0], size)
    return [(one - mean) @ components.T for one in sets]


def as_bytes(dataset: Dataset, rows: Int[np.ndarray, " n"]) -> UInt8[np.ndarray, "n *event"]:
    """Items from 0 to 255."""
    return np.rint(255 * dataset.tensor(rows).numpy().clip(0, 1)).astype(np.uint8)


SCENE = Scene(
    name="features",
    number=3,
    title="Codes as features",
    sentence="Drag **how many labels** there are. The codes were learnt without any; each picture now gets the label "
    "of the nearest labelled one. Wrong ones are ringed: point at them.",
    for_tables="It shows pictures, because one sees at once whether two that are neighbours are alike. Rows in "
    "classes go the same way: the label of the nearest row.",
    message=FeatureCodes,
    prepare=prepare,
    leads=(
        Lead("latent_space", "Look around this map"),
        Lead("train", "Train a code of another size", {"recipe": "mnist-undercomplete-32d"}),
    ),
    matches=matches,
    recipe="mnist-undercomplete-32d",
)
