"""A split of one's own over that of the data: by a column, lists of items, files, groups or folds."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np
from jaxtyping import Bool, Int, Shaped

from explorer.core.errors import DataError
from explorer.data.base import Dataset
from explorer.data.folds import folds_of
from explorer.data.item_names import item_keys
from explorer.data.npz_keys import SPLIT_WORDS
from explorer.data.split_asked import SplitAsked
from explorer.data.splits import SPLITS, Split, Splits, split_groups, with_validation

Columns = Callable[[str], Shaped[np.ndarray, " n"]]
"""(N,) text of a column beside the items, by its name, "" where a value is missing."""
_RANGE = re.compile(r"(\d+)\s*-\s*(\d+)")
_LISTED = 5
"""So many names are listed of what does not fit."""


def with_split(dataset: Dataset, asked: SplitAsked, seed: int, columns: Columns) -> Dataset:
    """The same items with the split that is asked for; as they are where nothing is.

    A fold is held out for testing; what its model is chosen by is taken from the other folds. Items that the data, a
    column or a list names for testing are in no fold.

    Args:
        dataset: with the split that it was read with.
        asked: the split.
        seed: of what is drawn.
        columns: gives the columns that it goes by.

    Raises:
        DataError: there is no such column, a value or name in it means no split, one group stands on both sides, or
            nothing is left to learn from.
    """
    first = dataset.first_splits or dataset.splits
    dataset = replace(dataset, splits=first, first_splits=None)
    if not asked.is_said:
        return dataset
    if first.fixed:
        raise DataError(f"{dataset.title} cannot be split otherwise: {first.fixed}.", "Leave data.split out.")
    values = {name: columns(name) for name in asked.columns}
    groups = dataset.files if not asked.groups else _numbered(values[asked.groups])
    words = []
    splits = first
    if asked.column or asked.test or asked.validation:
        splits = _named(dataset, asked, values)
        words.append(splits.note)
    elif dataset.parts:
        words.append(first.note)
    if asked.groups:
        words.append(_group_words(values[asked.groups], asked.groups))
    if asked.folds:
        splits, note = _fold(splits, asked, seed, groups, len(dataset))
        words.append(note)
    elif asked.groups and splits.is_drawn:
        splits = split_groups(_told(groups), seed, 0.1, 0.2)
        words.append(f"a random split of them by seed {seed}")
    elif asked.groups:
        _check_apart(splits, _told(groups), values[asked.groups], asked.groups)
        words.append("each in one split of the data's own")
    if not len(splits.train):
        raise DataError(f"{'; '.join(words)}: nothing is left to learn from.", "Change data.split.")
    splits = with_validation(replace(splits, note=""), seed, groups=groups)
    if len(splits.validation) and splits.note:
        words.append(splits.note.removeprefix("; "))
    told = replace(splits, note=_note(words, splits, len(dataset)), is_drawn=False)
    return replace(dataset, splits=told, first_splits=first, split_columns=values)


def _told(groups: Int[np.ndarray, " n"] | None) -> Int[np.ndarray, " n"]:
    assert groups is not None  # noqa: S101 - a column of them was asked for
    return groups


def _note(words: Sequence[str], splits: Splits, n: int) -> str:
    """What the split is in words, how many items it has in each part, and a mark that no other split of them has."""
    parts = [getattr(splits, split) for split in SPLITS]
    counts = ", ".join(f"{len(part):,} {split}" for part, split in zip(parts, SPLITS, strict=True))
    aside = n - sum(map(len, parts))
    said = "; ".join(words)
    mark = hashlib.sha256(b"|".join(part.astype("<i8").tobytes() for part in parts)).hexdigest()[:8]
    rest = f", {aside:,} in no split" if aside else ""
    return f"{said[:1].upper()}{said[1:]}: {counts} items{rest} (split {mark})."


# --- By a column or by lists ------------------------------------------------------------------------------------------


def _named(dataset: Dataset, asked: SplitAsked, values: Mapping[str, Shaped[np.ndarray, " n"]]) -> Splits:
    """The split that a column's values or lists of items name."""
    if not asked.column:
        test, validation = (_items_of(dataset, names) for names in (asked.test, asked.validation))
        if both := int((test & validation).sum()):
            raise DataError(f"{both:,} items are listed for validation and for testing.", "Change data.split.test.")
        return _parts(~test & ~validation, validation, test, "by lists of items")
    cells = values[asked.column]
    if asked.test or asked.validation:
        _check_there(cells, asked)
        test, validation = np.isin(cells, asked.test), np.isin(cells, asked.validation)
        said = [f"{', '.join(given)} for {what}" for given, what in
                ((asked.test, "testing"), (asked.validation, "validation")) if given]  # fmt: skip
        train = ~test & ~validation & (cells != "")
        return _parts(train, validation, test, f"by {asked.column!r}, {' and '.join(said)}")
    of_items = np.array([SPLIT_WORDS.get(cell.lower(), "") for cell in cells.tolist()], str)
    if unknown := Counter(cells[(of_items == "") & (cells != "")].tolist()):
        listed = ", ".join(f"{value!r} ({n:,} items)" for value, n in unknown.most_common(_LISTED))
        raise DataError(
            f"Values of the split column {asked.column!r} that name no split: {listed}{_more(unknown)}.",
            "data.split.column: write train, validation or test, or say in data.split.test which values are held out.",
        )
    train, validation, test = (of_items == split for split in SPLITS)
    return _parts(train, validation, test, f"as the column {asked.column!r} says")


def _parts(
    train: Bool[np.ndarray, " n"], validation: Bool[np.ndarray, " n"], test: Bool[np.ndarray, " n"], note: str
) -> Splits:
    to_train, to_validate, to_test = (np.flatnonzero(part).astype(np.int64) for part in (train, validation, test))
    return Splits(to_train, to_validate, to_test, note, are_given=True)


def _check_there(cells: Shaped[np.ndarray, " n"], asked: SplitAsked) -> None:
    known = sorted({*cells.tolist()} - {""})
    if absent := [value for value in (*asked.validation, *asked.test) if value not in known]:
        raise DataError(
            f"The column {asked.column!r} has no value {absent[0]!r}.",
            f"data.split.test and data.split.validation take: {', '.join(known[:20])}{', …' if known[20:] else ''}.",
        )


def _items_of(dataset: Dataset, names: Sequence[str]) -> Bool[np.ndarray, " n"]:
    """(N,) which items are listed: by their numbers in their file, as 7 or 1-100, or the names of their files.

    Registered items are numbered from 0, as everywhere.
    """
    if not names:
        return np.zeros(len(dataset), bool)
    keys = item_keys(dataset, np.arange(len(dataset)))
    place = {key: row for row, key in enumerate(keys)}
    chosen = np.zeros(len(dataset), bool)
    numbers = None if dataset.item_names and dataset.item_numbers is None else np.array(keys, np.int64)
    for name in names:
        told = _RANGE.fullmatch(name.strip())
        inside = np.zeros(len(dataset), bool)
        if name.strip() in place:
            inside[place[name.strip()]] = True
        elif told is not None and numbers is not None:
            inside = (numbers >= int(told[1])) & (numbers <= int(told[2]))
        if not inside.any():
            raise DataError(
                f"{dataset.title} has no item {name!r}: it is not there, or was left out in reading.",
                f"data.split.test takes numbers or names such as {keys[0]}, or ranges such as 1-100.",
            )
        chosen |= inside
    return chosen


# --- By groups and by folds -------------------------------------------------------------------------------------------


def _numbered(cells: Shaped[np.ndarray, " n"]) -> Int[np.ndarray, " n"]:
    """(N,) number of each item's group; items without a value are one group, since they may be of any."""
    return np.asarray(np.unique(cells, return_inverse=True)[1], np.int64).reshape(-1)


def _group_words(cells: Shaped[np.ndarray, " n"], name: str) -> str:
    missing = int((cells == "").sum())
    kinds = len({*cells.tolist()} - {""})
    together = f", {missing:,} items without a value taken for one group" if missing else ""
    return f"{kinds:,} groups of {name!r}{together}"


def _check_apart(splits: Splits, groups: Int[np.ndarray, " n"], cells: Shaped[np.ndarray, " n"], name: str) -> None:
    """Refuse a split that a group stands on both sides of.

    Raises:
        DataError: with groups that do.
    """
    seen: dict[int, Split] = {}
    across: dict[str, tuple[Split, Split]] = {}
    for split in SPLITS:
        rows = getattr(splits, split)
        for group, row in zip(*np.unique(groups[rows], return_index=True), strict=True):
            if group in seen:
                across.setdefault(str(cells[rows[row]]) or "(no value)", (seen[group], split))
            seen.setdefault(group, split)
    if across:
        first, (one, other) = next(iter(across.items()))
        raise DataError(
            f"{len(across):,} groups of {name!r} stand on both sides of the split: {first!r} is in {one} and in"
            f" {other}.",
            "Leave data.split.groups out, or give a split that keeps each group together.",
        )


def _fold(
    splits: Splits, asked: SplitAsked, seed: int, groups: Int[np.ndarray, " n"] | None, n: int
) -> tuple[Splits, str]:
    """One fold held out, of all items or of those that nothing names for testing."""
    parts = (splits.train, splits.validation, *((splits.test,) if splits.is_drawn else ()))
    pool = np.sort(np.concatenate(parts)).astype(np.int64)
    if groups is not None and not splits.is_drawn and np.isin(groups[splits.test], groups[pool]).any():
        raise DataError(
            "Groups of the test items are among the others too, so that a fold would learn from them.",
            "Change data.split.test or data.split.groups.",
        )
    fold = folds_of(len(pool), asked.folds, seed, None if groups is None else groups[pool])
    apart = 0 if splits.is_drawn else len(splits.test)
    note = f"fold {asked.fold} of {asked.folds} by seed {seed} held out for testing"
    note += f", {apart:,} items named for testing in no fold" if apart else ""
    nothing = np.empty(0, np.int64)
    return Splits(pool[fold != asked.fold], nothing, pool[fold == asked.fold], "", splits.are_given), note


def _more(listed: Counter[str]) -> str:
    return f" and {len(listed) - _LISTED:,} more" if len(listed) > _LISTED else ""
