"""Which rows of a dataset are to learn from, to validate and to test on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, get_args

import numpy as np
from jaxtyping import Int
from pydantic import BaseModel, ConfigDict

Split = Literal["train", "validation", "test"]


SPLITS: tuple[Split, ...] = get_args(Split)


MIN_SPLIT = 3
"""Fewer items are not split by themselves."""


class FilePart(BaseModel):
    """One of the files that a dataset's items come from, where there are several.

    Args:
        split: what its items are for.
        title: its name.
        fingerprint: of its items by themselves, as of a dataset of this file alone.
        items: how many there are.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    split: Split
    title: str
    fingerprint: str
    items: int


@dataclass(frozen=True)
class Splits:
    """Row numbers of each split: disjoint, sorted, the same on every machine.

    Args:
        train, validation, test: (n,) int64 row numbers.
        note: one sentence on how the split was made.
        are_given: whether a user's own data names them itself.
        is_drawn: whether they were drawn by seed, so that others are as good.
        fixed: why there can be no other, to follow a colon; empty: there can be.
    """

    train: Int[np.ndarray, " n"]
    validation: Int[np.ndarray, " m"]
    test: Int[np.ndarray, " k"]
    note: str
    are_given: bool = False
    is_drawn: bool = False
    fixed: str = ""


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
        is_drawn=True,
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
    return replace(splits, train=splits.train[own.train], validation=splits.train[own.validation], note=note)


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
    return Splits(train, held, last, note, is_drawn=True)
