"""Whether colons stand between cells: they also stand in times, ratios, addresses and behind keys."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from explorer.io.tables.date_cells import is_date

_CLOCK = re.compile(r"\d{1,2}:[0-5]\d(:[0-5]\d([.,]\d+)?)?( ?[ap]\.?m\.?)?", re.IGNORECASE)
_ADDRESS = re.compile(
    r"([0-9a-f]{2}:){5}[0-9a-f]{2}|(?=.*::|([^:]*:){7}[^:]*$)[0-9a-f:]+(%\w+|/\d+)?|\w+://.*", re.IGNORECASE
)
"""Of a network card, of IPv6, of the web."""
_MOSTLY = 0.9
_MINUTES = re.compile(r"[0-5]\d([.,]\d+)?")
_HOURS = re.compile(r"(.*[ T])?([01]?\d|2[0-4])")


@dataclass(frozen=True)
class Colons:
    """What colons in each line may be.

    Args:
        reason: why they may cut, in a few words.
        is_sure: nothing else is likely.
    """

    reason: str
    is_sure: bool


def find_colons(lines: Sequence[str], cut: Callable[[Sequence[str]], list[list[str]]]) -> Colons | None:
    """Whether colons cut lines that no other sign cuts; None where each line is one cell.

    Args:
        lines: all over the file, the first one first.
        cut: lines -> the cells of each, cut at colons outside of quotes.
    """
    lines = [line.strip() for line in lines if line.strip()]
    rows = cut(lines)
    widths = {len(row) for row in rows[1:]}
    if len(rows) < 3 or len(widths) != 1 or (width := widths.pop()) < 2:
        return None
    if all(_CLOCK.fullmatch(line) or is_date(line) or _ADDRESS.fullmatch(line) for line in lines[1:]):
        return None
    columns = list(zip(*rows[1:], strict=True))
    if len(rows[0]) != width:  # names of fewer columns: some cells hold colons
        return None
    if width > 2 and not any(_is_clock(*pair) for pair in pairwise(columns)):
        return Colons(f"it cuts each row into {width} cells, as no other sign does", True)
    return Colons("colons may stand between cells, or within one as in a time", False)


def _is_clock(hours: Sequence[str], minutes: Sequence[str]) -> bool:
    """Whether two neighbouring columns may be the hours and minutes of times."""
    pairs = [(hour.strip(), minute.strip()) for hour, minute in zip(hours, minutes, strict=True)]
    return sum(bool(_HOURS.fullmatch(h) and _MINUTES.fullmatch(m)) for h, m in pairs) >= _MOSTLY * len(pairs)
