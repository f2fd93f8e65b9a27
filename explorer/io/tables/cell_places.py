"""Where the cells of a text table are: what is drawn around them, what stands below them, signs or fixed places."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from explorer.io.tables.bars import bars_finding, find_bars
from explorer.io.tables.below import find_below
from explorer.io.tables.dialect import SPACES, Asked, DialectFinding
from explorer.io.tables.fixed_width import find_cut_frame
from explorer.io.tables.frame import Frame, find_frame
from explorer.io.tables.line_source import LineSource
from explorer.io.tables.padded_quotes import find_padded_quotes
from explorer.io.tables.source import ByteSource, Scan, TableSource, scan
from explorer.io.tables.unusual_signs import SignForm, UnusualSign, unusual_sign

_Source = TableSource | LineSource


@dataclass(frozen=True)
class CellPlaces:
    """A text table's file with where its cells are.

    Args:
        source: its bytes as the reader takes them, cut where a sign has to stand between cells.
        sample: lines of these.
        frame: where cells are in them.
        encoding: of the file.
        widths: of cells at fixed places, in letters; empty: a sign stands between them.
        below: what was found of lines below the rows; None: there are none.
        asked: what is known of the dialect.
    """

    source: ByteSource
    sample: Scan
    frame: Frame
    encoding: str
    widths: tuple[int, ...]
    below: DialectFinding | None
    asked: Asked
    _raw: _Source
    _scan: Scan
    _told: DialectFinding | None

    @property
    def delimiter(self) -> str:
        """Between cells, as the file has it."""
        sign = self.source.form.between if isinstance(self.source, LineSource) else ""
        return sign or self.frame.delimiter

    @property
    def findings(self) -> tuple[DialectFinding, ...]:
        """What was found, what stands below the rows among it."""
        return (*self.frame.findings, *([self.below] if self.below else []))

    @property
    def tail(self) -> tuple[tuple[str, int], ...]:
        """The last lines, as they are where no bars are around them, each with how many bytes it takes."""
        return self._scan.tail

    def without(self, size: int, below: DialectFinding) -> CellPlaces:
        """The same without the last bytes of the file.

        Args:
            size: how many.
            below: what they are.
        """
        raw = replace(self._raw, end=self._scan.size - size)
        scanned = replace(scan(raw, self._scan.encoding), letters=self._scan.letters)
        frame = find_frame(scanned, raw.packing, raw.name, self.asked)
        return _of(raw, scanned, frame, self.encoding, self.asked, below, self._told)


def find_cell_places(file: TableSource, asked: Asked, like: str) -> CellPlaces:
    """Find where cells are, of a file from its first bytes to its last.

    Args:
        file: the file.
        asked: what is known of its dialect.
        like: the encoding of the table that a model learnt from.

    Raises:
        DataError: it cannot be read, is empty, or is not text.
    """
    scanned = scan(file, asked.encoding, like)
    encoding = written = scanned.encoding
    plain: _Source = file
    if padded := find_padded_quotes((*scanned.head, *scanned.later), asked):
        plain, written = LineSource(file, encoding, padded), "utf-8-sig"
        scanned = replace(scan(plain, written), letters=scanned.letters)
        asked = asked.model_copy(update={"encoding": written})
    raw = plain
    told: DialectFinding | None = None
    if bars := find_bars((*scanned.head, *scanned.later), asked):
        raw, told = LineSource(plain, written, bars), bars_finding(bars)
        known = {"delimiter": bars.for_reader}
    else:
        sign = None if asked.delimiter is None else UnusualSign(re.sub(" {2,}", SPACES, asked.delimiter), 0, None)
        if sign is None or sign.for_reader == sign.value:
            frame = find_frame(scanned, file.packing, file.name, asked)
            sign = unusual_sign(scanned, frame, asked)
        known = {}
        if sign:
            told = sign.finding if asked.delimiter is None else None
            known = {"delimiter": sign.for_reader}
        if sign and sign.for_reader != sign.value:
            raw = LineSource(plain, written, SignForm(sign.value))
    if raw is not plain:
        known["encoding"] = "utf-8-sig"
        scanned = replace(scan(raw, known["encoding"]), letters=scanned.letters)
    if known:
        asked = asked.model_copy(update=known)
        frame = find_frame(scanned, raw.packing, raw.name, asked)
    below = find_below(scanned, frame, asked)
    places = _of(raw, scanned, frame, encoding, asked, None, told)
    return places if below is None else places.without(*below)


def _of(
    raw: _Source,
    scanned: Scan,
    frame: Frame,
    encoding: str,
    asked: Asked,
    below: DialectFinding | None,
    told: DialectFinding | None,
) -> CellPlaces:
    if told is not None:
        frame = replace(frame, findings=(told, *(one for one in frame.findings if one.what != "delimiter")))
    source, sample, frame, widths = find_cut_frame(raw, scanned, frame, raw.name, asked)
    return CellPlaces(source, sample, frame, encoding, widths, below, asked, raw, scanned, told)
