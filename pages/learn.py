"""Learn: the current checkpoint from the inside, and the autoencoders as one story."""

import streamlit as st

from explorer import ui
from explorer.ui.learn import gallery, route, walkthrough
from explorer.ui.shell import session

ui.header("Learn", "What an autoencoder is, one scene at a time: touch everything.")
# The scene is computed first: it is what the address names.
model = st.container()
current = session.card_of(str(st.session_state.get("model")))
route.draw(current)
gallery.draw()
if session.takes_photos(current):  # it has no code: the page ends here, with a way to a model that has one
    ui.page_uses(["one model of each kind"])
context = ui.current()
ui.page_uses([context.card.title, "one model of each kind"])
if context.is_real:
    with model:
        walkthrough.draw(context)
        route.take_away(context)
    walkthrough.loss(context)
    walkthrough.python(context)
else:
    with model:
        ui.no_real_items(context, "An item goes through the model here, with its loss.")

ui.how_it_works(
    "What is trained in a scene is trained in your browser, with the arithmetic of PyTorch: the same first weights "
    "for a seed, the same gradients, the same optimiser (Adam). "
    "The drawing of the model is read from its own layers with one pass of an empty item; weights are the trained "
    "numbers of a layer, biases among them; heights grow with the logarithm of the number of values. Every value shown "
    "is computed by the checkpoint itself: layer outputs by running its layers one after the other, the loss by its "
    "own loss function. **Code**: what stands between encoder and decoder. "
    "**Posterior**: the cloud of codes that a variational encoder gives for an item. **KL**: how far that cloud is "
    "from the model's prior, in nats. **Conditional**: encoder and decoder are told the item's label as well; with a "
    "label chosen in the sidebar, what is drawn here is the model for items of that label. **Adversarial**: for the KL "
    "stands a second network, which is no part of the drawing, learns to tell codes from draws of the prior."
)
