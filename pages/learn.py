"""Learn: the current checkpoint from the inside, and the five autoencoders as one story."""

import streamlit as st

from explorer import ui
from explorer.ui.learn import story, walkthrough

ui.header("Learn", "The current model, drawn to scale, and an item that passes through it: drag to change the item.")
context = ui.current()
ui.page_uses([context.card.title, "one model of each kind"])
walkthrough.draw(context.checkpoint)

if context.is_real:
    through, inspector = st.columns([3, 2], gap="large")
    with through:
        st.subheader("An item goes through")
        item, name = walkthrough.choose_item(context)
        walkthrough.pass_through(context.checkpoint, item, name)
    with inspector:
        st.subheader("Its loss")
        walkthrough.loss(context, item)
else:
    ui.no_real_items(context, "An item goes through the model here, with its loss.")

st.header("Five kinds of autoencoder")
story.story(context.card)

ui.how_it_works(
    "The diagram is read from the model's own layers with one pass of an empty item; weights are the trained numbers "
    "of a layer, biases among them. Every value shown is computed by the checkpoint itself: layer outputs by running "
    "its layers one after the other, the loss by its own loss function, errors of PCA by projecting the same items "
    "onto the first directions of the training items' covariance. **Code**: what stands between encoder and decoder. "
    "**Posterior**: the cloud of codes that a variational encoder gives for an item. **KL**: how far that cloud is "
    "from the standard normal, in nats."
)
