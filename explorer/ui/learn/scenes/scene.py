"""What a scene of the story is, and what scenes draw alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import streamlit as st
from jaxtyping import Num

from explorer.checkpoints import Card, VectorCheckpoint
from explorer.data import Dataset
from explorer.data.base import as_float
from explorer.ui.learn.walkthrough import show_items

ITEMS = 8


@dataclass(frozen=True)
class ServedScene:
    """One step of the story: its words, its checkpoint, and something to drag.

    Args:
        name: of its address.
        number: place in the story, from 1.
        title: its heading.
        text: one short paragraph.
        matches: whether a checkpoint is of this kind.
        play: draws what can be dragged, given the checkpoint, its data and the shown items as stored.
        recipe: a shipped recipe of this kind, to train one where none is available.
    """

    name: str
    number: int
    title: str
    text: str
    matches: Callable[[Card], bool]
    play: Callable[[VectorCheckpoint, Dataset, np.ndarray], None]
    recipe: str


def show_both(
    checkpoint: VectorCheckpoint, x: Num[np.ndarray, "n *event"], label: str = "Input, and the model's reconstruction"
) -> None:
    """Items, and what the model makes of them."""
    st.caption(label)
    show_items(checkpoint, as_float(x).numpy(), size=56)
    show_items(checkpoint, checkpoint.reconstruct(x), size=56)


def without_corruption(family: str) -> Callable[[Card], bool]:
    """Whether a checkpoint is of a family and was trained without corruption."""
    return lambda card: card.recipe.model.family == family and card.recipe.corruption is None
