"""A grid of entries of a codebook, one of which is changed, decoded in the browser while it is."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from jaxtyping import Num

from explorer.browser.entry_grid.message import COMPONENT, EntriesChosen, grid_of
from explorer.browser.parts import Feature
from explorer.ui.widgets.component import last_report, mount
from explorer.ui.widgets.served import ServedDecoder, decoder_for, decoder_name


def entry_grid(
    decoder: bytes | ServedDecoder,
    codebook: Num[np.ndarray, "k d"],
    grid: tuple[int, int],
    start: tuple[int, ...],
    first: tuple[int, ...],
    *,
    key: str,
    token: int = 0,
    features: Sequence[Feature] = (),
    caption: str = "Decoded from these entries",
) -> tuple[int, ...]:
    """Entries as a coloured grid with a slider for the chosen one; see ``EntryGrid`` for the parts.

    Returns:
        (h w) numbers of entries where they were last let go, or where they begin.
    """
    message = grid_of(
        decoder_for(decoder, f"{key}_served"),
        decoder_name(decoder),
        codebook,
        grid,
        start,
        first,
        token=token,
        features=features,
        caption=caption,
    )
    mount(COMPONENT, message, key=key)
    chosen = last_report(key, EntriesChosen)
    return (chosen.on(message) if chosen else None) or first
