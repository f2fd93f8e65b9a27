"""The decimal sign and the sign between thousands, told from all cells of a text table."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from explorer.io.findings import SURE
from explorer.io.tables import numbers
from explorer.io.tables.dialect import SIGNS, Asked, Dialect, DialectFinding
from explorer.io.tables.frame import Frame
from explorer.io.tables.numbers import Decimal, Marks, Signs, Thousands
from explorer.io.tables.plain import NotPlainError
from explorer.io.tables.record_blocks import RecordBlocks

_ATTEMPTS = 5


def told_signs(blocks: RecordBlocks, frame: Frame, asked: Asked, like: Dialect | None) -> Signs:
    """How a table's numbers are written.

    Columns of ``blocks`` that turn out to hold no plain numbers are read as text from then on.

    Args:
        blocks: all its records.
        frame: where they begin and end.
        asked: what a user said.
        like: the dialect of the table that a model learnt from: what this one cannot tell is as there.
    """
    marks = _counted(blocks, frame)
    signs = _told(marks, frame)
    if blocks.plain.places and signs.decimal != blocks.plain.decimal and asked.decimal is None:
        blocks.not_plain()
        marks = _counted(blocks, frame)
        signs = _told(marks, frame)
    if asked.decimal is None and asked.thousands is None:
        if (
            like is not None
            and signs.confidence < 1
            and (like.decimal, like.thousands) in ((signs.decimal, signs.thousands), signs.other)
        ):
            return Signs(like.decimal, like.thousands, "as in the table that was learnt from", 0.9)
        return signs
    if asked.thousands is None and signs.other is not None and asked.decimal == signs.other[0]:
        return Signs(*signs.other, "as asked", 1.0)
    decimal = asked.decimal or ("." if asked.thousands == "," else "," if asked.thousands == "." else signs.decimal)
    thousands = asked.thousands if asked.thousands is not None else signs.thousands
    if thousands == decimal:
        thousands = _other_sign(decimal, marks)
    return Signs(decimal, thousands, "as asked", 1.0)


def finding(signs: Signs) -> DialectFinding:
    """What was told, in words, with the other reading where there is one."""
    words = "point" if signs.decimal == "." else "comma"
    if signs.thousands:
        words += f", {SIGNS[signs.thousands]} between thousands"
    pairs = [(signs.decimal, signs.thousands), *([signs.other] if signs.other else [])]
    return DialectFinding(
        what="decimal sign", value=words, reason=signs.reason, confidence=signs.confidence,
        flag="--decimal . or --decimal ,",
        readings=tuple(Asked(decimal=decimal, thousands=thousands) for decimal, thousands in pairs)
        if signs.confidence < SURE and len(pairs) > 1 else (),
    )  # fmt: skip


def _told(marks: Marks, frame: Frame) -> Signs:
    return numbers.tell_signs(marks, "," if frame.cuts_at_commas else "")


def _other_sign(decimal: Decimal, marks: Marks) -> Thousands:
    """The sign between thousands where the decimal sign was said to be the one that was told for them."""
    if decimal == "." and (marks.either_comma or marks.grouping_comma):
        return ","
    if decimal == "," and (marks.either_point or marks.grouping_point):
        return "."
    return ""


def _counted(blocks: RecordBlocks, frame: Frame) -> Marks:
    """How numbers are written in all records, those that are no plain ones among them."""
    marks = Marks()
    for attempt in range(_ATTEMPTS):
        try:
            marks = _pass(blocks, frame)
            break
        except NotPlainError as error:
            is_last = attempt >= _ATTEMPTS - 3  # and one for a row longer than a block
            blocks.not_plain(None if is_last or error.place is None else {error.place})
    return marks


def _pass(blocks: RecordBlocks, frame: Frame) -> Marks:
    """Go through all records once.

    Raises:
        NotPlainError: a column that was taken for plain numbers is none.
    """
    marks = Marks()
    for _, block in blocks.fresh():
        for place, column in enumerate(block):
            if place not in blocks.plain.places:
                _count(marks, column, frame)
            elif not (frame.cuts_at_commas and marks.point):  # one is enough where commas cut
                _count_plain(marks, column, blocks)
    for cell in frame.first:
        _count(marks, pa.array([cell.strip()], pa.string()), frame)
    return marks


def _count(marks: Marks, column: pa.Array, frame: Frame) -> None:
    if frame.cuts_at_commas:
        try:
            pc.cast(column, pa.float64())
        except pa.ArrowInvalid:
            marks.count(column)
    else:
        marks.count(column)


def _count_plain(marks: Marks, column: pa.Array, blocks: RecordBlocks) -> None:
    """A fraction was written with the sign that the sample showed; where it showed none, the text is looked at."""
    values = column.to_numpy(zero_copy_only=False)
    fractions = int((np.floor(values) < values).sum())
    if not fractions:
        return
    if not blocks.plain.is_seen:
        raise NotPlainError
    if blocks.plain.decimal == ".":
        marks.point += fractions
    else:
        marks.comma += fractions
