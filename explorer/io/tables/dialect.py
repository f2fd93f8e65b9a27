"""How a text table is written: encoding, delimiter, lines above it, header. Found from lines all over the file."""

from __future__ import annotations

import csv
import itertools
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from pydantic import BaseModel, ConfigDict

from explorer.core.errors import DataError
from explorer.io.findings import SURE, Finding
from explorer.io.tables import numbers
from explorer.io.tables.numbers import Decimal, Thousands
from explorer.io.tables.source import Packing, Scan

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar", " ": "space"}
SIGNS = {".": "points", ",": "commas", " ": "spaces", "'": "apostrophes"}
"""Signs between thousands, in words."""
MAX_LINES_ABOVE = 30
_SAMPLE_ROWS = 400
_WORDS = {"utf-8-sig": "UTF-8", "utf-8": "UTF-8", "cp1252": "Windows-1252", "utf-16": "UTF-16"}


class Dialect(BaseModel):
    """How a text table is written."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    encoding: str = "utf-8-sig"
    packing: Packing = ""
    delimiter: str = ","
    decimal: Decimal = "."
    thousands: Thousands = ""
    header: bool = True
    lines_above: int = 0
    """Lines above the header, or above the first row where there is none: titles, remarks, ``sep=``."""
    missing: tuple[str, ...] = ()
    """Cells that hold nothing, beside the usual words for that."""

    @property
    def words(self) -> str:
        """In a few words, what is usual left out, such as "semicolon, decimal comma"."""
        parts = [DELIMITERS.get(self.delimiter, repr(self.delimiter))]
        if self.decimal == ",":
            parts.append("decimal comma")
        if self.thousands:
            parts.append(f"{SIGNS[self.thousands]} between thousands")
        if not self.header:
            parts.append("no header")
        if self.lines_above:
            parts.append(f"{self.lines_above} line{'s' * (self.lines_above > 1)} above the table passed over")
        if self.missing:
            parts.append(f"{', '.join(map(repr, self.missing))} for a missing value")
        if self.encoding != "utf-8-sig":
            parts.append(_WORDS.get(self.encoding, self.encoding))
        return ", ".join(parts)


class Asked(BaseModel):
    """What a user said of a table's dialect; None: to be found."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    encoding: str | None = None
    delimiter: str | None = None
    decimal: Decimal | None = None
    thousands: Thousands | None = None
    header: bool | None = None
    lines_above: int | None = None
    missing: tuple[str, ...] = ()
    """Cells that hold nothing, beside the usual words for that, such as -999."""


class DialectFinding(Finding):
    """Something found about how a text table is written.

    Args:
        readings: what to say for each reading that is about as likely, first the one that is taken; empty: it is sure.
    """

    readings: tuple[Asked, ...] = ()


@dataclass(frozen=True)
class Frame:
    """Where the cells of a file are, before any of them is read as a number.

    Args:
        encoding, packing, delimiter, lines_above: as in ``Dialect``.
        first: the first record's cells.
        width: cells a row.
        rows_end_in_delimiter: each row ends in one more delimiter, so that its last cell is empty.
        findings: what was found.
    """

    encoding: str
    packing: Packing
    delimiter: str
    lines_above: int
    first: tuple[str, ...]
    width: int
    rows_end_in_delimiter: bool
    findings: tuple[DialectFinding, ...]


def find_frame(scanned: Scan, packing: Packing, name: str, asked: Asked) -> Frame:
    """Find where cells begin and end.

    Args:
        scanned: lines from all over the file.
        name: for messages.
        asked: what is known.

    Raises:
        DataError: it holds nothing.
    """
    head = list(scanned.head)
    if not any(line.strip() for line in head):
        raise DataError(f"{name} is empty.", "Give it at least one row.")
    findings: list[DialectFinding] = []
    above, said = 0, asked.delimiter
    if asked.lines_above is not None:
        above = asked.lines_above
    else:
        while above < min(len(head), MAX_LINES_ABOVE) and (
            not head[above].strip() or head[above].lstrip().startswith("#") or _separator(head[above])
        ):
            said = said or _separator(head[above])
            above += 1
        if above == len(head):  # nothing but such lines: then they are the table
            above = 0
    body = [line for line in head[above:] if line.strip()]
    later = [line for line in scanned.later if line.strip()]
    delimiter, finding = _delimiter(body, later, said, asked.delimiter is not None)
    findings.append(finding)
    widths = _widths([*body[1:], *later], delimiter)
    if asked.lines_above is None:
        titles = _titles(body, delimiter, widths)
        above += _lines_of(head[above:], titles)
        body = body[titles:]
    if above:
        first_line = next((line.strip() for line in head[:above] if line.strip()), "")[:40]
        findings.append(DialectFinding(
            what="lines above", value=str(above), reason=f"they have no row's form: {first_line!r}",
            confidence=0.9 if asked.lines_above is None else 1.0, flag="--lines-above N",
        ))  # fmt: skip
    first = tuple(next(csv.reader(iter(body), delimiter=delimiter, skipinitialspace=delimiter == " "), []))
    if not first:
        raise DataError(f"{name} has no row below the {above} lines that are passed over.", "Pass over fewer lines.")
    width, ends = _width(first, _widths([*body[1:], *later], delimiter), [*body[1:], *later], delimiter)
    return Frame(scanned.encoding, packing, delimiter, above, first, width, ends, tuple(findings))


@dataclass(frozen=True)
class ColumnRange:
    """What the body of a column is like.

    Args:
        is_number: its cells are numbers.
        low, high: the least and the greatest of them, NaN without one.
        has_fraction: some are not whole.
        values: some different cells as text.
        repeats: a cell occurs more than once.
    """

    is_number: bool
    low: float
    high: float
    has_fraction: bool
    values: frozenset[str]
    repeats: bool


def find_header(
    first: Sequence[str],
    columns: Sequence[ColumnRange],
    decimal: Decimal,
    thousands: Thousands,
    n_rows: int,
    known: Collection[str] = (),
) -> DialectFinding:
    """Whether the first record names the columns.

    Args:
        first: its cells.
        columns: of the rows below it.
        decimal, thousands: how numbers are written.
        n_rows: rows below it.
        known: names of the columns that a model learnt from.
    """
    trimmed = [cell.strip() for cell in [*first, *[""] * len(columns)][: len(columns)]]
    values = numbers.to_numbers(pa.array(trimmed, pa.string()), decimal, thousands)
    missing = np.array([cell.lower() in numbers.MISSING for cell in trimmed])
    is_text = np.isnan(values) & ~missing
    body = np.array([column.is_number for column in columns], bool)

    def header(header: bool, reason: str, confidence: float) -> DialectFinding:
        flag = "--no-header" if header else "--header"
        value = "yes" if header else "no"
        either = (Asked(header=header), Asked(header=not header))
        return DialectFinding(
            what="header", value=value, reason=reason, confidence=confidence, flag=flag,
            readings=either if confidence < SURE else (),
        )  # fmt: skip

    if 2 * sum(cell in known for cell in trimmed if cell) > len(trimmed):
        return header(True, "it holds the names of the columns that were learnt from", 1.0)
    if not n_rows:
        every = bool(is_text.any()) and not np.isfinite(values).any()
        return header(every, "the only row holds no number" if every else "the only row holds numbers", 0.8)
    named = is_text & body
    if named.any():
        i = int(np.flatnonzero(named)[0])
        return header(True, f"{trimmed[i]!r} stands above numbers", 1.0 if named.mean() > 0.2 else 0.9)
    if not body.any() and is_text.any():
        # Text above text: names of columns do not come again below, values often do.
        again = [cell in column.values for cell, column in zip(trimmed, columns, strict=False) if cell]
        if any(again):
            return header(False, "its cells come again below", 0.8)
        return header(True, "its cells do not come again below", 0.8 if any(c.repeats for c in columns) else 0.6)
    where = np.flatnonzero(body & np.isfinite(values)).tolist()
    if len(where) < 2 or len(set(values[where].tolist())) < len(where):
        return header(False, "it holds what the rows below hold", 0.95)
    steps = np.diff(values[where])
    whole = bool((values[where] % 1 == 0).all())
    even = bool(np.allclose(steps, steps[0], rtol=1e-6)) and steps[0] > 0
    counts = whole and values[where[0]] in (0, 1) and even and steps[0] == 1
    outside = [not columns[i].low <= values[i] <= columns[i].high for i in where]
    differs = whole and sum(columns[i].has_fraction for i in where) > len(where) / 2
    if counts and len(where) == len(columns) and (differs or any(outside)) and (len(where) > 2 or values[0] == 0):
        return header(True, f"it counts {values[where[0]]:g}, {values[where[1]]:g}, … across the columns", 0.9)
    enough = len(where) > 2 and n_rows > 2
    if even and ((enough and (np.mean(outside) > 0.5 or differs)) or (n_rows >= 10 and all(outside) and differs)):
        kind = "are whole, those below are not" if differs else "lie outside of those below"
        return header(True, f"its numbers go in even steps and {kind}", 0.9 if len(where) > 2 else 0.75)
    if np.mean(outside) == 1 and bool((steps > 0).all()) and len(where) >= 3:
        return header(True, "its numbers rise and lie outside of those below", 0.7)
    return header(False, "it holds numbers as the rows below do", 0.95)


def _separator(line: str) -> str | None:
    """The delimiter that a line ``sep=;`` of a spreadsheet names."""
    text = line.strip().strip('"')
    return text[4:5] or None if text.lower().startswith("sep=") and len(text) <= 5 else None


def records(lines: Sequence[str], delimiter: str) -> list[list[str]]:
    """The cells of at most ``_SAMPLE_ROWS`` records in lines; nothing where they are none."""
    try:
        return list(
            itertools.islice(
                csv.reader(iter(lines), delimiter=delimiter, skipinitialspace=delimiter == " "), _SAMPLE_ROWS
            )
        )
    except csv.Error:
        return []


def _delimiter(body: Sequence[str], later: Sequence[str], said: str | None, asked: bool) -> tuple[str, DialectFinding]:
    if said:
        value, why = DELIMITERS.get(said, repr(said)), "as asked" if asked else "the file's first line says so"
        return said, DialectFinding(what="delimiter", value=value, reason=why, flag="--delimiter SIGN")
    scores = {delimiter: _score(body, later, delimiter) for delimiter in DELIMITERS}
    best = max(scores, key=lambda sign: scores[sign])
    second = max((sign for sign in scores if sign != best), key=lambda sign: scores[sign])
    if scores[best] == 0:
        return ",", DialectFinding(
            what="delimiter", value="none", reason="each row is one cell", flag="--delimiter SIGN"
        )
    confidence = min(1.0, 0.5 + scores[best] - scores[second]) if scores[second] else 1.0
    return best, DialectFinding(
        what="delimiter",
        value=DELIMITERS[best],
        reason="it cuts the rows into the same number of cells, with none of the other signs left in them",
        confidence=confidence,
        flag="--delimiter SIGN",
        readings=(Asked(delimiter=best), Asked(delimiter=second)) if confidence < SURE else (),
    )


def _score(body: Sequence[str], later: Sequence[str], delimiter: str) -> float:
    """How well a sign cuts lines into rows, in [0, 1]: the same number of cells in each, with no other sign in them."""
    rows = [row for row in [*records(body, delimiter), *records(later[:_SAMPLE_ROWS], delimiter)] if row]
    widths = Counter(len(row) - (len(row) > 1 and not row[-1].strip()) for row in rows)
    width, n = max(widths.items(), key=lambda item: (item[1], item[0]))
    if width < 2:
        # A ragged or short table: the first row may still be cut.
        width, n = max(((w, k) for w, k in widths.items() if w > 1), default=(0, 0), key=lambda item: item[1])
        if n < 0.3 * len(rows):
            return 0.0
    others = [sign for sign in DELIMITERS if sign not in (delimiter, ",", " ")]
    cells = [cell for row in rows for cell in row]
    clean = sum(not any(sign in cell for sign in others) for cell in cells) / len(cells)
    if delimiter == ",":
        # "6,33;8,05": commas that are decimal signs leave the delimiter in what they cut.
        clean **= 2
    full = sum(1 for cell in cells if cell.strip()) / len(cells)
    return (n / len(rows)) ** 2 * clean * (0.5 * full if delimiter == " " else 1.0)


def _widths(lines: Sequence[str], delimiter: str) -> Counter[int]:
    return Counter(len(row) for row in records(lines, delimiter) if row)


def _titles(body: Sequence[str], delimiter: str, widths: Counter[int]) -> int:
    """How many of the first lines are no rows: shorter than every usual row, followed by a line of full width."""
    if not widths:
        return 0
    usual = max(width for width, n in widths.items() if n >= 0.3 * widths.total()) if widths else 0
    rows = records(body[:MAX_LINES_ABOVE], delimiter)
    for i, row in enumerate(rows):
        # A header without a name for its first column, as R writes it, stands above numbers; a title above a header.
        above_names = i + 1 < len(rows) and not any(_holds_number(cell) for cell in rows[i + 1])
        if len(row) >= usual or (len(row) == usual - 1 > 0 and not above_names):
            return i
    return 0


def _holds_number(cell: str) -> bool:
    return any(character.isdecimal() for character in cell)


def _lines_of(lines: Sequence[str], records: int) -> int:
    """How many lines, empty ones included, the first records take."""
    if not records:
        return 0
    full = [i for i, line in enumerate(lines) if line.strip()]
    return full[records] if records < len(full) else full[-1]


def _width(first: Sequence[str], widths: Counter[int], lines: Sequence[str], delimiter: str) -> tuple[int, bool]:
    """Cells a row, and whether each row ends in one more delimiter."""
    if not widths:
        return len(first), False
    usual = max(widths, key=lambda width: (widths[width], width))
    if widths[len(first)] >= 0.3 * widths.total():
        usual = len(first)
    rows = [row for row in records(lines, delimiter) if len(row) == usual]
    ends = usual == len(first) + 1 and all(not row[-1].strip() for row in rows)
    return usual, ends
