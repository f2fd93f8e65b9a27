"""Which columns hold plain numbers, by some rows: they can be read as numbers at once, not first as text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from explorer.io.tables import forms, numbers
from explorer.io.tables.columns import MANY
from explorer.io.tables.dialect import Asked
from explorer.io.tables.frame import Frame
from explorer.io.tables.numbers import MISSING, Decimal, Marks
from explorer.io.tables.records import records

NULLS = tuple(dict.fromkeys(form for word in MISSING for form in (word, word.upper(), word.title(), "NaN", "NaT")))
"""Ways to write that a cell holds nothing; another one makes its column one of text, in which all ways are known."""


class NotPlainError(Exception):
    """A column that was taken for plain numbers is none.

    Args:
        place: of the column, from 0; None: all are to be looked at as text.
    """

    def __init__(self, place: int | None = None) -> None:
        super().__init__(place)
        self.place = place


@dataclass(frozen=True)
class Plain:
    """What some rows let expect of all.

    Args:
        places: of the columns of plain numbers, from 0.
        decimal: their decimal sign.
        is_seen: some cell shows that sign, or it was said.
    """

    places: frozenset[int]
    decimal: Decimal
    is_seen: bool


def find_plain(head: Sequence[str], later: Sequence[str], frame: Frame, asked: Asked) -> Plain:
    """Guess which columns hold numbers without signs between thousands.

    Args:
        head, later: lines from the start and from all over the file.
        frame: where cells are.
        asked: what is known.
    """
    body = [line for line in head[frame.lines_above :] if line.strip()][1:]
    first = records(body, frame.delimiter, frame.quote)[bool(frame.units) :]
    sampled = [*first, *records(later, frame.delimiter, frame.quote)]
    rows = [row for row in sampled if len(row) == frame.width]
    columns = [pa.array([cell.strip() for cell in column], pa.string()) for column in zip(*rows, strict=True)]
    marks = Marks()
    for column in columns:
        marks.count(column)
    signs = numbers.tell_signs(marks, "," if frame.cuts_at_commas else "")
    decimal = asked.decimal or signs.decimal
    is_seen = asked.decimal is not None or frame.cuts_at_commas or bool(marks.point or marks.comma)
    if asked.thousands or ((signs.confidence < 1 or signs.thousands) and asked.decimal is None):
        return Plain(frozenset(), decimal, is_seen)
    missing = {*MISSING, *asked.missing}
    places = []
    for place, column in enumerate(columns):
        values = numbers.to_numbers(column, decimal, "")
        words = [cell for cell, is_nan in zip(column.to_pylist(), np.isnan(values).tolist(), strict=True) if is_nan]
        is_code = (
            forms.may_name(column)
            or numbers.leading_zeros(column)
            or _may_be_padded(column)
            or (len(pc.unique(column)) <= MANY and forms.first_version(column))
        )
        is_bare = forms.bare(column).equals(column) and not is_code
        if is_bare and len(words) < len(column) and all(word.lower() in missing for word in words):
            places.append(place)
    return Plain(frozenset(places), decimal, is_seen)


def _may_be_padded(cells: pa.Array) -> bool:
    """Whether some of all cells may be codes such as 007, of which float64 would lose the zeros: all have one width."""
    digits = cells.filter(pc.match_substring_regex(cells, r"^[+-]?\d+$"))
    others = len(cells.filter(pc.match_substring_regex(cells, r"\d"))) - len(digits)
    widths = pc.unique(pc.utf8_length(digits)).to_pylist()
    return not others and len(widths) == 1 and widths[0] > 1
