"""Bars of several columns over the same items: what is brushed on all of them at once is chosen."""

from __future__ import annotations

from typing import Self

import numpy as np
from pydantic import Field, model_validator

from explorer.browser.latent_map.message import MapChoice
from explorer.browser.latent_map.parts import Positions
from explorer.browser.schema import Component, Message, Part, Report, Uint16, Whole
from explorer.core.errors import ExplorerError

MAX_BARS = 250
"""Of one column: more than a screen shows."""


class FilterColumn(Part):
    """One column, cut into bars.

    Args:
        name: of the column.
        bars: (N,) number of the bar that each item falls into.
        titles: what each bar holds, such as "3 to 4" or "cat".
        ordered: whether bars follow one another, so that a range of them is brushed; else each is pressed.
        missing: whether the last bar is that of the items without a value.
    """

    name: str
    bars: Uint16
    titles: tuple[str, ...]
    ordered: bool
    missing: bool


class Filters(Message):
    """Columns of the same N items.

    Args:
        n: items.
        columns: in the order in which they are shown.
        link: channel of the maps of these items, on which each choice is told as it is made.
        chosen: (m,) items that are chosen now, whatever chose them; of each bar their share is shown.
        stamp: of the last choice that the page has seen: what answers an older choice must not undo a newer one.
    """

    n: int
    columns: tuple[FilterColumn, ...]
    link: str
    chosen: Positions
    stamp: int = 0

    @model_validator(mode="after")
    def _fits(self) -> Self:
        for column in self.columns:
            if column.bars.shape != (self.n,):
                raise ExplorerError(f"There are {self.n:,} items, but {column.name!r} has {column.bars.shape}.")
            if not 0 < len(column.titles) <= MAX_BARS or int(column.bars.max(initial=0)) >= len(column.titles):
                raise ExplorerError(f"{column.name!r} has {len(column.titles):,} bars, and up to {MAX_BARS} are drawn.")
        if len(self.chosen) and int(self.chosen[-1]) >= self.n:
            raise ExplorerError(f"There are {self.n:,} items, but item {int(self.chosen[-1]):,} is chosen.")
        return self


class Filtered(Report):
    """What is brushed on all columns together.

    Args:
        n: number of items.
        bits: one bit an item, hexadecimal: item i in byte i // 8 at bit i % 8 from the lowest.
        stamp: rises with every choice.
    """

    NAME = "filtered"
    n: Whole
    bits: str = Field(pattern=r"^([0-9a-f]{2})*$")
    stamp: Whole

    def among(self, n: int) -> MapChoice | None:
        """The choice; None where it was among another number of items."""
        packed = np.frombuffer(bytes.fromhex(self.bits), np.uint8)
        if self.n != n or len(packed) != -(-n // 8):
            return None
        return MapChoice(np.flatnonzero(np.unpackbits(packed, bitorder="little")[:n]), self.stamp)


COMPONENT = Component("filters", Filters, states=(Filtered,))
