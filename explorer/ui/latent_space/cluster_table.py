"""The clusters of the shown items: how large each is, how surely it comes again, and what it holds more of."""

from __future__ import annotations

import streamlit as st

from explorer.core.errors import ExplorerError
from explorer.evaluation import groups
from explorer.latent.clusters import DOUBTFUL, RESAMPLES, SURE
from explorer.ui.latent_space.group_table import columns_with_label
from explorer.ui.map import map_clusters
from explorer.ui.shell.vector_items import MapContext
from explorer.ui.widgets.terms import explained
from explorer.ui.widgets.text import plain


def table(context: MapContext) -> None:
    """A row a cluster, where clusters are asked for."""
    if not map_clusters.asked():
        return
    try:
        of_codes = map_clusters.clusters(context)
    except ExplorerError as error:
        st.caption(plain(str(error)))
        return
    alone = int((of_codes.labels < 0).sum())
    if not len(of_codes.sizes):
        st.caption(f"No clusters of that size: all {alone:,} shown items lie in none.")
        return
    others = {name: column for name, column in columns_with_label(context).items() if name != groups.CLUSTER}
    words = map_clusters.described(of_codes.labels, others)
    rows = [
        {"cluster": k + 1, "items": int(size), "stability": float(stability), "has more of": words[k]}
        for k, (size, stability) in enumerate(zip(of_codes.sizes, of_codes.stability, strict=True))
    ]
    number = st.column_config.NumberColumn(format="%.2f")
    st.markdown("**Clusters**")
    st.dataframe(rows, hide_index=True, width="stretch", height="content", column_config={"stability": number})
    of_codes_or_map = f"the {context.code_size}-D {'codes' if context.model else 'vectors'}, not of the map"
    if map_clusters.of_map():
        of_codes_or_map = "the places on the map, which can tear groups apart or put strangers side by side"
    explained(
        f"HDBSCAN of {of_codes_or_map}; {alone:,} "
        f"shown items lie in none. Stability: the mean, over {RESAMPLES} draws of the items with replacement, of the "
        f"greatest Jaccard index of a cluster with one of the draw; from {SURE} on it is stable, below {DOUBTFUL} it "
        "may be a chance of these items (Hennig 2007). Has more of: the surest difference from all other items with q "
        "below 0.05 (Benjamini and Hochberg)."
    )
