"""Items of several files as one dataset: the first is learnt from, the others are held out."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from jaxtyping import Int, UInt64

from explorer.core.errors import DataError
from explorer.data.base import Dataset, ImportReport, Masks
from explorer.data.item_names import item_keys
from explorer.data.splits import FilePart, Split, Splits
from explorer.data.stored import encode_labels, fingerprint_with
from explorer.data.table_rows import open_rows
from explorer.io.tables.asked import RolesAsked
from explorer.io.tables.contract import TableContract
from explorer.io.tables.dialect import Asked
from explorer.io.tables.numbers import MOSTLY
from explorer.io.tables.roles import INPUTS, NUMBERS

MAX_HELD_BYTES = 4 << 30
"""Items of several files lie in memory: so many bytes of them at most."""
_LISTED = 10
"""So many columns that do not fit are named."""


@dataclass(frozen=True, eq=False)
class Held:
    """A file whose items are held out, as it was read.

    Args:
        split: what they are for.
        dataset: read as the file that is learnt from.
    """

    split: Split
    dataset: Dataset


def require_same_columns(
    source: Path | bytes, name: str, train: TableContract, train_title: str, dialect: Asked, field: str
) -> None:
    """Refuse a table that has not the columns of the one that is learnt from, with each that differs.

    Args:
        source: its path or its bytes.
        name: of it.
        train: how the other one was read.
        train_title: the other one's name.
        dialect: how both are written, as far as it is said.
        field: of the recipe that names the table, for the message.

    Raises:
        DataError: columns are missing, or hold text where the other one has numbers.
    """
    table = open_rows(source, name, dialect, RolesAsked(label=""), train)
    facts = {fact.name: fact for fact in table.facts}
    problems = []
    for column in train.columns:
        if column.role not in (*INPUTS, "label"):
            continue
        what = " (the labels)" if column.role == "label" else ""
        if column.name not in table.columns:
            problems.append(f"{column.name!r}{what} is not there")
        elif column.role in NUMBERS and column.name in facts:
            fact = facts[column.name]
            if fact.numbers < MOSTLY * (fact.n - fact.missing):
                problems.append(f"{column.name!r} holds text such as {fact.stray!r}, there numbers")
    if problems:
        more = f"; and {len(problems) - _LISTED:,} more" if len(problems) > _LISTED else ""
        known = {column.name for column in train.columns}
        others = [repr(column) for column in table.columns if column not in known][:_LISTED]
        rest = f" It has others: {', '.join(others)}." if others else ""
        raise DataError(
            f"{name} has not the columns of {train_title}: {'; '.join(problems[:_LISTED])}{more}.{rest}",
            f"{field}: give it these columns as {train_title} has them; or leave them out of both (--ignore COLUMN,"
            " of labels --label none).",
        )


def joined(train: Dataset, others: Sequence[Held]) -> Dataset:
    """The items of several files as one dataset, split by the files.

    How items are read is the first file's affair: its contract stands for all.

    Args:
        train: the file that is learnt from.
        others: those that are held out, read as it was.

    Raises:
        DataError: items of another shape, labels in one of them alone, or more than memory shall hold.
    """
    for held in others:
        _require_alike(train, held.dataset)
    whole = [train, *(held.dataset for held in others)]
    if (size := sum(one.x.nbytes for one in whole)) > MAX_HELD_BYTES:
        raise DataError(
            f"Items of several files lie in memory, and these would take {size / (1 << 30):.1f} GB.",
            "Put them into one folder with subfolders train and test, or give smaller files.",
        )
    starts = np.cumsum([0, *map(len, whole)]).tolist()
    rows: dict[Split, Int[np.ndarray, " n"]] = {
        held.split: np.arange(start, start + len(held.dataset)) for held, start in zip(others, starts[1:], strict=False)
    }
    nothing = np.empty(0, np.int64)
    labels, label_names = _labels(whole)
    parts = tuple(
        FilePart(split=split, title=one.title, fingerprint=one.fingerprint, items=len(one))
        for split, one in zip(("train", *(held.split for held in others)), whole, strict=True)
    )
    told = " and ".join(f"{held.dataset.title} for {_PURPOSE[held.split]}" for held in others)
    note = "; ".join([f"as the files say, {train.title} to learn from, {told}", *_leaks(parts, whole)])
    x = np.concatenate([one.x for one in whole])
    vectors = [one.vectors for one in whole if one.vectors is not None]
    joined_vectors = np.concatenate(vectors) if len(vectors) == len(whole) else None
    return replace(
        train,
        x=x,
        labels=labels,
        label_names=label_names,
        splits=Splits(
            np.arange(len(train)), rows.get("validation", nothing), rows.get("test", nothing), note, are_given=True
        ),
        source=" and ".join(one.source for one in whole),
        fingerprint=fingerprint_with(x, labels, joined_vectors),
        item_names=tuple(name for one in whole for name in _names(one, "" if one is train else f"{one.title}, ")),
        item_numbers=None,
        report=_report(whole, [name for name in label_names if name not in train.label_names]),
        kept={
            column: [cell for one in whole for cell in one.kept.get(column, [""] * len(one))] for column in train.kept
        },
        masks=_masks(whole, starts),
        vectors=joined_vectors,
        files=_files(whole),
        parts=parts,
    )


_PURPOSE: dict[Split, str] = {"train": "learning", "validation": "validation", "test": "testing"}


def _require_alike(train: Dataset, other: Dataset) -> None:
    if other.kind != train.kind or other.event_shape != train.event_shape:
        raise DataError(
            f"{other.title} holds items of {_shape(other)}, and {train.title} of {_shape(train)}.",
            f"Give one with items as those of {train.title}.",
        )
    if (train.labels is None) != (other.labels is None):
        one, without = (train, other) if other.labels is None else (other, train)
        raise DataError(
            f"{one.title} has labels, and {without.title} has none.",
            "Give both labels, or read both without (--label none).",
        )


def _shape(dataset: Dataset) -> str:
    return f"{dataset.kind} {' x '.join(map(str, dataset.event_shape))}"


def _names(dataset: Dataset, before: str) -> list[str]:
    names = dataset.item_names or [f"row {key}" for key in item_keys(dataset, np.arange(len(dataset)))]
    return [f"{before}{name}" for name in names]


def _labels(whole: Sequence[Dataset]) -> tuple[Int[np.ndarray, " n"] | None, tuple[str, ...]]:
    """Labels of all, numbered as those of one file are."""
    texts = [np.asarray(one.label_names)[one.labels] for one in whole if one.labels is not None]
    return encode_labels(np.concatenate(texts)) if texts else (None, ())


def _leaks(parts: Sequence[FilePart], whole: Sequence[Dataset]) -> list[str]:
    """Of each file that is held out, how many of its items stand in one before it too, value by value."""
    known = [_marks(one) for one in whole]
    pairs = [(before, later) for later in range(1, len(parts)) for before in range(later)]
    return [
        f"{n:,} of the {parts[later].items:,} {parts[later].split} items stand in {parts[before].title} too, value by"
        f" value{'' if before else ' (a leak: their figures are too good)'}"
        for before, later in pairs
        if (n := int(np.isin(known[later], known[before]).sum()))
    ]


def _marks(dataset: Dataset) -> UInt64[np.ndarray, " n"]:
    """(N,) a number of each item, the same for the same values alone, as good as surely."""
    digests = (hashlib.blake2b(np.ascontiguousarray(item).tobytes(), digest_size=8).digest() for item in dataset.x)
    return np.frombuffer(b"".join(digests), np.uint64)


def _report(whole: Sequence[Dataset], new_labels: Sequence[str]) -> ImportReport:
    reports = [(one.title, one.report) for one in whole if one.report is not None]
    first = whole[0].title

    def named(title: str, what: str) -> str:
        return what if title == first else f"{title}: {what}"

    converted = [(named(title, what), why) for title, report in reports for what, why in report.converted]
    if new_labels:
        converted.append((", ".join(new_labels[:_LISTED]), f"a label that no item of {first} has"))
    return ImportReport(
        sum(report.kept for _, report in reports),
        tuple(converted),
        tuple((named(title, what), why) for title, report in reports for what, why in report.left_out),
    )


def _masks(whole: Sequence[Dataset], starts: Sequence[int]) -> Masks | None:
    pairs = [(start, one.masks) for start, one in zip(starts, whole, strict=False) if one.masks is not None]
    if not pairs:
        return None
    return Masks(np.concatenate([m.rows + start for start, m in pairs]), np.concatenate([m.x for _, m in pairs]))


def _files(whole: Sequence[Dataset]) -> Int[np.ndarray, " n"] | None:
    """(N,) number of the file of each item, where those of a folder were cut up: no two folders share one."""
    if all(one.files is None for one in whole):
        return None
    numbers, first = [], 0
    for one in whole:
        own = np.arange(len(one)) if one.files is None else one.files
        numbers.append(own + first)
        first += int(own.max()) + 1
    return np.concatenate(numbers)
