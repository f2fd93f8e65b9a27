"""Home: the live map first, then a way to every page."""

from explorer import ui
from explorer.ui.home import home_page

ui.header(
    "Autoencoder Explorer",
    "An autoencoder squeezes things into a few numbers, their code, and rebuilds them. Move over the map to see what "
    "any code becomes.",
)
context = ui.current()
ui.page_uses([context.card.title, "one model of each kind"])
home_page.first_screen(context)
home_page.tiles(context)
home_page.your_own_data()
home_page.five_autoencoders(context)
