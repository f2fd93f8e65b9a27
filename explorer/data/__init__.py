"""Datasets by name or path: what is in them, their splits, and where they come from."""

from __future__ import annotations

import warnings
from pathlib import Path

from explorer.core.errors import DataError, UndecidedWarning
from explorer.data import binarised, bundled, downloads, parts, shapes, textures
from explorer.data.base import Dataset, ImportReport, Progress, Subset
from explorer.data.bundled import BundledPhoto, photos
from explorer.data.downloads import fetch, is_local
from explorer.data.importing import ImportOptions
from explorer.data.reading import not_decided
from explorer.data.source import Source
from explorer.data.split_asked import SplitAsked
from explorer.data.split_columns import split_of_source
from explorer.data.splits import SPLITS, Split, Splits, split_rows
from explorer.data.stored import as_float, fingerprint
from explorer.data.user_data import READABLE, from_images, from_upload, open_path
from explorer.data.user_npz import npz_bytes

__all__ = [
    "DATASETS",
    "SPLITS",
    "BundledPhoto",
    "Dataset",
    "ImportOptions",
    "ImportReport",
    "Progress",
    "Source",
    "Split",
    "SplitAsked",
    "Splits",
    "Subset",
    "as_float",
    "dataset",
    "fetch",
    "fingerprint",
    "from_images",
    "from_upload",
    "is_local",
    "npz_bytes",
    "open_dataset",
    "photos",
    "split_rows",
]

_FILES = (bundled, textures, shapes, parts, binarised, downloads)
DATASETS: dict[str, Source] = {source.name: source for file in _FILES for source in file.SOURCES}
"""The registry; a dataset is one more entry here."""


def dataset(
    name_or_path: str, seed: int = 0, progress: Progress | None = None, options: ImportOptions | None = None
) -> Dataset:
    """Open a dataset by its name, or one's own data by its path.

    Of two readings that are about as likely the likelier is taken, with an ``UndecidedWarning`` that says what to give
    as ``options`` to decide it.

    Args:
        name_or_path, seed, progress, options: as in ``open_dataset``.

    Raises:
        DataError: as ``open_dataset``.
    """
    opened = open_dataset(name_or_path, seed, progress, options)
    for sentence in not_decided(opened):
        warnings.warn(sentence, UndecidedWarning, stacklevel=2)
    return opened


def open_dataset(
    name_or_path: str, seed: int = 0, progress: Progress | None = None, options: ImportOptions | None = None
) -> Dataset:
    """The same for those who ask the user themselves: its contract's ``undecided`` says what is to be asked.

    Args:
        name_or_path: a name of `DATASETS`; or the path of a folder or zip of images, an NPZ, NPY, CSV, TSV or
            IDX file, or one image (a dataset of one row, for testing only).
        seed: of the splits that the source does not fix itself.
        progress: called with the share done and a few words while something is decoded.
        options: for own data: wanted image size, channels and label column.

    Raises:
        DataError: there is no such name or path, the data is not on this machine, or it is damaged.
    """
    if name_or_path in DATASETS:
        loaded = DATASETS[name_or_path].load(seed, progress)
        return split_of_source(loaded, None, name_or_path, options or ImportOptions(), seed)
    path = Path(name_or_path).expanduser()
    if not path.exists():
        raise DataError(
            f"There is no dataset or file called {name_or_path!r}.",
            f"Known names: {', '.join(DATASETS)}. A path may be {READABLE}.",
        )
    return open_path(path, seed, progress, options)
