"""Items that a detector is to score, read from a file: as its scorer takes them, with their names and labels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Num, Shaped

from explorer.core.errors import DataError
from explorer.data.base import Dataset
from explorer.data.encoding import Remarks
from explorer.data.tables import Cells, is_continuous
from explorer.novelty.detector import Detector
from explorer.novelty.inputs import TableInput, gather

MAX_ITEMS, MAX_CELLS = 50_000, 4_000_000


@dataclass(frozen=True, eq=False)
class ItemsToScore:
    """Items to score.

    Args:
        x: (N, *event) as a scorer takes them.
        names: (N,) "row 7" of a table, counted from 1; the file's name of an image.
        labels: (N,) empty where there is none.
        cells: the columns of the rows as they were given, (N,) each; empty for images.
        notes: what was left out or changed on the way in, a sentence each.
    """

    x: Num[np.ndarray, "n *event"]
    names: tuple[str, ...]
    labels: tuple[str, ...]
    cells: Mapping[str, Cells]
    notes: tuple[str, ...] = ()


def read_items(detector: Detector, source: TableInput | Dataset, limit: int = MAX_ITEMS) -> ItemsToScore:
    """Make the items of a file what a detector takes.

    Args:
        limit: at most so many, from the first one on; of a wide table fewer, so that their text fits in memory.

    Raises:
        DataError: a table for a detector of images or the other way round, columns that are missing or hold text where
            the normal rows have numbers, or no item at all.
    """
    items = _images(detector, source, limit) if isinstance(source, Dataset) else _rows(detector, source, limit)
    if not items.names:
        raise DataError("There are no items to score.", "Give a file with at least one.")
    if any(items.labels) and is_continuous(np.array([label for label in items.labels if label])):
        note = "The labels are measurements, not kinds of items, and are not used."
        return replace(items, labels=("",) * len(items.labels), notes=(*items.notes, note))
    return items


def read_table(
    table: TableInput, limit: int = MAX_ITEMS
) -> tuple[dict[str, Cells], Shaped[np.ndarray, " n"], tuple[str, ...]]:
    """The cells of a table's first rows without the label column, (n,) labels, empty where there are none, and notes.

    Raises:
        DataError: it has no rows.
    """
    limit = max(1, min(limit, MAX_CELLS // max(1, len(table.rows.columns))))
    labels, total = [], 0
    for start, cells, of_rows in table.chunks():
        n = len(next(iter(cells.values()), [])) if cells else len(of_rows if of_rows is not None else [])
        labels.append(np.full(n, "") if of_rows is None else of_rows)
        total = start + n
    if not total:
        raise DataError(f"{table.name} has no rows below its header.", "Give it at least one row.")
    cells = gather(table, np.arange(min(total, limit)))
    if not cells:
        raise DataError(f"{table.name} has a column of labels and no other.", "Give it columns to look at.")
    notes = []
    if total > limit:
        notes.append(
            f"The first {limit:,} of {total:,} rows are read here; the command line takes them all: "
            "python -m explorer score DETECTOR FILE --out scores.csv"
        )
    if table.rows.ragged:
        notes.append(f"{table.rows.ragged:,} rows have another number of cells and are skipped.")
    return cells, np.concatenate(labels)[:limit], tuple(notes)


def _rows(detector: Detector, table: TableInput, limit: int) -> ItemsToScore:
    if detector.card.encoding is not None and table.label_column in detector.card.encoding.names:
        table = replace(table, label_column=None)  # it was fitted on that column
    others = [c for c in detector.check_columns(table.rows.columns, table.name) if c != table.label_column]
    cells, labels, notes = read_table(table, limit)
    remarks = Remarks()
    x = detector.encode(cells, remarks)
    unused = [f"Ignored, since it was not fitted on it: {', '.join(others[:10])}."] if others else []
    return ItemsToScore(
        x,
        tuple(f"row {i}" for i in range(1, len(x) + 1)),
        tuple(str(label) for label in labels.tolist()),
        cells,
        (*notes, *unused, *(f"{sentence}." for sentence in remarks.sentences())),
    )


def _images(detector: Detector, dataset: Dataset, limit: int) -> ItemsToScore:
    n = min(len(dataset), limit)
    x, what = detector.fit_images(dataset.x[:n])
    labels = [""] * n
    if dataset.labels is not None:
        labels = [dataset.label_names[i] if i >= 0 else "" for i in dataset.labels[:n]]
    names = dataset.item_names or ([dataset.title] if n == 1 else [f"{dataset.title}, image {i + 1}" for i in range(n)])
    notes = [f"{name}: {reason}." for name, reason in (dataset.report.left_out if dataset.report else ())]
    converted = dataset.report.converted if dataset.report else ()
    notes += [f"{name}: {change}." for name, change in converted[:5]]
    if len(converted) > 5:
        notes.append(f"{len(converted) - 5:,} more images were changed on the way in.")
    if what:
        notes.append(f"Images: {what}.")
    if n < len(dataset):
        notes.append(f"The first {n:,} of {len(dataset):,} images are scored here; the command line takes them all.")
    return ItemsToScore(x, tuple(names[:n]), tuple(labels), {}, tuple(notes))
