"""The windows of a series as a dataset that any training takes: items are windows, splits are stretches of time."""

from __future__ import annotations

import numpy as np

from explorer.core.errors import DataError
from explorer.core.row_samples import spread_sample
from explorer.data.base import Dataset
from explorer.data.cells import numbers
from explorer.data.splits import Splits
from explorer.data.stored import encode_labels, fingerprint
from explorer.io.tables.contract import TableContract
from explorer.io.tables.roles import ColumnRole
from explorer.novelty.inputs import TableInput
from explorer.novelty.windows import Windows

MAX_WINDOWS = 50_000
TRAIN, VALIDATION = 0.7, 0.8
"""Where the windows to learn from and those to validate on end, as shares of the series; what follows is to test on."""


def training_windows(table: TableInput, windows: Windows) -> tuple[Dataset, tuple[str, ...]]:
    """The windows of a series, and a sentence each on what was left out.

    The first seven tenths of the windows are to learn from, the next tenth to validate, the rest to test on; of two
    splits no windows have a row in common.

    Args:
        table: of windows, as ``windowing.windowed`` cuts them.
        windows: how they were cut.

    Raises:
        DataError: no window is without a missing value, or there are too few for three splits.
    """
    firsts, blocks = [], []
    for chunk in table.rows.chunks(as_numbers=windows.names, only=windows.names):
        firsts.append(chunk.rows)
        blocks.append(np.stack([numbers(chunk.cells[name]) for name in windows.names], axis=1).astype(np.float32))
    rows, x = np.concatenate(firsts), np.concatenate(blocks)
    is_whole = np.isfinite(x).all(1)
    remarks = () if is_whole.all() else (f"{(~is_whole).sum():,} windows with a missing value are left out",)
    chosen = np.flatnonzero(is_whole)
    if len(chosen) > MAX_WINDOWS:
        remarks = (*remarks, f"{MAX_WINDOWS:,} of {len(chosen):,} windows are learnt from, spread over all")
        chosen = spread_sample(chosen, MAX_WINDOWS)
    part, apart = _parts_in_time(rows[chosen], windows.length)
    if not all((part == number).any() for number in range(3)):
        raise DataError(
            f"{table.name} has {len(chosen):,} windows without a missing value, too few to learn from, to validate and"
            " to test on.",
            "Give a longer series, or a shorter --window.",
        )
    chosen, part = chosen[part >= 0], part[part >= 0]
    if apart:
        remarks = (*remarks, f"{apart:,} windows are left out, since they reach from one split into the next")
    labels, label_names = None, tuple[str, ...]()
    if (of_windows := _labels(table)) is not None:
        labels, label_names = encode_labels(of_windows[chosen])
    keys = table.keys(rows[chosen])
    learnt, validation, test = (np.flatnonzero(part == number) for number in range(3))
    counts = len(learnt), len(validation), len(test)
    note = (
        f"By time: {counts[0]:,} windows to learn from, then {counts[1]:,} to validate, then {counts[2]:,} to test on"
    )
    columns = tuple(ColumnRole(name=name, role="number") for name in windows.names)
    x = np.ascontiguousarray(x[chosen])
    dataset = Dataset(
        name=table.name,
        title=table.name,
        x=x,
        labels=labels,
        label_names=label_names,
        splits=Splits(learnt, validation, test, note, are_given=True),
        licence="your own data",
        source=table.name,
        fingerprint=fingerprint(x, labels),
        feature_names=windows.names,
        item_names=tuple(f"rows {key.replace('-', ' to ')}" for key in keys),
        contract=TableContract(rows=len(x), dialect=None, columns=columns),
    )
    return dataset, remarks


def _parts_in_time(firsts: np.ndarray, length: int) -> tuple[np.ndarray, int]:
    """(n,) 0 to 2 by the split of each window, -1 where it reaches into the next; how many those are."""
    n = len(firsts)
    part = np.zeros(n, np.int64)
    for number, share in ((1, TRAIN), (2, VALIDATION)):
        part[round(share * n) :] = number
    reaches = np.zeros(n, bool)
    for number in (1, 2):
        if (part == number).any():
            begin = firsts[part == number][0]
            reaches |= (part < number) & (firsts + length > begin)
    part[reaches] = -1
    return part, int(reaches.sum())


def _labels(table: TableInput) -> np.ndarray | None:
    """(n,) text of the windows; None where the series has none."""
    if table.labels is not None:
        return table.labels
    if table.label_column is None:
        return None
    cells = [chunk.cells[table.label_column] for chunk in table.rows.chunks(only=[table.label_column])]
    return np.concatenate([np.asarray(part, str) for part in cells])
