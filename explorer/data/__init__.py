"""Datasets by name or path: what is in them, their splits, and where they come from."""

from __future__ import annotations

from explorer.data import bundled, downloads
from explorer.data.base import (
    SPLITS,
    Dataset,
    ImportReport,
    Progress,
    Source,
    Split,
    Splits,
    Subset,
    as_float,
    fingerprint,
    split_rows,
)
from explorer.data.bundled import Photo, photos
from explorer.data.downloads import fetch, is_local
from explorer.errors import DataError

__all__ = [
    "DATASETS",
    "SPLITS",
    "Dataset",
    "ImportReport",
    "Photo",
    "Progress",
    "Source",
    "Split",
    "Splits",
    "Subset",
    "as_float",
    "dataset",
    "fetch",
    "fingerprint",
    "is_local",
    "photos",
    "split_rows",
]

DATASETS: dict[str, Source] = {source.name: source for source in (*bundled.SOURCES, *downloads.SOURCES)}
"""The registry; a dataset is one more entry here."""


def dataset(name_or_path: str, seed: int = 0, progress: Progress | None = None) -> Dataset:
    """Open a dataset by its name.

    Args:
        name_or_path: a name of `DATASETS`.
        seed: of the splits that the source does not fix itself.
        progress: called with the share done and a few words while something is decoded.

    Raises:
        DataError: there is no such name, or the data is not on this machine or damaged.
    """
    if name_or_path in DATASETS:
        return DATASETS[name_or_path].load(seed, progress)
    raise DataError(f"There is no dataset called {name_or_path!r}.", f"Known names: {', '.join(DATASETS)}.")
