"""Generate: decode codes that no item has, by hand, along a way, or at random."""

import streamlit as st

from explorer import ui
from explorer.ui import generate, generate_sliders, generate_ways

VIEWS = {
    "Sliders": generate_sliders.slider_view,
    "Traversals": generate.traversal_view,
    "Interpolate": generate_ways.interpolation_view,
    "Sample": generate.sample_view,
}

ui.header(
    "Generate",
    "Decode codes that no item has: by hand, where the picture follows the slider, along a way, or drawn at random.",
)
now = ui.current().thinned(generate.ITEMS)
view = st.segmented_control(
    "View", list(VIEWS), default="Sliders", required=True, key="view", bind="query-params", label_visibility="collapsed"
)
VIEWS[view](now)
ui.how_it_works(
    r"""
The decoder turns any code into an item, also codes that no real item has. Whether the result looks real depends on
whether the decoder was trained near that code.

- **Sliders and traversals** change one dimension and keep the others. Dimensions are ordered by what they carry: their
  KL divergence from the prior for a variational autoencoder, their share of the variance for others.
- **Straight** ways can cut through places without data. **Spherical** ways keep the length of the code, which suits a
  normal prior in many dimensions (White 2016). **Along the data** hops between neighbouring real codes, the shortest
  way through their graph (as in Isomap, Tenenbaum et al. 2000).
- **Samples** of a variational autoencoder come from its prior $N(0, I)$. A plain autoencoder has none, so a Gaussian
  mixture is fitted to its codes.
"""
)
