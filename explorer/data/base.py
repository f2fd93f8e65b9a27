"""What a dataset is: an array of items, their labels, fixed splits, and where it came from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from jaxtyping import Float, Int, Num, Shaped, UInt8
from torch import Tensor

from explorer.core.errors import DataError
from explorer.data.splits import SPLITS, FilePart, Split, Splits
from explorer.data.stored import as_float
from explorer.io.contract import Contract, category_places, count_places

Progress = Callable[[float, str], None]
"""Called with the share done in [0, 1] and a few words on what is being done."""


@dataclass(frozen=True)
class Subset:
    """The rows of one split.

    Args:
        x: (n, *event) uint8 or float32.
        labels: (n,) int64, or None.
        indices: (n,) row numbers in the whole dataset.
    """

    x: Num[np.ndarray, "n *event"]
    labels: Int[np.ndarray, " n"] | None
    indices: Int[np.ndarray, " n"]

    def __len__(self) -> int:
        return len(self.indices)


@dataclass(frozen=True)
class ImportReport:
    """What happened to a user's files on the way in: (file or column, reason) pairs."""

    kept: int
    converted: tuple[tuple[str, str], ...] = ()
    left_out: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, eq=False)
class Masks:
    """Which pixels of some images are not as they should be.

    Args:
        rows: (m,) numbers of the items that have one, rising.
        x: (m, H, W) uint8, 1 where a pixel is anomalous.
    """

    rows: Int[np.ndarray, " m"]
    x: UInt8[np.ndarray, "m h w"]

    def of(self, rows: Int[np.ndarray, " n"]) -> Masks:
        """Those of some items, by position among these."""
        place = {int(row): i for i, row in enumerate(self.rows)}
        positions = [i for i, row in enumerate(rows.tolist()) if row in place]
        return Masks(np.array(positions, np.int64), self.x[[place[int(rows[i])] for i in positions]])


@dataclass(frozen=True, eq=False)
class Dataset:
    """Items with labels, splits and provenance. Item i is item i on every machine.

    Args:
        name: what recipes and the command line call it.
        title: what the pages call it.
        x: (N, C, H, W) uint8 for images, or float32 in [0, 1] where a user's file had more than 8 bits;
            (N, D) float32 for table rows; may be memory-mapped.
        labels: (N,) int64 indices into ``label_names``, or None.
        label_names: one name a label value.
        splits: fixed row numbers.
        licence: short name of the licence and its holder.
        source: citation or address.
        fingerprint: sha256 over shape, dtype, items and labels, 64 hex digits.
        feature_names: one name a column, for tables; empty for images.
        held_out_for: names of datasets none of whose train and validation rows is among these rows.
        item_names: one name an item, such as its file's or "row 7, id A3"; empty: they have only their rows.
        item_numbers: (N,) the number, from 1, of each item in its file, where that is a table or an array; None: it is
            not, or it was cut up.
        report: what was converted or left out, for a user's own data.
        contract: how a user's own data was read; None: it is registered data.
        kept: columns of the table as they are written, (N,) each: its identifiers, and what the options asked for.
        masks: of images, where a user's folder has any; None: it has not.
        vectors: (N, E) numbers that a user's file has beside its items, such as embeddings of its pictures; None: none.
        files: (N,) number of the file that each item was cut from, so that no file is split; None: one item a file.
        first_splits: what a recipe's own split took the place of; None: ``splits`` are the data's own.
        split_columns: columns that a split was made by, (N,) text each, "" where a value is missing.
        parts: the files that the items come from, in their order, where there are several; none: one source.
    """

    name: str
    title: str
    x: Num[np.ndarray, "n *event"]
    labels: Int[np.ndarray, " n"] | None
    label_names: tuple[str, ...]
    splits: Splits
    licence: str
    source: str
    fingerprint: str
    feature_names: tuple[str, ...] = ()
    held_out_for: tuple[str, ...] = ()
    item_names: tuple[str, ...] = field(default=(), repr=False)
    item_numbers: Int[np.ndarray, " n"] | None = field(default=None, repr=False)
    report: ImportReport | None = field(default=None, repr=False)
    contract: Contract | None = field(default=None, repr=False)
    kept: Mapping[str, list[str]] = field(default_factory=dict, repr=False)
    masks: Masks | None = field(default=None, repr=False)
    vectors: Num[np.ndarray, "n e"] | None = field(default=None, repr=False)
    files: Int[np.ndarray, " n"] | None = field(default=None, repr=False)
    first_splits: Splits | None = field(default=None, repr=False)
    split_columns: Mapping[str, Shaped[np.ndarray, " n"]] = field(default_factory=dict, repr=False)
    parts: tuple[FilePart, ...] = field(default=(), repr=False)

    @property
    def kind(self) -> Literal["image", "table"]:
        return "image" if self.x.ndim == 4 else "table"

    @property
    def event_shape(self) -> tuple[int, ...]:
        """(C, H, W) for images, (D,) for table rows."""
        return tuple(self.x.shape[1:])

    @property
    def ids(self) -> dict[str, list[str]]:
        """The columns, (N,) each, that identify the rows of a user's table."""
        contract = self.contract
        names = contract.of("identifier") if contract is not None and contract.kind == "table" else ()
        return {name: self.kept[name] for name in names if name in self.kept}

    @property
    def categories(self) -> dict[str, list[int]]:
        """Columns (of D) that the values of one category became, by its name; empty for images."""
        return category_places(self.contract, self.feature_names)

    @property
    def counts(self) -> list[int]:
        """Columns (of D) that are read as counts."""
        return count_places(self.contract, self.feature_names)

    def __len__(self) -> int:
        return len(self.x)

    def split(self, name: Split) -> Subset:
        """The rows of one split, as stored (uint8 stays uint8)."""
        if name not in SPLITS:
            raise DataError(f"There is no split called {name!r}.", f"Use one of: {', '.join(SPLITS)}.")
        indices = getattr(self.splits, name)
        return Subset(self.x[indices], None if self.labels is None else self.labels[indices], indices)

    @property
    def train(self) -> Subset:
        return self.split("train")

    @property
    def validation(self) -> Subset:
        return self.split("validation")

    @property
    def test(self) -> Subset:
        return self.split("test")

    def tensor(self, indices: Sequence[int] | Int[np.ndarray, " n"] | slice = slice(None)) -> Float[Tensor, "n *event"]:
        """Chosen items as the models take them: (n, *event) float32, images in [0, 1]."""
        return as_float(self.x[indices])
