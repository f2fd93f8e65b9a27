"""The visitor's own image on a page of its own, with what its nearest real items are; `?model=NAME` picks the model."""

from __future__ import annotations

import numpy as np
import streamlit as st

from explorer.core.neighbours import nearest
from explorer.ui.shell import session, user_image_controls

st.set_page_config(layout="wide")
st.session_state["model"] = st.query_params.get("model", "mnist-conv-vae-16d")
card = session.card_of(st.session_state["model"])
assert card is not None
names = session.dataset_names(card.data.event_shape)
st.session_state["data"] = session.preferred_dataset(card, names)
context = session.current()

image = user_image_controls.picker(context, "mine", link="demo")
if image is None:
    st.write("no image")
else:
    labels = context.labels()
    if labels is not None:
        (positions,), _ = nearest(context.codes(), image.code[:1], 10)
        st.write("nearest kind:", str(np.bincount(labels[positions]).argmax()))
    st.write("code:", " ".join(f"{value:.5f}" for value in image.code[0]))
    st.write("name:", image.name)
    st.write("pixels:", image.picture.pixels.shape, "sum", int(image.picture.pixels.astype(int).sum()))
    st.write("item sum:", f"{float(image.x.sum()):.4f}")
