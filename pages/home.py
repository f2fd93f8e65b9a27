"""Home: the live map first, or a photo for a model of photos, then a way to every page."""

from explorer import ui
from explorer.ui.home import home_page, home_python, photo_home
from explorer.ui.shell import session

photo_model = photo_home.current_model()
ui.header(
    "Autoencoder Explorer",
    "An autoencoder squeezes things into a few numbers, their code, and rebuilds them. Move over the map to see what "
    "any code becomes."
    if photo_model is None
    else "An autoencoder that was trained to remove noise gives a noisy photo back clean. Move the divider.",
)
if photo_model is not None:
    context = home_page.context_of_first_model()
    ui.page_uses([photo_model.card.title, "one model of each kind"])
    photo_home.first_screen(photo_model)
else:
    context = home_page.context_of_first_model() if session.is_without_model() and session.models() else ui.current()
    if context is not None:
        ui.page_uses([context.card.title, "one model of each kind"])
        home_page.first_screen(context)
if context is not None:
    home_page.tiles(context)
home_page.your_own_data()
home_page.five_autoencoders()
home_python.python(context, photo_model)
