"""The map of codes: what is on it, and what the hand did there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from jaxtyping import Int
from pydantic import Field, model_validator

from explorer.browser.envelope import digest
from explorer.browser.latent_map.parts import Layers, LinearPlace, NearestItem, PlaceDecoder, Points, Selection
from explorer.browser.schema import Component, Message, Number, Report, Whole
from explorer.core.errors import ExplorerError


def _spoken(contents: dict[str, Any]) -> str:
    text = (
        f"Map of {len(contents['points'].places):,} codes. Arrow keys move the cursor, plus and minus zoom, "
        "zero shows all, Enter selects the nearest."
    )
    text = f"{text} N shows or hides the names of classes." if contents["points"].kinds else text
    has_pictures = "nearest" in contents and contents["nearest"].sprites is not None
    text = f"{text} P shows pictures or points where points stand apart." if has_pictures else text
    return f"{text} L is the lasso, B the box: Enter sets a corner, Escape clears." if contents["tools"] else text


class LatentMap(Message):
    """A map of items whose cursor is decoded as it moves.

    Args:
        points: the items, each at its place.
        nearest: what is shown of the item nearest to the pointer.
        decoding: what is decoded under the pointer.
        layers: below and over the points.
        selection: what is ringed or chosen.
        tools: offer lasso and box.
        link: channel on which this map and others of the same items mark the same item and the same choice. Maps of
            other items need another name.
        drop: with it, a code made in the browser (kind ``place`` on the channel ``link``) is ringed as it is made.
        cursor: where the cursor stands at first; the centre if None.
        in_sight: left, bottom, right and top of what the map shows at first; all points if None.
        height: CSS pixels of the map; None for one that suits its width.
        plain_canvas: draw without WebGL2, as browsers without it do.
        spoken: what a screen reader says of the map.

    Raises:
        ExplorerError: a part that does not fit the items.
    """

    points: Points
    nearest: NearestItem = NearestItem()
    decoding: PlaceDecoder = PlaceDecoder()
    layers: Layers = Layers()
    selection: Selection = Selection()
    tools: bool = False
    link: str = ""
    drop: LinearPlace | None = None
    cursor: tuple[float, float] | None = None
    in_sight: tuple[float, float, float, float] | None = None
    height: int | None = None
    plain_canvas: bool = False
    spoken: str = Field(default_factory=_spoken)

    @model_validator(mode="after")
    def _fits_the_items(self) -> Self:
        n = len(self.points.places)
        for detail in self.nearest.details:
            if detail.values.shape != (n,):
                raise ExplorerError(
                    f"The map has {n:,} items, but {detail.name!r} has values of shape {detail.values.shape}."
                )
        for column in self.nearest.columns:
            if column.values.shape != (n,):
                raise ExplorerError(f"The map has {n:,} items, but {column.name!r} has {len(column.values):,} values.")
        codes = self.decoding.codes
        if codes is not None and (codes.ndim != 2 or len(codes) != n):
            raise ExplorerError(f"The map has {n:,} items, but codes of shape {codes.shape}.")
        for name, positions in (("search", self.selection.hits), ("selection", self.selection.chosen)):
            if positions is not None and len(positions) and positions[-1] >= n:
                raise ExplorerError(f"The map has {n:,} items, but its {name} names item {positions[-1]:,}.")
        return self


# --- What the hand did ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class MapSelection:
    """A click on the map.

    Args:
        index: of the item there; None where none is near.
        code: (x, y) of the click, in the map's units.
    """

    index: int | None
    code: tuple[float, float]


@dataclass(frozen=True, eq=False)
class MapChoice:
    """Items chosen with the lasso, the box or Clear.

    Args:
        positions: (m,) of the chosen items, rising; empty after Clear.
        stamp: rises with every choice, on any map of the page: a page that keeps the choice itself can tell by it
            whether it has seen this one, and which of two maps was used last.
    """

    positions: Int[np.ndarray, " n"]
    stamp: int


@dataclass(frozen=True, eq=False)
class MapReport:
    """What the browser last said about the points now on the map.

    Args:
        click: the last click; None before the first.
        choice: the last items chosen; None before the first choice.
    """

    click: MapSelection | None = None
    choice: MapChoice | None = None


class MapClicked(Report):
    """A click.

    Args:
        points: digest of the items' places.
        index: of the item there; None where none is near.
        code: (x, y) of the click.
    """

    NAME = "selected"
    points: str
    index: Whole | None
    code: tuple[Number, Number]

    def among(self, n: int) -> MapSelection | None:
        """The click; None where it was on a map of more items."""
        return MapSelection(self.index, self.code) if self.index is None or self.index < n else None


class MapChosen(Report):
    """A choice of items.

    Args:
        points: digest of the items' places.
        n: number of items.
        bits: one bit an item, hexadecimal: item i in byte i // 8 at bit i % 8 from the lowest.
        stamp: rises with every choice.
    """

    NAME = "chosen"
    points: str
    n: Whole
    bits: str = Field(pattern=r"^([0-9a-f]{2})*$")
    stamp: Whole

    def among(self, n: int) -> MapChoice | None:
        """The choice; None where it was among another number of items."""
        packed = np.frombuffer(bytes.fromhex(self.bits), np.uint8)
        if self.n != n or len(packed) != -(-n // 8):
            return None
        return MapChoice(np.flatnonzero(np.unpackbits(packed, bitorder="little")[:n]), self.stamp)


COMPONENT = Component("latent_map", LatentMap, states=(MapClicked, MapChosen))


def map_report(points: Points, clicked: MapClicked | None, chosen: MapChosen | None) -> MapReport:
    """What the reports say of these points; a report on others may still be on its way when the page has moved on."""
    shown, n = digest(points.places.tobytes()), len(points.places)
    return MapReport(
        clicked.among(n) if clicked and clicked.points == shown else None,
        chosen.among(n) if chosen and chosen.points == shown else None,
    )
