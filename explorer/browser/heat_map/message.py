"""An image at the size it has, with a map of where it is anomalous, and boxes above a threshold of pixels to drag."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float, Num

from explorer.browser.schema import Component, File, Float32, Float64, Message
from explorer.core.palette import NOVEL, SEQUENTIAL
from explorer.io.images import png_bytes


class HeatMapView(Message):
    """An image under its map.

    Args:
        image: as PNG.
        alt: what the image is.
        map: (H, W) of the image's size, higher is more anomalous.
        unit: of the map.
        usual: what normal images have at most places: no heat.
        threshold: of pixels, where it begins: half of the heat.
        peaks: (k,) rising, the highest values of maps of held-out normal images; they say what a threshold promises.
        ends: of the threshold's slider.
        colours: from no heat to all.
        box: colour of the boxes.
    """

    image: File
    alt: str
    map: Float32
    unit: str
    usual: float
    threshold: float
    peaks: Float64
    ends: tuple[float, float]
    colours: tuple[str, ...] = SEQUENTIAL
    box: str = NOVEL


COMPONENT = Component("heat_map", HeatMapView)


def heat_map_of(
    image: Num[np.ndarray, "c h w"],
    own: Float[np.ndarray, "h w"],
    peaks: Float[np.ndarray, " k"],
    *,
    usual: float,
    threshold: float,
    unit: str,
    alt: str,
) -> HeatMapView:
    """The message for an image and its map; see ``HeatMapView``.

    The slider goes from what is usual to above all that is seen here.
    """
    top = max(float(own.max()), float(peaks[-1]), threshold)
    return HeatMapView(
        image=png_bytes(image, effort=1),
        alt=alt,
        map=own,
        unit=unit,
        usual=usual,
        threshold=threshold,
        peaks=peaks,
        ends=(min(usual, threshold), top + 0.02 * (top - usual) + 1e-9),
    )
