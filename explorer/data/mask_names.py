"""Which files of a folder are masks, and of which picture each is, by their names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from explorer.data.splits import Split

_MASK_WORDS = frozenset(("ground_truth", "groundtruth", "ground-truth", "ground truth", "gt", "mask", "masks"))
_IMAGE_WORDS = frozenset(("image", "images", "img", "imgs"))
_MASK_OF = re.compile(r"[-_ ](mask|masks|gt|ground_?truth)([-_ ]?\d+)?$", re.IGNORECASE)


@dataclass(frozen=True)
class FileFolders:
    """A file's folders without the one that names its split.

    Args:
        split: None: of no split, as a folder of masks beside those of the splits.
        rest: the other folders.
        beside: the folder that stands beside those of the splits; empty: the file is in one of these.
    """

    split: Split | None
    rest: tuple[str, ...]
    beside: str = ""


def is_mask_folder(folder: str) -> bool:
    """Whether a folder is called as those of masks are."""
    return folder.lower() in _MASK_WORDS


def is_images_folder(folder: str) -> bool:
    """Whether a folder is called images or alike, which says nothing of what is in it."""
    return folder.lower() in _IMAGE_WORDS


def in_mask_folders(cut: Mapping[str, FileFolders]) -> set[str]:
    """Files in a folder of masks: one called so beside folders that are called images or name splits, or beside files.

    Beside others (``mask``, ``no_mask``) it is a class.
    """
    beside: dict[tuple[object, ...], set[str]] = {}
    for part in cut.values():
        for level, name in enumerate(part.rest):
            beside.setdefault((part.split, *part.rest[:level]), set()).add(name)
    has_splits = any(part.split for part in cut.values())

    def is_mask(part: FileFolders) -> bool:
        for level, name in enumerate(part.rest):
            if is_mask_folder(name):
                siblings = {n for n in beside[(part.split, *part.rest[:level])] if not is_mask_folder(n)}
                of_splits = has_splits and part.split is None and level == 0
                return of_splits or all(is_images_folder(sibling) for sibling in siblings)
        return False

    return {file for file, part in cut.items() if not part.beside and is_mask(part)}


def picture_beside(file: str, files: Mapping[str, object]) -> str | None:
    """The picture ``NAME.*`` beside a file ``NAME_mask.*``."""
    path = PurePosixPath(file)
    if not _MASK_OF.search(path.stem):
        return None
    own = str(path.with_name(_MASK_OF.sub("", path.stem)))
    if _MASK_OF.search(own):
        return None
    suffixes = dict.fromkeys((path.suffix, ".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff", ".PNG", ".JPG"))
    return next((own + suffix for suffix in suffixes if own + suffix in files), None)


class NamedPictures:
    """Items by what a mask's name says of its item: label and name without ending."""

    def __init__(self, items: Mapping[str, FileFolders], labels: Mapping[str, str]) -> None:
        self._labels = set(labels.values()) - {""}
        self._by_name: dict[tuple[str, str], list[tuple[Split | None, str]]] = {}
        for file, part in items.items():
            stem = PurePosixPath(file).stem
            for label in {labels[file], ""}:
                self._by_name.setdefault((label, stem), []).append((part.split, file))

    def of_mask(self, file: str, part: FileFolders) -> str | None:
        """The item that a mask is of; None: there is none, or there are several."""
        folders = [name for name in part.rest if not is_mask_folder(name) and not is_images_folder(name)]
        label = next((name for name in folders if name in self._labels), "")
        stem = PurePosixPath(file).stem
        names = [stem, _MASK_OF.sub("", stem)]
        if folders and folders[-1] != label:  # several masks of one item, in a folder of its name
            names = [folders[-1]]
        for name in names:
            candidates = self._by_name.get((label, name), [])
            for split in (part.split,) if part.split else ("test", "validation", "train", None):
                of_split = [other for other_split, other in candidates if other_split == split]
                if of_split:
                    return of_split[0] if len(of_split) == 1 else None
        return None
