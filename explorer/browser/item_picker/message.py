"""Items chosen by picture and put in order."""

from __future__ import annotations

from explorer.browser.parts import SpriteSheet
from explorer.browser.schema import Component, Message, Part, Report, Whole


class Item(Part):
    """One item to choose.

    Args:
        name: tells it from the others, in reports.
        caption: what it is, in a few words.
    """

    name: str
    caption: str


class Shelf(Part):
    """Items to choose from, under one heading.

    Args:
        title: of the heading.
        items: in the order to show them.
        empty: what to say where there are none.
    """

    title: str
    items: tuple[Item, ...]
    empty: str = ""


class ItemPicker(Message):
    """The chosen items in a row, and shelves of others to add with a press.

    Args:
        chosen: as the page keeps them.
        shelves: where to choose from; one is open at a time.
        sprites: thumbnails of ``chosen`` and of each shelf's items, in that order; None for text alone.
        most: how many can be chosen.
        rows: of the dataset, to add one by its number; 0 for no such field. The item is named by the number.
        stamp: of the last change that the page has seen: what answers an older change must not undo a newer one.
    """

    chosen: tuple[Item, ...]
    shelves: tuple[Shelf, ...]
    sprites: SpriteSheet | None
    most: int
    rows: int = 0
    stamp: int = 0


class Picked(Report):
    """What the visitor has chosen.

    Args:
        names: of the items, in order; an item may come twice.
        stamp: rises with every change, so that a page which keeps the choice itself can tell whether it has seen this
            one.
    """

    NAME = "picked"
    names: tuple[str, ...]
    stamp: Whole


COMPONENT = Component("item_picker", ItemPicker, states=(Picked,))
