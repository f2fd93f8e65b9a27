"""Learn: the autoencoders as one story, and the current checkpoint from the inside."""

import streamlit as st

from explorer import ui
from explorer.ui.learn import route, walkthrough
from explorer.ui.shell import session

ui.header("Learn", "What an autoencoder is, one scene at a time: touch everything.")
route.draw(session.card_of(str(st.session_state.get("model"))))

st.header("The current model from the inside")
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

ui.how_it_works(
    "What is trained in a scene is trained in your browser, with the arithmetic of PyTorch: the same first weights "
    "for a seed, the same gradients, the same optimiser (Adam). "
    "The diagram is read from the model's own layers with one pass of an empty item; weights are the trained numbers "
    "of a layer, biases among them. Every value shown is computed by the checkpoint itself: layer outputs by running "
    "its layers one after the other, the loss by its own loss function, errors of PCA by projecting the same items "
    "onto the first directions of the training items' covariance. **Code**: what stands between encoder and decoder. "
    "**Posterior**: the cloud of codes that a variational encoder gives for an item. **KL**: how far that cloud is "
    "from the standard normal, in nats."
)
