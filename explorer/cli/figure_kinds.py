"""The figures that the command line writes, by name: adding one is a function and a line in ``FIGURES``.

What takes long to import is imported inside the functions.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from explorer.cli.inputs import open_data
from explorer.cli.reading import Reading
from explorer.core.errors import DataError

if TYPE_CHECKING:
    import numpy as np
    from jaxtyping import Int

    from explorer.checkpoints import Checkpoint, VectorCheckpoint
    from explorer.data import Dataset

OF_ITS_CARD = "its card"
DIMENSIONS, STEPS = 8, 9
"""Most dimensions of a strip, the most informative first, and its pictures of each."""
BATCH = 1024


@dataclass(frozen=True)
class AskedFigure:
    """What was asked of a figure.

    Args:
        name: of the checkpoint.
        source, split, reading: items, as ``open_data`` takes them; of ``source`` None those that the model learnt from.
        items: on a map, spread over all.
        projection: of a map; empty: the code itself, or PCA.
    """

    name: str
    source: str | None
    split: str | None
    items: int
    projection: str
    reading: Reading

    def checkpoint(self) -> VectorCheckpoint:
        from explorer import checkpoints

        return checkpoints.with_codes(checkpoints.load(self.name))

    def data(self) -> tuple[Checkpoint, Dataset, Int[np.ndarray, " n"], str]:
        """The checkpoint, items, their rows and split.

        Raises:
            DataError: the items that it learnt from are not here, and no others were named.
        """
        from explorer import checkpoints
        from explorer.views.items import data_on_this_machine

        source = self.source or data_on_this_machine(checkpoints.load_card(self.name))
        if source is None:
            raise DataError(f"{self.name} was trained on data that are not on this machine.", "Name items: --data D.")
        return open_data(self.name, source, self.split, self.reading)


def training(asked: AskedFigure) -> tuple[Any, str]:
    """The losses by epoch."""
    from explorer import checkpoints
    from explorer.checkpoints.history import loss_unit
    from explorer.export import figures

    history = checkpoints.load_card(asked.name).history
    if not history:
        raise DataError(f"The card of {asked.name} holds no training.", "Take another figure.")
    return figures.loss_curves(history, loss_unit(history)), OF_ITS_CARD


def dimensions(asked: AskedFigure) -> tuple[Any, str]:
    """How much each number of the code carries."""
    from explorer import checkpoints, latent
    from explorer.export import figures

    return figures.dimension_bars(latent.dimension_order(checkpoints.load_card(asked.name))), OF_ITS_CARD


def sliders(asked: AskedFigure) -> tuple[Any, str]:
    """What each number of the code does: a row of pictures from low to high, the others at their mean."""
    import numpy as np

    from explorer import latent
    from explorer.export.picture_figures import traversal_strips
    from explorer.latent import interpolation
    from explorer.views.items import dimension_name

    checkpoint = asked.checkpoint()
    if len(checkpoint.event_shape) != 3:
        raise DataError(
            f"{asked.name} decodes rows of a table, which are no pictures.",
            "What each number of the code carries is the figure called dimensions.",
        )
    known = latent.statistics_of(checkpoint.card)
    order = latent.dimension_order(checkpoint.card)
    shown = [d for d in order if d.active][:DIMENSIONS] or order[:1]
    middle = np.asarray(known.mean, np.float32)
    codes = [interpolation.traversal(middle, d.index, d.low, d.high, STEPS) for d in shown]
    decoded = checkpoint.decode(np.concatenate(codes)).reshape(len(shown), STEPS, *checkpoint.event_shape)
    names = [f"{dimension_name(d.index)}: {d.low:.3g} to {d.high:.3g}" for d in shown]
    left_out = len(order) - len(shown)
    words = f"{len(shown)} of {len(order)} numbers of the code" if left_out else "every number of the code"
    figure = traversal_strips(decoded, names, "from low to high, the other numbers at their mean")
    return figure, f"{words}, through the mean of the {checkpoint.card.codes_described}"


def errors(asked: AskedFigure) -> tuple[Any, str]:
    """Reconstruction errors by class."""
    import numpy as np

    from explorer.export import figures

    checkpoint, dataset, rows, label = asked.data()
    measured = checkpoint.reconstruction_errors(dataset.x[rows])
    labels = None if dataset.labels is None else np.asarray(dataset.labels)[rows]
    groups = {"all items": measured}
    if labels is not None:
        groups = {dataset.label_names[k]: measured[labels == k] for k in np.unique(labels[labels >= 0]).tolist()}
    learnt = checkpoint.card.recipe.data.classes
    novel = [group for group in groups if learnt and labels is not None and group not in learnt]
    return figures.class_histograms(groups, novel), f"{dataset.title}, {label}, n = {len(rows):,}"


def error_map(asked: AskedFigure) -> tuple[Any, str]:
    """Where items lose most: the mean squared error of each pixel, or of each column of a table."""
    import numpy as np

    from explorer.export import picture_figures

    checkpoint, dataset, rows, label = asked.data()
    total = np.zeros(checkpoint.event_shape)
    for start in range(0, len(rows), BATCH):
        x = checkpoint.tensor(dataset.x[rows[start : start + BATCH]]).numpy()
        total += ((x - checkpoint.reconstruct(x)) ** 2).sum(0, dtype=np.float64)
    mean = total / len(rows)
    words = f"{dataset.title}, {label}, n = {len(rows):,}"
    if len(checkpoint.event_shape) == 3:
        return picture_figures.error_map(mean.sum(0), "mean squared error, summed over channels"), words
    variances = np.maximum(np.var(np.asarray(dataset.x[rows], np.float64), axis=0), 1e-12)
    return picture_figures.column_errors(
        mean / variances, dataset.feature_names, "mean squared error in variances"
    ), words


def latent_map(asked: AskedFigure) -> tuple[Any, str]:
    """The codes of items on a map."""
    from explorer.export import figures
    from explorer.views import item_words
    from explorer.views.items import thinned_items
    from explorer.views.planes import checked_codes, default_kind, plane_of, projector_of

    _, dataset, rows, label = asked.data()
    checkpoint = asked.checkpoint()
    shown = thinned_items(checkpoint, dataset, rows, label, asked.items)
    projector = projector_of(asked.projection or default_kind(checkpoint.latent_dim))
    plane = plane_of(shown, projector, projector.fit_transform(checked_codes(shown)))
    titles = [item_words.item_title(shown, position) for position in range(len(shown.rows))]
    made = figures.scatter2d(plane.points, shown.labels(), dataset.label_names, plane.axes, titles)
    return made, f"{dataset.title}, {label}, n = {len(shown.rows):,}"


FIGURES: dict[str, Callable[[AskedFigure], tuple[Any, str]]] = {
    "map": latent_map,
    "errors": errors,
    "error-map": error_map,
    "sliders": sliders,
    "training": training,
    "dimensions": dimensions,
}
"""Name -> what makes the Plotly figure and says what it is of."""
OF_THE_MODEL = ("sliders", "training", "dimensions")
"""Those that need no items."""
