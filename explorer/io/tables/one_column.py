"""Whether lines that can be cut hold one number each: 2,64 is one with a decimal comma, or two; so is 42 831."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from explorer.io.tables.numbers import MISSING

_UNIT = r"(?:\s?[%‰$€£¥₹])?"
_NUMBER = {
    ",": re.compile(rf"^[+-]?(?:\d+(?:,\d+)?|\d{{1,3}}(?:,\d{{3}})+(?:\.\d*)?)(?:[eE][+-]?\d+)?{_UNIT}$"),
    " ": re.compile(rf"^[+-]?(?:\d{{1,3}}(?: \d{{3}})+|\d{{1,3}})(?:[.,]\d+)?{_UNIT}$"),
}
"""Sign that may cut -> what a line with one number looks like, in which it is a decimal sign or groups digits."""
_ZERO = {",": re.compile(r"^[+-]?\d+,0\d"), " ": re.compile(r"^[+-]?\d{1,3} 0\d\d")}
"""No whole number of a second column begins with a zero."""
UNCUT = ";"
"""A delimiter for lines that are not cut: it stands in none of them."""
_ROWS, _SHARE = 3, 0.1
"""Rows without the sign, in number and share, that are no accident."""


@dataclass(frozen=True)
class OneNumber:
    """That each line may hold one number.

    Args:
        reason: why, in a few words.
        is_sure: nothing else is likely.
    """

    reason: str
    is_sure: bool


def one_number(first: str, lines: Sequence[str], sign: str) -> OneNumber | None:
    """Whether each line holds one number although a sign in it can cut it in two; None where it does not.

    Args:
        first: the first line, which may name the column.
        lines: those below.
        sign: that would cut: a comma or a space.
    """
    if sign not in _NUMBER or not lines:
        return None
    rows = [line.strip() for line in lines if line.strip().lower() not in MISSING]
    if not all(map(_NUMBER[sign].match, rows)) or not any(sign in row for row in rows):
        return None
    with_sign = next(row for row in rows if sign in row)
    if not _NUMBER[sign].match(first.strip()):
        if sign in first.strip():
            return None
        return OneNumber(f"the first line has no {_WORDS[sign]}, as a name of one column", True)
    rows = [first.strip(), *rows]
    if any(map(_ZERO[sign].match, rows)):
        zero = next(row for row in rows if _ZERO[sign].match(row))
        return OneNumber(f"no second number begins as in {zero!r}", True)
    without = sum(sign not in row for row in rows)
    if without >= max(_ROWS, _SHARE * len(rows)):
        return OneNumber(f"{without:,} of {len(rows):,} rows have no {_WORDS[sign]}", True)
    return OneNumber(f"each line may be one number or two, as {with_sign!r}", False)


_WORDS = {",": "comma", " ": "space"}
