"""Latent space: the map of codes, an inspector of one item beside it, and the plane decoded below."""

import streamlit as st

from explorer import ui
from explorer.ui import latent_space, latent_view

ui.header(
    "Latent space",
    "Every point is the code of one item. Move over the map to decode any place; click a point to inspect its item.",
)
now = ui.current()
view = latent_space.controls(now)
now = now.thinned(view.count)
shown = latent_space.chosen_plane(now, view)
# A decoded row needs the whole width beside the map, so that the item goes below.
map_side, item_side = st.columns([7, 3], gap="medium") if now.is_image else (st.container(), st.container())
with item_side:
    item = latent_space.choose_item(now)
    latent_space.inspect(now, item)
    mine = latent_space.my_image(now)
    if mine is not None:
        latent_space.inspect_mine(now, mine)
with map_side:
    colours = latent_space.colouring(now, view)
    marks = latent_space.mark_of(mine, shown)
    latent_view.show_map(now, shown, colours, latent_space.MAP_KEY, marks, selected=item)
    latent_space.describe_map(now, view, shown)
latent_space.decoded_sheet(now, shown)
latent_space.downloads(now, view, shown)
ui.how_it_works(
    """
An encoder turns an item into a few numbers, its **code**. Items that the model finds alike get codes that lie close
together; labels only colour the points, the model never saw them.

- **Two dimensions** are drawn as they are. More are laid flat: **PCA** keeps the plane of largest variance;
  **t-SNE** and **UMAP** keep neighbours together, and the size of groups and the gaps between them mean little.
- **Trustworthiness** is lowered by neighbours on the map that are none in the code, **continuity** by neighbours in the
  code that the map tears apart (Venna and Kaski 2001).
- Between the groups of a **variational** autoencoder every place decodes to something; in the gaps of a plain one the
  decoder was never trained, and it shows.
"""
)
