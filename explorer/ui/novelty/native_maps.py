"""Images at the size they have, under a map of where they are anomalous, for detectors that look at them so."""

from __future__ import annotations

import numpy as np
import streamlit as st

from explorer.browser.heat_map.message import heat_map_of
from explorer.io.images import to_float
from explorer.novelty.same_place import SamePlace, same_place
from explorer.ui.novelty.scored import ScoredItems
from explorer.ui.shell.cache import cached
from explorer.ui.widgets import pictures
from explorer.ui.widgets.heat_map import heat_map
from explorer.ui.widgets.text import plain, three_digits

LEAST_SIDE = 48
"""Smaller images are compared as a whole: a part of them shows little."""
PART = 168
"""Largest side of a part of an image, on the screen."""
RATE = 0.01
"""The share of normal images that may have any pixel above the threshold that is shown at first."""


def show(scored: ScoredItems, item: int) -> None:
    """An item with its map, its defects' boxes and the threshold of pixels."""
    detector = scored.detector
    own, peaks = _map(scored, item), detector.map_peaks
    if own is None or peaks is None:
        return
    view = heat_map_of(
        scored.x[item],
        own,
        peaks,
        usual=_usual_level(scored),
        threshold=detector.pixel_threshold(RATE).value,
        unit=detector.map_unit,
        alt=scored.names[item],
    )
    heat_map(view, key=f"novelty_heat_map.{scored.key}")


def beside_normal(scored: ScoredItems, item: int) -> None:
    """The part of an item that its map points at, beside the nearest normal image at the same place."""
    if max(scored.x.shape[2:]) < LEAST_SIDE:
        return
    place = _same_place(scored, item)
    if place is None:
        return
    top, left, height, width = place.box
    name = place.name or f"example {place.example + 1:,}"
    shown = to_float(np.stack([place.item, place.normal]))
    pictures.gallery(shown, ["item", f"normal: {name}"], PART, alt="The same place:")
    what = "The defect's box" if place.defect else "No pixel is above the threshold; the place with the most heat"
    st.caption(
        plain(
            f"{what}, and the same place of the one of {len(scored.detector.examples):,} kept normal images that is "
            f"nearest to it there: rows {top:,} to {top + height - 1:,}, columns {left:,} to {left + width - 1:,}; "
            f"root mean square difference {three_digits(place.distance)}, black and white being 1 apart."
        )
    )


@cached(max_entries=32)
def _map(scored: ScoredItems, item: int) -> np.ndarray | None:
    maps = scored.detector.maps(scored.x[item : item + 1])
    return None if maps is None else maps[0]


@cached(max_entries=32)
def _same_place(scored: ScoredItems, item: int) -> SamePlace | None:
    own, detector = _map(scored, item), scored.detector
    if own is None or detector.map_peaks is None:
        return None
    threshold = detector.pixel_threshold(RATE).value
    return same_place(scored.x[item], own, threshold, detector.examples, detector.card.example_names)


@cached(max_entries=8)
def _usual_level(scored: ScoredItems) -> float:
    return scored.detector.usual_level()
