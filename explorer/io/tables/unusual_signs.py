"""Signs between cells that few programs write there: ~, ^, §, two spaces, or several signs together, such as ||."""

from __future__ import annotations

import re
import shlex
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from explorer.io.tables.date_cells import is_date
from explorer.io.tables.dialect import DELIMITERS, SPACES, Asked, DialectFinding, said_as
from explorer.io.tables.frame import Frame, remarks_above, separator
from explorer.io.tables.numbers import MISSING
from explorer.io.tables.one_column import UNCUT
from explorer.io.tables.records import holds_number, records
from explorer.io.tables.source import Scan

STANDS_FOR = "\x1e"
"""Is put in the place of a sign that the reader does not take: ASCII's own sign between records."""
_SIGNS = re.compile(r"[^\w\s.,\"'()\[\]{}]+|[\x00-\x08\x0e-\x1f]|\t{2,}|  +|\u3000+")
_WITHIN_CELLS = frozenset("/#&!=*@+$%-\\<>:;|?€£°")
"""Signs that stand within cells, too."""
_IN_PAIRS = frozenset("-+=%$")
"""Of these, signs of which one within a cell is usual."""
_QUOTED = re.compile(r'(?<!\w)"([^"]*)"(?!\w)')
_DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+")
_MOSTLY = 0.9
_SAMPLE = 400
"""Share of the lines that a sign cuts alike, and lines that are looked at."""


@dataclass(frozen=True)
class UnusualSign:
    """A sign that may stand between cells.

    Args:
        value: the sign, or several.
        width: cells a row.
        other: what the table is otherwise, as a delimiter to be said; None: nothing else is likely.
    """

    value: str
    width: int
    other: str | None

    @property
    def for_reader(self) -> str:
        """The sign that the reader cuts at: it takes none of several letters or outside of ASCII."""
        return self.value if len(self.value) == 1 and self.value.isascii() else STANDS_FOR

    @property
    def finding(self) -> DialectFinding:
        """That it cuts, or may."""
        said = said_as(self.value)
        reason = f"{said} cuts each row into {self.width} cells"
        if self.other is None:
            return DialectFinding(
                what="delimiter", value=said, reason=reason, confidence=0.9, flag="--delimiter SIGN"
            )  # fmt: skip
        other = "semicolon for one column" if self.other == UNCUT else said_as(self.other)
        return DialectFinding(
            what="delimiter", value=said, reason=f"{reason}, or stands within one", confidence=0.5,
            flag=f"--delimiter {shlex.quote(self.value)} to cut there, or --delimiter {other}",
            readings=(Asked(delimiter=self.value), Asked(delimiter=self.other)),
        )  # fmt: skip


def unusual_sign(scanned: Scan, frame: Frame, asked: Asked) -> UnusualSign | None:
    """The sign between a file's cells where it is none of the usual ones; None where it is one, or was said.

    Args:
        scanned: lines from all over the file.
        frame: where its cells are if it is.
        asked: what is known of its dialect.
    """
    if asked.delimiter is not None or asked.widths or any(map(separator, scanned.head[: frame.lines_above])):
        return None
    lines = [*scanned.head[remarks_above(scanned.head) :], *scanned.later]
    return find_sign(lines, frame.delimiter, records(lines, frame.delimiter, frame.quote))


def find_sign(lines: Sequence[str], delimiter: str, usual: Sequence[Sequence[str]]) -> UnusualSign | None:
    """The sign that cuts lines into more numbers than the usual signs do; None where there is none.

    Args:
        lines: of the table, from all over the file, the first one first.
        delimiter: the best of the usual signs.
        usual: the rows of cells that it cuts them into.
    """
    full = [line for line in lines if line.strip()]
    lines = [_QUOTED.sub(_without_signs, line.strip(" ")) for line in full[:: 1 + len(full) // _SAMPLE]]
    if len(lines) < 2:
        return None
    widths = {len(row) for row in usual}
    other = delimiter if len(widths) == 1 and widths != {1} else UNCUT
    runs = dict.fromkeys(run for line in (lines[0], lines[len(lines) // 2]) for run in _SIGNS.findall(line))
    signs = {SPACES if run.isspace() and "\t" not in run else run for run in runs}
    signs |= {f" {run} " for run in runs if not run.isspace()} | {sign for run in runs for sign in run}
    best, most = None, _share(usual)
    for sign in sorted(signs - {*DELIMITERS}, key=lambda sign: (-len(sign), sign)):
        rows = [cut_at(sign, line) for line in lines]
        if _share(rows) > most and (cuts := _cut_by(sign, rows, lines, other)) is not None:
            best, most = cuts, _share(rows)
    return best


def _without_signs(quoted: re.Match[str]) -> str:
    """What is quoted, with no sign in it that could cut."""
    return re.sub(r"[^\w.,+-]", "_", quoted[1])


def cut_at(sign: str, line: str) -> list[str]:
    """The cells of a line."""
    cells = re.split(r" {2,}", line) if sign == SPACES else line.split(sign)
    return [cell.strip() for cell in cells]


def _cut_by(sign: str, rows: Sequence[list[str]], lines: Sequence[str], other: str) -> UnusualSign | None:
    """Whether a sign cuts lines into these rows; ``other`` cuts them as well, or they are one column."""
    names, width, bare = rows[0], len(rows[0]), sign.strip()
    n = Counter(map(len, rows))[width]
    if width < 2 or n < (len(rows) if sign == SPACES else _MOSTLY * len(rows)):
        return None
    if sign == SPACES:
        return None if _are_aligned(lines) else UnusualSign(sign, width, None)
    rows = [row for row in rows if len(row) == width]
    if len(bare) > 1 and any(one in cell for one in {*bare} for row in rows for cell in row):
        return None  # one of its signs stands alone, too
    columns = list(zip(*rows[1:], strict=True))
    is_rare = len(bare) > 1 or bare not in _WITHIN_CELLS
    if other in sign:
        other = UNCUT
    if other != UNCUT and not all(_DECIMAL_COMMA.fullmatch(cell) for row in rows for cell in row if other in cell):
        return None
    if not all(map(any, columns)) and not (is_rare and other == UNCUT):
        return None
    is_header = not any(map(holds_number, names)) and len({*names}) == width and all(names)
    if is_rare:
        return UnusualSign(sign, width, None if other == UNCUT else other)
    numbers = [all(holds_number(cell) or cell.lower() in MISSING for cell in column) for column in columns]
    if other != UNCUT or not any(numbers) or all(map(is_date, lines[1:])) or (width == 2 and bare in _IN_PAIRS):
        return None
    return UnusualSign(sign, width, None if is_header and width > 2 else other)


def _are_aligned(lines: Sequence[str]) -> bool:
    """Whether cells with two spaces or more between them stand below one another."""
    places = [[match.span() for match in re.finditer(r"\S+(?: \S+)*", line)] for line in lines]
    return all(len({*starts}) == 1 or len({*ends}) == 1 for starts, ends in (
        zip(*column, strict=True) for column in zip(*places, strict=True)
    ))  # fmt: skip


def _share(rows: Iterable[Sequence[str]]) -> float:
    """Of the cells, those that are numbers."""
    cells = [cell for row in rows for cell in row]
    return sum(map(holds_number, cells)) / max(1, len(cells))


@dataclass(frozen=True)
class SignForm:
    """Puts one sign in the place of that between the cells of a line.

    Args:
        between: that sign, or several.
    """

    between: str

    def __call__(self, line: str) -> str:
        """A line with ``STANDS_FOR`` between its cells."""
        text = line.strip(" \r\n") if self.between == SPACES else line.rstrip("\r\n")
        return self._pattern.sub(lambda match: match[1] or STANDS_FOR, text) + "\n"

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        sign = " {2,}" if self.between == SPACES else re.escape(self.between)
        return re.compile(rf'((?<![^\s{re.escape(self.between[-1])}])"(?:[^"]|"")*")|{sign}')
