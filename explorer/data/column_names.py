"""Columns that are found by their names: where they stand, and what may be meant where one is not there."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from explorer.core.errors import DataError

_LISTED, _SIMILAR = 10, 3
_COMPARED = 20
"""So many absent names are compared with others: of many more, none would be shown."""
_ALIKE = 0.6


def matched_columns(
    wanted: Sequence[str], names: Sequence[str], source: str, what: str = "the model takes"
) -> list[int]:
    """Where wanted columns stand in a table, found by their names.

    Args:
        wanted: names of the columns, in their order.
        names: of the table's columns.
        source: of the table, for messages.
        what: who wants them, for messages.

    Raises:
        DataError: some are not there, with what may be meant.
    """
    absent = [column for column in wanted if column not in names]
    if absent:
        foreign = [column for column in names if column not in wanted]
        near = _pairs(absent, foreign)
        similar = "; ".join(f"is {close!r} meant by {column!r}?" for column, close in near[:_SIMILAR])
        raise DataError(
            f"{source} lacks {len(absent)} of the {len(wanted)} columns that {what}: {_listed(absent)}.",
            f"It has others: {_listed(foreign) or 'none'}. {similar[:1].upper()}{similar[1:]}".rstrip(),
        )
    return [names.index(column) for column in wanted]


def _listed(names: Sequence[str]) -> str:
    return ", ".join(map(repr, names[:_LISTED])) + (", …" if len(names) > _LISTED else "")


def _pairs(absent: Sequence[str], foreign: Sequence[str]) -> list[tuple[str, str]]:
    """Absent columns, each with the foreign one that may be meant; no foreign one is named twice."""
    alike = [
        (score, column, other)
        for column in absent[:_COMPARED]
        for other in foreign
        if (score := _match(column.casefold(), other.casefold())) >= _ALIKE
    ]
    pairs: dict[str, str] = {}
    for _, column, other in sorted(alike, key=lambda one: -one[0]):
        if column not in pairs and other not in pairs.values():
            pairs[column] = other
    return [(column, pairs[column]) for column in absent if column in pairs]


def _match(name: str, other: str) -> float:
    """In [0, 1]; a name that goes on where the other ends is just alike enough."""
    same = difflib.SequenceMatcher(None, name, other).ratio()
    goes_on = bool(name and other) and (name.startswith(other) or other.startswith(name))
    return max(same, _ALIKE) if goes_on else same
