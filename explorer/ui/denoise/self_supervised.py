"""Methods beside the model where the clean photo is not known: tuned and ranked by predicting hidden pixels."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st
from jaxtyping import Float, Num

from explorer import denoising
from explorer.checkpoints import Checkpoint
from explorer.denoising import REGISTRY, Tuned
from explorer.models.photo import GREY_LEVELS
from explorer.ui.denoise.settings import DenoisingTask
from explorer.ui.shell.cache import cached
from explorer.ui.widgets.text import three_digits

MODEL = "This model"
DRAWS = 4
"""Sets of hidden pixels, each a sixteenth of all, on which methods are ranked."""
WEAK = 20.0
"""Prediction error over the noise's variance from which on the ranking says nothing about removing that noise."""
Hide = Callable[[int], np.ndarray]
"""Which set is hidden -> (C, h, w) squared errors of a method there."""


@dataclass(frozen=True, eq=False)
class Guess:
    """One method on the square that it was not tuned on.

    Args:
        title: of the method.
        strength: noise level that it was told, in units where white is 1.
        errors: (C, h, w) squared errors of predicting hidden pixels, the noise in them.
        seconds_a_megapixel: that it took.
    """

    title: str
    strength: float
    errors: Float[np.ndarray, "c h w"]
    seconds_a_megapixel: float

    @property
    def loss(self) -> float:
        return float(self.errors.mean())

    @property
    def size(self) -> float:
        """Root mean square of the error with the noise in it, in grey levels."""
        return GREY_LEVELS * self.loss**0.5

    def size_without(self, noise_variance: float) -> str:
        """Root mean square of the error without the noise, in grey levels, as text."""
        rest = self.loss - noise_variance
        return three_digits(GREY_LEVELS * rest**0.5) if rest > 0 else "too small to tell"


@cached(max_entries=32, spinner="Comparing the methods")
def ranked(
    checkpoint: Checkpoint, asked: DenoisingTask, square: Num[np.ndarray, "c h w"], methods: Sequence[Tuned]
) -> list[Guess]:
    """The model and the methods on a square, lowest estimated error first; found once.

    Args:
        square: (C, H, W) noisy.
    """

    def by_model(draw: int) -> np.ndarray:
        return denoising.self_supervised_errors(
            lambda y: np.clip(asked.clean_with(checkpoint, y), 0, 1), square, draw=draw
        )

    rows = [_guess(MODEL, asked.strength, by_model, square)]
    for one in methods:

        def by_method(draw: int, one: Tuned = one) -> np.ndarray:
            return denoising.method_errors(REGISTRY[one.name], one.sigma, square, draw=draw)

        rows.append(_guess(one.title, one.sigma, by_method, square))
    return sorted(rows, key=lambda row: row.loss)


def _guess(title: str, strength: float, hide: Hide, square: np.ndarray) -> Guess:
    timed = denoising.timed(lambda: np.hstack([hide(draw) for draw in range(DRAWS)]))
    megapixels = square.shape[1] * square.shape[2] / 1e6
    return Guess(title, strength, timed.image, timed.seconds / DRAWS / megapixels)


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
            "Estimated error, grey levels": [row.size_without(variance) for row in rows],
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
