"""Convolutional: feature maps that move with the picture."""

from __future__ import annotations

import numpy as np
import streamlit as st
from jaxtyping import Num

from explorer.checkpoints import VectorCheckpoint
from explorer.data import Dataset
from explorer.data.base import as_float
from explorer.evaluation.activations import activations
from explorer.ui.learn.scenes.scene import ITEMS, ServedScene, show_both, without_corruption
from explorer.ui.widgets.pictures import gallery


def play(checkpoint: VectorCheckpoint, dataset: Dataset, x: Num[np.ndarray, "n *event"]) -> None:
    """What can be dragged."""
    width = checkpoint.event_shape[2]
    by = st.slider(
        "Move the picture (pixels)", -(width // 3), width // 3, 0, key="learn_shift",
        help="The same small filters look everywhere, so their maps move along.",
    )  # fmt: skip
    moved = shifted(as_float(x).numpy(), by)
    show_both(checkpoint, moved)
    maps = next(a.value for a in activations(checkpoint, moved[0]) if a.value.ndim == 3)[:ITEMS]
    low, high = maps.min(), maps.max()
    st.caption(f"First {len(maps)} feature maps of the first item: they move with it")
    gallery(((maps - low) / ((high - low) or 1))[:, None], size=56, alt="feature map")


def shifted(x: Num[np.ndarray, "n *event"], by: int) -> Num[np.ndarray, "n *event"]:
    """(N, C, H, W) images moved to the right by so many pixels; black comes in from the side."""
    moved = np.zeros_like(x)
    width = x.shape[3]
    moved[..., max(by, 0) : width + min(by, 0)] = x[..., max(-by, 0) : width + min(-by, 0)]
    return moved


SCENE = ServedScene(
    "convolutional",
    6,
    "Convolutional: the same small filter everywhere",
    "An image is not a list of unrelated values. Convolutions look at small neighbourhoods and share their weights "
    "over the whole image, so far fewer weights see the same stroke wherever it is.",
    without_corruption("convolutional"),
    play,
    "mnist-convolutional-16d",
)
