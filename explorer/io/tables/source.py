"""The bytes of a table, wherever they come from: a path, an upload, packed or not."""

from __future__ import annotations

import codecs
import io
import lzma
import re
from collections.abc import Callable, Collection, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Literal, Protocol

import pyarrow as pa

from explorer.core.errors import DataError
from explorer.io.tables.letters import MAX_WORDS, WORD, Letters, is_utf8, tell_letters

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
_TAR = (257, b"ustar")
"""Where tar archives say what they are."""
MAX_UNPACKED_BYTES = 8 << 30
"""A packed file that unpacks to more is refused: a few kilobytes can hold terabytes of zeros."""
PIECE = 1 << 20
_HEAD = 1 << 16
_SPACES = re.compile(rb'("[^"]*")| +')
_LATER_PIECES, _LATER_BYTES = 64, 4096
_TAIL = 1 << 14
_ZEROS_IN_2, _ZEROS_IN_4 = 0.2, 0.9
"""Shares of zeros where digits have them in text of two or four bytes a sign."""


class ByteSource(Protocol):
    """Where the bytes of a table come from."""

    @property
    def name(self) -> str:
        """For messages."""

    @property
    def packing(self) -> Packing:
        """How they are packed."""

    def open(self) -> AbstractContextManager[IO[bytes]]:
        """The unpacked bytes."""


@dataclass(frozen=True)
class TableSource:
    """A file or bytes that hold a table as text.

    Args:
        content: its path, or its bytes.
        name: for messages.
        end: so many of its unpacked bytes are the table's; None: all.
    """

    content: Path | bytes
    name: str
    end: int | None = None

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
                yield first_bytes(raw, self.end)
                return
            try:
                with (
                    lzma.open(raw)
                    if packing == "xz"
                    else pa.CompressedInputStream(pa.PythonFile(raw, "r"), packing) as unpacked
                ):
                    yield first_bytes(io.BufferedReader(_Limited(unpacked, self.name), PIECE), self.end)
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


class _First(io.RawIOBase):
    """The first so many bytes of a file."""

    def __init__(self, stream: Any, size: int) -> None:
        self._stream, self._left = stream, size

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        content = self._stream.read(min(len(buffer), self._left))
        self._left -= len(content)
        buffer[: len(content)] = content
        return len(content)


def first_bytes(file: IO[bytes], end: int | None) -> IO[bytes]:
    """A file that ends after so many bytes; None: all."""
    return file if end is None else io.BufferedReader(_First(file, end), PIECE)


class TextLines(io.RawIOBase):
    """A file's lines in another form, as UTF-8.

    Args:
        lines: the file.
        form: what each line becomes, with the end of line; empty: it is left out.
    """

    def __init__(self, lines: IO[str], form: Callable[[str], str]) -> None:
        self._lines, self._form, self._left = lines, form, b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        while not self._left and (line := self._lines.readline()):
            self._left = self._form(line).encode()
        part, self._left = self._left[: len(buffer)], self._left[len(buffer) :]
        buffer[: len(part)] = part
        return len(part)


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
        encoding: UTF-8, -16 or -32 where the bytes are that throughout, else the likeliest by ``letters``.
        head: the first lines.
        later: (lines) from all over the rest, whole ones.
        letters: how that was told, where the bytes are none of these.
        size: all bytes.
        tail: the last lines, whole ones, each with how many bytes it takes.
    """

    encoding: str
    head: tuple[str, ...]
    later: tuple[str, ...]
    letters: Letters | None = None
    size: int = 0
    tail: tuple[tuple[str, int], ...] = ()


def scan(source: ByteSource, encoding: str | None = None, like: str = "") -> Scan:
    """Go through the whole of a file once: its encoding, and lines from its start and from all over it.

    Args:
        encoding: where it is known.
        like: the encoding of the table that a model learnt from.

    Raises:
        DataError: it cannot be read, or is not text.
    """
    decoder, broken = codecs.getincrementaldecoder("utf-8")(), False
    words: set[bytes] = set()
    head, tail, size, later, stride = b"", b"", 0, [], 1
    with source.open() as file:
        start = file.read(PIECE)
        said = encoding.lower().replace("_", "-") if encoding else ""
        wide = said if said.startswith(("utf-16", "utf-32")) else _wide(start)
        head = start[:_HEAD]
        number, piece = 0, start
        while piece:
            size, tail = size + len(piece), (tail + piece)[-_TAIL:]
            if b"\0" in piece and not wide and encoding is None:
                raise _no_text(source.name, head)
            if not wide and encoding is None and not piece.isascii():
                broken = broken or not _goes_on(decoder, piece)
                if len(words) < MAX_WORDS:
                    words.update(WORD.findall(_whole_lines(piece, number)))
            if number % stride == 0:
                later.append(piece[-_LATER_BYTES:])
                if len(later) > _LATER_PIECES:
                    later, stride = later[::2], 2 * stride
            number, piece = number + 1, file.read(PIECE)
    if not wide and (other := _other_kind(head)):
        raise DataError(f"{source.name} holds {other[0]}, no table of rows and columns.", other[1])
    letters = None
    if encoding is None and not broken and decoder.getstate()[0]:
        raise DataError(f"{source.name} is cut off: it ends in the middle of a letter.", "Copy or export it again.")
    if encoding is None and broken:
        _refuse_two(words, source.name)
        letters = tell_letters(words, like)
    encoding = encoding or wide or (letters.encoding if letters else "utf-8-sig")
    try:
        "".encode(encoding)
    except LookupError as error:
        raise DataError(f"There is no encoding called {encoding!r}.", "Use utf-8, cp1252 or utf-16.") from error
    whole = len(head) < _HEAD
    lines = _lines(head, encoding)
    return Scan(
        encoding,
        tuple(lines if whole else lines[:-1]),
        () if whole or wide else tuple(line for piece in later for line in _lines(piece, encoding)[1:-1]),
        letters,
        size,
        _tail(tail, size, encoding, start),
    )


def _tail(content: bytes, size: int, encoding: str, start: bytes) -> tuple[tuple[str, int], ...]:
    """The last lines of a file of so many bytes, each with how many it takes."""
    wide = encoding.lower().replace("_", "-")
    if not wide.startswith(("utf-16", "utf-32")):
        lines = content.splitlines(keepends=True)[len(content) < size :]
        return tuple((line.decode(encoding, errors="replace"), len(line)) for line in lines)
    if wide in ("utf-16", "utf-32"):
        wide += "-be" if start.startswith((codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE)) else "-le"
    text = content[(len(content) - size) % 4 :].decode(wide, errors="replace")
    texts = re.findall(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+$", text)[len(content) < size :]
    return tuple((line, len(line.encode(wide, errors="replace"))) for line in texts)


def _goes_on(decoder: codecs.IncrementalDecoder, piece: bytes) -> bool:
    """Whether a piece of a file is UTF-8 behind those before it."""
    try:
        decoder.decode(piece)
    except UnicodeDecodeError:
        return False
    return True


def _whole_lines(piece: bytes, number: int) -> bytes:
    """A piece without the parts of lines that it begins and ends with."""
    end = piece.rfind(b"\n") if len(piece) == PIECE else len(piece)
    return piece[piece.find(b"\n") + 1 if number else 0 : end if end > 0 else len(piece)]


def _wide(start: bytes) -> str:
    """The encoding of two or four bytes a sign that a file says by its mark, or shows by its zeros; else empty."""
    if start[:4] in (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE):
        return "utf-32"
    if start[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return "utf-16"
    sample = start[: 4 * (min(len(start), 4000) // 4)]
    if len(sample) < 16:
        return ""
    zeros = [sample[place::4].count(0) / (len(sample) // 4) for place in range(4)]
    told = ""
    if min(zeros[1:]) > _ZEROS_IN_4 and zeros[0] == 0:
        told = "utf-32-le"
    elif min(zeros[:3]) > _ZEROS_IN_4 and zeros[3] == 0:
        told = "utf-32-be"
    elif max(zeros[0], zeros[2]) == 0 and min(zeros[1], zeros[3]) > _ZEROS_IN_2:
        told = "utf-16-le"
    elif max(zeros[1], zeros[3]) == 0 and min(zeros[0], zeros[2]) > _ZEROS_IN_2:
        told = "utf-16-be"
    text = sample.decode(told, errors="replace") if told else ""
    return told if all(sign.isprintable() or sign.isspace() for sign in text) else ""


def _refuse_two(words: Collection[bytes], name: str) -> None:
    """Refuse a file of which some words are UTF-8 and others are not, as where two files were put into one.

    Raises:
        DataError: with a word of each.
    """
    as_utf8 = sorted(word for word in words if is_utf8(word))
    if as_utf8 and 4 * len(as_utf8) >= len(words):
        other = next((word for word in sorted(words) if not is_utf8(word)), b"")
        raise DataError(
            f"{name} is UTF-8 in some places, as {as_utf8[0].decode()!r}, and not in others, as"
            f" {other.decode('cp1252', errors='replace')!r} (in Windows-1252).",
            "Save its parts in one encoding, or say --encoding cp1252 to read it all the same.",
        )


def _no_text(name: str, head: bytes) -> DataError:
    """What to say of bytes that are no text in an encoding that is told by itself."""
    if head[_TAR[0] :].startswith(_TAR[1]):
        return DataError(f"{name} is a tar archive, not a text file.", "Unpack it first.")
    for magic, kind, hint in _NO_TEXT:
        if head.startswith(magic):
            return DataError(f"{name} is {kind}, not a text file.", hint)
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
