"""Items that stay in their file: those that are asked for are read."""

from __future__ import annotations

import math
import mmap
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Int, Shaped

LARGE = 64 << 20
"""Smaller arrays are read at once, those of an .npz file with the file's own check of their bytes."""


class RowsOnDisk(np.memmap[Any, Any]):
    """A memory map (N, *event) whose chosen rows are read from the file.

    Rows that are looked at through a map bring all that lies around them with them: a few thousand of 100,000 pictures
    make the whole file count as this process's memory.
    """

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, np.ndarray) and index.ndim == 1 and isinstance(self.base, mmap.mmap):
            if index.dtype == bool and len(index) == len(self):
                index = np.flatnonzero(index)
            if index.dtype.kind in "iu":
                return self._read(index)
        return super().__getitem__(index)

    def _read(self, rows: Int[np.ndarray, " n"]) -> Shaped[np.ndarray, "n *event"]:
        if len(rows) and not -len(self) <= rows.min() <= rows.max() < len(self):
            raise IndexError(f"Rows from {rows.min()} to {rows.max()} of {len(self)}.")
        items = np.empty((len(rows), *self.shape[1:]), self.dtype)
        size = math.prod(self.shape[1:]) * self.itemsize
        with Path(str(self.filename)).open("rb", buffering=0) as file:
            for item, row in zip(items, (rows % len(self)).tolist(), strict=True):
                file.seek(self.offset + row * size)
                file.readinto(item.data)
        return items


def on_disk(path: Path) -> Shaped[np.ndarray, "*shape"]:
    """The array of an .npy file, whose rows stay in the file.

    Raises:
        ValueError, OSError, EOFError, SyntaxError: it is none, or cannot be read.
    """
    mapped = np.load(path, mmap_mode="r", allow_pickle=False)
    if not isinstance(mapped, np.memmap) or not mapped.flags.c_contiguous or mapped.ndim < 2:
        return np.asarray(mapped)
    return RowsOnDisk(path, mapped.dtype, "r", mapped.offset, mapped.shape)
