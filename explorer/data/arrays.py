"""NPZ, NPY and IDX files as data: arrays of images or of table rows, never pickles."""

from __future__ import annotations

import io
import zipfile
import zlib

import numpy as np
from jaxtyping import Shaped

from explorer.core.errors import DataError
from explorer.data.base import Dataset, Imported, ImportReport, encode_labels
from explorer.data.table_rows import ArrayRows
from explorer.data.tables import clean_table
from explorer.io.idx import MAX_UNPACKED_BYTES, read_idx
from explorer.io.tables.roles import as_label_text

ITEM_KEYS = ("x", "X", "images", "data")
LABEL_KEYS = ("y", "labels", "label", "Y", "targets")
NAME_KEYS = ("feature_names", "columns")
_MAX_CHANNELS = 4


def read_npz(data: bytes, name: str) -> Imported:
    """Read an .npz file with items under x, X, images or data (or one array), labels under y or labels.

    Args:
        data: the file.
        name: of the file, for errors.

    Returns:
        Images for arrays (N, H, W), (N, H, W, C) and (N, C, H, W); table rows for (N, D).

    Raises:
        DataError: not an NPZ, a pickle in it, no items, or shapes that do not fit.
    """
    return from_arrays(*_named(data, name))


def read_rows(data: bytes, name: str) -> tuple[ArrayRows, Shaped[np.ndarray, " n"] | None] | None:
    """The table in an .npz or .npy file as it is, missing values and constant columns included.

    Returns:
        The rows and (N,) labels as text, or None for those; None where the file holds images.

    Raises:
        DataError: as `read_npz`, or labels that do not fit.
    """
    if name.lower().endswith(".npy"):
        x, labels, names = _npy(data, name), None, None
    else:
        x, labels, _, names = _named(data, name)
    if x.ndim != 2 or x.dtype.kind not in "buif" or not x.size:
        return None
    if labels is not None:
        labels = _checked_labels(x, labels, name)
        labels = as_label_text(labels)
    return ArrayRows(x, names if names and len(names) == x.shape[1] else (), name), labels


def _named(data: bytes, name: str) -> tuple[np.ndarray, np.ndarray | None, str, tuple[str, ...] | None]:
    """Items, labels, the file's name and the columns' names of an .npz file: what `from_arrays` takes."""
    arrays = _arrays(data, name)
    key = next((key for key in ITEM_KEYS if key in arrays), None)
    if key is None and len(arrays) == 1:
        key = next(iter(arrays))
    if key is None:
        raise DataError(
            f"{name} has no array called {', '.join(ITEM_KEYS[:-1])} or {ITEM_KEYS[-1]}.",
            f"It has: {', '.join(arrays) or 'none'}.",
        )
    labels = next((arrays[other] for other in LABEL_KEYS if other in arrays and other != key), None)
    names = next((arrays[other] for other in NAME_KEYS if other in arrays), None)
    return arrays[key], labels, name, None if names is None else tuple(map(str, names.ravel()))


def npz_bytes(dataset: Dataset) -> bytes:
    """A dataset's items, labels and column names as an .npz file, which ``read_npz`` reads.

    What came from a user's own files comes back the same to the fingerprint; label names that were not in sorted order
    come back in it.
    """
    arrays: dict[str, np.ndarray] = {"x": dataset.x}
    if dataset.labels is not None:
        arrays["y"] = np.asarray(dataset.label_names)[dataset.labels]
    if dataset.feature_names:
        arrays["feature_names"] = np.asarray(dataset.feature_names)
    content = io.BytesIO()
    np.savez_compressed(content, **arrays)  # type: ignore[arg-type]
    return content.getvalue()


def read_npy(data: bytes, name: str) -> Imported:
    """Read an .npy file; shapes and errors as `read_npz`."""
    return from_arrays(_npy(data, name), None, name)


def _npy(data: bytes, name: str) -> np.ndarray:
    try:
        array: np.ndarray = np.load(io.BytesIO(data), allow_pickle=False)
    except (ValueError, OSError, EOFError, SyntaxError) as error:
        raise DataError(f"{name} cannot be read as NPY: {error}.", "Save it with numpy.save.") from error
    return array


def read_idx_items(data: bytes, labels: bytes | None, name: str) -> Imported:
    """Read an IDX file, packed or not, and its label file where there is one; shapes as `read_npz`."""
    return from_arrays(read_idx(data, name), None if labels is None else read_idx(labels, f"labels of {name}"), name)


def _arrays(data: bytes, name: str) -> dict[str, np.ndarray]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(info.file_size for info in archive.infolist()) > MAX_UNPACKED_BYTES:
                raise DataError(f"{name} unpacks to more than {MAX_UNPACKED_BYTES >> 30} GiB.", "Use a smaller file.")
        with np.load(io.BytesIO(data), allow_pickle=False) as file:
            arrays = {key: file[key] for key in file.files}
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError) as error:
        raise DataError(f"{name} is not a whole NPZ file: {error}.", "Save it with numpy.savez.") from error
    except (ValueError, OSError, EOFError, SyntaxError) as error:
        hint = "Save plain numbers and strings, no Python objects: a pickle can run code and is not read."
        raise DataError(f"{name} cannot be read as NPZ: {error}.", hint) from error
    return {key: array for key, array in arrays.items() if isinstance(array, np.ndarray)}  # other members are bytes


def from_arrays(
    x: Shaped[np.ndarray, "*shape"],
    labels: Shaped[np.ndarray, "*of_labels"] | None,
    name: str,
    feature_names: tuple[str, ...] | None = None,
) -> Imported:
    """Turn an array of images or table rows into items.

    Args:
        x: (N, H, W), (N, H, W, C), (N, C, H, W) or (N, D), numbers.
        labels: (N,), or None.
        name: for errors.
        feature_names: of the D columns.

    Raises:
        DataError: another shape, not numbers, or a different number of labels.
    """
    if x.dtype.kind not in "buif" or x.ndim not in (2, 3, 4) or not x.size:
        raise DataError(
            f"{name} holds an array of shape {x.shape} and type {x.dtype}.",
            "Use numbers of shape (N, D) for tables, (N, H, W), (N, H, W, C) or (N, C, H, W) for images.",
        )
    if labels is not None:
        labels = _checked_labels(x, labels, name)
    if x.ndim == 2:
        names = feature_names if feature_names and len(feature_names) == x.shape[1] else None
        names = names or tuple(f"column {i}" for i in range(1, x.shape[1] + 1))
        return clean_table(x, names, labels, name)
    return _images(x, labels, name)


def _checked_labels(x: np.ndarray, labels: np.ndarray, name: str) -> np.ndarray:
    labels = labels.reshape(-1)
    if len(labels) != len(x) or labels.dtype.kind not in "buifU":
        raise DataError(
            f"{name} has {len(x):,} items and {len(labels):,} labels of type {labels.dtype}.",
            "Give one number or string an item.",
        )
    return labels


def _images(x: np.ndarray, labels: np.ndarray | None, name: str) -> Imported:
    converted: list[tuple[str, str]] = []
    left_out: list[tuple[str, str]] = []
    x = _channels_first(x, name, converted)
    if x.dtype.kind == "f":
        whole = np.isfinite(x).all(axis=(1, 2, 3))
        if n := int((~whole).sum()):
            left_out.append((f"{n:,} images", "hold values that are not finite"))
            x, labels = x[whole], None if labels is None else labels[whole]
    if not len(x):
        raise DataError(f"{name} holds no image of finite values.", "Check how it was saved.")
    x = _pixels(x, name, converted)
    codes, label_names = (None, ()) if labels is None else encode_labels(labels)
    return Imported(x, codes, label_names, ImportReport(len(x), tuple(converted), tuple(left_out)))


def _channels_first(x: np.ndarray, name: str, converted: list[tuple[str, str]]) -> np.ndarray:
    if x.ndim == 3:
        return x[:, None]
    if x.shape[1] not in (1, 3) and x.shape[3] <= _MAX_CHANNELS:
        x = x.transpose(0, 3, 1, 2)
        converted.append((name, "channels moved to the front"))
    if x.shape[1] in (2, 4):
        x = x[:, :-1]
        converted.append((name, "transparency dropped"))
    if x.shape[1] not in (1, 3):
        raise DataError(f"{name} holds images of {x.shape[1]} channels.", "Use 1 (greyscale) or 3 (RGB).")
    return x


def _pixels(x: np.ndarray, name: str, converted: list[tuple[str, str]]) -> np.ndarray:
    """uint8 as it is, all else float32 in [0, 1], by the range that the values suggest."""
    if x.dtype == np.uint8 and x.max() > 1:
        return np.ascontiguousarray(x)
    low, high = float(x.min()), float(x.max())
    if x.dtype == bool or (low >= 0 and high <= 1):
        if x.dtype.kind != "f":
            converted.append((name, "0 is black and 1 is white"))
        return np.ascontiguousarray(x, np.float32)
    if x.dtype.kind in "ui" and low >= 0 and 128 <= high <= 255:
        return np.ascontiguousarray(x, np.uint8)
    bottom = min(low, 0.0)
    top = next((limit for limit in (255.0, 65535.0) if bottom == 0 and limit / 2 < high <= limit), high)
    converted.append((name, f"values from {bottom:g} to {top:g} scaled to 0 to 1"))
    return ((x.astype(np.float64) - bottom) / (top - bottom)).astype(np.float32)
