"""Items chosen by picture and put in order, in the browser: add, remove, move, turn around."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from explorer.ui.live.map_parts import SpriteSheet
from explorer.ui.widgets.component import last_report, mount

STATE = "picked"


@dataclass(frozen=True)
class Item:
    """One item to choose.

    Args:
        name: tells it from the others, in reports.
        caption: what it is, in a few words.
    """

    name: str
    caption: str


@dataclass(frozen=True)
class Shelf:
    """Items to choose from, under one heading.

    Args:
        title: of the heading.
        items: in the order to show them.
        empty: what to say where there are none.
    """

    title: str
    items: Sequence[Item]
    empty: str = ""


@dataclass(frozen=True)
class Picked:
    """What the visitor has chosen.

    Args:
        names: of the items, in order; an item may come twice.
        stamp: rises with every change, so that a page which keeps the choice itself can tell whether it has seen this
            one; 0 before the first.
    """

    names: tuple[str, ...]
    stamp: int


def item_picker(
    chosen: Sequence[Item],
    shelves: Sequence[Shelf],
    sprites: SpriteSheet | None,
    *,
    key: str,
    most: int,
    rows: int = 0,
    item_word: str = "item",
) -> None:
    """The chosen items in a row, and shelves of others to add with a press; read it with ``last_picked``.

    Args:
        chosen: as the page keeps them.
        shelves: where to choose from; one is open at a time.
        sprites: thumbnails of ``chosen`` and of each shelf's items, in that order; None for text alone.
        key: of the widget.
        most: how many can be chosen.
        rows: of the dataset, to add one by its number; 0 for no such field. The item is named by the number.
        item_word: what one item is called ("image", "row").
    """
    seen = last_picked(key)
    header = {
        "chosen": [asdict(item) for item in chosen],
        "shelves": [{"title": s.title, "items": [asdict(item) for item in s.items], "empty": s.empty} for s in shelves],
        "sprites": sprites and {"columns": sprites.columns, "width": sprites.width, "height": sprites.height},
        "most": most,
        "rows": rows,
        "item_word": item_word,
        # What answers an older change must not undo a newer one.
        "stamp": seen.stamp if seen else 0,
    }
    mount("item_picker", header, {"sprites": sprites.png} if sprites else {}, key=key, state=STATE)


def last_picked(key: str) -> Picked | None:
    """What the visitor last chose, known before the picker is shown again; None before the first change."""
    reported = last_report(key, STATE)
    return Picked(tuple(str(name) for name in reported["names"]), int(reported["stamp"])) if reported else None
