"""Columns that are found by their names: where they stand, and what may be meant where one is not there."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from explorer.core.errors import DataError

_LISTED, _SIMILAR = 10, 3


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
        near = [(column, close) for column in absent if (close := _nearest(column, foreign))]
        similar = "; ".join(f"is {close!r} meant by {column!r}?" for column, close in near[:_SIMILAR])
        raise DataError(
            f"{source} lacks {len(absent)} of the {len(wanted)} columns that {what}: {_listed(absent)}.",
            f"It has others: {_listed(foreign) or 'none'}. {similar[:1].upper()}{similar[1:]}".rstrip(),
        )
    return [names.index(column) for column in wanted]


def _listed(names: Sequence[str]) -> str:
    return ", ".join(map(repr, names[:_LISTED])) + (", …" if len(names) > _LISTED else "")


def _nearest(name: str, others: Sequence[str]) -> str:
    """The other name that is most like one, capitals apart, or goes on where it ends; empty: none is."""
    by_letters = {other.casefold(): other for other in reversed(others)}
    wanted = name.casefold()
    begun = [other for other in by_letters if other and (other.startswith(wanted) or wanted.startswith(other))]
    close = [*([wanted] if wanted in by_letters else []), *difflib.get_close_matches(wanted, by_letters, 1), *begun]
    return by_letters[close[0]] if close else ""
