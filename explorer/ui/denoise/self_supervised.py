"""Methods beside the model where the clean photo is not known: tuned and ranked by predicting hidden pixels."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import streamlit as st
from jaxtyping import Num

from explorer import denoising
from explorer.checkpoints import Checkpoint
from explorer.denoising import Tuned, beside
from explorer.denoising.beside import MODEL, Guess
from explorer.models.photo import GREY_LEVELS
from explorer.ui.denoise.settings import DenoisingTask
from explorer.ui.shell.cache import cached
from explorer.ui.widgets.text import three_digits

WEAK = 20.0
"""Prediction error over the noise's variance from which on the ranking says nothing about removing that noise."""


@cached(max_entries=32, spinner="Comparing the methods")
def ranked(
    checkpoint: Checkpoint, asked: DenoisingTask, noisy: Num[np.ndarray, "c h w"], methods: Sequence[Tuned]
) -> list[Guess]:
    """``beside.ranked`` of what is shown; found once."""
    return beside.ranked(lambda y: asked.clean_with(checkpoint, y), noisy, asked.strength, methods)


def size_without(row: Guess, noise_variance: float) -> str:
    """Root mean square of a method's error without the noise, in grey levels, as text."""
    rest = row.loss - noise_variance
    return three_digits(GREY_LEVELS * rest**0.5) if rest > 0 else "too small to tell"


def noise_variance(asked: DenoisingTask, square: Num[np.ndarray, "c h w"]) -> float:
    """Of the noise in a square, as far as it is known; white is 1."""
    if asked.peak:
        return float(np.maximum(square, 0).mean()) / asked.peak
    return 0.0 if asked.estimate is None else asked.estimate.value**2


def verdict(rows: Sequence[Guess], variance: float) -> str:
    """Which method has the lowest estimate, in one sentence.

    Args:
        rows: lowest first; one of them is the model.
        variance: of the noise.
    """
    if rows[0].loss > WEAK * variance:
        return (
            "There is hardly any noise, and pixels cannot be predicted that well: this estimate names no best method."
        )
    model = next(row for row in rows if row.title == MODEL)
    other = next(row for row in rows if row.title != MODEL)
    sizes = sorted(row.size for row in (model, other))
    words = f"{sizes[0]:.2f} against {sizes[1]:.2f} grey levels, the noise included"
    if not denoising.error_difference(model.errors, other.errors).is_clear:
        return (
            f"No method has clearly the lowest estimate: the model and {other.title.lower()} are too close to tell "
            f"({words})."
        )
    if rows[0].title == MODEL:
        return f"The model has the lowest estimated error, before {other.title.lower()} ({words})."
    return f"{other.title} has the lowest estimated error, lower than the model's ({words}). Try it under the divider."


def table(rows: Sequence[Guess], variance: float) -> None:
    """Draw the verdict and the figures of each method."""
    st.markdown(f"**{verdict(rows, variance)}**")
    st.dataframe(
        {
            "Method": [row.title for row in rows],
            "Estimated error, grey levels": [size_without(row, variance) for row in rows],
            "The noise in it": [f"{row.size:.2f}" for row in rows],
            "Strength, grey levels": [three_digits(GREY_LEVELS * row.strength) for row in rows],
            "Seconds a megapixel": [three_digits(row.seconds_a_megapixel) for row in rows],
        },
        hide_index=True,
        width="stretch",
    )
    st.caption(
        "An estimate: the clean photo is not known. Each method predicts pixels that are hidden from it from those "
        "around them (J-invariance, Batson and Royer 2019); the error is the root mean square, first with the photo's "
        "estimated noise taken off, then with it. With all pixels in sight each does better, so this ranks methods and "
        "is no figure on the result above. Each classical method has the best of six strengths by the same measure on "
        "one square in the middle of what is shown; all are compared on the square beside it."
    )
