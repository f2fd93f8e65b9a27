"""Photos to train denoisers on: folders of image files below EXPLORER_DATA, cut but never scaled."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from explorer.core.errors import DataError
from explorer.data.base import Progress
from explorer.data.folders import import_folder
from explorer.data.importing import ImportOptions
from explorer.data.source import Source, SourceItems
from explorer.data.splits import split_groups
from explorer.io.images.asked import ImagesAsked

BERKELEY = "research use, no licence stated"


def folder_of(name: str) -> Path | None:
    """The folder of a photo set, or None where it is not on this machine."""
    place = os.environ.get("EXPLORER_DATA")
    folder = Path(place) / name if place else None
    return folder if folder is not None and folder.is_dir() else None


def _tiles(height: int, width: int, channels: int) -> ImagesAsked:
    """Pieces of that size, white as in every 8-bit photo."""
    return ImagesAsked(size=(height, width), channels=channels, fit="tiles", white=255)


def _reader(name: str, options: ImportOptions) -> Callable[[int, Progress | None], SourceItems]:
    def read(seed: int, progress: Progress | None) -> SourceItems:
        folder = folder_of(name)
        if folder is None:
            raise DataError(
                f"The photos {name!r} are not on this machine, and nobody may pass them on.",
                f"Put them into a folder {name} below the one that EXPLORER_DATA names.",
            )
        photos = import_folder(folder, options, progress)
        assert photos.files is not None  # noqa: S101 - asked for tiles
        splits = split_groups(photos.files, seed)
        return SourceItems(
            photos.x, photos.labels, photos.label_names, splits, fingerprint=photos.fingerprint, files=photos.files
        )

    return read


SOURCES = (
    Source(
        name="train400",
        title="Train400 (grey photos)",
        kind="image",
        licence=BERKELEY,
        source="Martin et al., ICCV 2001; Chen and Pock, TPAMI 2017; without test_020, which shows Set12's starfish",
        offline=False,
        n_items=399,
        event_shape=(1, 180, 180),
        read=_reader("train400", ImportOptions(_tiles(180, 180, 1), exclude=("test_020",))),
    ),
    Source(
        name="bsds400-colour",
        title="BSDS400 (colour photos)",
        kind="image",
        licence=BERKELEY,
        source="Arbelaez, Maire, Fowlkes and Malik, TPAMI 2011; without 12003, which shows Set12's starfish",
        offline=False,
        n_items=399,
        event_shape=(3, 321, 481),
        read=_reader("bsds400-colour", ImportOptions(_tiles(321, 481, 3), exclude=("12003",))),
    ),
)
