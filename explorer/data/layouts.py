"""What the names of a folder's files say: which split and label each has, and which are masks of others."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from typing import Literal, get_args

from explorer.core.errors import DataError
from explorer.data.mask_names import (
    FileFolders,
    NamedPictures,
    in_mask_folders,
    is_images_folder,
    is_mask_folder,
    picture_beside,
)
from explorer.data.splits import SPLITS, Split
from explorer.io.findings import SURE
from explorer.io.images.asked import ImageFinding, ImagesAsked, LayoutName

LAYOUTS: tuple[LayoutName, ...] = get_args(LayoutName)
Role = Literal["item", "mask", "left out"]
UNSURE = 0.5
"""Of two readings that are about as likely."""

_SPLIT_WORDS: dict[str, Split] = {
    **dict.fromkeys(("train", "training"), "train"),
    **dict.fromkeys(("val", "valid", "validation", "dev"), "validation"),
    **dict.fromkeys(("test", "testing"), "test"),
}
_AFTER_A_SPLIT = re.compile(r"[-_ ]?(images?|imgs?|data|set|split|\d{4})$")
"""As in "train2017" and "test_set"."""
_GOOD_WORDS = frozenset(("good", "ok", "okay", "normal", "nominal", "defect_free", "defect-free", "no_defect"))
_MOST = 0.9
"""Of the files in a folder of masks, the share that must have a picture of their name."""


@dataclass(frozen=True)
class FilePlace:
    """What one file is.

    Args:
        role: an item, a mask of one, or neither.
        split: that its folder names; None: none.
        label: that its folder names; empty: none.
        of: the file that a mask is of.
        reason: why it is left out.
    """

    role: Role = "item"
    split: Split | None = None
    label: str = ""
    of: str = ""
    reason: str = ""


@dataclass(frozen=True)
class FolderLayout:
    """What the names of a folder's files say.

    Args:
        name: none (folders are labels), splits (folders for training, validation and test) or mvtec (good parts to
            learn from, good and defect ones to test on, masks of the defects).
        places: by file.
        finding: the name with its reason and how sure it is.
        normal: label of the good parts, of the layout mvtec.
    """

    name: LayoutName
    places: Mapping[str, FilePlace] = field(repr=False)
    finding: ImageFinding
    normal: str = ""

    def files(self, role: Role) -> list[str]:
        """Those of a role, in their order."""
        return [file for file, place in self.places.items() if place.role == role]

    def only(self, files: Iterable[str]) -> FolderLayout:
        """The layout of these items alone, with their masks."""
        kept = set(files)
        places = {f: place for f, place in self.places.items() if (place.of if place.role == "mask" else f) in kept}
        return replace(self, places=places)

    @property
    def line(self) -> str:
        """In one line, such as "MVTec layout: 209 good parts to fit, 83 test parts in 4 classes, 63 masks".

        Empty where folders are labels and no file is a mask.
        """
        items = [self.places[file] for file in self.files("item")]
        n_of = Counter(place.split for place in items)
        n_masks = len(self.files("mask"))
        masks = [f"{n_masks:,} mask{'s' * (n_masks != 1)}"] if n_masks else []
        if self.name == "mvtec":
            tested = {place.label for place in items if place.split == "test"}
            classes = f"in {len(tested)} class{'es' * (len(tested) != 1)}"
            validated = [f"{n_of['validation']:,} to validate"] if n_of["validation"] else []
            parts = [f"{n_of['train']:,} {self.normal} parts to fit", *validated]
            return "MVTec layout: " + ", ".join([*parts, f"{n_of['test']:,} test parts {classes}", *masks])
        splits = ", ".join(f"{n_of[split]:,} {split}" for split in SPLITS if n_of[split])
        return ", ".join([*([f"split by folder: {splits}"] if splits else []), *masks])


def find_layout(files: Sequence[str], asked: LayoutName | None = None) -> FolderLayout:
    """What the names of files say.

    Args:
        files: names relative to their folder, with forward slashes.
        asked: the layout, where it is known; None: it is found.

    Raises:
        DataError: another layout is asked for, and the folders do not have it.
    """
    if asked == "none":
        return FolderLayout("none", dict.fromkeys(files, FilePlace()), _finding("none", "as asked"))
    folders = _below_wrappers({file: PurePosixPath(file).parts[:-1] for file in files})
    tops = sorted({folder[0] for folder in folders.values() if folder})
    split_tops = _split_tops(tops, folders, asked)
    if split_tops is not None:
        cut, why, confidence = split_tops
    else:
        cut = {file: FileFolders(None, folder) for file, folder in folders.items()}
        why, confidence = _no_splits(tops), 1.0
    places = _placed(cut)
    name, normal, places = _named(places, asked, has_splits=split_tops is not None)
    return FolderLayout(
        name, places, _finding(name, "as asked" if asked else why, 1.0 if asked else confidence), normal
    )


def split_of(folder: str) -> Split | None:
    """The split that a folder's name says; None for any other name."""
    word = folder.lower()
    return _SPLIT_WORDS.get(word) or _SPLIT_WORDS.get(_AFTER_A_SPLIT.sub("", word))


def _finding(name: LayoutName, reason: str, confidence: float = 1.0) -> ImageFinding:
    readings: tuple[LayoutName, ...] = () if confidence >= SURE else (name, "none")
    return ImageFinding(
        what="layout",
        value=name,
        reason=reason,
        confidence=confidence,
        flag="--layout " + (" or ".join(readings) or f"{', '.join(LAYOUTS[:-1])} or {LAYOUTS[-1]}"),
        readings=tuple(ImagesAsked(layout=reading) for reading in readings),
    )


def _quoted(names: Iterable[str]) -> str:
    listed = list(names)
    return ", ".join(f"`{name}`" for name in listed[:4]) + (", …" if len(listed) > 4 else "")


def _below_wrappers(folders: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """Each file's folders without those at the top that all others lie in."""
    level = 0
    while True:
        heads = {folder[level] for folder in folders.values() if len(folder) > level}
        if len(heads) != 1 or not any(len(folder) > level + 1 for folder in folders.values()):
            return {file: folder[level:] for file, folder in folders.items()}
        level += 1


# --- Splits ----------------------------------------------------------------------------------------------------------


def _split_tops(
    tops: Sequence[str], folders: Mapping[str, tuple[str, ...]], asked: LayoutName | None
) -> tuple[dict[str, FileFolders], str, float] | None:
    """Files by the splits that their folders name, why, and how sure that is; None: no folder names one."""
    splits = [top for top in tops if split_of(top)]
    masks = [top for top in tops if is_mask_folder(top)]
    others = [top for top in tops if top not in splits and top not in masks]
    kinds = {split_of(top) for top in splits}
    is_split = "train" in kinds and (len(kinds) > 1 or (bool(masks) and not others))
    if is_split or (masks and kinds and not others) or (asked and splits):
        cut = {}
        for file, folder in folders.items():
            top = folder[0] if folder else ""
            if split_of(top):
                cut[file] = FileFolders(split_of(top), folder[1:])
            else:
                cut[file] = FileFolders(None, folder, "" if is_mask_folder(top) else top or "no folder")
        if not others:
            return cut, f"its folders are {_quoted(tops)}", 1.0
        return cut, f"{_quoted(others)} stand beside {_quoted(splits)}: classes, or files of no split", UNSURE
    by_class = _split_below_classes(folders)
    if by_class is None:
        if asked:
            raise DataError(f"No folders name a layout of {asked}.", "Name them train and test, or --layout none.")
        return None
    deep = any(len(cut.rest) > 1 for cut in by_class.values())
    if deep:  # such as several categories of MVTec
        return by_class, f"each of {_quoted(tops)} has splits of its own: open one of them", UNSURE
    return by_class, f"each of {_quoted(tops)} has folders for its splits", 1.0


def _split_below_classes(folders: Mapping[str, tuple[str, ...]]) -> dict[str, FileFolders] | None:
    """As ``cats/train``, ``cats/test``, ``dogs/train``: the class first."""
    seconds: dict[str, set[str]] = {}
    if not folders:
        return None
    for folder in folders.values():
        if len(folder) < 2:
            return None
        seconds.setdefault(folder[0], set()).add(folder[1])
    for names in seconds.values():
        kinds = {split_of(name) for name in names if not is_mask_folder(name)}
        if None in kinds or "train" not in kinds or len(kinds) < 2:
            return None
    return {
        file: FileFolders(split_of(folder[1]), (folder[0], *folder[2 if split_of(folder[1]) else 1 :]))
        for file, folder in folders.items()
    }


def _no_splits(tops: Sequence[str]) -> str:
    splits = [top for top in tops if split_of(top)]
    others = [top for top in tops if top not in splits]
    if splits and others:
        return f"{_quoted(others)} stand beside {_quoted(splits)}, so that these are classes"
    return "no folders name splits"


# --- Masks and labels ------------------------------------------------------------------------------------------------


def _placed(cut: Mapping[str, FileFolders]) -> dict[str, FilePlace]:
    """The role and label of each file; masks are those with a picture of their name."""
    in_masks = in_mask_folders(cut)
    pictures = {file: part for file, part in cut.items() if file not in in_masks and not part.beside}
    named = {file: of for file in pictures if (of := picture_beside(file, pictures)) is not None}
    items = {file: part for file, part in pictures.items() if file not in named}
    rests = _below_wrappers(
        {file: tuple(f for f in part.rest if not is_images_folder(f)) for file, part in items.items()}
    )
    labels = {file: rest[0] if rest else "" for file, rest in rests.items()}
    has_splits = any(part.split for part in cut.values())
    index = NamedPictures(items, labels)
    masks = {file: of for file in in_masks if (of := index.of_mask(file, cut[file])) is not None}
    if in_masks and len(masks) < _MOST * len(in_masks) and not has_splits:
        return {file: FilePlace() for file in cut}
    masks |= named
    places = {}
    for file, part in cut.items():
        if file in masks:
            places[file] = FilePlace("mask", of=masks[file])
        elif file in items:
            places[file] = FilePlace("item", part.split, labels[file])
        else:
            reason = f"beside the folders of the splits: {part.beside}" if part.beside else "a mask without its picture"
            places[file] = FilePlace("left out", reason=reason)
    return places


# --- Good parts and defects ------------------------------------------------------------------------------------------


def _named(
    places: dict[str, FilePlace], asked: LayoutName | None, has_splits: bool
) -> tuple[LayoutName, str, dict[str, FilePlace]]:
    """What to call a layout, the label of its good parts, and the places with that label where folders leave it out."""
    if not has_splits:
        return "none", "", places
    items = [place for place in places.values() if place.role == "item"]
    fit = {place.label for place in items if place.split == "train"}
    tested = {place.label for place in items if place.split == "test"}
    good = sorted(label for label in fit | tested if label.lower() in _GOOD_WORDS)
    has_masks = any(place.role == "mask" for place in places.values())
    are_good = len(good) == 1 and fit <= {good[0], ""} and (bool(tested - fit - {""}) or has_masks)
    if asked == "splits" or not are_good:
        if asked == "mvtec":
            raise DataError(
                f"The folders to train on hold {_quoted(sorted(fit)) or 'no files'}, not good parts alone.",
                "Keep them in train/good, or --layout splits.",
            )
        return "splits", "", places
    labelled = {
        file: replace(place, label=good[0]) if place.role == "item" and place.split == "train" else place
        for file, place in places.items()
    }
    return "mvtec", good[0], labelled
