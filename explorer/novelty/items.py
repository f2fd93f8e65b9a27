"""Items that a detector is to score, read from a file: as its scorer takes them, with their names and labels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa
from jaxtyping import Int, Num, Shaped

from explorer.core.errors import DataError
from explorer.core.row_samples import spread_positions
from explorer.data.base import Dataset, Masks
from explorer.data.encoded_columns import Remarks
from explorer.data.item_names import item_keys, item_name
from explorer.data.tables import is_continuous
from explorer.io.tables.columns import Cells
from explorer.novelty.detector import Detector
from explorer.novelty.drift import NOT_WATCHED, Watched, watched
from explorer.novelty.inputs import TableInput, gather, kept_parts, taken, typed_parts
from explorer.novelty.windowing import windowed

MAX_ITEMS, MAX_CELLS = 50_000, 4_000_000


@dataclass(frozen=True, eq=False)
class GivenRows:
    """Rows of a table as they were given.

    Args:
        table: that they are of.
        positions: (n,) of the rows among all, in the order of the items.
    """

    table: TableInput
    positions: Int[np.ndarray, " n"]

    def take(self, items: Int[np.ndarray, " m"]) -> GivenRows:
        """Those of some items."""
        return GivenRows(self.table, self.positions[items])

    def columns(self, keep: Sequence[str], typed: bool = False) -> tuple[dict[str, Any], int]:
        """Columns that go along, and how many of them are identifiers, which always do.

        Args:
            keep: names of columns; "all": every one.
            typed: Arrow arrays instead of lists of text.
        """
        columns = self.table.contract.kept(keep, self.table.name)
        if not columns:
            return {}, 0
        wanted, places = np.unique(self.positions, return_inverse=True)
        pieces: dict[str, list[Any]] = {column: [] for column in columns}
        start = 0
        for cells in (typed_parts if typed else kept_parts)(self.table, columns):
            n = len(next(iter(cells.values())))
            low, high = np.searchsorted(wanted, [start, start + n])
            for column, values in cells.items():
                pieces[column].append(taken(values, wanted[low:high] - start))
            start += n
        whole = {
            column: pa.concat_arrays(of) if typed else [cell for piece in of for cell in piece]
            for column, of in pieces.items()
        }
        ids = len(self.table.contract.of("identifier"))
        return {column: taken(values, places) for column, values in whole.items()}, ids


@dataclass(frozen=True, eq=False)
class ItemsToScore:
    """Items to score.

    Args:
        x: (N, *event) as a scorer takes them.
        names: (N,) as `item_name` has them.
        labels: (N,) empty where there is none.
        cells: the columns of the rows as they were given, (N,) each; empty for images.
        notes: what was left out or changed on the way in, a sentence each.
        watched: some of the items, to see whether they are as the normal ones were.
        masks: of images, by their position; None: there are none.
        keys: (N,) what each is called in files; none: as in ``names``.
        given: of rows of a file, these as they are there; None: the cells are all that there is.
        rows: (N,) number of each row in its file, of a window that of its first; None: of images.
    """

    x: Num[np.ndarray, "n *event"]
    names: tuple[str, ...]
    labels: tuple[str, ...]
    cells: Mapping[str, Cells]
    notes: tuple[str, ...] = ()
    watched: Watched = NOT_WATCHED
    masks: Masks | None = None
    keys: tuple[str, ...] = ()
    given: GivenRows | None = None
    rows: Int[np.ndarray, " n"] | None = None


def read_items(detector: Detector, source: TableInput | Dataset, limit: int = MAX_ITEMS) -> ItemsToScore:
    """Make the items of a file what a detector takes.

    Args:
        limit: at most so many, spread over all; of a wide table fewer, so that their text fits in memory.

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


@dataclass(frozen=True, eq=False)
class TableRead:
    """Rows of a table in memory.

    Args:
        cells: of each column but that of the labels, (n,).
        positions: (n,) of the rows among all, from 0.
        rows: (n,) number of each row in its file, from 1.
        labels: (n,) text, empty where there is none.
        notes: what was left out, a sentence each.
    """

    cells: dict[str, Cells]
    positions: Int[np.ndarray, " n"]
    rows: Int[np.ndarray, " n"]
    labels: Shaped[np.ndarray, " n"]
    notes: tuple[str, ...]


def read_table(table: TableInput, limit: int = MAX_ITEMS) -> TableRead:
    """The rows of a table, or a sample spread over them: files are often sorted.

    Args:
        limit: at most so many rows; of a wide table fewer, so that their text fits in memory.

    Raises:
        DataError: it has no rows.
    """
    limit = max(1, min(limit, MAX_CELLS // max(1, len(table.rows.columns))))
    labels, total = [], 0
    for part in table.parts():
        labels.append(np.full(len(part), "") if part.labels is None else part.labels)
        total = part.start + len(part)
    if not total:
        raise DataError(f"{table.name} has no rows below its header.", "Give it at least one row.")
    positions = spread_positions(total, limit)
    cells, rows = gather(table, positions)
    if not cells:
        raise DataError(f"{table.name} has a column of labels and no other.", "Give it columns to look at.")
    notes = []
    if total > limit:
        notes.append(
            f"{limit:,} of {total:,} rows, spread over all, are read here; the command line takes them all: "
            "python -m explorer score DETECTOR FILE --out scores.csv"
        )
    if table.contract.ragged:
        notes.append(f"{table.contract.ragged:,} rows have another number of cells and are skipped.")
    return TableRead(cells, positions, rows, np.concatenate(labels)[positions], tuple(notes))


def as_fitted(detector: Detector, table: TableInput) -> tuple[TableInput, tuple[str, ...]]:
    """A table as a detector reads it: numbers where it learnt numbers, text where it learnt text, labels beside them.

    A series is cut into windows as that was which the detector learnt from.

    Returns:
        The table, and names of its columns that the detector does not look at.

    Raises:
        DataError: columns that it was fitted on are missing, or it is one of images.
    """
    if detector.card.windows is not None and table.windows is None:
        table = windowed(table, detector.card.windows)
    others = detector.check_columns(table.rows.columns, table.name)
    encoding = detector.card.encoding
    if encoding is not None:
        # Text among numbers is counted where it is encoded, so such a column comes as it is written.
        mixed = table.rows.mixed
        kinds = {column.name: column.kind == "number" and column.name not in mixed for column in encoding.columns}
        is_learnt = table.label_column in kinds
        is_label = table.label_is_asked or not is_learnt  # what only looks like labels here is what was learnt
        table = replace(
            table,
            label_column=table.label_column if is_label else None,
            label_is_input=is_learnt,
            as_numbers=[name for name, is_number in kinds.items() if is_number],
            as_text=[name for name, is_number in kinds.items() if not is_number],
            mixed=[column.name for column in encoding.columns if column.name in mixed and column.is_of_numbers],
        )
    aside = (table.label_column, *table.contract.of("date"))  # of dates their numbers are looked at
    return table, tuple(column for column in others if column not in aside)


def _rows(detector: Detector, table: TableInput, limit: int) -> ItemsToScore:
    table, others = as_fitted(detector, table)
    read = read_table(table, limit)
    remarks = Remarks()
    x = detector.encode(read.cells, remarks)
    remarks.check()
    # Shown and given back as the file has them, not as numbers read from it.
    written, _ = gather(replace(table, as_text=table.rows.columns, as_numbers=()), read.positions)
    unused = [f"Ignored, since it was not fitted on it: {', '.join(others[:10])}."] if others else []
    return ItemsToScore(
        x,
        table.names(read.rows, written),
        tuple(str(label) for label in read.labels.tolist()),
        written,
        (
            f"Read as: {table.contract.line}.",
            *(f"{remark}." for remark in table.remarks),
            *read.notes,
            *unused,
            *(f"{sentence}." for sentence in remarks.sentences()),
        ),
        NOT_WATCHED
        if table.windows is not None
        else watched(detector.feature_names, len(x), lambda rows: detector.features_of_cells(read.cells, rows)),
        keys=tuple(table.keys(read.rows)),
        given=GivenRows(table, read.positions),
        rows=read.rows,
    )


def _images(detector: Detector, dataset: Dataset, limit: int) -> ItemsToScore:
    rows = spread_positions(len(dataset), limit)
    x, what = detector.fit_images(dataset.x[rows])
    labels = [""] * len(rows)
    if dataset.labels is not None:
        labels = [dataset.label_names[i] if i >= 0 else "" for i in dataset.labels[rows]]
    names = tuple(item_name(dataset, row) for row in rows.tolist())
    notes = [f"{name}: {reason}." for name, reason in (dataset.report.left_out if dataset.report else ())]
    converted = dataset.report.converted if dataset.report else ()
    notes += [f"{name}: {change}." for name, change in converted[:5]]
    if len(converted) > 5:
        notes.append(f"{len(converted) - 5:,} more images were changed on the way in.")
    if what:
        notes.append(f"Images: {what}.")
    if len(rows) < len(dataset):
        some = f"{len(rows):,} of {len(dataset):,} images, spread over all,"
        notes.append(f"{some} are scored here; the command line takes them all.")
    of_images = watched(detector.feature_names, len(x), lambda chosen: detector.features_of_images(x, chosen))
    masks = None if dataset.masks is None else dataset.masks.of(rows)
    return ItemsToScore(x, names, tuple(labels), {}, tuple(notes), of_images, masks, tuple(item_keys(dataset, rows)))
