"""A user's files as read, and what is known of them before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from jaxtyping import Int, Num, Shaped

from explorer.data.base import ImportReport, Masks
from explorer.data.split_asked import SplitAsked
from explorer.data.splits import FilePart, Splits
from explorer.io.contract import Contract
from explorer.io.images.asked import ImagesAsked
from explorer.io.tables.asked import RolesAsked
from explorer.io.tables.dialect import Asked


@dataclass(frozen=True, eq=False)
class Imported:
    """A user's files as read: a `Dataset` without name, splits and provenance.

    Args:
        x, labels, label_names, feature_names, report: as in `Dataset`.
        fingerprint: where it is already known; else empty.
        files: (N,) number of the file that each item was cut from, so that no file is split; None: one item a file.
        item_names, item_numbers, contract, kept, masks, vectors: as in `Dataset`.
        splits: which items the data says are to learn from and to test on; None: it says nothing.
        split_columns, parts: as in `Dataset`, of a file that has them from others.
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
    vectors: Num[np.ndarray, "n d"] | None = None
    split_columns: Mapping[str, Shaped[np.ndarray, " n"]] = field(default_factory=dict)
    parts: tuple[FilePart, ...] = ()


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
        array: of an AnnData file, which array the items are: a key of ``obsm``, or "X"; empty: the one that is found.
        called: what messages and cards call the data; empty: its path.
        split: which items are to learn from and to test on, where that is not what the data or the seed says.
        uploads: files in memory by what ``split`` calls them, each its name and its bytes.
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
    array: str = ""
    called: str = ""
    # How items are read does not depend on it: what is kept of images that were read is found by all else that is said.
    split: SplitAsked = field(default_factory=SplitAsked, repr=False)
    uploads: Mapping[str, tuple[str, bytes]] = field(default_factory=dict, repr=False)
