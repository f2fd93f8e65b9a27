"""Novelty: how well a detector tells items that are unlike the normal ones, and where to draw the line."""

import streamlit as st

from explorer import ui
from explorer.ui.novelty import corrections, downloads, gallery, ranking, scored_items, series_view, sources
from explorer.ui.novelty import verdicts as view

ui.header(
    "Novelty",
    "The oddest item, why it is odd, and where to draw the line: drag the threshold.",
    sources.user_data_button,
)
source = sources.chosen()
# What is found stands first, what it is made of below it; so the one that is drawn later has its place before.
result, asked = st.container(), st.container()
with asked:
    left, right = sources.places(source)
    with left:
        case = sources.case(source)
    with right:
        scored = None if case is None else scored_items.scored(case)
if case is not None:
    ui.page_uses(*view.in_use(case, scored))
with result:
    if case is not None and scored is not None:
        user_scored = scored_items.user_image_scored(case)
        item, line = st.container(), st.container()
        with line:
            case, scored, correct = corrections.applied(case, scored)
            detailed = view.for_professionals()
            threshold = view.threshold(case, scored, user_scored, detailed)
            promise = view.promise(scored, threshold)
        with item:
            gallery.gallery(scored, threshold, marked=view.marked(case, scored), correct=correct)
        if user_scored is not None:
            st.subheader("Your image")
            gallery.verdict(user_scored, 0, threshold)
        series_view.over_time(scored, threshold)
        view.words(case, scored)
        view.pixels(scored)
        downloads.downloads(scored, threshold, promise)
    elif case is not None:
        downloads.detector_alone(case.detector, case.key)
sources.cards(source)
if case is not None and scored is not None and detailed:
    if case.compares or scored is not case.scored:
        ranking.ranking(scored)
    view.by_label(scored, threshold)
if case is not None and scored is not None:
    downloads.python(case, scored, threshold, user_scored)

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
