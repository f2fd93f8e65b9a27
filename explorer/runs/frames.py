"""How items looked to a model after each epoch, in one compact file to which epochs are added.

A record is the number of its bytes (4, little endian) and an NPZ of arrays in 8 or 16 bits. The first holds what stays
as it is: the items that are shown, their names and labels. Each other one holds an epoch: the reconstructions, and the
codes of up to 1,000 items. A process that is killed leaves at most half a record at the end, which is not read.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float

from explorer.training.events import Preview

CODE_BYTES, ITEM_BYTES = 32 << 10, 6 << 10
"""At most so many bytes for an epoch's codes, and for each item that is shown: 80 KiB an epoch, 8 MB for 100."""
Arrays = dict[str, np.ndarray]
_ABOUT = "about"
_NAMED = ("labels", "x_names", "z_names", "placed")


def items_record(preview: Preview, about: str = "") -> bytes:
    """What stays as it is from epoch to epoch.

    Args:
        preview: of any epoch.
        about: what else is to be known of the training, as JSON.
    """
    named = {name: array for name in _NAMED if (array := getattr(preview, name)) is not None}
    told = {_ABOUT: np.frombuffer(about.encode(), np.uint8)} if about else {}
    return _record({**_packed("x", _small(preview.x)), **_packed("x_noisy", _small(preview.x_noisy)), **named, **told})


def epoch_record(epoch: float, preview: Preview) -> bytes:
    """What an epoch, or a part of one, has changed."""
    z = _packed("z", _few_columns(preview.z), CODE_BYTES)
    return _record({"epoch": np.array(float(epoch)), **_packed("x_hat", _small(preview.x_hat)), **z})


@dataclass
class FrameFile:
    """What was read of a file so far.

    Codes of more columns than fit are their largest principal components, and large items are shown smaller.

    Args:
        path: of the file; it may not be there yet.
    """

    path: Path
    by_epoch: dict[float, Preview] = field(default_factory=dict)
    """Where a resumed run has done an epoch again, as it was then."""
    _position: int = 0
    _items: Arrays = field(default_factory=dict)

    @property
    def about(self) -> dict[str, Any]:
        """What else is told of the training, once ``look`` has read it; a run's own log tells nothing."""
        return json.loads(self._items[_ABOUT].tobytes()) if _ABOUT in self._items else {}

    def look(self) -> dict[float, Preview]:
        """Read what has come since the last look; every epoch so far, in order."""
        is_new = False
        for record, end in _records(self.path, self._position):
            self._position = end
            if "epoch" not in record:
                self._items = record
                continue
            x, x_noisy = (_unpacked(name, self._items) for name in ("x", "x_noisy"))
            x_hat, z = (_unpacked(name, record) for name in ("x_hat", "z"))
            named = [self._items.get(name) for name in _NAMED]
            self.by_epoch[float(record["epoch"])] = Preview(x, x_noisy, x_hat, z, *named)
            is_new = True
        if is_new:
            self.by_epoch = dict(sorted(self.by_epoch.items()))
        return self.by_epoch


def whole_records(path: Path) -> int:
    """Bytes up to the end of the last whole record."""
    return max((end for _, end in _records(path, 0)), default=0)


def _records(path: Path, start: int) -> Iterator[tuple[Arrays, int]]:
    """The whole records from a position on, and where each ends."""
    try:
        with path.open("rb") as file:
            file.seek(start)
            content = file.read()
    except FileNotFoundError:
        return
    at = 0
    while 4 < (length := 4 + int.from_bytes(content[at : at + 4], "little")) <= len(content) - at:
        with np.load(io.BytesIO(content[at + 4 : at + length])) as arrays:
            yield dict(arrays), start + at + length
        at += length


def _record(arrays: Arrays) -> bytes:
    content = io.BytesIO()
    np.savez_compressed(content, **arrays)  # type: ignore[arg-type]
    return len(content.getvalue()).to_bytes(4, "little") + content.getvalue()


# --- Numbers in few bits ----------------------------------------------------------------------------------------------


def _packed(name: str, values: Float[np.ndarray, "n *event"], room: int = 0) -> Arrays:
    """An array in 16 bits, or in 8 where it is of images or finds no room; each column of a table has its own range."""
    along = tuple(range(values.ndim)) if values.ndim > 2 else 0
    # What is not finite cannot be shown; a training that has come to that ends with a word.
    values = np.nan_to_num(values.astype(np.float64))
    low = values.min(along, keepdims=True) if values.size else np.zeros((1,) * values.ndim)
    high = values.max(along, keepdims=True) if values.size else low
    small = values.ndim > 2 or (room and values.size * 2 > room)
    top = 255 if small else 65535
    step = np.where(high > low, high - low, 1) / top
    kept = np.round((values - low) / step).astype(np.uint8 if small else np.uint16)
    return {name: kept, f"{name}.low": low.astype(np.float32), f"{name}.step": step.astype(np.float32)}


def _unpacked(name: str, arrays: Arrays) -> Float[np.ndarray, "n *event"]:
    kept = arrays[name].astype(np.float32) * arrays[f"{name}.step"] + arrays[f"{name}.low"]
    return np.asarray(kept, np.float32)


def _few_columns(z: Float[np.ndarray, "n d"]) -> Float[np.ndarray, "n k"]:
    """Codes, or the principal components that find room."""
    most = CODE_BYTES // max(1, len(z))
    if z.shape[1] <= most:
        return z
    centred = np.nan_to_num(z - z.mean(0))
    _, _, axes = np.linalg.svd(centred, full_matrices=False)
    return np.asarray(centred @ axes[:most].T, np.float32)


def _small(x: Float[np.ndarray, "n *event"]) -> Float[np.ndarray, "n *small"]:
    """Items; images that find no room are shrunk by a whole number, each pixel the mean of those in its place."""
    if x.ndim != 4:
        return x
    n, channels, height, width = x.shape
    by = next(by for by in range(1, max(height, width) + 1) if channels * (height // by) * (width // by) <= ITEM_BYTES)
    height, width = max(1, height // by), max(1, width // by)
    cut = x[:, :, : height * by, : width * by]
    return np.asarray(cut.reshape(n, channels, height, by, width, by).mean((3, 5)), np.float32)
