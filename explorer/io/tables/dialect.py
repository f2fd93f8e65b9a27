"""How a text table is written, as a value: what is found, what a user says of it, and what is said about that."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from explorer.io.findings import Finding
from explorer.io.tables.letters import ENCODINGS
from explorer.io.tables.numbers import Decimal, Thousands
from explorer.io.tables.source import Packing

Quote = Literal['"', "'", '\\"', ""]
"""Stands around cells; of two signs the first makes the second a letter within one, which is doubled otherwise."""
CUT = "\x1f"
"""Stands between cells at fixed places once they are cut: the sign that ASCII has for that."""
SPACES = "  "
"""As a delimiter: two spaces or more."""
DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar", " ": "space", ":": "colon"}
QUOTES = {'"': "double quotes", "'": "single quotes", '\\"': 'double quotes, \\" within cells', "": "no quotes"}
SIGNS = {".": "points", ",": "commas", " ": "spaces", "'": "apostrophes"}
"""Signs between thousands, in words."""
ENCODING = "encoding"
"""What a finding about a file's letters is of."""


def said_as(sign: str) -> str:
    """A sign between cells in words."""
    return "two spaces or more" if sign == SPACES else DELIMITERS.get(sign, repr(sign))


class Dialect(BaseModel):
    """How a text table is written."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    encoding: str = "utf-8-sig"
    packing: Packing = ""
    delimiter: str = ","
    decimal: Decimal = "."
    thousands: Thousands = ""
    header: bool = True
    units: bool = False
    """Whether the row below the header names units."""
    lines_above: int = 0
    """Lines above the header, or above the first row where there is none: titles, remarks, ``sep=``."""
    lines_below: int = 0
    """Lines below the last row: totals, sources, remarks; empty ones are not counted."""
    quote: Quote = '"'
    """Stands around cells that hold the delimiter; empty: none does."""
    widths: tuple[int, ...] = ()
    """Of cells that stand at fixed places, in letters; empty: the delimiter stands between them."""
    missing: tuple[str, ...] = ()
    """Cells that hold nothing, beside the usual words for that."""

    def words(self, columns: int) -> str:
        """In a few words, what is usual left out, such as "semicolon, decimal comma", of a table of so many columns."""
        cells = "cells at fixed places" if self.widths else said_as(self.delimiter)
        parts = ["one column" if columns == 1 else cells]
        if self.decimal == ",":
            parts.append("decimal comma")
        if self.thousands:
            parts.append(f"{SIGNS[self.thousands]} between thousands")
        if not self.header:
            parts.append("no header")
        if self.units:
            parts.append("a row of units below the header")
        if self.lines_above:
            parts.append(f"{self.lines_above} line{'s' * (self.lines_above > 1)} above the table passed over")
        if self.quote != '"':
            parts.append(QUOTES[self.quote])
        if self.missing:
            parts.append(f"{', '.join(map(repr, self.missing))} for a missing value")
        if self.encoding not in ("utf-8-sig", "utf-8"):
            parts.append(ENCODINGS.get(self.encoding, self.encoding))
        return ", ".join(parts)


class Asked(BaseModel):
    """What a user said of a table's dialect; None: to be found."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    encoding: str | None = None
    delimiter: str | None = None
    decimal: Decimal | None = None
    thousands: Thousands | None = None
    header: bool | None = None
    units: bool | None = None
    """Whether the row below the header names units."""
    lines_above: int | None = None
    lines_below: int | None = None
    """Lines at the end that are none of the table's, empty ones not counted."""
    quote: Quote | None = None
    missing: tuple[str, ...] = ()
    """Cells that hold nothing, beside the usual words for that, such as -999."""
    day_first: bool | None = None
    """Whether the day stands before the month in dates such as 1/2/2024."""
    widths: tuple[Annotated[int, Field(gt=0)], ...] = ()
    """Of cells that stand at fixed places, in letters, blanks behind them among these."""


class DialectFinding(Finding):
    """Something found about how a text table is written.

    Args:
        readings: what to say for each reading that is about as likely, first the one that is taken; empty: it is sure.
    """

    readings: tuple[Asked, ...] = ()
