"""Tables whose cells stand below one another at fixed places, filled up with spaces: no sign stands between them.

A cell may hold spaces, and an empty one leaves only blanks, so where cells begin is told from the whole file: from the
places that are blank in every line.
"""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from explorer.io.tables.dialect import CUT, Asked, DialectFinding
from explorer.io.tables.frame import MAX_LINES_ABOVE, Frame, find_frame, remarks_above
from explorer.io.tables.line_source import LineSource
from explorer.io.tables.source import ByteSource, Scan

_MARKS = bytes(0 if byte == 32 else 1 for byte in range(256))
_SHARE = 0.5
_TWO_NUMBERS = re.compile(r"[+-]?[\d.,]+ +[+-]?[\d.,]+$")
_GROUPED = re.compile(r"[+-]?\d{1,3}( \d{3})+([.,]\d*)?$")


@dataclass(frozen=True)
class FixedPlaces:
    """What all lines of a file with spaces between cells are like.

    Args:
        widths: of the cells, in letters, each with the blanks behind it; empty: no place is blank in every line.
        lines_above: lines at the top that do not keep to them, as titles do.
        counts: how many lines have so many words; more than one: spaces alone do not tell the cells.
        is_aligned: most lines have runs of spaces.
    """

    widths: tuple[int, ...]
    lines_above: int
    counts: Counter[int]
    is_aligned: bool


def find_places(source: ByteSource, encoding: str, passed_over: int) -> FixedPlaces:
    """Go through all lines for the places that are blank in each.

    Args:
        encoding: of the file.
        passed_over: lines at the top that are known to be none of the table's.
    """
    top: list[tuple[int, int]] = []  # the number of a line, and its letters as ones
    below, counts, aligned = 0, Counter[int](), 0
    with source.open() as raw:
        for number, line in enumerate(io.TextIOWrapper(raw, encoding, errors="replace")):
            text = line.rstrip()
            if number < passed_over or not text:
                continue
            if '"' in text or "\t" in text:  # quotes and tabs cut otherwise
                return FixedPlaces((), passed_over, Counter(), False)
            ones = int.from_bytes(text.encode("ascii", "replace").translate(_MARKS), "little")
            counts[len(text.split())] += 1
            aligned += "  " in text.lstrip()
            if len(top) < MAX_LINES_ABOVE:
                top.append((number, ones))
            else:
                below |= ones
    above = passed_over
    widths: tuple[int, ...] = ()
    for skipped in range(len(top) // 2 + 1):
        body = below
        for _, ones in top[skipped + 1 :]:
            body |= ones
        widths = _widths(top[skipped][1], body) if len(top) > skipped + 1 else ()
        # A title stands in the first cell alone, above a line that goes on.
        is_title = len(widths) > 1 and _length(top[skipped][1]) <= widths[0] < _length(top[skipped + 1][1])
        if len(widths) > 1 and not is_title:
            above = passed_over if not skipped else top[skipped][0]
            break
    return FixedPlaces(widths if len(widths) > 1 else (), above, counts, aligned >= _SHARE * max(counts.total(), 1))


def _widths(first: int, below: int) -> tuple[int, ...]:
    """Widths of cells that stand in columns below one another.

    Args:
        first: the first line, which may name the columns; each byte says whether there is a letter.
        below: the same of all lines below it together.
    """
    names, places = (ones.to_bytes(_length(ones), "little") for ones in (first, below))
    names = names.ljust(len(places), b"\0")
    starts, gap = [0], None
    for place, is_letter in enumerate(places):
        if not is_letter:
            gap = place if gap is None else gap
            continue
        # A name may reach into the blanks on either side of its column: the cut is in its own widest blanks.
        if gap and (blanks := _widest_blanks(names[gap:place])):
            starts.append(gap + blanks)
        gap = None
    return tuple(end - start for start, end in zip(starts, [*starts[1:], max(len(places), len(names))], strict=True))


def _length(ones: int) -> int:
    """Of a line, in letters."""
    return (ones.bit_length() + 7) // 8


def _widest_blanks(names: bytes) -> int:
    """Where the widest run of blanks ends; 0 where there is none."""
    widest, end, run = 0, 0, 0
    for place, is_letter in enumerate(names, 1):
        run = 0 if is_letter else run + 1
        if run and run >= widest:
            widest, end = run, place
    return end


@dataclass(frozen=True)
class CutForm:
    """Puts a sign between the cells of a line, which are trimmed; the last one goes to the end of the line.

    Args:
        widths: of the cells, in letters.
    """

    widths: tuple[int, ...]
    between = " "

    def __call__(self, line: str) -> str:
        """A line with ``CUT`` between its cells."""
        return f"{self.cut(line)}\n"

    def cut(self, line: str) -> str:
        """The same without the end of line."""
        text = line.rstrip("\r\n")
        if not text.strip():
            return ""
        cells, start = [], 0
        for width in self.widths[:-1]:
            cells.append(text[start : start + width].strip())
            start += width
        return CUT.join([*cells, text[start:].strip()])


def find_cut_frame(
    source: ByteSource, scan: Scan, frame: Frame, name: str, asked: Asked
) -> tuple[ByteSource, Scan, Frame, tuple[int, ...]]:
    """Where cells are, of a file in which they may stand at fixed places.

    Args:
        scan: what one pass over the file told.
        frame: where its cells are if a sign stands between them.
        name: for messages.
        asked: what is known.

    Returns:
        Where its bytes come from, what a pass over these tells, the frame in them, and the widths of the cells; all as
        they are where spaces cut the lines well enough.

    Raises:
        DataError: as ``find_frame``.
    """
    as_it_is = source, scan, frame, ()
    if asked.widths:
        said = DialectFinding(what="delimiter", value="none", reason="as asked", flag="--widths N,N")
        return _cut_as(source, scan, name, asked, asked.widths, said)
    if asked.delimiter is not None or (frame.delimiter != " " and frame.width > 1):
        return as_it_is
    places = find_places(
        source, scan.encoding, remarks_above(scan.head) if asked.lines_above is None else asked.lines_above
    )
    if frame.delimiter != " " and not (places.widths and places.is_aligned):
        return as_it_is
    usual, n = places.counts.most_common(1)[0] if places.counts else (0, 0)
    if len(places.counts) < 2 or n == places.counts.total() or (len(places.widths) == usual and not places.is_aligned):
        return as_it_is
    others = places.counts.total() - n
    reason = f"{n:,} lines have {usual} words, {others:,} another number of them"
    if places.widths and not _touch([*scan.head[places.lines_above + 1 :], *scan.later], places.widths):
        as_told = DialectFinding(
            what="delimiter", value="none", confidence=0.9,
            flag=f"--widths {','.join(map(str, places.widths))}, or --delimiter space",
            reason=f"{reason}, and {len(places.widths) - 1} places are blank in every line",
        )  # fmt: skip
        known = asked.model_copy(update={"lines_above": places.lines_above})
        return _cut_as(source, scan, name, known, places.widths, as_told)
    if not places.is_aligned:
        return as_it_is
    asks = DialectFinding(
        what="delimiter", value="space", confidence=0.5, readings=(Asked(delimiter=" "),),
        reason=f"{reason}, and places that are blank in every line do not part them: cells may touch",
        flag="--widths N,N for cells of these widths, or --delimiter space for words",
    )  # fmt: skip
    others_told = [finding for finding in frame.findings if finding.what != "delimiter"]
    return source, scan, replace(frame, findings=(asks, *others_told)), ()


def _touch(lines: Sequence[str], widths: tuple[int, ...]) -> bool:
    """Whether a cell holds two numbers: then others may touch, which reads as one."""
    cells = [cell for line in lines for cell in CutForm(widths).cut(line).split(CUT)]
    return any(_TWO_NUMBERS.match(cell) and not _GROUPED.match(cell) for cell in cells)


def _cut_as(
    source: ByteSource, scan: Scan, name: str, asked: Asked, widths: tuple[int, ...], finding: DialectFinding
) -> tuple[LineSource, Scan, Frame, tuple[int, ...]]:
    form = CutForm(widths)
    head, later = (tuple(map(form.cut, lines)) for lines in (scan.head, scan.later))
    scanned = Scan("utf-8-sig", head, later, scan.letters)
    frame = find_frame(scanned, source.packing, name, asked.model_copy(update={"delimiter": CUT}))
    findings = [finding if other.what == "delimiter" else other for other in frame.findings]
    return LineSource(source, scan.encoding, form), scanned, replace(frame, findings=tuple(findings)), widths
