"""Figures on one cleaned photo: against the clean one where it is known, else what the result itself tells."""

from __future__ import annotations

import numpy as np
import streamlit as st

from explorer import denoising
from explorer.checkpoints import Checkpoint
from explorer.denoising import Comparison, NoReferenceQuality
from explorer.denoising.no_reference import BLOCK, PHOTONS
from explorer.models.photo import GREY_LEVELS
from explorer.ui.denoise.photo_result import DenoisedPhoto
from explorer.ui.denoise.settings import UNIT, DenoisingTask
from explorer.ui.shell.cache import cached
from explorer.ui.shell.frame import show_error
from explorer.ui.shell.jobs import Job, await_job, jobs
from explorer.ui.widgets.pictures import gallery
from explorer.ui.widgets.terms import TERMS, explained
from explorer.ui.widgets.text import plain, three_digits

VERDICTS = {
    "trust": "Trust it.",
    "check these regions": "Check these regions.",
    "outside what this model was trained on": "Outside what this model was trained on.",
}


def figures(checkpoint: Checkpoint, shown: DenoisedPhoto, asked: DenoisingTask) -> None:
    """Draw what can be said of the result."""
    if shown.clean is not None:
        _against_the_clean_one(shown)
    elif shown.is_large:
        _of_the_whole(checkpoint, shown, asked)
    elif min(shown.noisy.shape[1:]) < BLOCK:
        explained(f"A photo smaller than {BLOCK}x{BLOCK} pixels is too small to check its result.")
    else:
        _say(_quality(checkpoint, shown, asked), shown, asked)


def _of_the_whole(checkpoint: Checkpoint, shown: DenoisedPhoto, asked: DenoisingTask) -> None:
    """Assess a large photo on a press, in the background, since it takes twice as long as to clean it."""
    if shown.step > 1:
        explained("Show a part of the photo to check the result: averaged pixels have less noise.")
        return
    key = f"{shown.key}|assessed"
    job: Job[NoReferenceQuality] | None = jobs().get(key)
    if job is None or job.error is not None:
        if job is not None and job.error is not None:
            show_error(job.error)
        if st.button("Check the whole photo", icon=":material/fact_check:"):
            jobs().start(key, lambda progress: asked.quality(checkpoint, shown.noisy, shown.denoised, progress))
            st.rerun()
        explained("This takes twice as long as denoising. A part of the photo is checked at once.")
    elif job.is_running:
        await_job(job, "Waiting for another photo", key="cancel_judging")
    else:
        _say(job.result(), shown, asked)


def _against_the_clean_one(shown: DenoisedPhoto) -> None:
    compared, size = _compared(shown), _size(shown)
    psnr, ssim = st.columns(2)
    for column, name, unit, before, after in (
        (psnr, "PSNR", " dB", compared.psnr_before[0], compared.psnr_after[0]),
        (ssim, "SSIM", "", compared.ssim_before[0], compared.ssim_after[0]),
    ):
        gain = float(after - before)
        column.metric(
            f"{name}, noisy {three_digits(float(before))}{unit}",
            f"{three_digits(float(after))}{unit}",
            f"{three_digits(gain)}{unit}" if np.isfinite(gain) else None,
            help=TERMS[name][1],
        )
    explained(f"Against the clean photo, over all {size} that are shown; higher is better.")


@cached(max_entries=64)
def _compared(shown: DenoisedPhoto) -> Comparison:
    assert shown.clean is not None  # noqa: S101 (asked for only where it is known)
    return denoising.compare(*(x[None] for x in (shown.clean, shown.noisy, shown.denoised)))


def _say(quality: NoReferenceQuality, shown: DenoisedPhoto, asked: DenoisingTask) -> None:
    """The verdict with its reasons, the figures behind it, and where they come from."""
    st.markdown(f"**{VERDICTS[quality.verdict]}** {plain(' '.join(quality.reasons))}")
    for column, (name, value, help_text) in zip(st.columns(4), _quality_figures(quality), strict=True):
        column.metric(name, value, help=help_text)
    scale = " after the transform that evens out photon noise, the PSNR of the photo itself" if asked.peak else ""
    explained(f"In {_size(shown)}, without knowing the clean photo; errors and noise in {UNIT}{scale}.")
    if PHOTONS in quality.reasons and not asked.peak:
        explained("Choose photon noise as its kind: it is then stabilised before the model.")
    _maps(quality)


def _quality_figures(quality: NoReferenceQuality) -> list[tuple[str, str, str]]:
    """Name, value and meaning of each figure that needs no clean photo."""
    return [
        ("Noise left", f"{GREY_LEVELS * quality.left:.1f}", "Estimated in the result as it was in the photo."),
        (
            "Expected PSNR",
            f"{quality.psnr:.1f} dB",
            "From how far the result follows small changes of the noise (Efron 2011): where it follows them, it is "
            "unsure. For white Gaussian noise of the level that was set.",
        ),
        (
            "Structure removed",
            three_digits(float(quality.structure.mean())),
            "Mean correlation of neighbouring pixels of the residual: 0 for pure noise, 1 for an even area. Detail "
            "that was taken for noise makes it larger.",
        ),
        (
            "Self-supervised error",
            f"{GREY_LEVELS * quality.self_supervised:.1f}",
            "Root mean square error of predicting pixels that the model cannot see from those around them, the noise "
            "taken off (Batson and Royer 2019). An upper limit: with the pixels in sight it does better.",
        ),
    ]


def _maps(quality: NoReferenceQuality) -> None:
    """Where the result is likely to be wrong and where what was taken has structure, a square a region."""
    limit = max(quality.sigma, 1e-6)
    pictures = np.stack([quality.expected_error / limit, quality.structure, quality.regions.astype(float)])[:, None]
    captions = [
        f"expected error: black 0, white {GREY_LEVELS * limit:.1f} grey levels",
        "structure in the residual: black 0, white 1",
        f"white: to be checked, {quality.regions.mean():.0%} of it",
    ]
    gallery(np.clip(pictures, 0, 1), captions, size=160, alt="Map of regions:")
    explained(f"Each square of the maps is {BLOCK}x{BLOCK} pixels.")


@cached(max_entries=32, spinner="Checking the result")
def _quality(checkpoint: Checkpoint, shown: DenoisedPhoto, asked: DenoisingTask) -> NoReferenceQuality:
    return asked.quality(checkpoint, shown.noisy, shown.denoised)


def _size(shown: DenoisedPhoto) -> str:
    _, _, height, width = shown.region
    return f"{width}x{height} pixels"
