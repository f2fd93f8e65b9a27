"""Home."""

from explorer import ui

ui.header("Autoencoder Explorer", "Move over the map: every point is a code, and the picture is what the decoder makes of it.")
now = ui.current()
ui.gallery(now.x(slice(0, 12)))
