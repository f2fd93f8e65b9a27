"""Home: the live map first, then a way to every page."""

from explorer import ui
from explorer.ui.home import home_page

ui.header("Autoencoder Explorer", "Move over the map to decode any place. Each point is the code of one item.")
context = ui.current()
ui.page_uses([context.card.title, "one model of each kind"])
home_page.live_map(context)
home_page.tiles(context)
home_page.your_own_data()
home_page.five_autoencoders(context)
