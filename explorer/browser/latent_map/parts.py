"""What a map of codes can show, in parts that each have a default."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Annotated, Any, Literal, Self

import numpy as np
from jaxtyping import Num
from pydantic import BeforeValidator, model_validator

from explorer.browser.pack import input_shape
from explorer.browser.parts import Decoder, Feature, SpriteSheet, Underlay
from explorer.browser.schema import File, Float32, Float64, Numbers, Part, Uint16, Uint32
from explorer.core.errors import ExplorerError

MAX_CLASSES = 1024
"""Width of the palette's texture; far more than a legend can show."""
MAX_CODE_BYTES = 48 * 1024 * 1024
"""Of the items' codes, for decoding from the nearest; each visitor's browser gets them."""


class Texts(Part):
    """A text an item. They travel as bytes, of which the browser makes a text when it shows one.

    Args:
        text: all of them, one after the other, in UTF-8.
        starts: (N + 1,) where each begins, in bytes, and where the last ends.
    """

    text: File
    starts: Uint32

    @classmethod
    def of(cls, texts: Sequence[str]) -> Self:
        """Those of (N,) items."""
        text = "".join(texts).encode(errors="replace")
        lengths = np.fromiter(map(len, texts), np.int64, len(texts))
        if len(text) != lengths.sum():  # letters of more than one byte
            lengths = np.fromiter((len(one.encode(errors="replace")) for one in texts), np.int64, len(texts))
        return cls(text=text, starts=np.concatenate([[0], np.cumsum(lengths)]))

    def __len__(self) -> int:
        return len(self.starts) - 1

    def read(self) -> list[str]:
        """(N,) the texts."""
        ends = self.starts.tolist()
        return [self.text[a:b].decode() for a, b in pairwise(ends)]


def _texts(value: Any) -> Any:
    """Texts in a list; an empty list is none."""
    if not isinstance(value, Sequence):
        return value
    return Texts.of(value) if value else None


class Points(Part):
    """The items, each at its place.

    Args:
        places: (N, 2), N >= 1, finite.
        groups: (N,) class of each item, from 0; None where there are no classes.
        names: of the classes.
        kinds: so many of these names, the first, can be written on the map, each where most of its class lies; 0 where
            the classes are steps of a quantity.
        kinds_written: whether they are at first; a button shows and hides them.
        palette: colours as ``#rrggbb``, one for each class, repeated if fewer.
        labels: (N,) what each item is called, as numbers from 0 into ``label_names``, where that is not its class: on a
            map that is coloured by a quantity.
        label_names: see ``labels``.
        titles: (N,) what each item itself is called, such as its file's name; None: items have no names of their own.
        numbers: (N,) of items that are called by their number alone ("row 7"), which takes less than ``titles``.
        axes: titles of x and y.
        item_word: what one item is called ("digit", "row").
        item_kind: the word before it: "real", or "decoded" for decoded samples.
    """

    places: Float32
    groups: Uint16 | None = None
    names: tuple[str, ...] = ()
    palette: tuple[str, ...]
    kinds: int = 0
    kinds_written: bool = False
    labels: Uint16 | None = None
    label_names: tuple[str, ...] = ()
    titles: Annotated[Texts | None, BeforeValidator(_texts)] = None
    numbers: Uint32 | None = None
    axes: tuple[str, str] = ("z0", "z1")
    item_word: str = "item"
    item_kind: str = "real"

    @model_validator(mode="after")
    def _can_be_drawn(self) -> Self:
        shape = self.places.shape
        if len(shape) != 2 or shape[1] != 2 or not shape[0]:
            raise ExplorerError(f"A map needs two coordinates for each item, not an array of shape {shape}.")
        if not np.isfinite(self.places).all():
            raise ExplorerError("Some codes are not finite numbers.", "The model has probably diverged in training.")
        _check_names(self.groups, self.names, len(self.places))
        _check_names(self.labels, self.label_names, len(self.places))
        if not 0 <= self.kinds <= len(self.names):
            raise ExplorerError(f"The map has {len(self.names)} class names, and is to write {self.kinds}.")
        if self.titles is not None and len(self.titles) != shape[0]:
            raise ExplorerError(f"There are {shape[0]:,} codes, but {len(self.titles):,} names of items.")
        if self.numbers is not None and self.numbers.shape != shape[:1]:
            raise ExplorerError(f"There are {shape[0]:,} codes, but {len(self.numbers):,} numbers of items.")
        return self


def _check_names(numbers: np.ndarray | None, names: Sequence[str], n: int) -> None:
    if numbers is None:
        return
    if len(numbers) != n:
        raise ExplorerError(f"There are {n:,} codes, but {len(numbers):,} labels.")
    if len(names) > MAX_CLASSES or int(numbers.max()) >= len(names):
        raise ExplorerError(
            f"The map got labels up to {int(numbers.max())} and {len(names)} class names.",
            f"Each label needs a name, and at most {MAX_CLASSES} are drawn.",
        )


class Detail(Part):
    """A number of every item, shown for the one under the pointer.

    Args:
        name: what it is.
        values: (N,); not a number where an item has none.
        unit: after the number.
    """

    name: str
    values: Float32
    unit: str = ""


class RowColumn(Part):
    """A column of the items' values, of which the most unusual are shown for the item under the pointer.

    Args:
        name: of the column.
        values: (N,) numbers, dates in seconds since 1970, or positions in ``names``; not a number where missing.
        kind: whether numbers are dates.
        names: of a category's values; empty for numbers.
        shares: of the items that have each of these values.
        middle, spread: of numbers: the median, and the standard deviation that the quartiles of normal ones would have.
    """

    name: str
    values: Float64
    kind: Literal["number", "date"] = "number"
    names: tuple[str, ...] = ()
    shares: tuple[float, ...] = ()
    middle: float = 0.0
    spread: float = 1.0


class FinerPictures(Part):
    """Larger pictures than the thumbnails that come with the map: asked for when their items are in sight.

    Args:
        channel: on which they are asked for.
        items: tells one list of items from another.
        steps: how many pixels of an item's picture, each way, become one, in each of the sizes there are; rising.
        width, height: of an item's own picture, in pixels.
    """

    channel: str
    items: str
    steps: tuple[int, ...]
    width: int
    height: int


class NearestItem(Part):
    """What is shown of the items' pictures and of the item nearest to the pointer.

    Args:
        sprites: thumbnails of the items, drawn in place of their points where these stand apart.
        finer: larger ones, where a server makes them.
        reconstructions: thumbnails of what the model makes of each item, shown beside it.
        details: its numbers.
        columns: its values by column.
    """

    sprites: SpriteSheet | None = None
    finer: FinerPictures | None = None
    reconstructions: SpriteSheet | None = None
    details: tuple[Detail, ...] = ()
    columns: tuple[RowColumn, ...] = ()


class PlaceDecoder(Part):
    """What is decoded under the pointer.

    Args:
        decoder: of a place, if the place is all that it needs; with ``codes``, of a whole code.
        codes: (N, D) code of each item, for a map without a way back: what is decoded under the pointer is the mean of
            the codes of the nearest items shown, the nearer the heavier, and the caption says so.
        features: columns, for models of table rows.
    """

    decoder: Decoder = Decoder()
    codes: Float32 | None = None
    features: tuple[Feature, ...] = ()

    @model_validator(mode="after")
    def _fits(self) -> Self:
        codes, pack = self.codes, self.decoder.pack
        if codes is not None and codes.nbytes > MAX_CODE_BYTES:
            raise ExplorerError(
                f"The codes of {len(codes):,} items take {codes.nbytes / 2**20:,.0f} MiB; "
                f"live decoding stops at {MAX_CODE_BYTES // 2**20} MiB.",
                "Show fewer items.",
            )
        size = 2 if codes is None else codes.shape[-1]
        if pack is not None and (shape := input_shape(pack)) != (size,):
            raise ExplorerError(f"The map gives its decoder {size} numbers, but it takes items of shape {shape}.")
        return self


class Mark(Part):
    """A ringed place on the map, such as the code of a user's own image.

    Args:
        x, y: in the map's units.
        label: beside the ring.
        ellipse: half axes of the place's own 1-sigma ellipse, in the map's units, and the angle of the first from the x
            axis in radians, anticlockwise. The ellipse of 2 sigma is drawn with it. None for a place without one.
    """

    x: float
    y: float
    label: str
    ellipse: tuple[float, float, float] | None = None


class Contour(Part):
    """Lines at one level of a surface over the map.

    Args:
        places: (m, 2) of all lines, one after the other, in the map's units.
        lengths: how many of the places each line has.
        label: written on them; empty for none.
        dashed: drawn broken, to tell one surface from another.
    """

    places: Float32
    lengths: tuple[int, ...]
    label: str = ""
    dashed: bool = False

    @classmethod
    def of(cls, lines: Sequence[np.ndarray], label: str = "", *, dashed: bool = False) -> Self:
        """Lines, each (m, 2).

        Raises:
            ExplorerError: a line is no list of finite places.
        """
        arrays = [np.asarray(line, dtype="<f4") for line in lines]
        if any(line.ndim != 2 or line.shape[1] != 2 or not np.isfinite(line).all() for line in arrays):
            raise ExplorerError("A contour's line needs two finite coordinates for each of its places.")
        places = np.concatenate([np.empty((0, 2), "<f4"), *arrays])
        return cls(places=places, lengths=tuple(map(len, arrays)), label=label, dashed=dashed)


class Layers(Part):
    """What is drawn below and over the points."""

    underlay: Underlay | None = None
    contours: tuple[Contour, ...] = ()
    marks: tuple[Mark, ...] = ()


def _positions(value: Any) -> Any:
    """Each once and in order."""
    positions = np.unique(np.asarray(value, dtype=np.int64))
    if len(positions) and positions[0] < 0:
        raise ExplorerError(f"The map numbers its items from 0, and got item {positions[0]:,}.")
    return positions


Positions = Annotated[Uint32, BeforeValidator(_positions)]


class Selection(Part):
    """Items that are ringed or chosen, by their positions.

    Args:
        ringed: an item to ring; a later click moves the ring.
        chosen: (m,) the chosen items, as the page keeps them; empty for none. None leaves the choice to the browser,
            which then forgets it with the page.
        hits: (m,) items that a search found, ringed. Where none is in sight, the view moves there.
        answers: stamp of the last choice that the page has seen: what answers an older choice must not undo a newer.
    """

    ringed: int | None = None
    chosen: Positions | None = None
    hits: Positions | None = None
    answers: int = 0


class LinearPlace(Part):
    """The linear way from a code to its place, (code - origin) @ matrix.

    Args:
        origin: (D,).
        matrix: (D, 2), as rows.
    """

    origin: Numbers
    matrix: tuple[tuple[float, float], ...]

    @classmethod
    def of(cls, origin: Num[np.ndarray, "*origin"], matrix: Num[np.ndarray, "*matrix"]) -> Self:
        """From arrays.

        Raises:
            ExplorerError: origin and matrix do not fit together.
        """
        origin, matrix = np.asarray(origin, np.float64), np.asarray(matrix, np.float64)
        if origin.ndim != 1 or matrix.shape != (len(origin), 2):
            raise ExplorerError(f"A code of shape {origin.shape} has no place under a matrix of shape {matrix.shape}.")
        return cls(origin=origin, matrix=matrix.tolist())
