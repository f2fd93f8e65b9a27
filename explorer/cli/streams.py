"""Standard input as a file of the kind that its first bytes say, and standard output in a file's place."""

from __future__ import annotations

import atexit
import io
import re
import shutil
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import IO

from explorer.core.errors import CheckpointError, DataError, UndecidedError

STREAM = "-"
"""What stands for standard input or output where a path is asked for."""
_KINDS: tuple[tuple[bytes, str], ...] = (
    (b"PAR1", ".parquet"), (b"\x93NUMPY", ".npy"), (b"\x28\xb5\x2f\xfd", ".csv.zst"), (b"\x89PNG\r\n\x1a\n", ".png"),
    (b"\xff\xd8\xff", ".jpg"), (b"GIF8", ".gif"), (b"BM", ".bmp"), (b"II*\0", ".tif"), (b"MM\0*", ".tif"),
    (b"II+\0", ".tif"), (b"MM\0+", ".tif"), (b"\0\0\0\x0cjP  ", ".jp2"), (b"\xff\x4f\xff\x51", ".j2k"),
    (b"8BPS\0", ".psd"), (b"icns", ".icns"), (b"\0\0\1\0", ".ico"), (b"\1\xda", ".sgi"),
)  # fmt: skip
_PNM = re.compile(rb"P[1-6Ff][ \t\r\n]+[\d#]")
_IDX_TYPES = frozenset(b"\x08\x09\x0b\x0c\x0d\x0e")


def is_stream(path: str | Path) -> bool:
    """Whether standard input or output is meant."""
    return str(path) == STREAM


def local(source: str) -> str:
    """The path of an input; standard input is kept in a temporary file until the program ends.

    Raises:
        DataError: standard input is a terminal, or empty.
        UndecidedError: the name of a dataset that is also that of a file here.
    """
    from explorer.data import DATASETS

    if source in DATASETS and Path(source).exists():
        raise UndecidedError(
            f"{source} is the name of a dataset and of something in this folder.",
            f"Say ./{source} for what is here, or start the command elsewhere for the dataset.",
        )
    return str(_standard_input()) if is_stream(source) else source


def called(source: str) -> str:
    """What messages and cards call an input."""
    return "standard input" if is_stream(source) else source


@cache
def _standard_input() -> Path:
    if sys.stdin.isatty():
        raise DataError("Nothing is sent to standard input.", "Send a file to it, as in: explorer … - < table.csv")
    folder = Path(tempfile.mkdtemp(prefix="explorer-"))  # for this user alone
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    draft = folder / "draft"
    try:
        with draft.open("wb") as file:
            shutil.copyfileobj(sys.stdin.buffer, file, 1 << 20)
        if not draft.stat().st_size:
            raise DataError("Standard input is empty.", "Send a file to it, as in: explorer … - < table.csv")
        return draft.rename(folder / f"standard-input{kind_of(draft)}")
    except OSError as error:
        raise DataError(f"Standard input cannot be kept: {error.strerror}.", "Give a file.") from error


def kind_of(path: Path) -> str:
    """The ending that a file of this content has, by its first bytes; text is a CSV."""
    with path.open("rb") as file:
        start = file.read(16)
    if start.startswith(b"PK"):
        return ".npz" if _holds_arrays(path) else ".zip"
    if start.startswith(b"\x1f\x8b"):
        return ".idx.gz" if _is_idx(_unpacked_start(path)) else ".csv.gz"
    if start[:4] == b"RIFF" and start[8:12] == b"WEBP":
        return ".webp"
    if start[4:12] in (b"ftypavif", b"ftypavis"):
        return ".avif"
    if _PNM.match(start):
        return ".pnm"
    if _is_idx(start):
        return ".idx"
    return next((suffix for magic, suffix in _KINDS if start.startswith(magic)), ".csv")


def _is_idx(start: bytes) -> bool:
    return len(start) >= 4 and start[:2] == b"\0\0" and start[2] in _IDX_TYPES and 1 <= start[3] <= 8


def _holds_arrays(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            return all(name.endswith(".npy") for name in archive.namelist())
    except zipfile.BadZipFile:
        return False


def _unpacked_start(path: Path) -> bytes:
    import gzip
    import zlib

    try:
        with gzip.open(path) as file:
            return file.read(4)
    except (OSError, EOFError, zlib.error):
        return b""


def deliver(out: Path, content: bytes) -> None:
    """Write a file, or to standard output.

    Raises:
        CheckpointError: the file cannot be written.
    """
    from explorer.checkpoints.files import write_file

    if is_stream(out):
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    else:
        write_file(out, content)


@contextmanager
def written_text(out: Path) -> Iterator[IO[str]]:
    """A text file to write to; it takes the place of one that was there only when all is written.

    Bytes of names of files that are no text are escaped.

    Raises:
        CheckpointError: the file cannot be written; the one that was there is as it was.
    """
    if is_stream(out):
        stream = io.TextIOWrapper(sys.stdout.buffer, "utf-8", "backslashreplace", newline="", write_through=True)
        try:
            yield stream
        finally:
            stream.detach()
        return
    partial: Path | None = None
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(
            "w",
            dir=out.parent,
            prefix=f".{out.name}.",
            suffix=".part",
            newline="",
            encoding="utf-8",
            errors="backslashreplace",
            delete=False,
        ) as file:
            partial = Path(file.name)
            yield file
        partial.chmod(0o644)
        partial.replace(out)
        partial = None
    except OSError as error:
        raise CheckpointError(f"Cannot write {out}: {error.strerror}.", "Choose another folder.") from error
    finally:
        if partial is not None:
            partial.unlink(missing_ok=True)
