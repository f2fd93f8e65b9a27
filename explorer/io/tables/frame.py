"""Where the cells of a text table are: lines above it, header, units, cells a row."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from explorer.core.errors import DataError
from explorer.io.tables.delimiter import find_delimiter
from explorer.io.tables.dialect import ENCODING, Asked, DialectFinding, Quote
from explorer.io.tables.letters import ENCODINGS, Letters
from explorer.io.tables.numbers import MISSING
from explorer.io.tables.quotes import as_letters, find_quote
from explorer.io.tables.records import holds_number, reader, records, trimmed
from explorer.io.tables.source import Packing, Scan
from explorer.io.tables.unit_row import unit_of_cell, units_below

MAX_LINES_ABOVE = 30
_FIELDS = re.compile(r"#fields:?\s", re.IGNORECASE)
"""How a line begins that names the columns, in logs of Zeek and of web servers."""
_SURE_OF_LETTERS, _ASKED_OF_LETTERS = 8.0, 3.0
"""How much likelier an encoding must be than another one (as a logarithm) to go without a word, and not to be asked."""


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
    quote = find_quote([*body, *later]) if asked.quote is None else asked.quote
    delimiter, finding = find_delimiter(body, later, said, quote, asked.delimiter is not None)
    findings.append(finding)
    if asked.quote is None and quote == '"':
        is_letter, dropped = as_letters([*body, *later], delimiter)
        quote = "" if is_letter else quote
        findings += [dropped] if dropped else []
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
    first = tuple(next(reader(trimmed(lines, delimiter), delimiter, quote), []))
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
