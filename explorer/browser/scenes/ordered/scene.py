"""The same on pictures: a code whose numbers come in order, cut off anywhere, beside PCA with as many components."""

from __future__ import annotations

from explorer.browser.pack import pack_decoder
from explorer.browser.scenes.scene import Lead, Material, Scene, SceneMessage
from explorer.browser.schema import File, Float32
from explorer.checkpoints import Card, Metric
from explorer.core import metrics
from explorer.core.errors import DataError
from explorer.core.row_samples import spread_sample
from explorer.data.stored import as_float
from explorer.evaluation.ordered_code import errors_by_width, pca_errors_by_width
from explorer.evaluation.rows import training_rows
from explorer.penalties import NestedDropout

ITEMS, MEASURED, MAX_FITTED = 30, 500, 4_000


class Ordered(SceneMessage):
    """Items, their codes, and what the first numbers of a code are worth.

    Args:
        shape: (C, H, W) of an item.
        x: (n, C, H, W) items, class by class in turn.
        codes: (n, widths) theirs.
        pack: the decoder.
        mean: (C, H, W) of the training items, and ``components``: (widths, C, H, W) PCA's directions.
        ordered, pca: (widths, 3) mean squared error per item with the first 1, 2, … numbers, and the ends of its 95 %
            interval.
        measured: of which items the errors are the mean, and what PCA was fitted on.
    """

    shape: tuple[int, int, int]
    x: Float32
    codes: Float32
    pack: File
    mean: Float32
    components: Float32
    ordered: Float32
    pca: Float32
    measured: str


def matches(card: Card) -> bool:
    """Whether a checkpoint has an ordered code of pictures that it was trained on as they are."""
    recipe = card.recipe
    return isinstance(recipe.penalty, NestedDropout) and recipe.corruption is None and len(card.data.event_shape) == 3


def prepare(material: Material | None) -> Ordered:
    """The scene's message.

    Raises:
        DataError: no items, or fewer training items than numbers in the code.
    """
    if material is None or not len(material.rows):
        raise DataError("The scene has no pictures to show.", "Choose data with pictures.")
    checkpoint, dataset, split = material.checkpoint, material.dataset, material.split.partition(",")[0]
    train = spread_sample(training_rows(dataset, checkpoint.card.recipe.data.classes, "train"), MAX_FITTED)
    rows, widths = spread_sample(material.rows, MEASURED), range(1, checkpoint.latent_dim + 1)
    if len(train) < len(widths):
        raise DataError(
            f"PCA with {len(widths)} components needs as many training items, and there are {len(train)}.",
            "Choose data with more pictures.",
        )
    mean, components = metrics.fitted_pca(dataset.tensor(train).numpy(), len(widths))
    shape = dataset.event_shape
    return Ordered(
        shape=shape,
        rows=material.first(ITEMS),
        x=as_float(material.x(ITEMS)).numpy(),
        codes=checkpoint.encode(material.x(ITEMS)),
        pack=pack_decoder(checkpoint.model),
        mean=mean.reshape(shape),
        components=components.reshape(-1, *shape),
        ordered=intervals(errors_by_width(checkpoint, dataset, rows, split, widths)),
        pca=intervals(pca_errors_by_width(dataset, train, rows, split, widths)),
        measured=f"Means over {len(rows):,} {split} items; PCA was fitted on {len(train):,} training items.",
    )


def intervals(errors: list[Metric]) -> list[tuple[float, float, float]]:
    """Each with the ends of its interval."""
    return [(error.value, error.low, error.high) for error in errors]


SCENE = Scene(
    name="ordered",
    number=2,
    title="Width: the same on pictures",
    sentence="Drag **k**: a picture is now kept in k numbers, and comes back from these alone. Below it the same with "
    "k components of PCA.",
    for_tables="It shows pictures, because one sees at once what each further number of a code brings back. Of a "
    "row, it would be one column after the other that comes near.",
    message=Ordered,
    prepare=prepare,
    leads=(
        Lead("generate", "Drag the numbers of this picture"),
        Lead("train", "Train a code with an order", {"recipe": "mnist-ordered-32d"}),
    ),
    matches=matches,
    recipe="mnist-ordered-32d",
)
