"""Generate: decode codes that no item has, by hand, along a way, or at random."""

import streamlit as st

from explorer import ui
from explorer.ui.generate import attribute, entries, interpolations, real_codes, samples, slider_view, traversals

ui.header(
    "Generate",
    "Decode new codes: set them with sliders, follow a path between items, or draw them at random.",
)
context = ui.current(may_lack="encoder").thinned(real_codes.ITEMS)
compared_with = real_codes.RealCodes(context)
VIEWS = {
    **({"Entries": lambda: entries.entries_view(context)} if entries.has_entries(context) else {}),
    "Sliders": lambda: slider_view.slider_view(context, compared_with),
    "Attribute": lambda: attribute.attribute_view(context, compared_with),
    "Traversals": lambda: traversals.traversal_view(context),
    "Interpolate": lambda: interpolations.interpolation_view(context),
    "Sample": lambda: samples.sample_view(context),
}
view = st.segmented_control(
    "View", list(VIEWS), default=next(iter(VIEWS)), required=True, key="view", bind="query-params",
    label_visibility="collapsed",
)  # fmt: skip
if view not in ("Entries", "Sample"):
    entries.caution(context)
VIEWS[view]()
ui.how_it_works(
    r"""
The decoder turns any code into an item, also codes that no real item has. Whether the result looks real depends on
whether the decoder was trained near that code.

- **How real a code is.** Every real code has a nearest other one; their distances say what is usual. A code is called
  *inside the data* where its nearest real one is no further than nine in ten real ones are from theirs, *made up* where
  fewer than one in a hundred are as far. The density is that of Gaussians fitted to the real codes.
- **Sliders and traversals** change one dimension and keep the others. Dimensions are ordered by what they carry: their
  KL divergence from the prior for a variational autoencoder whose prior is $N(0, I)$, their share of the variance for
  others.
- **An attribute's direction** is the difference between the mean codes of two groups (Larsen et al. 2016), or the
  normal of the plane that best separates them. A probe, a logistic regression on one half of the codes, says how far
  the groups can be told apart in the other half, and how much of a shift remains once the decoded item is encoded
  again.
- **Straight** paths can cut through places without data. **Spherical** paths turn the direction and change the norm
  evenly, which suits a normal prior in many dimensions (White 2016). **Along the data** hops between neighbouring real
  codes, the shortest path through their graph (as in Isomap, Tenenbaum et al. 2000).
- **Entries** of a vector-quantised model: its code is a grid of whole numbers, each the number of one of the vectors of
  its codebook (van den Oord et al. 2017).
- **Samples** of a variational autoencoder come from its own prior: $N(0, I)$ where it learnt no other; those of a
  vector-quantised one place by place from a second network that was fitted to the grids of the training items. A plain
  autoencoder has none, so a Gaussian mixture is fitted to its codes, with as many Gaussians as make held-out codes most
  likely.
- **As a set**, samples are compared with real images by what a small classifier keeps of both: the Fréchet distance of
  the two Gaussians fitted there (Heusel et al. 2017), and how many of each lie among the others, in balls that reach to
  an item's third neighbour: precision and recall (Kynkäänniemi et al. 2019).
- **Sharpness** is the variance of the Laplacian. **Copies** are looked for by the distance from each sample to the
  nearest training item, beside the same distance for real held-out items.
"""
)
