"""Compare: the same items through several models and PCA, with what each costs."""

import streamlit as st

from explorer import ui
from explorer.ui.compare import compare_page as view

ui.header(
    "Compare",
    "What each model loses of the same test items, and in how many bytes. PCA, the best linear code, is the baseline.",
)
context = ui.current()
if not context.is_real:
    ui.no_real_items(context, "Models are compared on the same real items.")
    st.stop()
names = view.model_picker(context)
if not names:
    st.info("Choose at least one model.", icon=":material/compare:")
    st.stop()
items = view.items_for(context)
ui.page_uses(view.titles(names))
compared = view.entries(names, items)
view.bytes_picture(compared, items)
# One thing at a time: together they take six screens of a phone.
views = {"Numbers": lambda: view.numbers(compared, items), "Codes of the items": lambda: view.two_maps(names, items)}
if context.is_image:
    views = {"Pictures": lambda: view.picture_rows(compared, items)} | views
else:
    views["Errors by column"] = lambda: view.errors_by_column(compared, items)
show = st.segmented_control(
    "Show",
    list(views),
    default=next(iter(views)),
    required=True,
    key="show",
    bind="query-params",
    label_visibility="collapsed",
)
views[show]()
with st.expander("Copy as Python"):
    st.code(view.as_python(names, context), language="python")

ui.how_it_works(
    """
Every model sees the same test rows, which none was trained on. The *reconstruction error* is the squared difference
between an item and what comes back from its code, summed over pixels, or over columns in standard deviations.

A wider code loses less, so models are ranked among those of one size, and the chart puts the error beside the bytes.
**PCA** of the same size is the best code that a linear encoder and decoder can have: an autoencoder that does not beat
it has learnt too little. It is fitted here on the training rows of this dataset, which can be fewer than a checkpoint
was trained on.

A value of a code rarely needs four bytes: rounded to 256 levels over the range of the training codes it takes one,
and the error hardly moves. A variational model is shown by the mean of its posterior, the cloud of
codes that it gives for an item.
"""
)
