"""NPZ, NPY and IDX files as data: arrays of images or of table rows, never pickles."""

from __future__ import annotations

import io
import zipfile
import zlib
from dataclasses import replace
from pathlib import Path

import numpy as np
from jaxtyping import Shaped

from explorer.core.errors import DataError
from explorer.data.flat_images import as_pictures
from explorer.data.image_arrays import read_image_array
from explorer.data.importing import Imported, ImportOptions
from explorer.data.npz_keys import BESIDE, find_arrays
from explorer.data.on_disk import idx_on_disk, members_on_disk
from explorer.data.rows_on_disk import on_disk
from explorer.data.splits import SPLITS, Splits
from explorer.data.table_rows import FileRows, array_rows
from explorer.data.tables import items_of
from explorer.data.user_npz import read_written
from explorer.io import pickles
from explorer.io.idx import MAX_UNPACKED_BYTES, read_idx
from explorer.io.tables.asked import RolesAsked
from explorer.io.tables.contract import ARRAYS, TableContract
from explorer.io.tables.dialect import Asked, DialectFinding
from explorer.io.tables.roles import as_label_text

_OBJECTS = ("Object arrays cannot be loaded", "Python objects in dtype")
"""How NumPy begins to say that an array is a pickle."""

NAME_THEM = "name them: numpy.savez('data.npz', x=..., y=...)"


def read_npz(data: bytes | Path, name: str, options: ImportOptions | None = None) -> Imported:
    """Read an .npz file: its items, labels and split by the names of its arrays, see ``npz_keys``.

    Args:
        data: the file's bytes, or its path.
        name: of the file, for errors.
        options: what is known of its images.

    Returns:
        Images for arrays of three and four axes, table rows for (N, D).

    Raises:
        DataError: not an NPZ, a pickle in it, no items, or shapes that do not fit.
    """
    arrays = _arrays(data, name)
    options = options or ImportOptions()
    if (written := read_written(arrays, name, options.model_columns)) is not None:
        return written
    in_file = find_arrays(arrays, name)
    imported = from_arrays(in_file.x, in_file.labels, name, in_file.feature_names, options, in_file.told)
    if in_file.told and imported.contract is not None and imported.contract.kind == "image":
        remarks = (*imported.contract.remarks, in_file.told)
        imported = replace(imported, contract=imported.contract.model_copy(update={"remarks": remarks}))
    report = replace(imported.report, left_out=(*imported.report.left_out, *in_file.left_out))
    n = len(in_file.x)
    vectors = _vectors_of_kept(in_file.vectors, imported, n)
    return replace(imported, report=report, splits=_of_kept(in_file.splits, imported, n), vectors=vectors)


def _vectors_of_kept(vectors: np.ndarray | None, imported: Imported, n: int) -> np.ndarray | None:
    """The vectors of n items, of those that were kept; None where that is not known."""
    if vectors is None or len(imported.x) == n:
        return vectors
    return None if imported.item_numbers is None else vectors[imported.item_numbers - 1]


def _of_kept(splits: Splits | None, imported: Imported, n: int) -> Splits | None:
    """The splits of n items, of those that were kept; None where that is not known."""
    if splits is None or len(imported.x) == n:
        return splits
    if imported.item_numbers is None:
        return None
    places = imported.item_numbers - 1
    train, validation, test = (np.flatnonzero(np.isin(places, getattr(splits, split))) for split in SPLITS)
    return replace(splits, train=train, validation=validation, test=test)


def read_rows(
    data: bytes | Path,
    name: str,
    roles: RolesAsked | None = None,
    like: TableContract | None = None,
    dialect: Asked | None = None,
) -> tuple[FileRows, Shaped[np.ndarray, " n"] | None, Splits | None] | None:
    """The table in an .npz or .npy file as it is, missing values and constant columns included; by its bytes or path.

    Args:
        roles, like, dialect: as in ``array_rows``.

    Returns:
        The rows, (N,) labels as text or None, and the splits that the file names or None; None where it holds images.

    Raises:
        DataError: as `read_npz`, or labels that do not fit.
    """
    if name.lower().endswith(".npy"):
        x, labels, names, splits, told = _npy(data, name), None, None, None, ""
    else:
        in_file = find_arrays(_arrays(data, name), name)
        x, labels, names, splits = in_file.x, in_file.labels, in_file.feature_names, in_file.splits
        told = in_file.told
    if x.ndim != 2 or x.dtype.kind not in "buif" or not x.size:
        return None
    if labels is not None:
        labels = _checked_labels(x, labels, name)
        labels = as_label_text(labels)
    return array_rows(x, _names(names, x), name, roles, like, dialect, _said(told)), labels, splits


def read_npy(data: bytes | Path, name: str, options: ImportOptions | None = None) -> Imported:
    """Read an .npy file; shapes and errors as `read_npz`. By its path it stays on the disk."""
    return from_arrays(_npy(data, name), None, name, options=options)


def _npy(data: bytes | Path, name: str) -> np.ndarray:
    try:
        array = on_disk(data) if isinstance(data, Path) else np.load(io.BytesIO(data), allow_pickle=False)
    except (ValueError, OSError, EOFError, SyntaxError) as error:
        if any(words in str(error) for words in _OBJECTS):
            raise DataError(f"{name} holds Python objects.", pickles.conversion(name)) from error
        raise DataError(f"{name} cannot be read as NPY: {error}.", "Save it with numpy.save.") from error
    return array


def read_idx_items(
    data: bytes | Path, labels: bytes | None, name: str, options: ImportOptions | None = None
) -> Imported:
    """Read an IDX file, packed or not, and its label file where there is one; shapes as `read_npz`.

    A large one of bytes stays on the disk where it is given by its path.
    """
    of_labels = None if labels is None else read_idx(labels, f"labels of {name}")
    x = idx_on_disk(data) if isinstance(data, Path) else None
    if x is None:
        x = read_idx(data.read_bytes() if isinstance(data, Path) else data, name)
    return from_arrays(x, of_labels, name, options=options)


def _arrays(data: bytes | Path, name: str) -> dict[str, np.ndarray]:
    try:
        with zipfile.ZipFile(data if isinstance(data, Path) else io.BytesIO(data)) as archive:
            if sum(info.file_size for info in archive.infolist()) > MAX_UNPACKED_BYTES:
                raise DataError(f"{name} unpacks to more than {MAX_UNPACKED_BYTES >> 30} GiB.", "Use a smaller file.")
        arrays = members_on_disk(data) if isinstance(data, Path) else {}
        with np.load(data if isinstance(data, Path) else io.BytesIO(data), allow_pickle=False) as file:
            arrays |= {key: file[key] for key in file.files if key not in arrays}
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError) as error:
        raise DataError(f"{name} is not a whole NPZ file: {error}.", "Save it with numpy.savez.") from error
    except (ValueError, OSError, EOFError, SyntaxError) as error:
        if any(words in str(error) for words in _OBJECTS):
            raise DataError(f"{name} holds Python objects.", pickles.conversion(name)) from error
        raise DataError(f"{name} cannot be read as NPZ: {error}.", "Save it with numpy.savez.") from error
    return {key: array for key, array in arrays.items() if isinstance(array, np.ndarray)}  # other members are bytes


def from_arrays(
    x: Shaped[np.ndarray, "*shape"],
    labels: Shaped[np.ndarray, "*of_labels"] | None,
    name: str,
    feature_names: tuple[str, ...] | None = None,
    options: ImportOptions | None = None,
    told: str = "",
    to_change: str = NAME_THEM,
) -> Imported:
    """Turn an array of images or table rows into items.

    Args:
        x: images, of three or four axes, or table rows (N, D), numbers.
        labels: (N,), or None.
        name: for errors.
        feature_names: of the D columns.
        options: what is known of images.
        told: how the array was told from others of its file; empty: by its name.
        to_change: how another one of the file is taken.

    Raises:
        DataError: another shape, not numbers, or a different number of labels.
    """
    if x.dtype.kind not in "buif" or x.ndim not in (2, 3, 4) or not x.size:
        raise DataError(
            f"{name} holds an array of shape {x.shape} and type {x.dtype}.",
            "Use numbers of shape (N, D) for tables, (N, H, W), (N, H, W, C) or (N, C, H, W) for images.",
        )
    options = options or ImportOptions()
    if x.ndim == 2 and (pictures := as_pictures(x, name, options)) is not None:
        x, axes = pictures
        options = replace(options, images=options.images.model_copy(update={"axes": axes}))
    if labels is not None:
        labels = _checked_labels(x, labels, name, x.shape[:1] if x.ndim == 2 else x.shape)
    if x.ndim == 2 and options.images.axes is None:
        like = options.like if isinstance(options.like, TableContract) else None
        rows = array_rows(
            x, _names(feature_names, x), name, options.roles, like, options.dialect, _said(told, to_change)
        )
        _check_names(rows, options.model_columns)
        return items_of(rows, options, labels if rows.contract.label is None else None)
    return read_image_array(x, labels, name, options)


def _said(told: str, to_change: str = NAME_THEM) -> list[DialectFinding]:
    """What there is to say of the arrays of a file, as findings about its table."""
    if not told:
        return []
    flag = "" if told.startswith(BESIDE) else to_change
    return [
        DialectFinding(
            what=ARRAYS,
            value="by their shapes" if "by their shapes" in told else "by their names",
            reason=told,
            confidence=0.8,
            flag=flag,
        )
    ]


def _names(names: tuple[str, ...] | None, x: np.ndarray) -> tuple[str, ...]:
    """Names of the columns, where there are as many; else none."""
    return names if names and len(names) == x.shape[1] else ()


def _check_names(rows: FileRows, model_columns: tuple[str, ...]) -> None:
    """Refuse an array without names for a model that learnt from columns with names.

    Raises:
        DataError: with how to name them.
    """
    if model_columns and not rows.has_names and not {*model_columns} & {*rows.columns}:
        listed = ", ".join(model_columns[:3]) + (", …" if len(model_columns) > 3 else "")
        raise DataError(
            f"The columns of {rows.name} have no names, and the model takes columns by their names: {listed}.",
            "Name them: numpy.savez('data.npz', x=x, columns=[...]).",
        )


def _checked_labels(x: np.ndarray, labels: np.ndarray, name: str, lengths: tuple[int, ...] | None = None) -> np.ndarray:
    """One label an item; of images any axis may count the items."""
    labels = labels.reshape(-1)
    if len(labels) not in (lengths or x.shape[:1]) or labels.dtype.kind not in "buifU":
        raise DataError(
            f"{name} has {len(x):,} items and {len(labels):,} labels of type {labels.dtype}.",
            "Give one number or string an item.",
        )
    return labels
