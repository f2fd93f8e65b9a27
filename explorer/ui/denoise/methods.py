"""Classical methods beside the model, on the chosen photo: tuned, timed, and who wins."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import streamlit as st

from explorer import denoising
from explorer.checkpoints import Checkpoint
from explorer.denoising import REGISTRY, Tuned, beside
from explorer.denoising.beside import MODEL, MethodResult
from explorer.models.photo import GREY_LEVELS
from explorer.ui.denoise import self_supervised
from explorer.ui.denoise.photo_result import DenoisedPhoto
from explorer.ui.denoise.settings import DenoisingTask
from explorer.ui.shell.cache import cached
from explorer.ui.widgets.terms import explained
from explorer.ui.widgets.text import three_digits

CLOSE = 0.1
"""dB; less is no clear win."""


def can_be_tuned(shown: DenoisedPhoto) -> bool:
    """Whether classical methods can be tuned on what is shown: it is there pixel for pixel, and not too small."""
    return shown.step == 1 and min(shown.noisy.shape[1:]) >= beside.SMALLEST


def tuned(shown: DenoisedPhoto, asked: DenoisingTask) -> list[Tuned]:
    """Each classical method at its best strength for this photo and noise, found once.

    By the clean photo where it is known, else by what predicts hidden pixels best.
    """
    square = beside.squares(*shown.noisy.shape[1:])[0]
    if shown.clean is None:
        return _tuned_self_supervised(shown.noisy[square], noise_size(asked))
    return _tuned(shown.clean[square], shown.noisy[square])


def noise_size(asked: DenoisingTask) -> float:
    """About the standard deviation of a photo's own noise, of which the methods' strengths are multiples."""
    return asked.strength if asked.estimate is None else asked.estimate.value


@cached(max_entries=64, spinner="Tuning the classical methods")
def _tuned(clean: np.ndarray, noisy: np.ndarray) -> list[Tuned]:
    return denoising.tune_each(clean[None], noisy[None])


@cached(max_entries=64, spinner="Tuning the classical methods")
def _tuned_self_supervised(noisy: np.ndarray, size: float) -> list[Tuned]:
    return denoising.tune_each_self_supervised(noisy, size)


@cached(max_entries=64, spinner="Comparing the methods")
def score_methods(shown: DenoisedPhoto, strength: float, methods: Sequence[Tuned]) -> list[MethodResult]:
    """The model and the methods on the square beside the one they were tuned on, best first; found once."""
    assert shown.clean is not None  # noqa: S101 (asked for only where it is known)
    return beside.scored(shown.clean, shown.noisy, shown.denoised, strength, methods, shown.seconds_a_megapixel)


def verdict(rows: Sequence[MethodResult]) -> str:
    """Who wins, in one sentence.

    Args:
        rows: best first; one of them is the model.
    """
    model = next(row for row in rows if row.title == MODEL)
    other = next(row for row in rows if row.title != MODEL)
    if not (np.isfinite(model.psnr) and np.isfinite(other.psnr)):
        return "There is no noise to remove: add some."
    gap = model.psnr - other.psnr
    sizes = f"{three_digits(model.psnr)} dB against {three_digits(other.psnr)} dB"
    if abs(gap) < CLOSE:
        return f"No clear winner: the model and {other.title.lower()} are within {CLOSE:g} dB ({sizes})."
    if gap > 0:
        return f"The model wins by {three_digits(gap)} dB over {other.title.lower()} ({sizes})."
    return f"{other.title} wins by {three_digits(-gap)} dB, without any training ({sizes}). Use it for this noise."


def beside_the_model(checkpoint: Checkpoint, shown: DenoisedPhoto, asked: DenoisingTask) -> None:
    """Draw the verdict and the table; nothing for a photo that is too small, or too large for the browser."""
    if not can_be_tuned(shown):
        return
    st.subheader("Compared with classical methods")
    if shown.clean is None:
        square = shown.noisy[beside.squares(*shown.noisy.shape[1:])[1]]
        rows = self_supervised.ranked(checkpoint, asked, shown.noisy, tuned(shown, asked))
        self_supervised.table(rows, self_supervised.noise_variance(asked, square))
    else:
        _known(shown, asked)


def _known(shown: DenoisedPhoto, asked: DenoisingTask) -> None:
    """The verdict and the figures against the clean photo."""
    rows = score_methods(shown, asked.strength, tuned(shown, asked))
    _, down, across = beside.squares(*shown.noisy.shape[1:])[1]
    square = f"{across.stop - across.start}x{down.stop - down.start} pixels"
    st.markdown(f"**{verdict(rows)}**")
    st.dataframe(
        {
            "Method": [row.title for row in rows],
            f"PSNR of {square}, dB": [three_digits(row.psnr) for row in rows],
            "SSIM": [three_digits(row.ssim) for row in rows],
            "Strength, grey levels": [three_digits(GREY_LEVELS * row.strength) for row in rows],
            "Seconds a megapixel": [three_digits(row.seconds_a_megapixel) for row in rows],
        },
        hide_index=True,
        width="stretch",
    )
    here = " · ".join(f"{method.title}: {method.summary}" for method in REGISTRY.values())
    explained(
        "Each classical method has the best of six strengths, chosen by PSNR on one square in the middle of what is "
        f"shown; all are tested on the square beside it, {square}: the model's figures there differ from those of all "
        f"that is shown. One photo, one draw of the noise. {here}"
    )
