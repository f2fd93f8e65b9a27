"""Home: the live map first, then a way to every page."""

from explorer import ui
from explorer.ui.home import home_page

ui.header(
    "Autoencoder Explorer", "Move over the map: every point is a code, and beside it is what the decoder makes of it."
)
context = ui.current()
home_page.live_map(context)
home_page.tiles(context)
home_page.your_own_data()
home_page.five_autoencoders(context)
