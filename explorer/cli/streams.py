"""Standard input as a file of the kind that its first bytes say, and standard output in a file's place."""

from __future__ import annotations

import atexit
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import IO

from explorer.core.errors import CheckpointError, DataError, UndecidedError

STREAM = "-"
"""What stands for standard input or output where a path is asked for."""


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
    from explorer.data.file_kinds import kind_of

    folder = Path(tempfile.mkdtemp(prefix="explorer-"))  # for this user alone
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    draft = folder / "draft"
    try:
        with draft.open("wb") as file:
            shutil.copyfileobj(sys.stdin.buffer, file, 1 << 20)
        if not draft.stat().st_size:
            raise DataError("Standard input is empty.", "Send a file to it, as in: explorer … - < table.csv")
        with draft.open("rb") as file:
            kind = kind_of(file)
        return draft.rename(folder / f"standard-input{kind}")
    except OSError as error:
        raise DataError(f"Standard input cannot be kept: {error.strerror}.", "Give a file.") from error


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
def written(out: Path) -> Iterator[IO[bytes]]:
    """A file to write to; it takes the place of one that was there only when all is written.

    Raises:
        CheckpointError: the file cannot be written; the one that was there is as it was.
    """
    if is_stream(out):
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    partial: Path | None = None
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=out.parent, prefix=f".{out.name}.", suffix=".part", delete=False) as file:
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
