"""A slider for each latent dimension, decoded in the browser while it is dragged."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from explorer.browser.parts import Feature
from explorer.browser.sliders.density_check import DensityPanel
from explorer.browser.sliders.message import (
    COMPONENT,
    Dimension,
    Direction,
    LabelChosen,
    LabelSwitch,
    Pad,
    Setting,
    Sliders,
    SlidersAt,
    SlidersReleased,
)
from explorer.ui.widgets.component import last_report, mount
from explorer.ui.widgets.served import ServedDecoder, decoder_for, decoder_name


def live_sliders(
    decoder: bytes | ServedDecoder,
    dims: Sequence[Dimension],
    setting: Setting,
    *,
    key: str,
    directions: Sequence[Direction] = (),
    features: Sequence[Feature] = (),
    caption: str = "Decoded from this code",
    density: DensityPanel | None = None,
    pad: Pad | None = None,
    labels: LabelSwitch | None = None,
    on_label: Callable[[LabelChosen | None], None] = lambda _: None,
) -> SlidersAt:
    """Sliders over a code and the item that its decoder makes of it; see ``Sliders`` for the parts.

    The browser decodes while a slider moves; Python hears of the code when it is released. A new decoder, setting,
    ``dims`` or ``directions`` puts the sliders to the setting's code. ``on_label`` is called when a label was chosen,
    before the page runs again. A served decoder follows as often as it can.

    Returns:
        Where the sliders were last released, or where they begin.
    """
    message = Sliders(
        decoder=decoder_for(decoder, f"{key}_served"),
        model=decoder_name(decoder),
        token=setting.token,
        start=setting.start,
        first=setting.first(len(directions)),
        dims=dims,
        directions=directions,
        features=features,
        caption=caption,
        density=density,
        pad=pad,
        labels=labels,
    )
    mount(COMPONENT, message, key=key, on_event={LabelChosen: on_label})
    return last_sliders(decoder, setting, key=key) or message.first


def last_sliders(decoder: bytes | ServedDecoder, setting: Setting, *, key: str) -> SlidersAt | None:
    """Where these sliders were last released, known before they are drawn again; None before the first report."""
    released = last_report(key, SlidersReleased)
    return released.of(decoder_name(decoder), setting) if released else None
