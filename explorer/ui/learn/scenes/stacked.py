"""Stacked: the values of each layer."""

from __future__ import annotations

import numpy as np
import streamlit as st
from jaxtyping import Num

from explorer.checkpoints import VectorCheckpoint
from explorer.data import Dataset
from explorer.evaluation.activations import activations
from explorer.ui.learn import diagram
from explorer.ui.learn.scenes.scene import ServedScene, show_both, without_corruption
from explorer.ui.widgets.pictures import gallery


def play(checkpoint: VectorCheckpoint, dataset: Dataset, x: Num[np.ndarray, "n *event"]) -> None:
    """What can be dragged."""
    show_both(checkpoint, x)
    passed = [activations(checkpoint, item) for item in x]
    drawn = diagram.blocks([a.layer for a in passed[0]], checkpoint.event_shape)
    encoder = [block for block in drawn if block.part == "encoder"]
    depth = st.slider(
        "Layer", 1, max(2, len(encoder)), len(encoder), key="learn_depth",
        help="The values of this layer of the encoder, for each item.",
    )  # fmt: skip
    block = encoder[min(depth, len(encoder)) - 1]
    values = np.stack([item[block.last].value.ravel() for item in passed])
    gallery(squares(values), size=56, alt="values of the layer")
    st.caption(
        f"Layer {min(depth, len(encoder))} of {len(encoder)}: each item as {values.shape[1]:,} values, one a pixel, "
        "from the least (black) to the largest (white)."
    )


def squares(values: Num[np.ndarray, "n d"]) -> Num[np.ndarray, "n 1 side side"]:
    """(N, D) values as (N, 1, side, side) pictures, each stretched over [0, 1]; the rest of the square is black."""
    low, high = values.min(1, keepdims=True), values.max(1, keepdims=True)
    side = int(np.ceil(np.sqrt(values.shape[1])))
    padded = np.zeros((len(values), side * side), np.float32)
    padded[:, : values.shape[1]] = (values - low) / np.where(high > low, high - low, 1)
    return padded.reshape(-1, 1, side, side)


SCENE = ServedScene(
    "stacked",
    4,
    "Stacked: several codes inside one another",
    "Each layer encodes the code of the one before. Depth lets it describe strokes first and whole digits last. "
    "Deep stacks once had to be trained layer by layer; with today's activations they can be trained at once.",
    without_corruption("stacked"),
    play,
    "mnist-stacked-30d",
)
