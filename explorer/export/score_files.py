"""Scored items as a file: CSV, NPZ or Parquet, chunk by chunk, so that a table of any length fits in memory."""

from __future__ import annotations

import csv
import io
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import PurePath
from typing import IO, Any, Protocol

import numpy as np
import pyarrow as pa
from pyarrow import parquet

from explorer.core.errors import ExplorerError
from explorer.export.files import npz_bytes
from explorer.export.score_columns import AREAS, BOXES, PROMISE, REASONS

FORMATS = ("csv", "npz", "parquet")
"""In which scores can be written."""
WITHDRAWN = "withdrawn"
"""What the column of the promise says, which is there where the promised false-alarm rate does not hold."""
_BOX = pa.struct([(name, pa.int32()) for name in ("top", "left", "height", "width")])
_TYPES = {
    "item": pa.string(),
    "label": pa.string(),
    "score": pa.float64(),
    "p_value": pa.float64(),
    "alarm": pa.bool_(),
    REASONS: pa.list_(pa.struct([("column", pa.string()), ("share", pa.float64())])),
    "peak_row": pa.int32(),
    "peak_column": pa.int32(),
    BOXES: pa.list_(_BOX),
    AREAS: pa.list_(pa.int64()),
}
"""Of the columns in Parquet; those that go along have their own."""


def format_of(path: str) -> str:
    """The format that a file's name asks for.

    Raises:
        ExplorerError: it ends in none of them.
    """
    suffix = PurePath(path).suffix.lower().removeprefix(".")
    if suffix == "pq":
        return "parquet"
    if suffix not in FORMATS:
        raise ExplorerError(
            f"Cannot tell the format of {path}.", "Give a name that ends in .csv, .npz or .parquet, or say --format."
        )
    return suffix


class ScoreWriter(Protocol):
    """Takes columns, chunk by chunk; ``is_withdrawn`` says in the end whether the promised rate holds."""

    is_withdrawn: bool

    def add(self, columns: Mapping[str, Any], /) -> None:
        """Add some items; the columns are those of `score_columns`, the same each time."""


@contextmanager
def score_writer(out: IO[bytes], form: str) -> Iterator[ScoreWriter]:
    """What writes all items once they are added; where the promise is withdrawn, each of them says so.

    Args:
        out: where to; nothing is written before the end.
        form: one of ``FORMATS``.
    """
    # Rows wait in a file of their own, since what each of them says of the promise is known last.
    with tempfile.TemporaryFile() as waiting:
        writer = _KINDS[form](waiting)
        yield writer
        writer.finish(out)


def score_bytes(columns: Mapping[str, Any], form: str, is_withdrawn: bool) -> bytes:
    """All items at once as the content of a file."""
    out = io.BytesIO()
    with score_writer(out, form) as writer:
        writer.add(columns)
        writer.is_withdrawn = is_withdrawn
    return out.getvalue()


def parquet_bytes(columns: Mapping[str, Any]) -> bytes:
    """Columns of equal length as a Parquet file."""
    out = io.BytesIO()
    parquet.write_table(_table(columns), out)
    return out.getvalue()


class _Csv:
    def __init__(self, waiting: IO[bytes]) -> None:
        self.is_withdrawn, self._has_head = False, False
        self._text = io.TextIOWrapper(waiting, "utf-8", "backslashreplace", newline="")
        self._writer = csv.writer(self._text)

    def add(self, columns: Mapping[str, Any]) -> None:
        if not self._has_head:
            self._writer.writerow(columns)
        self._has_head = True
        self._writer.writerows(zip(*(_written(name, values) for name, values in columns.items()), strict=True))

    def finish(self, out: IO[bytes]) -> None:
        self._text.flush()
        waiting = self._text.detach()
        waiting.seek(0)
        if not self.is_withdrawn:
            shutil.copyfileobj(waiting, out, 1 << 20)
            return
        text = io.TextIOWrapper(out, "utf-8", newline="", write_through=True)
        writer = csv.writer(text)
        for number, row in enumerate(csv.reader(io.TextIOWrapper(waiting, "utf-8", newline=""))):
            writer.writerow([*row, WITHDRAWN if number else PROMISE])
        text.detach()


class _Npz:
    def __init__(self, waiting: IO[bytes]) -> None:
        self.is_withdrawn = False
        self._columns: dict[str, list[np.ndarray]] = {}

    def add(self, columns: Mapping[str, Any]) -> None:
        for name, values in columns.items():
            is_array = isinstance(values, np.ndarray)
            array = values if is_array else np.array(_written(name, values))
            self._columns.setdefault(name, []).append(array.astype(np.uint8) if array.dtype == bool else array)

    def finish(self, out: IO[bytes]) -> None:
        arrays = {name: np.concatenate(pieces) for name, pieces in self._columns.items()}
        if self.is_withdrawn:
            arrays[PROMISE] = np.full(len(next(iter(arrays.values()))), WITHDRAWN)
        out.write(npz_bytes(**arrays))


class _Parquet:
    def __init__(self, waiting: IO[bytes]) -> None:
        self.is_withdrawn = False
        self._waiting = waiting
        self._writer: parquet.ParquetWriter | None = None

    def add(self, columns: Mapping[str, Any]) -> None:
        table = _table(columns)
        if self._writer is None:
            self._writer = parquet.ParquetWriter(self._waiting, table.schema)
        self._writer.write_table(table)

    def finish(self, out: IO[bytes]) -> None:
        if self._writer is None:
            return
        self._writer.close()
        self._waiting.seek(0)
        if not self.is_withdrawn:
            shutil.copyfileobj(self._waiting, out, 1 << 20)
            return
        with parquet.ParquetFile(self._waiting) as file:
            schema = file.schema_arrow.append(pa.field(PROMISE, pa.string()))
            with parquet.ParquetWriter(out, schema) as writer:
                for number in range(file.num_row_groups):
                    group = file.read_row_group(number)
                    word = pa.array([WITHDRAWN] * len(group), pa.string())
                    writer.write_table(group.append_column(PROMISE, word).cast(schema))


_KINDS: dict[str, type[_Csv | _Npz | _Parquet]] = {"csv": _Csv, "npz": _Npz, "parquet": _Parquet}


def _table(columns: Mapping[str, Any]) -> pa.Table:
    return pa.table({name: _arrow(name, values) for name, values in columns.items()})


def _arrow(name: str, values: Any) -> pa.Array:
    """A column as Arrow has it; what is not known is null."""
    if isinstance(values, pa.Array):
        return values
    if name == BOXES:
        values = [[dict(zip(("top", "left", "height", "width"), box, strict=True)) for box in row] for row in values]
    elif name == REASONS:
        values = [[{"column": column, "share": share} for column, share in row] for row in values]
    elif isinstance(values, list) and values and isinstance(values[0], str):
        # Bytes of names of files that are no text are escaped; without a label there is none.
        nothing = "" if name == "label" else None
        values = [None if v == nothing else v.encode(errors="backslashreplace").decode() for v in values]
    kind = _TYPES.get(name) or (pa.string() if isinstance(values, list) else None)
    return pa.array(values, kind, from_pandas=True)


def _written(name: str, values: Any) -> list[Any]:
    """A column as it stands in text: what is not known is empty."""
    if name == REASONS:
        return ["; ".join(f"{column} {share:.0%}" for column, share in row) for row in values]
    if name == BOXES:
        return ["; ".join(",".join(map(str, box)) for box in row) for row in values]
    if name == AREAS:
        return ["; ".join(map(str, row)) for row in values]
    if isinstance(values, np.ndarray) and values.dtype == bool:
        return values.astype(np.uint8).tolist()
    listed = values if isinstance(values, list) else values.tolist()
    return ["" if value is None or value != value else value for value in listed]
