"""The map of codes: zoom, pan, hover, lasso, and the decoder's picture under the pointer, all in the browser."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from explorer.core.errors import ExplorerError
from explorer.ui.live.envelope import digest
from explorer.ui.live.map_parts import (
    Contour,
    Detail,
    Mark,
    Parcel,
    SpriteSheet,
    Underlay,
    positions_from_bits,
)
from explorer.ui.live.pack import input_shape
from explorer.ui.live.served import ServedDecoder, serve
from explorer.ui.widgets.component import Feature, as_header, last_report, mount_reporting

__all__ = [
    "Contour",
    "Detail",
    "MapChoice",
    "MapReport",
    "MapSelection",
    "Mark",
    "SpriteSheet",
    "Underlay",
    "last_choice",
    "latent_map",
]

MAX_CLASSES = 1024
"""Width of the palette's texture; far more than a legend can show."""


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

    positions: np.ndarray
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


def latent_map(
    points: np.ndarray,
    groups: np.ndarray | None = None,
    *,
    key: str,
    names: Sequence[str] = (),
    labels: tuple[np.ndarray, Sequence[str]] | None = None,
    palette: Sequence[str],
    sprites: SpriteSheet | None = None,
    reconstructions: SpriteSheet | None = None,
    details: Sequence[Detail] = (),
    model_pack: bytes | None = None,
    served: ServedDecoder | None = None,
    codes: np.ndarray | None = None,
    features: Sequence[Feature] = (),
    axes: tuple[str, str] = ("z0", "z1"),
    marks: Sequence[Mark] = (),
    underlay: Underlay | None = None,
    contours: Sequence[Contour] = (),
    found: np.ndarray | None = None,
    drop: tuple[np.ndarray, np.ndarray] | None = None,
    selected: int | None = None,
    selection: np.ndarray | None = None,
    cursor: tuple[float, float] | None = None,
    tools: bool = False,
    link: str = "",
    height: int | None = None,
    item_word: str = "item",
    item_kind: str = "real",
    plain_canvas: bool = False,
) -> MapReport:
    """A map of items whose cursor is decoded as it moves.

    Wheel or two fingers zoom, dragging pans, a double click shows all; arrow keys move the cursor, Enter selects. With
    ``tools``, L and B switch lasso and box on and off, Shift adds to what is chosen, Alt takes away, Escape clears.

    Args:
        points: (N, 2) place of each item.
        groups: (N,) class of each item, from 0; None where there are no classes.
        key: of the widget.
        names: of the classes.
        labels: (N,) what each item is called, as numbers from 0 into names, where that is not its class: on a map that
            is coloured by a quantity.
        palette: colours as ``#rrggbb``, one for each class, repeated if fewer.
        sprites: thumbnails, for the nearest item.
        reconstructions: thumbnails of what the model makes of each item, shown beside it.
        details: numbers of the nearest item.
        model_pack: decoder of a place, if the place is all that it needs; with ``codes``, decoder of a whole code. None
            where nothing is decoded under the pointer.
        served: the same in Python, for a decoder too large for the browser, in place of ``model_pack``.
        codes: (N, D) code of each item, for a map without a way back: what is decoded under the pointer is the mean of
            the codes of the nearest items shown, the nearer the heavier, and the caption says so.
        features: columns, for models of table rows.
        axes: titles of x and y.
        marks: extra ringed places.
        underlay: picture under the points.
        contours: lines over the points.
        found: (m,) positions of items to ring, such as hits of a search. Where none is in sight, the view moves there.
        drop: origin (D,) and matrix (D, 2) of the linear way from a code to its place, (code - origin) @ matrix; with
            it, a code made in the browser (kind ``place`` on the channel ``link``) is ringed as it is made.
        selected: item to ring; a later click moves the ring.
        selection: (m,) positions of the chosen items, as the page keeps them; empty for none. None leaves the choice to
            the browser, which then forgets it with the page.
        cursor: where the cursor stands at first; the centre if None.
        tools: offer lasso and box.
        link: channel on which this map and others of the same items mark the same item and the same choice. Maps of
            other items need another name.
        height: CSS pixels of the map; None for one that suits its width.
        item_word: what one item is called ("digit", "row").
        item_kind: the word before it: "real", or "made" for items that the decoder made.
        plain_canvas: draw without WebGL2, as browsers without it do.

    Returns:
        The last click and the last choice.

    Raises:
        ExplorerError: there are no items, a coordinate is not finite, there are too many classes, a decoder that does
            not take a place (or a code, with ``codes``), or a part that does not fit the items.
    """
    places = np.ascontiguousarray(points, dtype="<f4")
    _check(places, groups, names)
    if labels is not None:
        _check(places, *labels)
    _check_decoder(model_pack, codes)
    n = len(places)
    class_ids = np.zeros(n, "<u2") if groups is None else np.ascontiguousarray(groups, dtype="<u2")
    last = last_report(key, "chosen")
    parcel = Parcel(
        {
            "names": list(names) or [item_word],
            "label_names": list(labels[1]) if labels else [],
            "palette": list(palette),
            "axes": list(axes),
            "selected": selected,
            "cursor": cursor,
            "item_word": item_word,
            "item_kind": item_kind,
            "features": as_header(features),
            "tools": tools,
            "link": link,
            "height": height,
            "plain_canvas": plain_canvas,
            "label": _label(n, tools),
            # A selection that answers an older choice must not undo a newer one.
            "chosen_stamp": last["stamp"] if last else 0,
        },
        {"points": places.tobytes(), "groups": class_ids.tobytes()},
    )
    if labels is not None:
        parcel.sections["labels"] = np.ascontiguousarray(labels[0], dtype="<u2").tobytes()
    parcel.add_marks(marks)
    parcel.add_sprites("sprites", sprites)
    parcel.add_sprites("reconstructions", reconstructions)
    parcel.add_details(details, n)
    parcel.add_underlay(underlay)
    parcel.add_contours(contours)
    parcel.add_codes(codes, n)
    parcel.add_drop(drop)
    parcel.add_positions("found", found, n)
    parcel.add_positions("selection", selection, n)
    if model_pack:
        parcel.sections["pack"] = model_pack
    elif served:
        parcel.header["served"] = serve(served, f"{key}_served")
    reported = mount_reporting("latent_map", parcel.header, parcel.sections, key=key, states=("selected", "chosen"))
    # A report on another set of points may still be on its way when the page has moved on.
    shown = digest(parcel.sections["points"])
    click, chosen = ((r if r and r["points"] == shown else None) for r in (reported["selected"], reported["chosen"]))
    return MapReport(
        click and MapSelection(click["index"], (click["code"][0], click["code"][1])),
        _choice(chosen, n) if chosen else None,
    )


def last_choice(key: str, n: int) -> MapChoice | None:
    """The last choice on the map of this key, known before the map is drawn again.

    Args:
        key: of the widget.
        n: items on the map; a choice among another number was on another map.
    """
    reported = last_report(key, "chosen")
    return _choice(reported, n) if reported else None


def _choice(reported: dict[str, Any], n: int) -> MapChoice | None:
    positions = positions_from_bits(reported, n)
    return None if positions is None else MapChoice(positions, int(reported["stamp"]))


def _label(n: int, tools: bool) -> str:
    text = (
        f"Map of {n:,} codes. Arrow keys move the cursor, plus and minus zoom, "
        "zero shows all, Enter selects the nearest."
    )
    if tools:
        text += " L is the lasso, B the box: Enter sets a corner, Escape clears."
    return text


def _check(points: np.ndarray, groups: np.ndarray | None, names: Sequence[str]) -> None:
    if points.ndim != 2 or points.shape[1] != 2 or not len(points):
        raise ExplorerError(f"A map needs two coordinates for each item, not an array of shape {points.shape}.")
    if not np.isfinite(points).all():
        raise ExplorerError("Some codes are not finite numbers.", "The model has probably diverged in training.")
    if groups is None:
        return
    if len(groups) != len(points):
        raise ExplorerError(f"There are {len(points):,} codes, but {len(groups):,} labels.")
    if len(names) > MAX_CLASSES or int(np.max(groups)) >= len(names) or int(np.min(groups)) < 0:
        raise ExplorerError(
            f"The map got labels up to {int(np.max(groups))} and {len(names)} class names.",
            f"Each label needs a name, and at most {MAX_CLASSES} are drawn.",
        )


def _check_decoder(model_pack: bytes | None, codes: np.ndarray | None) -> None:
    if model_pack is None:
        return
    size = 2 if codes is None else codes.shape[-1]
    if input_shape(model_pack) != (size,):
        raise ExplorerError(
            f"The map gives its decoder {size} numbers, but it takes items of shape {input_shape(model_pack)}."
        )
