"""Home's first screen for a model of photos: a shipped photo with noise, and without, under a divider."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import streamlit as st
from jaxtyping import Float

from explorer import data, denoising
from explorer.browser.swipe.message import Residual, residual_of
from explorer.checkpoints import Checkpoint
from explorer.io import images
from explorer.models.photo import GREY_LEVELS
from explorer.noise.gaussian import GaussianNoise
from explorer.ui.home.home_page import link
from explorer.ui.shell import session
from explorer.ui.shell.cache import cached
from explorer.ui.widgets.swipe import swipe
from explorer.ui.widgets.terms import explained
from explorer.ui.widgets.text import plain, three_digits

PHOTOS = {1: "camera", 3: "chelsea"}
"""Channels that a model takes -> the shipped photo to show."""
HEIGHT, WIDTH = 352, 512
"""Of the part that is shown at most, in pixels: cleaned in about a second."""
LEVELS = (10, 25, 50)
"""Noise to choose from, in grey levels of 255."""
USUAL = 25
LEVEL = "home_photo_level"
"""In the session: the chosen one of ``LEVELS``."""


@dataclass(frozen=True)
class CleanedPhoto:
    """A shipped photo with noise and without.

    Args:
        title: what it shows, where it is from and its licence.
        noisy, denoised: as PNG.
        residual: what was taken away.
        psnr: in dB, of the noisy and of the denoised one.
    """

    title: str
    noisy: bytes
    denoised: bytes
    residual: Residual
    psnr: tuple[float, float]


def current_model() -> Checkpoint | None:
    """The model in the sidebar where it takes photos of any size, grey or colour; None for any other."""
    name = str(st.session_state.get("model") or "")
    card = session.card_of(name)
    if card is None or not session.takes_photos(card) or card.data.event_shape[0] not in PHOTOS:
        return None
    return session.checkpoint_of(name)


@st.fragment
def first_screen(checkpoint: Checkpoint) -> None:
    """The photo, how much noise it gets, and the way to one's own photos."""
    picture, beside = st.columns([11, 9], gap="large")
    with beside:
        level = st.segmented_control(
            "Noise added, in grey levels of 255", LEVELS, default=USUAL, required=True, key=LEVEL
        )
        shown = cleaned(checkpoint, level)
        before, after = (f"{three_digits(value)} dB" for value in shown.psnr)
        st.metric(f"PSNR, noisy {before}", after, f"{three_digits(shown.psnr[1] - shown.psnr[0])} dB")
        explained("How near it is to the clean photo: 3 dB more is half the squared error.")
        link("denoise", "Denoise your own photo")
    with picture:
        swipe(shown.noisy, shown.denoised, key="home_photo", residual=shown.residual)
        st.caption(f"{plain(shown.title)} Denoised by {plain(checkpoint.card.title)}.")


@cached(max_entries=16, spinner="Removing the noise")
def cleaned(checkpoint: Checkpoint, level: int) -> CleanedPhoto:
    """A shipped photo of the channels that the model takes, with white noise, and what the model makes of it.

    Args:
        level: standard deviation of the noise in grey levels of 255.
    """
    photo = next(photo for photo in data.photos() if photo.name == PHOTOS[checkpoint.event_shape[0]])
    planes = photo.array[None] if photo.array.ndim == 2 else photo.array.transpose(2, 0, 1)
    clean = images.to_float(np.ascontiguousarray(planes[:, :HEIGHT, :WIDTH]))
    sigma = level / GREY_LEVELS
    noisy = denoising.add_noise(clean[None], GaussianNoise(sigma=sigma))[0]
    denoised = denoising.denoise_photo(checkpoint, noisy, sigma)
    compared = denoising.compare(clean[None], noisy[None], denoised[None])
    return CleanedPhoto(
        f"{photo.title}, {clean.shape[2]} × {clean.shape[1]} pixels of it ({photo.source}; {photo.licence}).",
        _png(noisy),
        _png(denoised),
        residual_of(noisy, denoised, GREY_LEVELS, "grey levels"),
        (float(compared.psnr_before[0]), float(compared.psnr_after[0])),
    )


def _png(image: Float[np.ndarray, "c h w"]) -> bytes:
    return images.png_bytes(images.to_uint8(image), effort=1)
