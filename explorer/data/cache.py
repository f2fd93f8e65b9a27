"""Arrays decoded once and memory-mapped ever after, in the user's cache folder."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
import platformdirs
from jaxtyping import Int, Num, UInt8

from explorer.core.errors import DataError
from explorer.data.rows_on_disk import LARGE, on_disk
from explorer.data.stored import fingerprint


@dataclass(frozen=True, eq=False)
class CachedItems:
    """One cache entry.

    Args:
        x: (N, ...) memory-mapped, read-only.
        labels: (N,) int64, or None.
        masks: (m, H, W) uint8, or None.
        fingerprint: of items and labels.
        notes: what `build` returned.
    """

    x: Num[np.ndarray, "n *event"]
    labels: Int[np.ndarray, " n"] | None
    masks: UInt8[np.ndarray, "m h w"] | None
    fingerprint: str
    notes: dict[str, Any]


def cache_folder() -> Path:
    """The folder named by EXPLORER_CACHE, else the one the operating system has for caches."""
    return Path(os.environ.get("EXPLORER_CACHE") or platformdirs.user_cache_dir("autoencoder-explorer"))


def file_key(*paths: Path) -> str:
    """A cache key that changes when a file's place, size or time of change does."""
    digest = hashlib.sha256()
    for path in paths:
        status = path.stat()
        digest.update(f"{path.resolve()}|{status.st_size}|{status.st_mtime_ns}\n".encode())
    return digest.hexdigest()[:32]


BYTES = np.dtype(np.uint8)


class RowWriter:
    """Writes an .npy file row by row, with the number of rows open until the end.

    Plain file writes rather than a memory map: mapped pages would count as memory of this process.

    Args:
        path: of the file.
        row_shape: of one row.
        dtype: of the numbers.
    """

    def __init__(self, path: Path, row_shape: tuple[int, ...], dtype: np.dtype = BYTES) -> None:
        self.rows = 0
        self._row_shape, self._dtype = row_shape, dtype
        self._file = path.open("wb")
        self._header()
        self._start = self._file.tell()

    def append(self, row: Num[np.ndarray, "*event"]) -> None:
        """Add a row of the writer's shape and type."""
        if row.shape != self._row_shape or row.dtype != self._dtype:
            raise ValueError(f"expected {self._dtype} {self._row_shape}, got {row.dtype} {row.shape}")
        self._file.write(np.ascontiguousarray(row).tobytes())
        self.rows += 1

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with self._file:
            self._file.seek(0)
            self._header()
            if self._file.tell() != self._start:
                raise RuntimeError("NumPy's header of an .npy file has changed its size with the number of rows")

    def _header(self) -> None:
        # NumPy pads the header, so that the first number of the shape can grow in place.
        header = {
            "descr": np.lib.format.dtype_to_descr(self._dtype),
            "fortran_order": False,
            "shape": (self.rows, *self._row_shape),
        }
        np.lib.format.write_array_header_1_0(self._file, header)


def cached_items(key: str, build: Callable[[Path], dict[str, Any]]) -> CachedItems:
    """Open an entry of the cache, building it first where it is missing or damaged.

    Args:
        key: file name of the entry; whatever changes its content must change the key.
        build: writes ``x.npy`` and, where there are any, ``labels.npy`` (int64) and ``masks.npy`` into the folder it
            is given, and returns JSON-able notes to keep with them.

    Raises:
        DataError: the cache folder cannot be written; whatever `build` raises.
    """
    entry = cache_folder() / "items" / key
    if (items := _open(entry)) is not None:
        return items
    try:
        entry.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=f"{key}.", dir=entry.parent))
    except OSError as error:
        raise DataError(
            f"The cache folder {entry.parent} cannot be written: {error.strerror}.",
            "Set EXPLORER_CACHE to a folder that can.",
        ) from error
    try:
        notes = build(draft)
        built = _arrays(draft)
        card = {"fingerprint": fingerprint(*built), "notes": notes}
        del built  # Windows does not move a folder with a mapped file in it
        (draft / "card.json").write_text(json.dumps(card), encoding="utf-8")
        _move(draft, entry)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    items = _open(entry)
    if items is None:
        raise DataError(f"The cache entry {entry} vanished while it was written.", "Try again.")
    return items


def _move(draft: Path, entry: Path) -> None:
    """Put a whole entry in its place at once; where another process was first, its entry is as good."""
    try:
        draft.replace(entry)
    except OSError:
        if _open(entry) is None:
            shutil.rmtree(entry)
            draft.replace(entry)


def _arrays(entry: Path) -> tuple[np.ndarray, np.ndarray | None]:
    labels = entry / "labels.npy"
    path = entry / "x.npy"
    x = on_disk(path) if path.stat().st_size >= LARGE else np.load(path, mmap_mode="r", allow_pickle=False)
    return x, np.load(labels, allow_pickle=False) if labels.exists() else None


def _open(entry: Path) -> CachedItems | None:
    """The entry, or None where it is missing or a file in it is damaged: it is then built again."""
    try:
        card = json.loads((entry / "card.json").read_text(encoding="utf-8"))
        x, labels = _arrays(entry)
        masks = entry / "masks.npy"
        of_items = np.load(masks, allow_pickle=False) if masks.exists() else None
        return CachedItems(x, labels, of_items, card["fingerprint"], card["notes"])
    except (OSError, ValueError, KeyError):
        return None
