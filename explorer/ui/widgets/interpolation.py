"""Ways through the code space side by side: decoded while they play or the pointer moves over them, and measured."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from jaxtyping import Num

from explorer.browser.interpolation.message import (
    COMPONENT,
    Interpolation,
    Measure,
    Place,
    PlaceReached,
    Track,
    first_place,
)
from explorer.browser.parts import Feature
from explorer.ui.widgets.component import last_report, mount
from explorer.ui.widgets.served import ServedDecoder, decoder_for


def live_interpolation(
    decoder: bytes | ServedDecoder | None,
    tracks: Sequence[Track],
    *,
    key: str,
    items: Sequence[str],
    decoded: Num[np.ndarray, "paths frames *event"] | None = None,
    measures: Sequence[Measure] = (),
    features: Sequence[Feature] = (),
    start: Place | None = None,
) -> Place:
    """Ways as strips and curves, one decoded large; see ``Interpolation`` for the parts.

    Play, pause, repeat, speed, and a pointer that scrubs. Nothing is asked of the server while it plays or the pointer
    moves; it hears of the place when the hand lets go.

    Returns:
        The place last reported, or where it starts.

    Raises:
        ExplorerError: no paths, paths that do not fit together, or codes that are not finite.
    """
    message = Interpolation(
        decoder=decoder_for(decoder, f"{key}_served"),
        decoded=decoded,
        tracks=tracks,
        items=items,
        measures=measures,
        features=features,
        start=first_place(tracks, start),
    )
    mount(COMPONENT, message, key=key)
    reached = last_report(key, PlaceReached)
    return (reached.on(message) if reached else None) or message.start
