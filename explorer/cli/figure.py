"""The command that writes a figure of a model, the same as on the pages.

What takes long to import is imported inside the command.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from explorer.cli.export import map_kind
from explorer.cli.inputs import CheckpointName, SplitOption, open_data
from explorer.cli.output import AsJson, print_json
from explorer.cli.reading import Reading
from explorer.cli.reading_flags import reads_input
from explorer.cli.streams import deliver, is_stream
from explorer.core.errors import DataError

if TYPE_CHECKING:
    from explorer.checkpoints import VectorCheckpoint

Kind = Literal["map", "errors", "training", "dimensions"]
OF_THE_CARD = ("training", "dimensions")


@reads_input
def figure(
    name: CheckpointName,
    kind: Annotated[Kind, typer.Argument(help="Its map of codes, errors by class, training, or dimensions.")],
    out: Annotated[
        Path, typer.Option("--out", help="The file to write: .svg or .png (on white), or .json as Plotly reads it.")
    ],
    source: Annotated[
        str | None,
        typer.Option("--data", help="Items of the map and the errors. Default: items it has not learnt from."),
    ] = None,
    split: SplitOption = None,
    items: Annotated[int, typer.Option("--items", min=4, help="On the map, spread over all.")] = 2000,
    projection: Annotated[
        str | None, typer.Option("--map", help="pca, pair, tsne or umap. Default: the code itself, or PCA.")
    ] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="It may take the place of a file.")] = False,
    as_json: AsJson = False,
    *,
    reading: Reading,
) -> None:
    """Write a figure of a model as the pages draw it."""
    from explorer import checkpoints
    from explorer.export import drawn, figures

    form = out.suffix.lower()
    if form not in (".svg", ".png", ".json"):
        raise DataError(f"Cannot tell the format of {out}.", "Give a name that ends in .svg, .png or .json.")
    if not overwrite and not is_stream(out) and out.exists():
        raise DataError(f"There is a file {out} already.", "Give another name, or --overwrite.")
    if kind in OF_THE_CARD and source is not None:
        raise DataError(f"The figure of {kind} is of the card, not of data.", "Leave --data out.")
    if kind == "training":
        made, words = figures.loss_curves(*_training(name)), "its card"
    elif kind == "dimensions":
        made, words = _dimensions(name), "its card"
    else:
        checkpoint = checkpoints.with_codes(checkpoints.load(name))
        made, words = _of_items(kind, checkpoint, name, source, split, items, map_kind(projection), reading)
    text = figures.figure_json(made)
    deliver(out, {".svg": lambda: drawn.svg(text).encode(), ".png": lambda: drawn.png(text)}.get(form, text.encode)())
    if as_json:
        print_json({"written": str(out), "figure": kind, "of": words})
        return
    typer.echo(f"{out}: {kind} of {name}, {words}")


def _training(name: str) -> tuple[tuple[dict[str, Any], ...], str]:
    from explorer import checkpoints
    from explorer.checkpoints.history import loss_unit

    history = checkpoints.load_card(name).history
    if not history:
        raise DataError(f"The card of {name} holds no training.", "Take another figure.")
    return history, loss_unit(history)


def _dimensions(name: str) -> Any:
    from explorer import checkpoints, latent
    from explorer.export import figures

    return figures.dimension_bars(latent.dimension_order(checkpoints.load_card(name)))


def _of_items(
    kind: Kind,
    checkpoint: VectorCheckpoint,
    name: str,
    source: str | None,
    split: str | None,
    items: int,
    projection: str,
    reading: Reading,
) -> tuple[Any, str]:
    """A figure of items, and which they are."""
    import numpy as np

    from explorer.export import figures
    from explorer.views import item_words
    from explorer.views.items import data_on_this_machine, thinned_items
    from explorer.views.planes import checked_codes, default_kind, plane_of, projector_of

    source = source or data_on_this_machine(checkpoint.card)
    if source is None:
        raise DataError(f"{name} was trained on data that are not on this machine.", "Name items: --data D.")
    _, dataset, rows, label = open_data(name, source, split, reading)
    if kind == "errors":
        errors = checkpoint.reconstruction_errors(dataset.x[rows])
        labels = None if dataset.labels is None else np.asarray(dataset.labels)[rows]
        groups = {"all items": errors}
        if labels is not None:
            groups = {dataset.label_names[k]: errors[labels == k] for k in np.unique(labels[labels >= 0]).tolist()}
        learnt = checkpoint.card.recipe.data.classes
        novel = [group for group in groups if learnt and labels is not None and group not in learnt]
        return figures.class_histograms(groups, novel), f"{dataset.title}, {label}, n = {len(rows):,}"
    shown = thinned_items(checkpoint, dataset, rows, label, items)
    projector = projector_of(projection or default_kind(checkpoint.latent_dim))
    plane = plane_of(shown, projector, projector.fit_transform(checked_codes(shown)))
    titles = [item_words.item_title(shown, position) for position in range(len(shown.rows))]
    made = figures.scatter2d(plane.points, shown.labels(), dataset.label_names, plane.axes, titles)
    return made, f"{dataset.title}, {label}, n = {len(shown.rows):,}"
