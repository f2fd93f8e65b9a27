"""Figures on one cleaned photo: against the clean one where it is known, else what the result itself tells."""

from __future__ import annotations

import numpy as np
import streamlit as st

from explorer import denoising
from explorer.denoising import Comparison, NoiseEstimate
from explorer.errors import DataError
from explorer.models.photo import GREY_LEVELS
from explorer.ui.denoise_question import UNIT, Question
from explorer.ui.denoise_result import Cleaned
from explorer.ui.text import plain, three_digits


def figures(shown: Cleaned, asked: Question) -> None:
    """Draw what can be said of the result."""
    if shown.clean is not None:
        _against_the_clean_one(shown)
    elif asked.estimate is not None:
        _from_the_result_alone(shown, asked.estimate)


def _against_the_clean_one(shown: Cleaned) -> None:
    found = _compared(shown.key, shown)
    psnr, ssim = st.columns(2)
    for column, name, unit, before, after in (
        (psnr, "PSNR", " dB", found.psnr_before[0], found.psnr_after[0]),
        (ssim, "SSIM", "", found.ssim_before[0], found.ssim_after[0]),
    ):
        gain = float(after - before)
        column.metric(
            f"{name}, noisy {three_digits(float(before))}{unit}",
            f"{three_digits(float(after))}{unit}",
            f"{three_digits(gain)}{unit}" if np.isfinite(gain) else None,
        )
    st.caption(f"Against the clean photo, {_size(shown)}; higher is better.")


@st.cache_data(max_entries=64, show_spinner=False)
def _compared(key: str, _shown: Cleaned) -> Comparison:
    assert _shown.clean is not None  # noqa: S101 (asked for only where it is known)
    return denoising.compare(*(x[None] for x in (_shown.clean, _shown.noisy, _shown.denoised)))


def _from_the_result_alone(shown: Cleaned, before: NoiseEstimate) -> None:
    if shown.step > 1:
        return  # pixels that are means of others hold less noise
    try:
        left = _noise_left(shown.key, shown)
    except DataError as error:
        st.caption(plain(str(error)))
        return
    st.metric("Noise left", f"{GREY_LEVELS * left.sigma:.1f} ± {2 * GREY_LEVELS * left.error:.1f}")
    st.caption(
        f"In {UNIT}, estimated in {_size(shown)} of the result, with its 95 % interval. Before: "
        f"{GREY_LEVELS * before.sigma:.1f}."
    )


@st.cache_data(max_entries=64, show_spinner=False)
def _noise_left(key: str, _shown: Cleaned) -> NoiseEstimate:
    return denoising.estimate_noise(_shown.denoised)


def _size(shown: Cleaned) -> str:
    _, _, height, width = shown.region
    return f"{width}x{height} pixels"
