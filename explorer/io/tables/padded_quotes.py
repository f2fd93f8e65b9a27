"""Blanks between the sign that cuts and a quoted cell, as in ``5, "a, b"``: a reader takes such quotes for letters."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from explorer.io.tables.dialect import Asked

_PADDED = re.compile(r'(?:^|[,;\t|]) +"(?:[^"]|"")*" *(?=[,;\t|]|$)')
"""A quoted cell with blanks before it."""
_CELL = re.compile(r'(?:^|(?<=[,;\t|]))(?: +(?="))?("(?:[^"]|"")*")?')
"""A cell's beginning: blanks that stand before a quote, and the quoted cell."""


@dataclass(frozen=True)
class PaddedQuotes:
    """Takes off the blanks before quoted cells."""

    between = ""

    def __call__(self, line: str) -> str:
        """A line without them; one in which a quoted cell is still open stays as it is."""
        return line if line.count('"') % 2 else _CELL.sub(lambda match: match[1] or "", line)


def find_padded_quotes(lines: Sequence[str], asked: Asked) -> PaddedQuotes | None:
    """Whether blanks stand before the quotes of most lines with quotes; None where they do not.

    Args:
        lines: from the start of a file and all over it.
        asked: what is known of its dialect.
    """
    if asked.widths or asked.quote not in (None, '"') or (asked.delimiter or ",") not in ",;\t|":
        return None
    quoted = [line for line in lines if '"' in line]
    return PaddedQuotes() if quoted and sum(map(bool, map(_PADDED.search, quoted))) > len(quoted) / 2 else None
