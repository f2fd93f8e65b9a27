"""Novelty: how well a model tells items that are unlike its own, and where to draw the line."""

import streamlit as st

from explorer import ui
from explorer.ui import novelty as view
from explorer.ui import novelty_question as ask

ui.header(
    "Novelty",
    "A model redraws badly what it never learnt: its error tells the odd from the ordinary. Drag the threshold.",
)
now = ui.current()
if not now.is_real:
    ui.no_real_items(now, "Novelty is found by comparing the errors of real items.")
    st.stop()
default = ask.default_choice(now)
picture, inspector = st.columns([2, 1], gap="large")
with inspector:
    with st.popover("What is normal", icon=":material/tune:", width="stretch"):
        choice = ask.choice_form(now, default)
    score = view.score_picker(now)
    rate = view.rate_picker()
asked = ask.question(now, choice)
found = view.scores(score, now, asked)
with picture:
    st.markdown(asked.words)
    threshold = view.histogram(score, found, asked, rate)
    if ask.was_trained_on_novel(now, choice):
        st.info("The model saw these novel classes in training, so it redraws them as well as the normal ones.")
with inspector:
    view.counts(found, asked, threshold)

st.subheader("The oddest items")
view.gallery(found, now, asked, threshold)
view.flagged_button(score, found, asked, threshold)

if len(asked.novel_rows) > 1:
    st.subheader("Against other scores")
    view.ranking(score, now, asked)
    view.curves(found, asked, threshold)
st.subheader("Scores by class")
view.by_class(score, found, asked, threshold)
view.own_items(score, found, now, asked, threshold)

ui.how_it_works(
    """
An autoencoder has room in its code for what it was trained on and for little else. An item of another kind comes
back changed, and its *reconstruction error* $\\lVert x - \\hat{x} \\rVert^2$ is high. That is no law: a wide code
copies anything, and a simple novel item can be easier to redraw than an intricate normal one. So the page puts PCA, the
best linear code of the same size, and an isolation forest beside it, on the same items.

- **Threshold**: the order statistic of held-out normal scores that keeps the chosen false-alarm rate, whatever their
  distribution; the interval says how sure that is with so few of them.
- **AUROC**: how often a novel item scores above a normal one, with DeLong's interval; it needs no threshold.
- **Precision** depends on how common novel items are: here as common as in the judged set, in life far rarer.
- Nothing is judged on items that a scorer was fitted on.
"""
)
