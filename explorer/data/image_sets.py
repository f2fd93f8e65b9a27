"""Many image files as rows of one shape, under one contract: a scale for the whole set, sides cut, framed or tiled."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from jaxtyping import Num, Shaped

from explorer.core.errors import DataError
from explorer.data.base import ImportReport, Progress
from explorer.data.importing import ImportOptions
from explorer.io.contract import scales_of
from explorer.io.idx import is_idx_name
from explorer.io.images import SUFFIXES, NativeImage, decode_pictures, fitted, read_header, tiles, to_uint8
from explorer.io.images.asked import ImageFinding, Pages
from explorer.io.images.contract import ImageContract
from explorer.io.images.scale import Scale, ScalesFound, find_scales
from explorer.io.images.values import Values

BYTES = "uint8"
MAX_SIDE = 8192
"""Of a size that is asked for, in pixels."""
LARGE_BYTES = 1 << 30
"""From this size on the contract says how much room numbers of more than 8 bits take."""
_SURVEY_SHARE = 0.3  # of the time: reading headers and the numbers of deep images, before decoding


@dataclass(frozen=True)
class Member:
    """One file: its name relative to the folder, with forward slashes, and how to read it."""

    name: str
    read: Callable[[], bytes]


@dataclass(frozen=True)
class ImageFiles:
    """The files of a folder or zip that may be images, sorted by name, and (name, reason) of the others."""

    members: tuple[Member, ...]
    left_out: tuple[tuple[str, str], ...]


class Rows(Protocol):
    """Where decoded images go."""

    def append(self, row: Num[np.ndarray, "*event"], /) -> None:
        """Add one image, (C, H, W)."""


OpenRows = Callable[[tuple[int, int, int], type], AbstractContextManager[Rows]]
"""Begins the rows anew, for items of a shape and of uint8 or float32."""


@dataclass(frozen=True)
class ReadImages:
    """What became of image files.

    Args:
        names: of the files that are used.
        counts: how many items were made of each.
        report: what was changed and what left out.
        contract: how they were read.
    """

    names: tuple[str, ...]
    counts: tuple[int, ...]
    report: ImportReport
    contract: ImageContract


def read_images(
    files: ImageFiles, source: str, options: ImportOptions, open_rows: OpenRows, progress: Progress | None
) -> ReadImages:
    """Read image files into rows.

    Args:
        files: which ones.
        source: of all, for errors.
        options: what is asked for, and how the images were read that a model learnt from.
        open_rows: called before the rows are written; a second time where the numbers turn out to need another scale.
        progress: called with the share done.

    Raises:
        DataError: none of them can be read, or what is asked for is not possible.
    """
    if (axes := options.images.axes) is not None:
        raise DataError(f"--axes {axes}: {source} holds image files, no array.", "Leave the flag out.")
    survey = _survey(files, source, _pages(options), progress)
    shape, findings = _shape_of(survey, options)
    sets = dict(survey.sets)
    if survey.has_bytes:
        sets[BYTES] = Values(n=1, low=0, high=255)
    scales = _scales(sets, options)
    run = _FilesToRows(files, source, shape, options, progress)
    run.decode(scales.scales, open_rows)
    if survey.has_bytes:
        sets[BYTES] = run.bytes_values
        usual, scales = scales, _scales(sets, options)
        if _ends(scales) != _ends(usual):  # such as masks of 0 and 1
            run.decode(scales.scales, open_rows)
    return run.result(scales, findings)


def _scales(sets: dict[str, Values], options: ImportOptions) -> ScalesFound:
    return find_scales(sets, options.images.white, options.images.black, scales_of(options.like))


def _ends(scales: ScalesFound) -> list[tuple[str, float, float]]:
    return [(kind, scale.black, scale.white) for kind, scale in scales.scales.items()]


# --- What the files are like -----------------------------------------------------------------------------------------


@dataclass
class _Survey:
    """What headers say, and the numbers of images that are not of 8 bits."""

    sizes: Counter[tuple[int, int]] = field(default_factory=Counter)
    channels: Counter[int] = field(default_factory=Counter)
    sets: dict[str, Values] = field(default_factory=dict)
    has_bytes: bool = False


def _pages(options: ImportOptions) -> Pages:
    """Which pictures of a file that holds several: as asked, else as learnt, else the first."""
    like = options.like if isinstance(options.like, ImageContract) else None
    return options.images.pages or (like.pages if like is not None else "first")


def _survey(files: ImageFiles, source: str, pages: Pages, progress: Progress | None) -> _Survey:
    """Look at every file.

    Raises:
        DataError: no file has an image's header.
    """
    survey, members, problem = _Survey(), files.members, ""
    for done, member in enumerate(members):
        _tell(progress, _SURVEY_SHARE * done / len(members), f"Looking at {len(members):,} files", done)
        try:
            content = member.read()
            header = read_header(content, member.name)
            if header.deep:
                for native in decode_pictures(content, member.name, pages):
                    add_values(survey.sets, native.type, native.array)
        except (DataError, OSError) as error:
            problem = problem or f"The first: {error}"
            continue  # decoding meets it again and reports it
        survey.sizes[header.height, header.width] += 1
        survey.channels[header.channels] += 1
        survey.has_bytes |= not header.deep
    if not survey.sizes:
        raise DataError(
            f"There is no readable image in {source}.",
            _instead(files) or problem or f"Readable: {', '.join(sorted(SUFFIXES))}.",
        )
    return survey


def _instead(files: ImageFiles) -> str:
    """What to open in place of files of which none is an image; empty: nothing."""
    names = sorted([*(member.name for member in files.members), *(name for name, _ in files.left_out)])
    if idx := [name for name in names if is_idx_name(name)]:
        first = next((name for name in idx if "images" in name), idx[0])
        return f"It holds IDX files: open one of them by its own path, such as {first}; labels beside it are found."
    if inner := [name for name in names if name.lower().endswith(".zip")]:
        return f"Unpack {inner[0]} and open that."
    if arrays := [name for name in names if name.lower().endswith((".npz", ".npy", ".csv", ".parquet"))]:
        return f"Open {arrays[0]} by its own path."
    return ""


def add_values(sets: dict[str, Values], kind: str, x: Shaped[np.ndarray, "*shape"], images: int = 1) -> None:
    """Take the numbers of some images into those of their type."""
    sets.setdefault(kind, Values(is_float=kind.startswith("float"))).add(x, images)


def _shape_of(survey: _Survey, options: ImportOptions) -> tuple[tuple[int, int, int], tuple[ImageFinding, ...]]:
    """The shape of all items, and how it was chosen."""
    usual, n = max(survey.sizes.values()), survey.sizes.total()
    channels = 1 if set(survey.channels) == {1} else 3
    if max(survey.channels) > 3 or 2 in survey.channels:
        channels = max(survey.channels, key=lambda number: survey.channels[number])
    side, why = options.max_side, ""
    if options.max_bytes is not None and (room := math.isqrt(options.max_bytes // (n * channels))) < side:
        side, why = max(ImportOptions.max_side, room), f", for {n:,} larger ones do not fit into memory"
    common = _common_size(survey.sizes, side)
    reason = f"the size of {usual:,} of {n:,} images"
    if common not in survey.sizes:
        reason = f"{reason}, shrunk to at most {side:,} pixels a side{why}"
    return wanted_shape((channels, *common), reason, options)


def wanted_shape(
    own: tuple[int, int, int], reason: str, options: ImportOptions
) -> tuple[tuple[int, int, int], tuple[ImageFinding, ...]]:
    """The shape of all items: as asked, else as learnt, else their own.

    Args:
        own: (C, H, W) of most images.
        reason: why that size.

    Raises:
        DataError: a side below 1.
    """
    asked, like = options.images, options.like if isinstance(options.like, ImageContract) else None
    learnt = "as of the images that were learnt from"
    size, why = own[1:], reason
    if asked.size is not None:
        size, why = asked.size, "as asked"
    elif like is not None:
        size, why = like.size, learnt
    channels, why_channels = own[0], {1: "all are grey", 3: "some are in colour"}.get(own[0], "as they have")
    if asked.channels is not None:
        channels, why_channels = asked.channels, "as asked"
    elif like is not None:
        channels, why_channels = like.channels, learnt
    if min(*size, channels) < 1 or (asked.size is not None and max(size) > MAX_SIDE):
        raise DataError(
            f"An image size of {size[1]}x{size[0]} is not possible.", f"Both sides must be 1 to {MAX_SIDE:,} pixels."
        )
    findings = (
        ImageFinding(what="size", value=f"{size[0]}x{size[1]}", reason=why, flag="--size HEIGHTxWIDTH"),
        ImageFinding(what="channels", value=str(channels), reason=why_channels, flag="--channels N"),
    )
    return (channels, size[0], size[1]), findings


def _common_size(sizes: Counter[tuple[int, int]], max_side: int) -> tuple[int, int]:
    """The most common size (of several, the smallest), shrunk in proportion to the limit."""
    height, width = min(sizes, key=lambda size: (-sizes[size], size))
    shrink = min(1.0, max_side / max(height, width))
    return max(1, round(height * shrink)), max(1, round(width * shrink))


# --- Decoding --------------------------------------------------------------------------------------------------------


class _FilesToRows:
    """The files on their way into rows; what is counted begins anew with each ``decode``."""

    def __init__(
        self,
        files: ImageFiles,
        source: str,
        shape: tuple[int, int, int],
        options: ImportOptions,
        progress: Progress | None,
    ) -> None:
        self._files, self._source, self._shape, self._progress = files, source, shape, progress
        like = options.like if isinstance(options.like, ImageContract) else None
        self._fit = options.images.fit or (like.fit if like is not None else "cut")
        self._pages, self._pages_asked = _pages(options), options.images.pages is not None

    def decode(self, scales: dict[str, Scale], open_rows: OpenRows) -> None:
        """Read every file into rows; what cannot be read is left out."""
        self.bytes_values = Values()
        self._names: list[str] = []
        self._counts: list[int] = []
        self._converted: list[tuple[str, str]] = []
        self._left_out = list(self._files.left_out)
        self._reshaped = self._resized = self._several = 0
        self._deep = not all(scale.fits_bytes for scale in scales.values())
        members = self._files.members
        with open_rows(self._shape, np.float32 if self._deep else np.uint8) as rows:
            for done, member in enumerate(members):
                share = _SURVEY_SHARE + (1 - _SURVEY_SHARE) * done / len(members)
                _tell(self._progress, share, f"Decoding {len(members):,} images", done)
                try:
                    natives = decode_pictures(member.read(), member.name, self._pages)
                    read = [self._items_of(native, scales) for native in natives]
                except DataError as error:
                    self._left_out.append((member.name, error.message.removeprefix(f"{member.name} ")))
                    continue
                except OSError as error:
                    self._left_out.append((member.name, f"cannot be read: {error.strerror}"))
                    continue
                items = [item for of_picture, _ in read for item in of_picture]
                for item in items:
                    rows.append(item)
                self._names.append(member.name)
                self._counts.append(len(items))
                self._several += natives[0].pictures > 1
                if what := ", ".join(filter(None, (*natives[0].notes, *dict.fromkeys(what for _, what in read)))):
                    self._converted.append((member.name, what))
        if not self._names:
            first = self._left_out[0]
            raise DataError(f"There is no readable image in {self._source}.", f"The first: {first[0]} {first[1]}")

    def _items_of(self, native: NativeImage, scales: dict[str, Scale]) -> tuple[list[np.ndarray], str]:
        scale = scales.get(native.type)
        if scale is None:
            raise DataError("holds other numbers than its header says", "")
        if native.type == BYTES:
            self.bytes_values.add(native.array)
        _, height, width = self._shape
        if self._fit != "tiles":
            item, words = self._item(native.array, scale)
            return [item], words
        pieces = tiles(native.array, height, width)
        if not pieces:
            raise DataError(f"is smaller than {width}x{height} pixels", "")
        self._reshaped += len(pieces) > 1
        items = [self._item(piece, scale)[0] for piece in pieces]
        return items, f"cut into {len(pieces)}" if len(pieces) > 1 else ""

    def _item(self, native: np.ndarray, scale: Scale) -> tuple[np.ndarray, str]:
        pixels = scale.as_floats(native) if self._deep else scale.as_bytes(native)
        if pixels.shape == self._shape:
            return pixels, ""
        done = fitted(pixels, self._shape, self._fit)
        self._reshaped += done.reshaped
        self._resized += "resized" in done.sides
        return done.x if self._deep else to_uint8(done.x), done.words

    def result(self, scales: ScalesFound, findings: tuple[ImageFinding, ...]) -> ReadImages:
        """What became of the files."""
        channels, height, width = self._shape
        n = sum(self._counts)
        contract = ImageContract(
            items=n,
            files=len(self._names),
            channels=channels,
            size=(height, width),
            scales=tuple(scales.scales.values()),
            fit=self._fit,
            reshaped=self._reshaped,
            resized=self._resized,
            left_out=len(self._left_out),
            pages=self._pages,
            findings=(*scales.findings, *findings, *self._pages_finding()),
            remarks=(*scales.remarks, *room_for(n, self._shape, self._deep)),
        )
        report = ImportReport(n, tuple(self._converted), tuple(self._left_out))
        return ReadImages(tuple(self._names), tuple(self._counts), report, contract)

    def _pages_finding(self) -> tuple[ImageFinding, ...]:
        """Which pictures are read where some files hold several."""
        if not self._several:
            return ()
        reason = "as asked" if self._pages_asked else f"{self._several:,} files hold several pictures"
        other = "first" if self._pages == "all" else "all"
        return (ImageFinding(what="pages", value=self._pages, reason=reason, flag=f"--pages {other}"),)


def room_for(n: int, shape: tuple[int, ...], deep: bool) -> tuple[str, ...]:
    """A remark on the room that many numbers of more than 8 bits take; none for few."""
    size = n * int(np.prod(shape)) * 4
    if not deep or size < LARGE_BYTES:
        return ()
    return (f"more than 8 bits are kept: the items take {size / 2**30:.1f} GiB, four times as much as 8 bits would",)


def _tell(progress: Progress | None, share: float, words: str, done: int) -> None:
    if progress and done % 100 == 0:
        progress(share, words)
