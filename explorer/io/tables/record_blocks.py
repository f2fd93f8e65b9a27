"""The records of a text table, cut into cells a block at a time."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from explorer.core.errors import DataError
from explorer.io.tables.dialect import CUT
from explorer.io.tables.frame import Frame
from explorer.io.tables.letters import ENCODINGS
from explorer.io.tables.open_quotes import OpenQuotes, may_hold
from explorer.io.tables.passed_over import Block, PassedOver
from explorer.io.tables.plain import NULLS, NotPlainError, Plain
from explorer.io.tables.source import ByteSource, OneSpace

KEPT_BYTES = 256 << 20
"""A table whose text is smaller is kept in memory after it was looked through; a larger one is read again."""
_BLOCK, _LARGE_BLOCK = 4 << 20, 64 << 20
"""Bytes that are cut into cells at once; a longer row needs the large ones."""
_MARK = "\ufeff"
"""That text is UTF-8, as some programs write it at its start; between rows it stands for nothing."""
_NOT_PLAIN = re.compile(r"CSV column #(\d+):.*conversion error", re.DOTALL)


class RecordBlocks:
    """The records below a table's first one.

    Args:
        source: the file's bytes.
        frame: where its records and their cells begin and end.
        name: of the file, for messages.
        size: bytes of the file, or of its sample where that is all that is known.
        plain: which columns are expected to hold plain numbers.
        missing: texts that stand for a missing cell.
        quote_is_said: a user said which sign stands around cells.

    Attributes:
        plain: what is expected by now: see ``not_plain``.
        heads: names of the columns, where they come again among the rows.
        passed_over: what the last whole reading passed over.
    """

    def __init__(
        self,
        source: ByteSource,
        frame: Frame,
        name: str,
        size: int,
        plain: Plain,
        missing: tuple[str, ...],
        quote_is_said: bool,
    ) -> None:
        self._source, self._frame, self._name, self._size = source, frame, name, size
        self._missing, self._quote_is_said = missing, quote_is_said
        self.plain = plain
        self.heads: tuple[str, ...] = ()
        self.passed_over = PassedOver(0, ())
        self._kept: list[Block] | None = None
        self._block_bytes = _BLOCK

    def not_plain(self, places: Collection[int] | None = None) -> None:
        """Columns that hold no plain numbers: they are read as text from now on. None: all of them."""
        left = frozenset() if places is None else self.plain.places - frozenset(places)
        self.plain = replace(self.plain, places=left)

    def fresh(self) -> Iterator[Block]:
        """As ``read``, from the file; what is small is kept, so that ``read`` then gives it from memory."""
        size = 0
        kept: list[Block] | None = []
        self._kept = None
        for rows, block in self.read():
            size += sum(column.nbytes for column in block)
            kept = None if kept is None or size > KEPT_BYTES else [*kept, (rows, block)]
            yield rows, block
        self._kept = kept

    def read(self, written: Collection[int] = ()) -> Iterator[Block]:
        """Numbers of the records, from 1, and their cells, without empty and ragged ones.

        Cells are trimmed text, or float64 with null where one is missing, of columns that hold plain numbers alone.

        Args:
            written: places of the columns that are wanted as text.

        Raises:
            DataError: it is no table.
            NotPlainError: a column that was taken for plain numbers is none, or a row needs larger blocks.
        """
        plain = self.plain.places - set(written)
        if self._kept is not None and plain == self.plain.places:
            yield from self._kept
            return
        frame = self._frame
        passed_over = PassedOver(1 + frame.lines_above, self.heads, last=frame.passed_over)
        quotes = OpenQuotes(frame, self._name, self._quote_is_said)
        quotes.look_at_first()
        try:
            with self._source.open() as raw:
                is_aligned = frame.delimiter == " " and frame.encoding not in ("utf-16", "utf-32")
                lines = io.BufferedReader(OneSpace(raw)) if is_aligned else raw
                reader = csv.open_csv(pa.PythonFile(lines, "r"), *self._options(plain, passed_over.ragged_row))
                for batch in reader:
                    quotes.look(batch.columns, passed_over.of_several_lines)
                    rows, block = passed_over.kept(
                        [c if i in plain else self.tidy(c) for i, c in enumerate(batch.columns)]
                    )
                    if len(rows):
                        yield rows, block
                quotes.end(self._source)
        except pa.ArrowInvalid as error:
            self._say(error)
        except UnicodeError as error:
            raise self._not_in_its_encoding() from error
        except pa.ArrowException as error:
            raise self._not_readable(error) from error
        self.passed_over = passed_over

    def tidy(self, cells: pa.Array) -> pa.Array:
        """(n,) text of cells without blanks around it; empty where one is missing."""
        trimmed = pc.utf8_trim_whitespace(cells)
        if may_hold(trimmed, _MARK.encode()):  # where files were put one behind the other
            trimmed = pc.replace_substring(trimmed, _MARK, "")
        if not self._missing:
            return trimmed
        return pc.if_else(pc.is_in(trimmed, value_set=pa.array(self._missing)), "", trimmed)

    def _say(self, error: pa.ArrowInvalid) -> None:
        """Turn what pyarrow says into an error of ours; nothing where it says that no record follows."""
        text = str(error)
        if "UTF8" in text:
            raise self._not_in_its_encoding() from error
        is_one_line = "straddl" in text and self._size < self._block_bytes  # without an end
        if "straddl" in text and not is_one_line and self._block_bytes < _LARGE_BLOCK:
            self._block_bytes = _LARGE_BLOCK
            raise NotPlainError(-1) from error
        if (place := _NOT_PLAIN.search(text)) is not None:
            raise NotPlainError(int(place[1])) from error
        if not is_one_line and "Empty CSV" not in text and "no data" not in text.lower():
            raise self._not_readable(error) from error

    def _not_readable(self, error: pa.ArrowException) -> DataError:
        return DataError(f"{self._name} is not a readable table: {error}.", "Save it again as CSV.")

    def _not_in_its_encoding(self) -> DataError:
        encoding = ENCODINGS.get(self._frame.encoding, self._frame.encoding)
        return DataError(
            f"{self._name} holds bytes that are no letters in {encoding}.",
            "Leave --encoding out to have it found, or say another one.",
        )

    def _options(
        self, plain: Collection[int], pass_over: Callable[[csv.InvalidRow], str]
    ) -> tuple[csv.ReadOptions, csv.ParseOptions, csv.ConvertOptions]:
        frame = self._frame
        places = [f"{i}" for i in range(frame.width)]
        return (
            csv.ReadOptions(
                use_threads=False, block_size=self._block_bytes, skip_rows=frame.lines_above, column_names=places,
                skip_rows_after_names=1 + frame.passed_over,
                encoding="utf-8" if frame.encoding == "utf-8-sig" else frame.encoding,
            ),
            csv.ParseOptions(
                delimiter=frame.delimiter, quote_char=False if frame.delimiter == CUT else frame.quote[-1:] or False,
                escape_char=frame.quote[:-1] or False, double_quote=len(frame.quote) < 2,
                newlines_in_values=True, ignore_empty_lines=False,
                invalid_row_handler=pass_over,
            ),
            csv.ConvertOptions(
                column_types={place: pa.float64() if int(place) in plain else pa.string() for place in places},
                null_values=[*NULLS, *self._missing], strings_can_be_null=False,
                decimal_point=self.plain.decimal,
            ),
        )  # fmt: skip
