"""The map of codes: zoom, pan, hover, and the decoder's picture under the pointer, all in the browser."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np

from explorer.errors import ExplorerError
from explorer.ui.live.component import Feature, as_header, mount
from explorer.ui.live.envelope import digest

MAX_CLASSES = 1024
"""Width of the palette's texture; far more than a legend can show."""


@dataclass(frozen=True)
class Mark:
    """A ringed place on the map, such as the code of a user's own image.

    Args:
        x, y: in the map's units.
        label: beside the ring.
    """

    x: float
    y: float
    label: str


@dataclass(frozen=True)
class SpriteSheet:
    """Thumbnails of all items in one picture, item i in row i // columns, column i % columns.

    Args:
        png: its bytes.
        columns: thumbnails in a row.
        width, height: of one thumbnail, in pixels.
    """

    png: bytes
    columns: int
    width: int
    height: int


@dataclass(frozen=True)
class MapSelection:
    """A click on the map.

    Args:
        index: of the item there; None where none is near.
        code: (x, y) of the click, in the map's units.
    """

    index: int | None
    code: tuple[float, float]


def latent_map(
    points: np.ndarray,
    groups: np.ndarray | None = None,
    *,
    key: str,
    names: Sequence[str] = (),
    palette: Sequence[str],
    sprites: SpriteSheet | None = None,
    model_pack: bytes | None = None,
    features: Sequence[Feature] = (),
    axes: tuple[str, str] = ("z0", "z1"),
    marks: Sequence[Mark] = (),
    selected: int | None = None,
    cursor: tuple[float, float] | None = None,
    item_word: str = "item",
    plain_canvas: bool = False,
) -> MapSelection | None:
    """A map of items whose cursor is decoded as it moves.

    Wheel or two fingers zoom, dragging pans, a double click shows all; arrow keys move the cursor, Enter selects.

    Args:
        points: (N, 2) place of each item.
        groups: (N,) class of each item, from 0; None where there are no classes.
        key: of the widget.
        names: of the classes.
        palette: colours as ``#rrggbb``, one for each class, repeated if fewer.
        sprites: thumbnails, for the nearest item.
        model_pack: decoder of a model whose codes are ``points``; None where they are a projection.
        features: columns, for models of table rows.
        axes: titles of x and y.
        marks: extra ringed places.
        selected: item to ring; a later click moves the ring.
        cursor: where the cursor stands at first; the centre if None.
        item_word: what one item is called ("digit", "row").
        plain_canvas: draw without WebGL2, as browsers without it do.

    Returns:
        The last click, or None.

    Raises:
        ExplorerError: there are no items, a coordinate is not finite, there are too many classes, or a decoder that
            does not take two numbers.
    """
    places = np.ascontiguousarray(points, dtype="<f4")
    _check(places, groups, names)
    class_ids = np.zeros(len(places), "<u2") if groups is None else np.ascontiguousarray(groups, dtype="<u2")
    class_names = list(names) or [item_word]
    header = {
        "names": class_names,
        "palette": list(palette),
        "axes": list(axes),
        "marks": [asdict(mark) for mark in marks],
        "selected": selected,
        "cursor": cursor,
        "item_word": item_word,
        "features": as_header(features),
        "plain_canvas": plain_canvas,
        "sprite": sprites and {"columns": sprites.columns, "width": sprites.width, "height": sprites.height},
        "label": (
            f"Map of {len(places):,} codes. Arrow keys move the cursor, plus and minus zoom, "
            "zero shows all, Enter selects the nearest."
        ),
    }
    sections = {"points": places.tobytes(), "groups": class_ids.tobytes()}
    if model_pack:
        sections["pack"] = model_pack
    if sprites:
        sections["sprites"] = sprites.png
    reported = mount("latent_map", header, sections, key=key, state="selected")
    # A click on another set of points may still be on its way when the page has moved on.
    if not reported or reported["points"] != digest(sections["points"]):
        return None
    x, y = reported["code"]
    return MapSelection(reported["index"], (x, y))


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
