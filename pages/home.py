"""Home: the live map first, then a way to every page."""

from explorer import ui
from explorer.ui import home

ui.header(
    "Autoencoder Explorer", "Move over the map: every point is a code, and beside it is what the decoder makes of it."
)
now = ui.current()
home.live_map(now)
home.tiles(now)
home.your_own_data()
home.five_autoencoders(now)
