"""Fit on most of a series and score what comes after it, so that the detector can be seen at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from explorer.core.errors import DataError
from explorer.core.row_samples import spread_sample
from explorer.data.base import Progress
from explorer.data.cells import pick
from explorer.io.tables.columns import Cells
from explorer.novelty.inputs import TableInput
from explorer.novelty.items import ItemsToScore, read_items
from explorer.novelty.learning import MAX_COMPARED, SCORED_SHARE, Learnt
from explorer.novelty.table_fitting import fit_rows, normal_rows
from explorer.novelty.table_recipe import Body
from explorer.novelty.windowing import windowed
from explorer.novelty.windows import Windows


def learn_series(
    table: TableInput,
    windows: Windows,
    normal_labels: Sequence[str] = (),
    scorer: str | None = None,
    seed: int = 0,
    progress: Progress | None = None,
    body: Body = "dense",
) -> Learnt:
    """Fit on the windows of a series but the last fifth; windows of that, and all that are not normal, are scored.

    No scored window has a row in common with one that was learnt from, except where it is not normal.

    Args:
        table: the series, not cut yet.
        windows: how it is cut.
        normal_labels: a window is normal where all its rows have one of these; none: all are.
        scorer, seed, progress, body: as in ``table_fitting.fit_table``.

    Raises:
        DataError: too few windows.
    """
    all_windows = windowed(table, windows, to_fit=True)
    rows, total = normal_rows(all_windows, normal_labels)
    firsts = np.concatenate([chunk.rows for chunk in all_windows.rows.chunks(only=())])
    of_normal = firsts[rows]
    if not len(of_normal):
        raise DataError(f"{table.name} has no normal window.", "Give a longer series, or a shorter window.")
    cut = int(of_normal[int((1 - SCORED_SHARE) * (len(of_normal) - 1))])
    fitted = rows[of_normal + windows.length <= cut]
    detector = fit_rows(all_windows, fitted, total, normal_labels, None, scorer, seed, progress, body)
    items = read_items(detector, table)
    is_novel = np.zeros(len(items.x), bool)
    if normal_labels:
        is_novel = ~np.isin(np.array(items.labels), list(normal_labels))
    assert items.rows is not None  # noqa: S101 - they were read from a table
    scored = is_novel | (items.rows >= cut)
    others = spread_sample(np.flatnonzero(~is_novel & (items.rows + windows.length <= cut)), MAX_COMPARED)
    # Normal ones first.
    order = np.concatenate([np.flatnonzero(scored & ~is_novel), np.flatnonzero(is_novel)])
    return Learnt(detector, _some(items, order), is_novel[order], items.x[others])


def _some(items: ItemsToScore, positions: np.ndarray) -> ItemsToScore:
    cells: dict[str, Cells] = {name: pick(values, positions) for name, values in items.cells.items()}
    chosen = positions.tolist()
    return replace(
        items,
        x=items.x[positions],
        names=tuple(items.names[i] for i in chosen),
        labels=tuple(items.labels[i] for i in chosen),
        cells=cells,
        keys=tuple(items.keys[i] for i in chosen),
        given=None if items.given is None else items.given.take(positions),
        rows=None if items.rows is None else items.rows[positions],
    )
