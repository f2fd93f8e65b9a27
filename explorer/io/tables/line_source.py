"""A table's bytes, each line in a form that the reader takes: one sign between cells, nothing around them."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Protocol

from explorer.io.tables.source import ByteSource, Packing, TextLines, first_bytes


class LineForm(Protocol):
    """What is done to each line."""

    @property
    def between(self) -> str:
        """The sign between cells, as the file has it."""

    def __call__(self, line: str) -> str:
        """A line as the reader takes it, with the end of line; empty: it is none of the table's."""


@dataclass(frozen=True)
class LineSource:
    """A table's bytes in UTF-8, each line in another form; see ``TableSource``.

    Args:
        source: as it is.
        encoding: of it.
        form: what each line becomes.
        end: so many of the bytes given are the table's; None: all.
    """

    source: ByteSource
    encoding: str
    form: LineForm
    end: int | None = None

    @property
    def name(self) -> str:
        """For messages."""
        return self.source.name

    @property
    def packing(self) -> Packing:
        """How the file is packed."""
        return self.source.packing

    @contextmanager
    def open(self) -> Iterator[IO[bytes]]:
        """The bytes, unpacked and in the other form.

        Raises:
            DataError: as ``TableSource.open``.
        """
        with self.source.open() as raw:
            lines = TextLines(io.TextIOWrapper(raw, self.encoding), self.form)
            yield first_bytes(io.BufferedReader(lines), self.end)
