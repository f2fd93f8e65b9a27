"""Fit on normal examples and keep some of them aside, so that the detector can be scored at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Bool, Int, Num

from explorer.core.row_samples import spread_sample
from explorer.data.base import Dataset, Progress
from explorer.data.cells import pick
from explorer.data.item_names import identifying, item_keys, read_names, row_names, with_title
from explorer.data.memory_rows import CellRows
from explorer.io.tables.columns import Cells
from explorer.novelty.detector import Detector
from explorer.novelty.fitting import DEFAULT_SCORER, MIN_ROWS
from explorer.novelty.image_fitting import fit_images, normal_by_layout
from explorer.novelty.inputs import TableInput, of_dataset
from explorer.novelty.items import GivenRows, ItemsToScore, read_items, read_table
from explorer.novelty.labels import check_mixture
from explorer.novelty.table_fitting import fit_table

SCORED_SHARE = 0.2
"""Of the normal examples of a file."""
MAX_SCORED, MAX_COMPARED = 1000, 2000


@dataclass(frozen=True, eq=False)
class Learnt:
    """A detector with items that it has not seen.

    Args:
        detector: fitted on normal items.
        items: those to score, normal ones first; may be none.
        is_novel: (N,) bool.
        normal: (n, *event) normal items that other scores may be fitted on; none of ``items`` is among them.
    """

    detector: Detector
    items: ItemsToScore
    is_novel: Bool[np.ndarray, " N"]
    normal: Num[np.ndarray, "n *event"]


def learn_dataset(
    dataset: Dataset,
    normal_labels: Sequence[str] = (),
    scorer: str = DEFAULT_SCORER,
    seed: int = 0,
    progress: Progress | None = None,
) -> Learnt:
    """Fit on the normal training and validation rows of a dataset; its normal test rows and all novel ones are scored.

    Args:
        normal_labels: labels of the normal rows; none: all are normal.
        scorer: a name of the registry.
        seed: of the shares and the training.
        progress: called with the share done and a few words.

    Raises:
        DataError: too few rows, or no column that can be used.
        TrainingError: the training diverged.
    """
    fit = fit_images if dataset.kind == "image" else _fit_rows_of
    detector = fit(dataset, normal_labels, None, scorer, seed, progress)
    is_normal, is_novel = _kinds(_labels(dataset, np.arange(len(dataset))), normal_labels)
    tested = np.isin(np.arange(len(dataset)), dataset.splits.test)
    scored = spread_sample(np.flatnonzero(is_normal & tested), MAX_SCORED)
    novel = spread_sample(np.flatnonzero(is_novel), MAX_SCORED)
    rows = np.concatenate([scored, novel])
    others = spread_sample(np.flatnonzero(is_normal & ~tested), MAX_COMPARED)
    return Learnt(
        detector, items_of(dataset, detector, rows), np.arange(len(rows)) >= len(scored), _x(dataset, detector, others)
    )


def learn_table(
    table: TableInput,
    normal_labels: Sequence[str] = (),
    scorer: str = DEFAULT_SCORER,
    seed: int = 0,
    progress: Progress | None = None,
) -> Learnt:
    """Fit on four fifths of a file's normal rows; the others and all novel rows are scored; see ``learn_dataset``."""
    read = read_table(table)
    cells, labels = read.cells, read.labels
    if not normal_labels:
        check_mixture(Counter(labels.tolist()), table.name, table.label_column)
    fit, scored, novel = _share_out(labels, normal_labels, seed)
    if table.splits is not None and table.splits.are_given and len(table.splits.test):
        normal = np.concatenate([fit, scored])
        tested = np.isin(read.positions[normal], table.splits.test)
        fit, scored = np.sort(normal[~tested]), spread_sample(np.sort(normal[tested]), MAX_SCORED)

    def rows_of(rows: np.ndarray) -> TableInput:
        part: dict[str, Cells] = {column: pick(values, rows) for column, values in cells.items()}
        return TableInput(table.name, CellRows(part, table.name, table.contract), labels=labels[rows])

    detector = fit_table(rows_of(fit), (), None, scorer, seed, progress)
    card = detector.card.model_copy(update={"normal_labels": tuple(normal_labels)})
    detector = replace(detector, card=card)
    rows = np.concatenate([scored, novel])
    items = read_items(detector, rows_of(rows)) if len(rows) else _empty(detector)
    ids = {column: pick(values, rows) for column, values in identifying(cells, table.contract).items()}
    named = row_names(read.rows[rows], ids)
    # The labels say which rows are novel, whatever they look like.
    items = replace(
        items,
        names=named,
        labels=tuple(labels[rows].tolist()),
        notes=(*read.notes, *items.notes),
        keys=tuple(str(row) for row in read.rows[rows].tolist()),
        given=GivenRows(table, read.positions[rows]),
    )
    others = read_items(detector, rows_of(spread_sample(fit, MAX_COMPARED))).x
    return Learnt(detector, items, np.arange(len(rows)) >= len(scored), others)


def learn_images(
    dataset: Dataset,
    normal_labels: Sequence[str] = (),
    scorer: str = DEFAULT_SCORER,
    seed: int = 0,
    progress: Progress | None = None,
) -> Learnt:
    """Fit on four fifths of the normal images of a file; the others and all novel ones are scored.

    Where its folders or names say which ones are for training and which to test on, as they say.
    """
    if dataset.splits.are_given and len(dataset.splits.test):
        return learn_dataset(dataset, normal_labels or normal_by_layout(dataset), scorer, seed, progress)
    labels = _labels(dataset, np.arange(len(dataset)))
    fit, scored, novel = _share_out(labels, normal_labels, seed)
    names = tuple(read_names(dataset, fit))
    part = replace(
        dataset, x=dataset.x[fit], labels=None, label_names=(), item_names=names, item_numbers=None, masks=None
    )
    detector = fit_images(part, (), None, scorer, seed, progress, registered=False)
    detector = replace(detector, card=detector.card.model_copy(update={"normal_labels": tuple(normal_labels)}))
    rows = np.concatenate([scored, novel])
    others = dataset.x[spread_sample(fit, MAX_COMPARED)]
    return Learnt(detector, items_of(dataset, detector, rows), np.arange(len(rows)) >= len(scored), others)


def _fit_rows_of(
    dataset: Dataset, normal_labels: Sequence[str], recipe: None, scorer: str, seed: int, progress: Progress | None
) -> Detector:
    return fit_table(of_dataset(dataset), normal_labels, recipe, scorer, seed, progress)


def _kinds(labels: np.ndarray, normal_labels: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """Which items (N,) are normal and which novel; without a label neither, where labels say it."""
    if not normal_labels:
        return np.ones(len(labels), bool), np.zeros(len(labels), bool)
    is_normal = np.isin(labels, list(normal_labels))
    return is_normal, ~is_normal & (labels != "")


def _labels(dataset: Dataset, rows: np.ndarray) -> np.ndarray:
    """(n,) text, empty where there is no label."""
    if dataset.labels is None:
        return np.full(len(rows), "")
    return np.array(["", *dataset.label_names])[np.asarray(dataset.labels)[rows] + 1]


def _share_out(
    labels: np.ndarray, normal_labels: Sequence[str], seed: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Numbers of the items that fit, of the normal ones that are scored, and of the novel ones.

    Of few items fewer are scored, so that enough are left to fit on.
    """
    is_normal, is_novel = _kinds(labels, normal_labels)
    normal = np.flatnonzero(is_normal)
    order = normal[np.random.Generator(np.random.PCG64(seed)).permutation(len(normal))]
    n_scored = max(0, min(round(SCORED_SHARE * len(normal)), len(normal) - MIN_ROWS, MAX_SCORED))
    novel = spread_sample(np.flatnonzero(is_novel), MAX_SCORED)
    return np.sort(order[n_scored:]), np.sort(order[:n_scored]), novel


def items_of(dataset: Dataset, detector: Detector, rows: Int[np.ndarray, " n"]) -> ItemsToScore:
    """Rows (n,) of a dataset as a detector takes them; those without names of their own say which data they are of."""
    labels = _labels(dataset, rows).tolist()
    cells = {} if dataset.kind == "image" else _cells(dataset, rows)
    called = tuple(with_title(dataset, row) for row in rows.tolist())
    masks = None if dataset.masks is None else dataset.masks.of(rows)
    keys = tuple(item_keys(dataset, rows))
    return ItemsToScore(_x(dataset, detector, rows), called, tuple(labels), cells, masks=masks, keys=keys)


def _x(dataset: Dataset, detector: Detector, rows: np.ndarray) -> np.ndarray:
    return dataset.x[rows] if dataset.kind == "image" else detector.encode(_cells(dataset, rows))


def _cells(dataset: Dataset, rows: np.ndarray) -> dict[str, Cells]:
    columns = of_dataset(dataset).rows.columns
    return dict(zip(columns, dataset.x[rows].astype(np.float64).T, strict=True))


def _empty(detector: Detector) -> ItemsToScore:
    return ItemsToScore(np.empty((0, *detector.card.event_shape), np.float32), (), (), {})
