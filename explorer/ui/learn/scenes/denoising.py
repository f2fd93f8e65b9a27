"""Denoising: from noise of any level."""

from __future__ import annotations

import numpy as np
import streamlit as st
from jaxtyping import Num

from explorer import denoising
from explorer.checkpoints import VectorCheckpoint
from explorer.core import metrics
from explorer.data import Dataset
from explorer.data.base import as_float
from explorer.ui.learn.scenes.scene import ServedScene
from explorer.ui.learn.walkthrough import show_items
from explorer.ui.widgets.text import three_digits


def play(checkpoint: VectorCheckpoint, dataset: Dataset, x: Num[np.ndarray, "n *event"]) -> None:
    """What can be dragged."""
    corruption = checkpoint.card.recipe.corruption
    assert corruption is not None  # noqa: S101 - what makes it of this kind
    field = type(corruption).model_fields[corruption.level_field]
    low, high = (next(float(getattr(m, side)) for m in field.metadata if hasattr(m, side)) for side in ("ge", "le"))
    trained_at = float(getattr(corruption, corruption.level_field))
    level = st.slider(
        field.title or "Level", low, high, trained_at, key="learn_noise", help=f"It was trained at {trained_at:g}."
    )
    noisy = denoising.add_noise(x, corruption.model_copy(update={corruption.level_field: level}))
    x_hat = denoising.denoise(checkpoint, noisy)
    st.caption("Corrupted input, and the model's reconstruction")
    show_items(checkpoint, noisy, size=56)
    show_items(checkpoint, x_hat, size=56)
    before, after = (float(metrics.mse(as_float(x), as_float(v)).mean()) for v in (noisy, x_hat))
    st.caption(
        f"Mean squared error a value: {three_digits(before)} corrupted, "
        f"{three_digits(after)} reconstructed, n = {len(x)}."
    )


SCENE = ServedScene(
    "denoising",
    5,
    "Denoising: rebuild the clean item from a damaged one",
    "The encoder sees a corrupted item and the loss compares with the clean one. Copying no longer helps: the "
    "model has to learn what items look like, and pulls what it sees towards them.",
    lambda card: card.recipe.corruption is not None,
    play,
    "mnist-denoising-32d",
)
