"""Images at the size they have, under a map of where they are anomalous, for detectors that look at them so."""

from __future__ import annotations

from explorer.browser.heat_map.message import heat_map_of
from explorer.ui.novelty.scored import ScoredItems
from explorer.ui.shell.cache import cached
from explorer.ui.widgets.heat_map import heat_map

RATE = 0.01
"""The share of normal images that may have any pixel above the threshold that is shown at first."""


def show(scored: ScoredItems, item: int) -> None:
    """An item with its map, its defects' boxes and the threshold of pixels."""
    detector, x = scored.detector, scored.x[item : item + 1]
    maps, peaks = detector.maps(x), detector.map_peaks
    if maps is None or peaks is None:
        return
    view = heat_map_of(
        x[0],
        maps[0],
        peaks,
        usual=_usual_level(scored),
        threshold=detector.pixel_threshold(RATE).value,
        unit=detector.map_unit,
        alt=scored.names[item],
    )
    heat_map(view, key=f"novelty_heat_map.{scored.key}")


@cached(max_entries=8)
def _usual_level(scored: ScoredItems) -> float:
    return scored.detector.usual_level()
