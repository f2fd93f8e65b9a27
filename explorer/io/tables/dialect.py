"""How a text table is written: encoding, delimiter, lines above it, header. Found from lines all over the file."""

from __future__ import annotations

import csv
import itertools
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from explorer.core.errors import DataError
from explorer.io.findings import SURE, Finding
from explorer.io.tables.colons import Colons, find_colons
from explorer.io.tables.letters import ENCODINGS, Letters
from explorer.io.tables.numbers import MISSING, Decimal, Thousands
from explorer.io.tables.one_column import UNCUT, OneNumber, one_number
from explorer.io.tables.source import Packing, Scan
from explorer.io.tables.unit_row import unit_of_cell, units_below

Quote = Literal['"', "'", '\\"', ""]
"""Stands around cells; of two signs the first makes the second a letter within one, which is doubled otherwise."""
CUT = "\x1f"
"""Stands between cells at fixed places once they are cut: the sign that ASCII has for that."""
SPACES = "  "
"""As a delimiter: two spaces or more."""
DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar", " ": "space", ":": "colon"}
_USUAL = (",", ";", "\t", "|", " ")
"""Signs that are tried at once; a colon, which stands in times too, where none of them cuts."""
QUOTES = {'"': "double quotes", "'": "single quotes", '\\"': 'double quotes, \\" within cells', "": "no quotes"}
SIGNS = {".": "points", ",": "commas", " ": "spaces", "'": "apostrophes"}
"""Signs between thousands, in words."""
MAX_LINES_ABOVE = 30
_SAMPLE_ROWS = 400
_NUMBER = re.compile(r"[+-]?[.,]?\d[\d.,' ]*([eEdD][+-]?\d+)?$")
_SINGLE = re.compile(r"(^|[,;\t|])\s*'([^']|'')*'\s*($|[,;\t|])")
_ESCAPED = re.compile(r'\\"(?!\s*([,;\t|]|$))')
_QUOTED = re.compile(r'(?<![^,;\t| ])"(?:[^"\\]|\\.|"")*"(?![^,;\t| ])')
_FIELDS = re.compile(r"#fields:?\s", re.IGNORECASE)
"""How a line begins that names the columns, in logs of Zeek and of web servers."""
_SIGNS_IN_CELLS = str.maketrans(dict.fromkeys(",;\t| ", "_"))
_UNITS = frozenset("%‰$€£¥₹")
ENCODING = "encoding"
"""What a finding about a file's letters is of."""
_SURE_OF_LETTERS, _ASKED_OF_LETTERS = 8.0, 3.0
"""How much likelier an encoding must be than another one (as a logarithm) to go without a word, and not to be asked."""


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


@dataclass(frozen=True)
class Frame:
    """Where the cells of a file are, before any of them is read as a number.

    Args:
        encoding, packing, delimiter, lines_above: as in ``Dialect``.
        first: the first record's cells.
        width: cells a row.
        rows_end_in_delimiter: each row ends in one more delimiter, so that its last cell is empty.
        findings: what was found.
        in_remark: the first record is a remark that names the columns, as in ``# a b c``.
        quote: as in ``Dialect``.
        units: of the columns, as the row below the first record names them; empty: it does not.
        passed_over: records below the first that are no rows, empty ones among them: they are the row of units.
        names_are_said: the remark says that it names the columns, as in ``#fields a b c``.
    """

    encoding: str
    packing: Packing
    delimiter: str
    lines_above: int
    first: tuple[str, ...]
    width: int
    rows_end_in_delimiter: bool
    findings: tuple[DialectFinding, ...]
    in_remark: bool = False
    quote: Quote = '"'
    units: tuple[str, ...] = ()
    passed_over: int = 0
    names_are_said: bool = False

    @property
    def cuts_at_commas(self) -> bool:
        """Whether a comma outside of quotes ends a cell."""
        return self.delimiter == "," and self.width > 1


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
    findings = [] if scanned.letters is None else [_of_letters(scanned.letters)]
    above, said = 0, asked.delimiter
    if asked.lines_above is not None:
        above = asked.lines_above
        while above < len(head) and not head[above].strip():  # empty lines below them are none of the table's
            above += 1
    else:
        above = remarks_above(head)
        said = said or next(filter(None, map(separator, head[:above])), None)
    body = [line for line in head[above:] if line.strip()]
    later = [line for line in scanned.later if line.strip()]
    quote = _quote([*body, *later]) if asked.quote is None else asked.quote
    delimiter, finding = _delimiter(body, later, said, quote, asked.delimiter is not None)
    findings.append(finding)
    widths = _widths([*body[1:], *later], delimiter, quote)
    if asked.lines_above is None:
        titles = _titles(body, delimiter, quote, widths)
        above += _lines_of(head[above:], titles)
        body = body[titles:]
    if above:
        first_line = next((line.strip() for line in head[:above] if line.strip()), "")[:40]
        findings.append(DialectFinding(
            what="lines above", value=str(above), reason=f"they have no row's form: {first_line!r}",
            confidence=0.9 if asked.lines_above is None else 1.0, flag="--lines-above N",
        ))  # fmt: skip
    lines = itertools.dropwhile(lambda line: not line.strip(), (f"{line}\n" for line in head[above:]))
    first = tuple(next(_reader(_trimmed(lines, delimiter), delimiter, quote), []))
    if not first:
        raise DataError(f"{name} has no row below the {above} lines that are passed over.", "Pass over fewer lines.")
    below = [*body[1:], *later]
    width, ends = _width(first, _widths(below, delimiter, quote), records(below, delimiter, quote))
    may_name = asked.header is not False and asked.lines_above is None
    said_names = _fields(head[:above], first, delimiter) if may_name else ()
    names = said_names or (_names_in_remark(head[:above], first, delimiter) if may_name else ())
    if names:
        first, above = names, above - 1
        findings = [finding for finding in findings if above or finding.what != "lines above"]
    frame = Frame(
        scanned.encoding, packing, delimiter, above, first, width, ends, tuple(findings), bool(names), quote,
        names_are_said=bool(said_names),
    )  # fmt: skip
    return frame if asked.header is False else _with_units(frame, head, later, asked.units)


def _with_units(frame: Frame, head: Sequence[str], later: Sequence[str], asked: bool | None) -> Frame:
    """A frame whose second record may name the units of its columns."""
    below = records([f"{line}\n" for line in head[frame.lines_above :]], frame.delimiter, frame.quote)[1:]
    empty = sum(1 for _ in itertools.takewhile(lambda record: not any(map(str.strip, record)), below))
    rows = [row for row in below[empty:] if len(row) == frame.width]
    if not rows or below[empty] != rows[0] or not (asked or any(unit_of_cell(cell.strip()) for cell in rows[0])):
        return frame
    others = rows[1:] + [row for row in records(later, frame.delimiter, frame.quote) if len(row) == frame.width]
    known = [[cell for cell in column if cell.strip().lower() not in MISSING] for column in zip(*others, strict=True)]
    shares = [sum(map(holds_number, column)) / max(1, len(column)) for column in known]
    units = units_below(rows[0], others, shares, asked)
    return replace(frame, units=units, passed_over=empty + 1) if units else frame


def _quote(lines: Sequence[str]) -> Quote:
    """Which sign stands around cells: single quotes where most lines have cells in them, and none in double ones."""
    if any('"' in line for line in lines):
        escaped = [line for line in lines if '\\"' in line]
        # C:\\" may end a cell: a quote that is a letter stands before another one, in a line with pairs of others.
        is_letter = escaped and any(map(_ESCAPED.search, escaped))
        return '\\"' if is_letter and not any(line.replace('\\"', "").count('"') % 2 for line in escaped) else '"'
    return "'" if sum(bool(_SINGLE.search(line)) for line in lines) > len(lines) / 2 else '"'


def remarks_above(head: Sequence[str]) -> int:
    """How many of the first lines are empty, remarks or ``sep=``; 0 where all are: then they are the table."""
    above = 0
    while above < min(len(head), MAX_LINES_ABOVE) and (
        not head[above].strip() or head[above].lstrip().startswith(("#", "//")) or separator(head[above])
    ):
        above += 1
    return 0 if above == len(head) else above


def _fields(above: Sequence[str], first: Sequence[str], delimiter: str) -> tuple[str, ...]:
    """Names of the columns where a line above the first row says ``#fields`` before them; else empty."""
    lines = [line[match.end() :].strip("\n") for line in above if (match := _FIELDS.match(line))]
    names = [tuple(map(str.strip, line.split(delimiter))) for line in lines]
    return next((one for one in names if len(one) == len(first)), ())


def _names_in_remark(above: Sequence[str], first: Sequence[str], delimiter: str) -> tuple[str, ...]:
    """Names of the columns where the last line above the first row is ``# a b c``, cut as the rows; else empty."""
    line = above[-1].strip() if above else ""
    if not line.startswith(("#", "//")) or not all(map(holds_number, first)):
        return ()
    text = line.lstrip("#/ ")
    names = tuple(text.split() if delimiter == " " else map(str.strip, text.split(delimiter)))
    is_told = len({*names}) == len(names) == len(first) and all(names) and not any(map(holds_number, names))
    return names if is_told and len(names) > 1 else ()


def _of_letters(letters: Letters) -> DialectFinding:
    """That a file that is no UTF-8 may be in one encoding or another."""
    name, other = ENCODINGS[letters.encoding], ENCODINGS.get(letters.other, "")
    reason = f"it makes {letters.example!r} of a word"
    if other and letters.margin < _SURE_OF_LETTERS:
        reason = f"a word is {letters.example!r} in {name}, {letters.other_example!r} in {other}"
    asked = letters.margin < _ASKED_OF_LETTERS
    return DialectFinding(
        what=ENCODING, value=name, reason=reason,
        confidence=0.5 if asked else 0.8 if letters.margin < _SURE_OF_LETTERS else 0.95,
        flag=f"--encoding {letters.encoding} or --encoding {letters.other}" if asked and other
        else f"--encoding {letters.other or 'NAME'}",
        readings=(Asked(encoding=letters.encoding), Asked(encoding=letters.other)) if asked and other else (),
    )  # fmt: skip


def separator(line: str) -> str | None:
    """The delimiter that a line ``sep=;`` of a spreadsheet names."""
    text = line.strip(" \r\n").strip('"')  # a tab may be the sign itself
    return text[4:5] or None if text.lower().startswith("sep=") and len(text) <= 5 else None


def records(lines: Sequence[str], delimiter: str, quote: Quote = '"') -> list[list[str]]:
    """The cells of at most ``_SAMPLE_ROWS`` records in lines; nothing where they are none."""
    try:
        return list(
            itertools.islice(
                _reader(_trimmed(lines, delimiter), delimiter, quote),
                _SAMPLE_ROWS,
            )
        )
    except csv.Error:
        return []


def _reader(lines: Iterable[str], delimiter: str, quote: Quote) -> Iterator[list[str]]:
    quoting: Any = csv.QUOTE_NONE if delimiter == CUT or not quote else csv.QUOTE_MINIMAL
    return csv.reader(
        lines, delimiter=delimiter, skipinitialspace=delimiter == " ", quoting=quoting, quotechar=quote[-1:] or None,
        escapechar=quote[:-1] or None, doublequote=len(quote) < 2,
    )  # fmt: skip


def _trimmed(lines: Iterable[str], delimiter: str) -> Iterator[str]:
    """Lines as they are cut: spaces around a row are no cells where spaces stand between cells."""
    return (line.strip(" \n") + "\n" for line in lines) if delimiter == " " else iter(lines)


def _delimiter(
    body: Sequence[str], later: Sequence[str], said: str | None, quote: Quote, asked: bool
) -> tuple[str, DialectFinding]:
    if said:
        value, why = DELIMITERS.get(said, repr(said)), "as asked" if asked else "the file's first line says so"
        return said, DialectFinding(what="delimiter", value=value, reason=why, flag="--delimiter SIGN")
    bare, bare_later = (
        [_QUOTED.sub(_without_signs, line) if quote else line for line in part] for part in (body, later)
    )
    scores = {delimiter: _score(bare, bare_later, delimiter, quote) for delimiter in _USUAL}
    best = max(scores, key=lambda sign: scores[sign])
    second = max((sign for sign in scores if sign != best), key=lambda sign: scores[sign])
    if ends := next((sign for sign in (";", "\t", "|") if _all_end_in([*body, *later], sign)), None):
        reason = "each row ends in it, and it stands nowhere else"
        return ends, DialectFinding(what="delimiter", value=DELIMITERS[ends], reason=reason, flag="--delimiter SIGN")
    if scores[best] == 0 and (colons := find_colons([*body, *later], lambda lines: records(lines, ":", quote))):
        return ":", _cut_or_not(colons)
    if scores[best] == 0:
        return ",", DialectFinding(
            what="delimiter", value="none", reason="each row is one cell", flag="--delimiter SIGN"
        )
    if (single := one_number(body[0], [*body[1:], *later], best)) is not None:
        return (UNCUT, _one_or_two(single, best)) if single.is_sure else (best, _one_or_two(single, best))
    confidence = min(1.0, 0.5 + scores[best] - scores[second]) if scores[second] else 1.0
    return best, DialectFinding(
        what="delimiter",
        value=DELIMITERS[best],
        reason="it cuts the rows into the same number of cells, with none of the other signs left in them",
        confidence=confidence,
        flag="--delimiter SIGN",
        readings=(Asked(delimiter=best), Asked(delimiter=second)) if confidence < SURE else (),
    )


def _cut_or_not(colons: Colons) -> DialectFinding:
    """That colons stand between cells, or may."""
    return DialectFinding(
        what="delimiter", value=DELIMITERS[":"], reason=colons.reason, confidence=0.9 if colons.is_sure else 0.5,
        flag="--delimiter SIGN" if colons.is_sure
        else "--delimiter colon to cut there, or --delimiter semicolon for one column",
        readings=() if colons.is_sure else (Asked(delimiter=":"), Asked(delimiter=UNCUT)),
    )  # fmt: skip


def _one_or_two(single: OneNumber, sign: str) -> DialectFinding:
    """That each line is one number, or may be two."""
    if single.is_sure:
        return DialectFinding(
            what="delimiter", value="none", reason=f"each row is one number: {single.reason}", confidence=0.9,
            flag=f"--delimiter {DELIMITERS[sign]}",
        )  # fmt: skip
    return DialectFinding(
        what="delimiter", value=DELIMITERS[sign], reason=single.reason, confidence=0.5,
        flag=f"--delimiter {DELIMITERS[sign]} for two columns, or --delimiter semicolon for one",
        readings=(Asked(delimiter=sign), Asked(delimiter=UNCUT)),
    )  # fmt: skip


def _all_end_in(lines: Sequence[str], sign: str) -> bool:
    """Whether a sign ends each line and stands nowhere else: a table of one column."""
    return all(line.rstrip(" ").endswith(sign) and line.count(sign) == 1 for line in lines)


def _without_signs(quoted: re.Match[str]) -> str:
    """A quoted cell in which no sign is left that could cut."""
    return quoted[0].translate(_SIGNS_IN_CELLS)


def _score(body: Sequence[str], later: Sequence[str], delimiter: str, quote: Quote) -> float:
    """How well a sign cuts lines into rows, in [0, 1]: the same number of cells in each, with no other sign in them."""
    rows = [row for row in [*records(body, delimiter, quote), *records(later[:_SAMPLE_ROWS], delimiter, quote)] if row]
    widths = Counter(len(row) - (len(row) > 1 and not row[-1].strip()) for row in rows)
    width, n = max(widths.items(), key=lambda item: (item[1], item[0]))
    if width < 2:
        # A ragged or short table: the first row may still be cut.
        width, n = max(((w, k) for w, k in widths.items() if w > 1), default=(0, 0), key=lambda item: item[1])
        if n < 0.3 * len(rows):
            return 0.0
    others = [sign for sign in _USUAL if sign not in (delimiter, ",", " ")]
    cells = [cell for row in rows for cell in row]
    clean = sum(not any(sign in cell.strip() for sign in others) for cell in cells) / len(cells)
    if delimiter == ",":
        # "6,33;8,05": commas that are decimal signs leave the delimiter in what they cut.
        clean **= 2
    if delimiter in (" ", "\t"):
        # "1.5 ,a": a comma at a cell's edge is what cuts, and the spaces only pad.
        clean *= sum(not cell.startswith(",") and not cell.endswith(",") for cell in cells) / len(cells)
    if delimiter == " ":
        # Words are no columns; neither are the signs of units behind numbers.
        columns = list(zip(*(row for row in rows[1:] if len(row) == width), strict=True))
        if not any(_are_numbers(column) for column in columns) or any({*column} <= _UNITS for column in columns):
            return 0.0
    full = sum(1 for cell in cells if cell.strip()) / len(cells)
    return (n / len(rows)) ** 2 * clean * (0.5 * full if delimiter == " " else 1.0)


def _are_numbers(cells: Sequence[str]) -> bool:
    return 2 * sum(map(holds_number, cells)) > len(cells)


def _widths(lines: Sequence[str], delimiter: str, quote: Quote) -> Counter[int]:
    return Counter(len(row) for row in records(lines, delimiter, quote) if row)


def _titles(body: Sequence[str], delimiter: str, quote: Quote, widths: Counter[int]) -> int:
    """How many of the first lines are no rows: shorter than every usual row, followed by a line of full width."""
    if not widths:
        return 0
    usual = max(width for width, n in widths.items() if n >= 0.3 * widths.total()) if widths else 0
    rows = records(body[:MAX_LINES_ABOVE], delimiter, quote)
    for i, row in enumerate(rows):
        # A header without a name for its first column, as R writes it, stands above numbers; a title above a header.
        above_names = i + 1 < len(rows) and not any(holds_number(cell) for cell in rows[i + 1])
        if len(row) >= usual or (len(row) == usual - 1 > 0 and not above_names):
            return i
    return 0


def holds_number(cell: str) -> bool:
    """Whether a cell may be a number, in whatever dialect."""
    return bool(_NUMBER.match(cell.strip()))


def _lines_of(lines: Sequence[str], records: int) -> int:
    """How many lines, empty ones included, the first records take."""
    if not records:
        return 0
    full = [i for i, line in enumerate(lines) if line.strip()]
    return full[records] if records < len(full) else full[-1]


def _width(first: Sequence[str], widths: Counter[int], body: Sequence[Sequence[str]]) -> tuple[int, bool]:
    """Cells a row, and whether each row ends in one more delimiter."""
    if not widths:
        return len(first), False
    usual = max(widths, key=lambda width: (widths[width], width))
    if widths[len(first)] >= 0.3 * widths.total():
        usual = len(first)
    rows = [row for row in body if len(row) == usual]
    ends = usual == len(first) + 1 and all(not row[-1].strip() for row in rows)
    return usual, ends
