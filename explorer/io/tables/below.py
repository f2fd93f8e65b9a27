"""Lines at the end of a table's file that are none of its rows: totals, averages, sources, remarks."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from explorer.io.tables.columns import ColumnFacts
from explorer.io.tables.dialect import Asked, DialectFinding
from explorer.io.tables.frame import Frame
from explorer.io.tables.numbers import MISSING
from explorer.io.tables.records import holds_number, records
from explorer.io.tables.source import Scan

BELOW = "lines below"
"""What a finding about them is of."""
_SUM = re.compile(
    r"\W*((grand|sub|over)[\s-]?)?(totals?|totale|totaal|total general|summe|gesamt(summe|betrag)?|insgesamt|"
    r"zwischensumme|somme|suma|soma|razem|итого|всего|сумма|合計|合计|总计|總計|averages?|mittelwert|durchschnitt|moyenne|promedio|среднее|平均)"
    r"(\s*[\d(:=].*|\W*)",
    re.IGNORECASE,
)
_WEAK = re.compile(
    r"\W*(sum|mean|avg|mittel|media|median|min|max|minimum|maximum|std|stdev|std\.? ?dev\.?|"
    r"standard deviation|count|n)\W*",
    re.IGNORECASE,
)
"""Words that may be names as well: two of them, or one below an empty line."""
_REMARK = re.compile(r"[*†‡#(\[]|.*:(\s|$)|(\S+\s+){3,}\S")
"""How remarks begin, in a column of text: with a sign, a word and a colon, or a sentence."""
_MOST, _MIN_ROWS, _MOSTLY = 12, 3, 0.9


def find_below(scanned: Scan, frame: Frame, asked: Asked) -> tuple[int, DialectFinding] | None:
    """How many bytes the lines below a table take; None where there are none.

    Args:
        scanned: lines from all over the file, and its last ones.
        frame: where its cells are.
        asked: what is known.
    """
    if asked.lines_below == 0:
        return None
    lines = [line for line, _ in scanned.tail]
    full = [place for place, line in enumerate(lines) if line.strip()]
    if asked.lines_below is not None:
        start = full[-asked.lines_below :][0] if full else len(lines)
        return sum(size for _, size in scanned.tail[start:]), _finding(lines[start:], "as asked")
    body = [line for line in scanned.head[frame.lines_above :] if line.strip()][1:]
    candidates = full[-_MOST:]
    is_whole = len(body) + 1 + frame.lines_above >= len(full)
    n_rows = len(body) if is_whole else math.inf
    candidates = candidates[-max(0, min(len(candidates), len(body) - _MIN_ROWS)) :] if n_rows > _MIN_ROWS else []
    sample = body[: len(body) - len(candidates)] if is_whole else [*body, *scanned.later]
    rules = _Rules([row for row in records(sample, frame.delimiter, frame.quote) if len(row) == frame.width], frame)
    first = _start(lines, candidates, rules)
    if first is None:
        return None
    return sum(size for _, size in scanned.tail[first:]), _finding(lines[first:], "")


def sums_below(
    scanned: Scan, tail: Sequence[tuple[str, int]], frame: Frame, facts: Sequence[ColumnFacts]
) -> tuple[int, DialectFinding] | None:
    """How many bytes the last line takes where each of its numbers is the sum of those above it; None where it is none.

    Args:
        scanned: lines from all over the file.
        tail: its last ones, each with how many bytes it takes.
        frame: where cells are.
        facts: what each column's cells are like, the last row's among them.
    """
    of_numbers = [fact for fact in facts if fact.is_number and not math.isnan(fact.last)]
    if not of_numbers or facts[0].n <= 2 * _MIN_ROWS:
        return None
    for fact in of_numbers:
        above = fact.total - fact.last
        rounding = fact.n * 2.0**-52 * max(abs(fact.low), abs(fact.high))
        decimals = fact.fractions and len(f"{fact.last:.15g}".partition(".")[2])
        if not abs(fact.last - above) <= 0.5 * 10.0**-decimals + rounding or fact.last < fact.high or not fact.last:
            return None
    start = next((place for place in range(len(tail) - 1, -1, -1) if tail[place][0].strip()), len(tail))
    body = [line for line in scanned.head[frame.lines_above :] if line.strip()][1:]
    rows = [row for row in records([*body, *scanned.later], frame.delimiter, frame.quote) if len(row) == frame.width]
    lines = [line for line, _ in tail[start:]]
    if not lines or len(rows) < 2 * _MIN_ROWS or _Rules(rows[:-1], frame).is_category(lines[0]):
        return None
    return sum(size for _, size in tail[start:]), _finding(lines, "the last line holds the sums of those above")


def _finding(lines: Sequence[str], why: str) -> DialectFinding:
    full = [line.strip() for line in lines if line.strip()]
    n = len(full)
    first = full[0][:40] if full else ""
    words = why or ("the last line is no row" if n == 1 else f"the last {n} lines are no rows")
    return DialectFinding(
        what=BELOW, value=str(n), reason=f"{words}: {first!r}{', …' if n > 1 else ''}",
        confidence=1.0 if why == "as asked" else 0.8, flag="--lines-below 0 to read them",
    )  # fmt: skip


def _start(lines: Sequence[str], candidates: Sequence[int], rules: _Rules) -> int | None:
    """The place of the first line below the table."""
    weak = sum(rules.is_weak(lines[place]) for place in candidates)
    start = None
    for i in range(len(candidates) - 1, -1, -1):
        line = lines[candidates[i]]
        if line.count(rules.quote) % 2:  # a cell that began on a line above
            break
        after_gap = candidates[i] > 0 and not lines[candidates[i] - 1].strip()
        is_behind_sum = i > 0 and rules.is_below(lines[candidates[i - 1]])
        if rules.is_below(line) or (rules.is_weak(line) and (weak > 1 or after_gap or is_behind_sum)):
            start = candidates[i]
        elif not (i and rules.is_heading(lines[candidates[i - 1]])):
            break
    while start and not lines[start - 1].strip():
        start -= 1
    return start


class _Rules:
    """Tells lines below a table from its rows.

    Args:
        rows: some of these, as cells.
        frame: where cells are.
    """

    def __init__(self, rows: Sequence[Sequence[str]], frame: Frame) -> None:
        self._frame, self._width = frame, frame.width
        columns = [[cell.strip() for cell in column] for column in zip(*rows, strict=True)]
        known = [[cell for cell in column if cell.lower() not in MISSING] for column in columns]
        self._is_number = [bool(c) and sum(map(holds_number, c)) >= _MOSTLY * len(c) for c in known]
        self._values = [{cell.lower() for cell in column} for column in known]
        self._has_lone = any(sum(bool(cell.strip()) for cell in row) == 1 for row in rows)

    @property
    def quote(self) -> str:
        """Stands around cells."""
        return self._frame.quote[-1:] or '"'

    def is_below(self, line: str) -> bool:
        """Whether a line can be none of the rows."""
        cells = self._cells(line)
        if not cells or not any(self._is_number):
            return False
        text = [cell for cell in cells if cell.lower() not in MISSING]
        if not text or holds_number(text[0]):
            return False
        if len(cells) != self._width:
            return (self._is_number[0] and text[0] == cells[0]) or not any(map(holds_number, text))
        if _SUM.fullmatch(text[0]) and not self._comes_again(cells, text[0]):
            return True
        # Who leaves a line of remarks leaves its first cell empty: NA in it is written by what writes rows.
        if (cells[0] and cells[0] not in text) or self._is_of_a_row(cells, text[0]):
            return False
        of_numbers = [c for c, is_number in zip(cells, self._is_number, strict=False) if is_number and c in text]
        if of_numbers:
            return not any(map(holds_number, of_numbers))
        return sum(map(bool, cells)) == 1 and self._width > 1 and not self._has_lone

    def _is_of_a_row(self, cells: Sequence[str], first: str) -> bool:
        """Whether a line's text is what rows have, though its numbers are none: a category that came before, a name."""
        place = cells.index(first)
        names = [i for i, is_number in enumerate(self._is_number) if not is_number]
        if any(cells[i] and cells[i].lower() in self._values[i] for i in names):
            return True
        is_remark = bool(_REMARK.match(first)) and not any(map(_REMARK.match, self._values[place]))
        return place in names and not is_remark

    def is_weak(self, line: str) -> bool:
        """Whether a line begins with a word for what sums up a column, which may be a name, too."""
        cells = self._cells(line)
        first = next((cell for cell in cells if cell), "")
        return len(cells) == self._width and bool(_WEAK.fullmatch(first)) and not self._comes_again(cells, first)

    def is_heading(self, line: str) -> bool:
        """Whether a line names what sums up the columns, without any number: these stand in the next one."""
        cells = self._cells(line)
        first = next((cell for cell in cells if cell), "")
        return bool(_SUM.fullmatch(first) or _WEAK.fullmatch(first)) and not any(map(holds_number, cells))

    def is_category(self, line: str) -> bool:
        """Whether a line's text came before, as a category: sums are of none."""
        cells = zip(self._cells(line), self._is_number, self._values, strict=False)
        return any(cell and not is_number and cell.lower() in values for cell, is_number, values in cells)

    def _cells(self, line: str) -> list[str]:
        rows = records([line], self._frame.delimiter, self._frame.quote)
        return [cell.strip() for cell in rows[0]] if len(rows) == 1 else []

    def _comes_again(self, cells: Sequence[str], value: str) -> bool:
        return value.lower() in self._values[cells.index(value)]
