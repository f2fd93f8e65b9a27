"""Variational: samples of the posterior at any scale."""

from __future__ import annotations

import numpy as np
import streamlit as st
from jaxtyping import Num

from explorer.checkpoints import VectorCheckpoint
from explorer.data import Dataset
from explorer.data.base import as_float
from explorer.ui.learn.scenes.scene import ITEMS, ServedScene, without_corruption
from explorer.ui.learn.walkthrough import show_items
from explorer.ui.widgets.text import three_digits


def play(checkpoint: VectorCheckpoint, dataset: Dataset, x: Num[np.ndarray, "n *event"]) -> None:
    """What can be dragged."""
    scale = st.slider(
        "Scale of the samples (posterior standard deviations)", 0.0, 4.0, 1.0, key="learn_spread",
        help="1 is the posterior itself; far out, the neighbours' items appear.",
    )  # fmt: skip
    mu, logvar = checkpoint.posterior(x[:1])
    eps = np.random.default_rng(0).standard_normal((ITEMS, checkpoint.latent_dim)).astype(np.float32)
    st.caption("One item, its reconstruction from the mean, and reconstructions of samples around it")
    show_items(checkpoint, np.concatenate([as_float(x[:1]).numpy(), checkpoint.decode(mu)]), size=56)
    show_items(checkpoint, checkpoint.decode(mu + scale * np.exp(0.5 * logvar) * eps), size=56)
    sigma = ", ".join(three_digits(float(s)) for s in np.exp(0.5 * logvar[0, :4]))
    st.caption(f"Standard deviation of the posterior in the first dimensions: {sigma}; the prior's is 1.")


SCENE = ServedScene(
    "variational",
    7,
    "Variational: a cloud instead of a point",
    "The codes of the others lie wherever training put them, with empty space between. Here the encoder gives a "
    "small cloud of codes for each item, and the KL term keeps all clouds near one standard normal: codes close to "
    "each other then decode to similar items, and a random draw from that normal decodes to a new one.",
    without_corruption("variational"),
    play,
    "mnist-vae-2d",
)
