"""The columns that a split goes by: where they are read from, and that they are not learnt from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from jaxtyping import Shaped

from explorer.core.errors import DataError
from explorer.data.base import Dataset
from explorer.data.beside import ItemColumns, cells_of, read_columns
from explorer.data.importing import ImportOptions
from explorer.data.own_splits import with_split
from explorer.data.split_asked import SplitAsked
from explorer.io.tables.asked import RolesWithSplit
from explorer.io.tables.contract import TableContract


def for_split(options: ImportOptions) -> ImportOptions:
    """How data is read whose split goes by columns: these are no inputs, where nobody says that they are something."""
    if not options.split.columns:
        return options
    return replace(options, roles=RolesWithSplit(**options.roles.model_dump(), aside=options.split.columns))


@dataclass(frozen=True, eq=False)
class SplitSource:
    """A dataset that is split, or one of the files that it comes from.

    Args:
        dataset: as it was read.
        source: what from, its path or its bytes; None: it is registered, and has no columns.
        name: of the source.
        options: with which it was read.
    """

    dataset: Dataset
    source: Path | bytes | None
    name: str
    options: ImportOptions


def split_of_source(
    dataset: Dataset,
    source: Path | bytes | None,
    name: str,
    options: ImportOptions,
    seed: int,
    pieces: Sequence[SplitSource] = (),
) -> Dataset:
    """The items with the split that the options ask for.

    Args:
        dataset: as it was read.
        source: what from, its path or its bytes; None: it is registered, and has no columns.
        name: of the source.
        options: with which it was read.
        seed: of what is drawn.
        pieces: the files that it comes from, in their order, where there are several.

    Raises:
        DataError: as ``with_split``; or files are to be held out from registered data.
    """
    if source is None and options.split.files:
        raise DataError(
            f"{dataset.title} is no file of your own, beside which another could be held out.",
            "Leave data.split.test_data and data.split.validation_data out.",
        )
    readers = [_reader(piece, options) for piece in pieces or (SplitSource(dataset, source, name, options),)]

    def column(wanted: str) -> Shaped[np.ndarray, " n"]:
        if wanted in dataset.split_columns:
            return dataset.split_columns[wanted]
        return np.concatenate([reader(wanted) for reader in readers])

    return with_split(dataset, options.split, seed, column)


def _reader(piece: SplitSource, options: ImportOptions) -> Callable[[str], Shaped[np.ndarray, " n"]]:
    """Gives the columns beside the items of a file, which is read once.

    Args:
        options: with which the file that is learnt from was read.
    """
    read: list[ItemColumns] = []
    dataset = piece.dataset

    def column(wanted: str) -> Shaped[np.ndarray, " n"]:
        contract = dataset.contract
        if isinstance(contract, TableContract) and contract.label == wanted and dataset.labels is not None:
            return np.array(dataset.label_names, str)[dataset.labels]
        if not read:
            columns = None
            if piece.source is not None:
                columns = read_columns(piece.source, piece.name, dataset, piece.options)
            read.append(columns or ItemColumns())
        names = [one.name for one in read[0].columns]
        if wanted in names:
            return cells_of(read[0].columns[names.index(wanted)])
        raise DataError(*_absent(dataset, wanted, options.split, names))

    return column


def _absent(dataset: Dataset, wanted: str, asked: SplitAsked, names: list[str]) -> tuple[str, str]:
    """That there is no such column, and what there is; of one that is learnt from, that it is."""
    field = "data.split.column" if wanted == asked.column else "data.split.groups"
    contract = dataset.contract
    if isinstance(contract, TableContract) and wanted in contract.inputs:
        return (
            f"{wanted!r} of {dataset.title} is learnt from, and cannot say which items are held out.",
            f"Take it out of the inputs, or set {field} to another column.",
        )
    known = ", ".join(names[:20]) if names else "none that is not learnt from"
    return f"{dataset.title} has no column {wanted!r} beside its items.", f"{field}: there is {known}."
