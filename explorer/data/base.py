"""What a dataset is: an array of items, their labels, fixed splits, and where it came from."""

from __future__ import annotations

import hashlib
import math
import mmap
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

import numpy as np
import torch
from jaxtyping import Float, Int, Num, Shaped, UInt8
from torch import Tensor

from explorer.core.errors import DataError
from explorer.io.contract import Contract, category_places
from explorer.io.images.asked import ImagesAsked
from explorer.io.tables.asked import RolesAsked
from explorer.io.tables.dialect import Asked
from explorer.io.tables.roles import as_label_text

Split = Literal["train", "validation", "test"]
SPLITS: tuple[Split, ...] = get_args(Split)
MIN_SPLIT = 3
"""Fewer items are not split by themselves."""

Progress = Callable[[float, str], None]
"""Called with the share done in [0, 1] and a few words on what is being done."""


@dataclass(frozen=True)
class Splits:
    """Row numbers of each split: disjoint, sorted, the same on every machine.

    Args:
        train, validation, test: (n,) int64 row numbers.
        note: one sentence on how the split was made.
        are_given: whether a user's own data names them itself.
    """

    train: Int[np.ndarray, " n"]
    validation: Int[np.ndarray, " m"]
    test: Int[np.ndarray, " k"]
    note: str
    are_given: bool = False


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


def as_float(x: Num[np.ndarray, "*shape"]) -> Float[Tensor, "*shape"]:
    """Stored items as float32: uint8 is divided by 255, float is taken as it is."""
    # torch wants an owned, writable array; a memory-mapped slice is neither.
    items = torch.from_numpy(np.array(x, order="C"))
    return items.float().div_(255) if items.dtype == torch.uint8 else items.float()


def encode_labels(values: Sequence[object] | Shaped[np.ndarray, " n"]) -> tuple[Int[np.ndarray, " n"], tuple[str, ...]]:
    """Label values to numbers, in sorted order of the values; text that is all whole numbers in the order of these.

    Args:
        values: (n,) strings or numbers.

    Returns:
        (n,) int64 indices, and the name of each index, as it is written: "007" is not "7".
    """
    array = np.asarray(values)
    if array.dtype.kind == "f":
        array = as_label_text(array)
    names, labels = np.unique(array, return_inverse=True)
    labels = labels.astype(np.int64).reshape(-1)
    texts = [str(name) for name in names.tolist()]
    if array.dtype.kind == "U" and all(text.lstrip("+-").isdecimal() for text in texts):
        order = sorted(range(len(texts)), key=lambda i: (int(texts[i]), texts[i]))
        labels, texts = np.argsort(order).astype(np.int64)[labels], [texts[i] for i in order]
    return labels, tuple(texts)


def split_rows(n: int, seed: int, validation: float = 0.1, test: float = 0.2, note: str = "") -> Splits:
    """Shuffle ``n`` rows by seed and cut them; the same on every machine.

    Args:
        n: number of rows.
        seed: of the shuffle (NumPy's PCG64, whose stream is fixed across versions).
        validation: share of all rows, in [0, 1); at least one row where n >= 3.
        test: the same.
        note: overrides the sentence on how the split was made.
    """
    order = np.random.Generator(np.random.PCG64(seed)).permutation(n)
    n_validation, n_test = (max(1, round(n * share)) if share and n >= 3 else 0 for share in (validation, test))
    n_train = n - n_validation - n_test
    train, held = np.sort(order[:n_train]), order[n_train:]
    return Splits(
        train.astype(np.int64),
        np.sort(held[:n_validation]).astype(np.int64),
        np.sort(held[n_validation:]).astype(np.int64),
        note or f"Random split by seed {seed}: {n_train} train, {n_validation} validation, {n_test} test rows.",
    )


def with_validation(
    splits: Splits, seed: int, share: float = 0.1, groups: Int[np.ndarray, " n"] | None = None
) -> Splits:
    """Splits whose validation part is taken from the items to learn from where it is empty, by seed.

    Args:
        splits: as the data has them.
        seed, share: of the validation part.
        groups: (N,) number of the file of each item, so that no file is in two splits; None: one item a file.
    """
    if len(splits.validation) or len(splits.train) < MIN_SPLIT:
        return splits
    if groups is None:
        own = split_rows(len(splits.train), seed, share, 0.0)
    else:
        own = split_groups(groups[splits.train], seed, share, 0.0)
    note = f"{splits.note}; {len(own.validation):,} of the train items, by seed {seed}, for validation"
    return Splits(splits.train[own.train], splits.train[own.validation], splits.test, note, splits.are_given)


def split_groups(groups: Int[np.ndarray, " n"], seed: int, validation: float = 0.05, test: float = 0.05) -> Splits:
    """As ``split_rows``, with the rows of one group in one split.

    Args:
        groups: (n,) int64 group of each row, such as the photo that a tile was cut from.
        seed, validation, test: as in ``split_rows``; the shares are of the groups.
    """
    kinds = np.unique(groups)
    split = split_rows(len(kinds), seed, validation, test)
    parts = (split.train, split.validation, split.test)
    train, held, last = (np.flatnonzero(np.isin(groups, kinds[part])).astype(np.int64) for part in parts)
    counts = [len(part) for part in parts]
    note = (
        f"Random split of {len(kinds)} files by seed {seed}: {counts[0]} train, {counts[1]} validation, "
        f"{counts[2]} test files."
    )
    return Splits(train, held, last, note)


def fingerprint(x: Shaped[np.ndarray, "n *event"], labels: Shaped[np.ndarray, " n"] | None) -> str:
    """sha256 over shape, dtype, items and labels; read in chunks, so that memory-mapped data stays on disk."""
    digest = hashlib.sha256()
    for array in (x,) if labels is None else (x, labels):
        digest.update(f"{array.shape}{array.dtype.str}".encode())
        for _, chunk in batches(array, max(1, (1 << 22) // max(1, array[:1].nbytes))):
            digest.update(np.ascontiguousarray(chunk).data)
    return digest.hexdigest()


def batches(x: Shaped[Any, "n *event"], rows: int) -> Iterator[tuple[int, Any]]:
    """Items (N, *event), at most so many at a time, with the number of the first of them.

    Of a memory map only the batch is in memory: reading the file leaves this process small, touching the map would
    count every page as its memory.
    """
    for start in range(0, len(x), rows):
        if isinstance(x, np.memmap) and isinstance(x.base, mmap.mmap) and x.filename and x.flags.c_contiguous:
            shape = (min(rows, len(x) - start), *x.shape[1:])
            offset = x.offset + start * math.prod(x.shape[1:]) * x.itemsize
            yield start, np.fromfile(x.filename, x.dtype, math.prod(shape), offset=offset).reshape(shape)
        else:
            yield start, x[start : start + rows]


@dataclass(frozen=True, eq=False)
class SourceItems:
    """What a source reads: the part of a `Dataset` that is not fixed by its registry entry.

    Args:
        x, labels, label_names, splits, feature_names, masks: as in `Dataset`.
        fingerprint: where it is already known, so that large data is not read again; else empty.
    """

    x: Num[np.ndarray, "n *event"]
    labels: Int[np.ndarray, " n"] | None
    label_names: tuple[str, ...]
    splits: Splits
    feature_names: tuple[str, ...] = ()
    fingerprint: str = ""
    masks: Masks | None = None


@dataclass(frozen=True, eq=False)
class Imported:
    """A user's files as read: a `Dataset` without name, splits and provenance.

    Args:
        x, labels, label_names, feature_names, report: as in `Dataset`.
        fingerprint: where it is already known; else empty.
        files: (N,) number of the file that each item was cut from, so that no file is split; None: one item a file.
        item_names, item_numbers, contract, kept, masks: as in `Dataset`.
        splits: which items the data says are to learn from and to test on; None: it says nothing.
    """

    x: Num[np.ndarray, "n *event"]
    labels: Int[np.ndarray, " n"] | None
    label_names: tuple[str, ...]
    report: ImportReport
    feature_names: tuple[str, ...] = ()
    fingerprint: str = ""
    files: Int[np.ndarray, " n"] | None = None
    item_names: tuple[str, ...] = ()
    item_numbers: Int[np.ndarray, " n"] | None = None
    contract: Contract | None = None
    splits: Splits | None = None
    kept: Mapping[str, list[str]] = field(default_factory=dict)
    masks: Masks | None = None


@dataclass(frozen=True)
class ImportOptions:
    """What a user may say about their own data; each has a default that looks at the data.

    Args:
        images: what is known of images: their scale, axes, size, channels, and how they get that size.
        dialect: how a text table is written, as far as it is known.
        roles: what the columns of a table are for, as far as it is known.
        model_columns: columns that a model takes: these are read, whatever they hold, in this order; none: all that
            can be learnt from.
        keep: columns of a table to keep as they are written, beside its identifiers; "all": every column.
        max_side: limit of the size that is chosen, in pixels.
        max_bytes: of all images together: that size is lowered for it, but not below the usual limit; None: no limit.
        exclude: names of image files to leave out, without folder and ending.
        like: how the data was read that a model or detector learnt from: images are read so, and what a table cannot
            tell is taken from it.
        called: what messages and cards call the data; empty: its path.
    """

    images: ImagesAsked = field(default_factory=ImagesAsked)
    dialect: Asked = field(default_factory=Asked)
    roles: RolesAsked = field(default_factory=RolesAsked)
    model_columns: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    max_side: int = 128
    max_bytes: int | None = None
    exclude: tuple[str, ...] = ()
    like: Contract | None = None
    called: str = ""


@dataclass(frozen=True)
class Source:
    """One entry of the registry: a named dataset and how to read it.

    Args:
        name, title, licence, source, held_out_for: as in `Dataset`.
        kind: what its items are.
        offline: whether it is there without a download.
        n_items: how many there are.
        event_shape: (C, H, W) for images, (D,) for table rows.
        read: called with the seed of the splits and with a progress callback or None.
        fingerprint: that its items had when it was added; empty where that is not recorded.
    """

    name: str
    title: str
    kind: Literal["image", "table"]
    licence: str
    source: str
    offline: bool
    n_items: int
    event_shape: tuple[int, ...]
    read: Callable[[int, Progress | None], SourceItems]
    held_out_for: tuple[str, ...] = ()
    fingerprint: str = ""

    @property
    def size(self) -> str:
        """Items and shape in words, such as "5,000 images, 1x28x28"."""
        if self.kind == "table":
            return f"{self.n_items:,} rows, {self.event_shape[0]} columns"
        return f"{self.n_items:,} images, {'x'.join(map(str, self.event_shape))}"

    def load(self, seed: int = 0, progress: Progress | None = None) -> Dataset:
        """Read the items.

        Args:
            seed: of the splits that the source does not fix itself.
            progress: called while a long read goes on.

        Raises:
            DataError: the data is not on this machine, or damaged.
        """
        items = self.read(seed, progress)
        return Dataset(
            name=self.name,
            title=self.title,
            x=items.x,
            labels=items.labels,
            label_names=items.label_names,
            splits=items.splits,
            licence=self.licence,
            source=self.source,
            fingerprint=items.fingerprint or fingerprint(items.x, items.labels),
            feature_names=items.feature_names,
            held_out_for=self.held_out_for,
            masks=items.masks,
        )
