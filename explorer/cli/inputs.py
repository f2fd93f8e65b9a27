"""What the commands take: names of checkpoints, data of many kinds, splits.

What takes long to import is imported inside the commands.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from explorer.cli.output import progress_line
from explorer.cli.reading import Reading, check_keeps, contract_of, say_how_read
from explorer.cli.streams import called, local
from explorer.core.errors import DataError

if TYPE_CHECKING:
    import numpy as np
    from jaxtyping import Int

    from explorer.checkpoints import Card, Checkpoint, VectorCheckpoint
    from explorer.data import Dataset, ImportOptions


CheckpointName = Annotated[str, typer.Argument(metavar="CHECKPOINT", help="A name (see `list`) or a file.")]
Input = Annotated[
    str,
    typer.Argument(
        metavar="INPUT",
        help="A dataset's name, an image, or a folder, zip, NPZ, IDX, CSV or Parquet file; - for standard input.",
    ),
]
Device = Annotated[
    Literal["cpu", "cuda", "mps", "auto"], typer.Option("--device", help="Where the model computes; auto: the fastest.")
]
SplitOption = Annotated[
    str | None,
    typer.Option(
        "--split", help="train, validation, test or all. Default: the rows that were held out in training, or all."
    ),
]


Given = Annotated[
    str | None,
    typer.Option("--given", help="The label that a conditional model is given. Default: each item's own."),
]


class NamedItems:
    """Items that fit a checkpoint, with what is known of each: (N, *event) values, a name and perhaps a label.

    Args:
        kept: columns that go along as they are written, the identifiers among them first.
        ids: how many of these are identifiers.
        read: how a table was read, for an answer in JSON.
        told: (N,) labels of the items as a conditional model numbers them; None for others.
    """

    def __init__(
        self,
        x: np.ndarray,
        names: list[str],
        labels: list[str] | None = None,
        kept: Mapping[str, Sequence[str]] | None = None,
        ids: int = 0,
        read: dict[str, Any] | None = None,
        told: np.ndarray | None = None,
    ) -> None:
        self.x, self.names, self.labels = x, names, labels
        self.kept, self.ids, self.read, self.told = kept or {}, ids, read or {}, told


def open_model(name: str, label: str | None = None) -> VectorCheckpoint:
    """A checkpoint whose items have codes, given a label where one is said.

    Raises:
        ExplorerError: its items have none, or it knows no such label.
    """
    from explorer import checkpoints

    checkpoint = checkpoints.with_codes(checkpoints.load(name))
    return checkpoint if label is None else checkpoint.given(label)


def open_data(
    name: str,
    source: str | None,
    split: str | None,
    reading: Reading,
    keep: Sequence[str] = (),
    given: str | None = None,
) -> tuple[VectorCheckpoint, Dataset, Int[np.ndarray, " n"], str]:
    """A checkpoint, a dataset of its shape with the columns to keep, the rows to look at and what to call them.

    Args:
        given: the label of a conditional model; its rows are then those of this label.
    """
    checkpoint = open_model(name, given)
    source = checkpoint.card.recipe.data.dataset if source is None else source
    dataset = _dataset(checkpoint, source, reading, tuple(keep))
    check_keeps(dataset.contract, keep, called(source))
    if dataset.event_shape != checkpoint.event_shape:
        raise DataError(
            f"Items of {dataset.title} have the shape {dataset.event_shape} and do not fit {checkpoint.name},"
            f" which takes {checkpoint.event_shape}.",
            "Choose data of that shape.",
        )
    rows, label = _rows(checkpoint, dataset, split)
    return checkpoint, dataset, rows, label


def options_for(card: Card, source: str, reading: Reading, keep: tuple[str, ...] = ()) -> ImportOptions:
    """How data are read for a model: as those that it learnt from, but for what the flags say."""
    from explorer import data
    from explorer.io.images.asked import of_shape

    part = card.recipe.data
    options = part.options if source == part.dataset else data.ImportOptions()
    return replace(
        options,
        dialect=reading.over(options.dialect),
        roles=reading.roles_over(options.roles),
        images=reading.images_over(options.images if source == part.dataset else of_shape(card.data.event_shape)),
        model_columns=card.data.feature_names if len(card.data.event_shape) == 1 else (),
        like=card.data.contract,
        keep=keep,
        called=called(source),
    )


def _dataset(checkpoint: Checkpoint, source: str, reading: Reading, keep: tuple[str, ...] = ()) -> Dataset:
    """Data for a checkpoint: a table is read as the one that it learnt from, its columns matched by their names."""
    from explorer import data, evaluation

    card = checkpoint.card
    part, options = card.recipe.data, options_for(card, source, reading, keep)
    with progress_line() as progress:
        dataset = data.open_dataset(local(source), seed=part.seed, progress=progress, options=options)
        if evaluation.is_split_otherwise(card, dataset):
            # The items that the model learnt from by another path or name: split as they were then.
            with suppress(DataError):  # without its columns: ``rows_for`` says that some may have been learnt from
                options = replace(options, split=part.split)
                dataset = data.open_dataset(local(source), seed=part.seed, progress=progress, options=options)
    reading.check_used(dataset, called(source))
    if dataset.contract is not None:
        dataset.contract.require_decided(called(source))
        say_how_read(dataset)
    return dataset


def _rows(checkpoint: Checkpoint, dataset: Dataset, split: str | None) -> tuple[np.ndarray, str]:
    import numpy as np

    from explorer import data, evaluation

    if split == "all":
        return np.arange(len(dataset)), "all"
    if split is None:
        rows, label = evaluation.rows_for(checkpoint, dataset)
        if label != "test":
            return rows, label
        split = label
    if split not in data.SPLITS:
        raise DataError(f"There is no split called {split!r}.", f"Use one of: {', '.join(data.SPLITS)}, all.")
    if split != "train" and evaluation.is_split_otherwise(checkpoint.card, dataset):
        raise DataError(
            f"{dataset.title} is split otherwise now than when {checkpoint.name} was trained on it:"
            f" some {split} items may have been learnt from.",
            "Say --split all, or give the file as it was then.",
        )
    is_training_data = checkpoint.card.data.fingerprint == dataset.fingerprint
    classes = checkpoint.card.classes if is_training_data else ()
    rows = evaluation.training_rows(dataset, classes, split)
    if not len(rows):
        raise DataError(f"{dataset.title} has no {split} items.", "Say --split all for all of them.")
    return rows, split


def open_items(
    name: str,
    source: str,
    split: str | None,
    reading: Reading,
    keep: Sequence[str] = (),
    given: str | None = None,
) -> tuple[VectorCheckpoint, NamedItems]:
    """A checkpoint, and items from a dataset's name, an image or other data.

    Args:
        given: the label of a conditional model, for whichever items; None: they have labels of their own.
    """
    import numpy as np

    from explorer.data.item_names import item_keys
    from explorer.io import images

    conditional = open_model(name)
    dataset = _dataset(conditional, source, reading, tuple(keep))
    check_keeps(dataset.contract, keep, called(source))
    rows, label = _rows(conditional, dataset, split)
    if label == "partly trained on":
        typer.echo(f"{conditional.name} has learnt from some of these items: their figures say less.", err=True)
    checkpoint = conditional if given is None else conditional.given(given)
    x = dataset.x if len(rows) == len(dataset) else dataset.x[rows]  # rows are in order: all of them are no copy
    if dataset.kind == "image":
        require_images(checkpoint)
    if dataset.kind == "image" and dataset.event_shape != checkpoint.event_shape:
        fitted = [images.fit_image(image, checkpoint.event_shape) for image in x]
        x = np.stack([image for image, _ in fitted])
        done = Counter(words for _, words in fitted)
        for words, n in done.items():
            typer.echo(f"for {checkpoint.name} {n:,} item{'s' * (n != 1)} {words}", err=True)
    labels = None if dataset.labels is None else [dataset.label_names[i] for i in dataset.labels[rows]]
    kept = {column: [cells[row] for row in rows.tolist()] for column, cells in dataset.kept.items()}
    told, read = checkpoint.labels_of(dataset, rows), contract_of(dataset)
    return checkpoint, NamedItems(x, item_keys(dataset, rows), labels, kept, len(dataset.ids), read, told)


def require_images(checkpoint: Checkpoint) -> None:
    """Refuse a picture for a model of tables.

    Raises:
        DataError: the checkpoint takes table rows.
    """
    if checkpoint.model.is_table:
        raise DataError(f"{checkpoint.name} takes table rows, not pictures.", "Choose a checkpoint of images.")


def bytes_of(path: Path) -> bytes:
    """A file's content.

    Raises:
        DataError: it cannot be read.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise DataError(f"Cannot read {path}: {error.strerror}.", "Check the path.") from error
