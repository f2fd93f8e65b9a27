"""The bytes of a table, wherever they come from: a path, an upload, packed or not."""

from __future__ import annotations

import codecs
import io
import lzma
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Literal

import pyarrow as pa

from explorer.core.errors import DataError

SUFFIXES = (
    *(f".{kind}{packed}" for kind in ("csv", "tsv", "txt") for packed in ("", ".gz", ".zst", ".bz2", ".xz")),
    ".parquet", ".pq",
)  # fmt: skip
"""Of files that hold a table."""
PARQUET_MAGIC = b"PAR1"
Packing = Literal["", "gzip", "zstd", "bz2", "xz"]
_MAGIC: tuple[tuple[bytes, Packing], ...] = (
    (b"\x1f\x8b", "gzip"), (b"\x28\xb5\x2f\xfd", "zstd"), (b"BZh", "bz2"), (b"\xfd7zX", "xz"),
)  # fmt: skip
_NO_TEXT = (
    (b"PK", "a zip or a spreadsheet (.xlsx, .ods)", "Unpack it, or save the sheet as CSV in the spreadsheet."),
    (b"\xd0\xcf\x11\xe0", "an old spreadsheet (.xls)", "Save the sheet as CSV in the spreadsheet."),
    (
        b"ARROW1",
        "an Arrow or Feather file",
        "Convert it in Python: pandas.read_feather(...).to_parquet('data.parquet')",
    ),
    (b"\x89HDF", "an HDF5 file", "Save the table in it as CSV or Parquet."),
    (b"SQLite format 3", "an SQLite database", "Save the table in it as CSV."),
)
"""What files that are no text begin with, what they are, and what to do."""
MAX_UNPACKED_BYTES = 8 << 30
"""A packed file that unpacks to more is refused: a few kilobytes can hold terabytes of zeros."""
PIECE = 1 << 20
_HEAD = 1 << 16
_SPACES = re.compile(rb'("[^"]*")| +')
_LATER_PIECES, _LATER_BYTES = 64, 4096


@dataclass(frozen=True)
class TableSource:
    """A file or bytes that hold a table as text.

    Args:
        content: its path, or its bytes.
        name: for messages.
    """

    content: Path | bytes
    name: str

    @property
    def packing(self) -> Packing:
        """How it is packed, by its first bytes.

        Raises:
            DataError: it cannot be read.
        """
        with self._raw() as file:
            start = file.read(4)
        return next((packing for magic, packing in _MAGIC if start.startswith(magic)), "")

    @contextmanager
    def open(self) -> Iterator[IO[bytes]]:
        """The unpacked bytes.

        Raises:
            DataError: it cannot be read, or is damaged.
        """
        packing = self.packing
        with self._raw() as raw:
            if not packing:
                yield raw
                return
            try:
                with (
                    lzma.open(raw)
                    if packing == "xz"
                    else pa.CompressedInputStream(pa.PythonFile(raw, "r"), packing) as unpacked
                ):
                    yield io.BufferedReader(_Limited(unpacked, self.name), PIECE)
            except (OSError, EOFError, lzma.LZMAError) as error:
                raise DataError(f"{self.name} is damaged: {error}.", "Pack it again.") from error

    @contextmanager
    def _raw(self) -> Iterator[IO[bytes]]:
        try:
            with io.BytesIO(self.content) if isinstance(self.content, bytes) else self.content.open("rb") as file:
                yield file
        except OSError as error:
            raise DataError(f"{self.name} cannot be read: {error.strerror or error}.", "Check the path.") from error


class _Limited(io.RawIOBase):
    """Unpacked bytes, up to ``MAX_UNPACKED_BYTES``."""

    def __init__(self, stream: Any, name: str) -> None:
        self._stream, self._name, self._left = stream, name, MAX_UNPACKED_BYTES

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        content = self._stream.read(len(buffer))
        self._left -= len(content)
        if self._left < 0:
            raise DataError(
                f"{self._name} unpacks to more than {MAX_UNPACKED_BYTES >> 30} GiB.", "Give it unpacked, in parts."
            )
        buffer[: len(content)] = content
        return len(content)


class OneSpace(io.RawIOBase):
    """Lines of cells that stand below one another, with one space between neighbours and none around them.

    Args:
        lines: the file, in an encoding that writes a space as one byte. What is quoted stays as it is.
    """

    def __init__(self, lines: IO[bytes]) -> None:
        self._lines, self._left = lines, b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._left and (line := self._lines.readline()):
            end = line[len(line.rstrip(b"\r\n")) :]
            self._left = _SPACES.sub(lambda match: match[1] or b" ", line.strip(b" \r\n")) + end
        part, self._left = self._left[: len(buffer)], self._left[len(buffer) :]
        buffer[: len(part)] = part
        return len(part)


@dataclass(frozen=True)
class Scan:
    """What one pass over all bytes tells.

    Args:
        encoding: UTF-16 where the file says so, UTF-8 where it is that throughout, else Windows' Western one.
        head: the first lines.
        later: (lines) from all over the rest, whole ones.
    """

    encoding: str
    head: tuple[str, ...]
    later: tuple[str, ...]


def scan(source: TableSource, encoding: str | None = None) -> Scan:
    """Go through the whole of a file once: its encoding, and lines from its start and from all over it.

    Args:
        encoding: where it is known.

    Raises:
        DataError: it cannot be read, or is not text.
    """
    decoder, is_utf8 = codecs.getincrementaldecoder("utf-8")(), True
    head, later, stride = b"", [], 1
    with source.open() as file:
        start = file.read(PIECE)
        is_utf32 = start[:4] in (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
        wide = is_utf32 or start[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
        head = start[:_HEAD]
        number, piece = 0, start
        while piece:
            if b"\0" in piece and not wide and encoding is None:
                raise _no_text(source.name, head)
            if is_utf8 and not wide:
                try:
                    decoder.decode(piece)
                except UnicodeDecodeError:
                    is_utf8 = False
            if number % stride == 0:
                later.append(piece[-_LATER_BYTES:])
                if len(later) > _LATER_PIECES:
                    later, stride = later[::2], 2 * stride
            number, piece = number + 1, file.read(PIECE)
    if not wide and (other := _other_kind(head)):
        raise DataError(f"{source.name} holds {other[0]}, no table of rows and columns.", other[1])
    encoding = encoding or ("utf-32" if is_utf32 else "utf-16" if wide else "utf-8-sig" if is_utf8 else "cp1252")
    try:
        codecs.lookup(encoding)
    except LookupError as error:
        raise DataError(f"There is no encoding called {encoding!r}.", "Use utf-8, cp1252 or utf-16.") from error
    whole = len(head) < _HEAD
    lines = _lines(head, encoding)
    return Scan(
        encoding,
        tuple(lines if whole else lines[:-1]),
        () if whole or wide else tuple(line for piece in later for line in _lines(piece, encoding)[1:-1]),
    )


def _no_text(name: str, head: bytes) -> DataError:
    """What to say of bytes that are no text in an encoding that is told by itself."""
    for magic, kind, hint in _NO_TEXT:
        if head.startswith(magic):
            return DataError(f"{name} is {kind}, not a text file.", hint)
    evens, odds = head[0:400:2].count(0), head[1:400:2].count(0)
    if len(head) > 16 and max(evens, odds) > 0.4 * len(head[:400:2]) and min(evens, odds) == 0:
        order = "le" if odds else "be"
        return DataError(f"{name} may be UTF-16 without a mark for that.", f"Say so: --encoding utf-16-{order}.")
    return DataError(f"{name} is not a text file.", "Save the table as CSV or Parquet.")


def _other_kind(head: bytes) -> tuple[str, str] | None:
    """What text that is no table of cells is, and what to do with it, by its first characters."""
    start = head.removeprefix(codecs.BOM_UTF8).lstrip()[:400]
    if re.match(rb"<(!doctype|html|\?xml|svg|table)", start, re.IGNORECASE):
        return "HTML or XML", "Open it in a spreadsheet and save the table as CSV."
    if re.match(rb'\{\s*"|\[\s*[\[{]', start):
        lines = ", lines=True" if b"}" in start.splitlines()[0] and start.startswith(b"{") else ""
        return "JSON", f'Convert it in Python: pandas.read_json("data.json"{lines}).to_csv("data.csv", index=False)'
    if re.match(rb"(%[^\n]*\s+)*@relation\s", start, re.IGNORECASE):
        return "ARFF", "Keep the lines below @data, with a line of names above them, as CSV."
    if re.match(rb"[+-]?[\d.]+( \d+:[\d.eE+-]+){2,}\s*[\r\n]", start):
        return "LIBSVM", 'Convert it in Python: sklearn.datasets.load_svmlight_file("data.txt"), then numpy.savez'
    return None


def _lines(content: bytes, encoding: str) -> list[str]:
    text = content.decode(encoding, errors="replace")
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def is_parquet(content: Path | bytes) -> bool:
    """Whether a file, by its path or its bytes, is Parquet; False where it cannot be read."""
    if isinstance(content, bytes):
        return content.startswith(PARQUET_MAGIC)
    try:
        with content.open("rb") as file:
            return file.read(len(PARQUET_MAGIC)) == PARQUET_MAGIC
    except OSError:
        return False
