"""Every component of the browser."""

from __future__ import annotations

from explorer.browser.drawing import message as drawing
from explorer.browser.entry_grid import message as entry_grid
from explorer.browser.filters import message as filters
from explorer.browser.heat_map import message as heat_map
from explorer.browser.history import message as history
from explorer.browser.inside import message as inside
from explorer.browser.interpolation import message as interpolation
from explorer.browser.item_picker import message as item_picker
from explorer.browser.latent_map import message as latent_map
from explorer.browser.page_button import message as page_button
from explorer.browser.paste import message as paste
from explorer.browser.picture_grid import message as picture_grid
from explorer.browser.picture_tiles import message as picture_tiles
from explorer.browser.run_stage import message as run_stage
from explorer.browser.scenes import SCENES
from explorer.browser.served import message as served
from explorer.browser.sliders import message as sliders
from explorer.browser.swipe import message as swipe
from explorer.browser.threshold import message as threshold

COMPONENTS = (
    drawing.COMPONENT,
    entry_grid.COMPONENT,
    filters.COMPONENT,
    heat_map.COMPONENT,
    history.COMPONENT,
    inside.COMPONENT,
    interpolation.COMPONENT,
    item_picker.COMPONENT,
    latent_map.COMPONENT,
    page_button.COMPONENT,
    paste.COMPONENT,
    picture_grid.COMPONENT,
    picture_tiles.COMPONENT,
    run_stage.COMPONENT,
    served.COMPONENT,
    sliders.COMPONENT,
    swipe.COMPONENT,
    threshold.COMPONENT,
    *(scene.component for scene in SCENES),
)
