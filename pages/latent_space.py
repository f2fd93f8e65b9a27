"""Latent space: the map of codes, an inspector of one item beside it, what is selected and the plane decoded below."""

import streamlit as st

from explorer import ui
from explorer.ui.latent_space import (
    cluster_table,
    filter_panel,
    inspector,
    item_search,
    map_downloads,
    map_page,
    selection_drawer,
    user_image_panel,
)
from explorer.ui.map import map_clusters, map_view

ui.header("Latent space", map_page.sentence())
context = ui.current_items()
view = map_page.controls(context)
context = map_page.with_chosen_item(context, view.count)
shown = map_page.chosen_plane(context, view)
map_clusters.take_places(context, shown.points)
hits = item_search.hits(context, view.wanted)
# A decoded row needs the whole width beside the map and so do two maps, so that the item goes below.
beside = context.is_image and view.second is None
map_side, item_side = st.columns([3, 1], gap="medium") if beside else (st.container(), st.container())
with item_side:
    inspected = inspector.beside_the_map(context)
    item = inspector.choose_item(context, (map_page.MAP_KEY, map_page.SECOND_KEY))
    if inspected == inspector.MY_IMAGE and isinstance(context, ui.Context):
        user_image_panel.panel(context, shown, map_view.link_of(context))
    else:
        inspector.other_items(context, item)
        inspector.inspect(context, shown, item, view.k)
with map_side:
    first_map = map_page.show_maps(context, shown, view, hits, item)
    item_search.show_hits(context, hits)
    filter_panel.panel(context, shown)
    cluster_table.table(context)
selection_drawer.drawer(context)
map_page.trust_panel(context, shown, view)
map_page.decoded_sheet(context, shown)
map_downloads.downloads(context, view, shown, first_map)
ui.how_it_works(
    """
An encoder turns an item into a few numbers, its **code**. Items that the model finds alike get codes that lie close
together; labels only colour the points, the model never saw them.

- **Two dimensions** are drawn as they are. More are projected: **PCA** keeps the plane of largest variance;
  **t-SNE** and **UMAP** keep neighbours together, and the size of groups and the gaps between them mean little.
- **Trustworthiness** is lowered by neighbours on the map that are none in the code, **continuity** by neighbours in the
  code that the map tears apart (Venna and Kaski 2001).
- **Density** is that of a Gaussian mixture fitted to the shown codes; the contours on the map are those of a sum of
  kernels, each the smallest region that holds its share of the items (Hyndman 1996).
- **The decoder's uncertainty** has no one measure. Where a decoder gives each pixel a probability, it is the entropy of
  those; other decoders give none, so the map shows how fast what they decode changes from place to place (Arvanitidis
  and others 2018). Neither knows where the decoder was never trained: look at the density beside it.
- Between the groups of a **variational** autoencoder every place decodes to something; in the gaps of a plain one the
  decoder was never trained, and it shows.
"""
)
