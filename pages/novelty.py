"""Novelty: how well a detector tells items that are unlike the normal ones, and where to draw the line."""

import streamlit as st

from explorer import ui
from explorer.ui.novelty import downloads, gallery, ranking, scored_items, sources
from explorer.ui.novelty import verdicts as view

ui.header(
    "Novelty",
    "Find items that differ from normal ones. Drag the threshold: counts, curves and costs follow it.",
)
source = sources.choose()
left, right = sources.places(source)
with left:
    case = sources.case(source)
with right:
    scored = None if case is None else scored_items.scored(case)
if case is not None:
    ui.page_uses(*view.in_use(case, scored))
if case is not None and scored is None:
    downloads.detector_button(case.detector)
if case is not None and scored is not None:
    user_scored = scored_items.user_image_scored(case)
    view.words(case, scored)
    threshold = view.threshold(case, scored, user_scored)
    view.promise(scored, threshold)
    view.pixels(scored)
    st.subheader("Most anomalous first")
    gallery.gallery(scored, threshold, marked=view.marked(case, scored))
    downloads.downloads(scored, threshold)
    if user_scored is not None:
        st.subheader("Your image")
        view.user_item(user_scored, threshold)
        gallery.gallery(user_scored, threshold)
    if case.compares or scored is not case.scored:
        ranking.ranking(scored)
    view.by_label(scored, threshold)
    if case.python is not None and scored is case.scored:
        with st.expander("Copy as Python"):
            st.code(case.python(threshold), language="python")

ui.how_it_works(
    """
A detector learns from normal items alone; its *score* says how unlike them an item is. An autoencoder has room in its
code for what it was trained on and for little else, so an item of another kind is reconstructed badly, and its
*reconstruction error* $\\lVert x - \\hat{x} \\rVert^2$ is high. That is no law: a wide code copies anything, and a
simple novel item can be easier to reconstruct than a complex normal one. So other scores stand beside it, on the same
items.

- **Threshold**: the order statistic of held-out normal scores that keeps the chosen false-alarm rate, whatever their
  distribution; the interval says how sure that is with so few of them.
- **p-value**: how often a normal item scores at least as high (Bates et al. 2023). Where a file is scored by itself it
  is the item's rank, since nothing there is known to be normal.
- **AUROC**: how often a novel item scores above a normal one, with DeLong's interval; it needs no threshold.
- **Precision** depends on how common novel items are: here as common as in the scored set, in practice far rarer.
- No score is measured on items that it was fitted on. Without labels nothing is counted as right or wrong.
"""
)
