"""Which sign stands around cells of a text table that hold the delimiter, told from its lines."""

from __future__ import annotations

import re
from collections.abc import Sequence

from explorer.io.tables.dialect import DialectFinding, Quote

QUOTES_WITHIN = "quotes"
"""What a finding about quotes that are neither around a cell nor letters is of."""


_SINGLE = re.compile(r"(^|[,;\t|])\s*'([^']|'')*'\s*($|[,;\t|])")
_ESCAPED = re.compile(r'\\"(?!\s*([,;\t|]|$))')


def find_quote(lines: Sequence[str]) -> Quote:
    """Which sign stands around cells: single quotes where most lines have cells in them, and none in double ones."""
    if any('"' in line for line in lines):
        escaped = [line for line in lines if '\\"' in line]
        # C:\\" may end a cell: a quote that is a letter stands before another one, in a line with pairs of others.
        is_letter = escaped and any(map(_ESCAPED.search, escaped))
        return '\\"' if is_letter and not any(line.replace('\\"', "").count('"') % 2 for line in escaped) else '"'
    return "'" if sum(bool(_SINGLE.search(line)) for line in lines) > len(lines) / 2 else '"'


def as_letters(lines: Sequence[str], delimiter: str) -> tuple[bool, DialectFinding | None]:
    """Whether double quotes are letters, as in ``"5" pipe``: then cells go on behind them, and none ends with them.

    Where some cells do the one and some the other, the reader drops quotes within a cell, which is to be said.

    Args:
        lines: of the table.
        delimiter: between cells.
    """
    if delimiter == " " or not any('"' in line for line in lines):
        return False, None
    sign = re.escape(delimiter)
    quoted = rf'(?:^|{sign}) *"(?:[^"]|"")*"(?!")'
    whole, goes_on = re.compile(rf"{quoted}\s*(?:$|{sign})"), re.compile(rf"{quoted}\s*[^\s{sign}][^{sign}]*")
    example = next((match[0] for line in lines if (match := goes_on.search(line))), None)
    if example is None or not any(map(whole.search, lines)):
        return example is not None, None
    cell = example.lstrip(f"{delimiter} ").rstrip()[:40]
    return False, DialectFinding(
        what=QUOTES_WITHIN, value="dropped", confidence=0.7, flag="--quote none where quotes are letters",
        reason=f"a cell goes on behind its quotes, {cell}: they are dropped",
    )  # fmt: skip
