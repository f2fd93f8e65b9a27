"""What is asked of the chosen photo: noise to add or noise that is there, and how strongly to clean."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import streamlit as st
from jaxtyping import Num

from explorer import checkpoints, denoising
from explorer.checkpoints import Checkpoint
from explorer.core.intervals import Interval
from explorer.data.base import Progress
from explorer.denoising import NoReferenceQuality
from explorer.denoising.photo import SHIPPED
from explorer.models.photo import GREY_LEVELS
from explorer.noise import GaussianNoise, Noise, PoissonNoise
from explorer.ui.denoise.photo_source import ChosenPhoto
from explorer.ui.shell import session
from explorer.ui.shell.cache import Keyed, cached, cached_resource
from explorer.ui.widgets.noise_form import follow_model, noise_form
from explorer.ui.widgets.text import three_digits

KINDS = {"even": "The same everywhere", "photons": "Photon noise, more in bright places"}
GIVEN = {"clean": "My picture is clean: add noise", "noisy": "My picture is noisy"}
FIRST_NOISE = GaussianNoise(sigma=0.1)
STRONGEST = 100.0
UNIT = "grey levels of 255"
MOST_PHOTONS = 100_000.0


@dataclass(frozen=True, eq=False)
class DenoisingTask(Keyed):
    """One photo, its noise and the strength to clean it with.

    Args:
        noisy: (C, H, W) float32, not clipped; white is 1.
        clean: the same without noise, where it is known.
        noise: what was added; None where the photo is noisy by itself.
        seed: of that noise.
        estimate: of the noise that is there by itself; None where it was added.
        strength: noise level that the model is told, in units where white is 1.
        peak: photons at white, to clean photon noise after a transform that makes it even; 0: no transform.
        fast: whether the model works in half precision.
        noise_key: differs for different photos, noises and seeds, whatever the strength.
        key: differs for different questions.
    """

    noisy: Num[np.ndarray, "c h w"]
    clean: Num[np.ndarray, "c h w"] | None
    noise: Noise | None
    seed: int
    estimate: Interval | None
    strength: float
    peak: float
    fast: bool
    noise_key: str
    key: str

    def clean_with(
        self, checkpoint: Checkpoint, image: Num[np.ndarray, "c h w"], progress: Progress | None = None
    ) -> Num[np.ndarray, "c h w"]:
        """The photo or a part of it without its noise, (C, H, W) float32, not clipped."""
        if self.peak:
            return denoising.denoise_poisson(checkpoint, image, self.peak, progress)
        return denoising.denoise_photo(checkpoint, image, self.strength, progress, fast=self.fast)

    def with_noise(self, image: Num[np.ndarray, "c h w"], draw: int) -> Num[np.ndarray, "c h w"]:
        """Another picture (C, H, W) with such noise as was added, drawn anew; as it is where none was."""
        return image if self.noise is None else denoising.add_noise(image[None], self.noise, self.seed + draw)[0]

    def quality(
        self,
        checkpoint: Checkpoint,
        noisy: Num[np.ndarray, "c h w"],
        denoised: Num[np.ndarray, "c h w"],
        progress: Progress | None = None,
    ) -> NoReferenceQuality:
        """What speaks for and against a result, see ``denoising.assess``."""
        return denoising.assess(
            checkpoint, noisy, denoised, self.strength, self.peak, fast=self.fast, progress=progress
        )


def ask(source: ChosenPhoto, checkpoint: Checkpoint) -> DenoisingTask:
    """Draw the two ways in, the noise and the strength."""
    kind = st.radio(
        "What it is",
        list(GIVEN),
        index=0 if source.is_shipped else 1,
        format_func=GIVEN.__getitem__,
        key="shipped_photo_is" if source.is_shipped else "user_photo_is",
        bind="query-params",
        label_visibility="collapsed",
    )
    return _with_noise(source, checkpoint) if kind == "clean" else _as_it_is(source)


def is_fitting(checkpoint: Checkpoint, channels: int) -> bool:
    """Whether a model is the one to use for photos of so many channels.

    The shipped ones stand in for each other; a model of one's own is used wherever it can be.
    """
    model_channels = checkpoint.model.event_shape[0]
    if model_channels == channels or channels % model_channels:
        return model_channels == channels
    return checkpoint.name not in SHIPPED.values() or SHIPPED[channels] not in checkpoints.available()


def model_for(checkpoint: Checkpoint, channels: int) -> Checkpoint:
    """The photo denoiser for a photo of so many channels, with a word where it is not the current one.

    Raises:
        ExplorerError: the photo is grey and no model of grey photos is available.
    """
    if is_fitting(checkpoint, channels):
        if checkpoint.model.event_shape[0] != channels:
            st.caption(f"{checkpoint.name} takes grey photos: it denoises red, green and blue separately.")
        return checkpoint
    name = SHIPPED[channels]
    other = session.checkpoint_of(name) if name in session.models() else denoising.denoiser_for(channels)
    st.caption(f"This photo is {'grey' if channels == 1 else 'in colour'}, so {other.name} is used.")
    return other


def _with_noise(source: ChosenPhoto, checkpoint: Checkpoint) -> DenoisingTask:
    follow_model(checkpoint.name, FIRST_NOISE)
    noise = noise_form()
    with st.popover("Options"):
        seed = int(st.number_input("Seed of the noise", 0, 10_000, 0, key="noise_seed", bind="query-params"))
    seed += source.page  # each page of a stack has its own draw
    noise_key = f"{source.key}|{noise.model_dump_json()}|{seed}"
    noisy = _noisy(source, noise, seed)
    size = noise.sigma if isinstance(noise, GaussianNoise) else _size(source, noise, seed)
    st.caption(f"This noise changes a pixel by {three_digits(GREY_LEVELS * size)} {UNIT} (root mean square).")
    peak = 0.0
    if isinstance(noise, PoissonNoise):
        peak = noise.peak * st.toggle(
            "Stabilise photon noise first",
            True,
            key="anscombe",
            bind="query-params",
            help="Photon noise grows with brightness. The Anscombe transform makes it the same everywhere, the model "
            "removes it, and the transform is undone without bias.",
        )
    elif not isinstance(noise, GaussianNoise):
        st.caption("The model was trained on Gaussian noise alone: a median filter may do better here.")
    strength = _strength(noise_key, size, disabled=bool(peak))
    fast = not peak and _fast()
    key = f"{noise_key}|{peak:g}|{strength:g}|{fast}"
    return DenoisingTask(noisy, source.photo.image, noise, seed, None, strength, peak, fast, noise_key, key)


def _as_it_is(source: ChosenPhoto) -> DenoisingTask:
    kind = st.radio("Kind of noise", list(KINDS), format_func=KINDS.__getitem__, key="noise_kind", bind="query-params")
    noise = _estimate(source)
    if kind == "photons":
        return _with_photons(source, noise)
    sigma, error = GREY_LEVELS * noise.value, GREY_LEVELS * (noise.high - noise.value)
    ends = noise.ends(lambda level: f"{GREY_LEVELS * level:.1f}")
    st.markdown(f"**Estimated noise: {sigma:.1f} ± {error:.1f} {UNIT}**")
    st.caption(
        f"95 % interval {ends}, from the smoothest parts of the whole photo; the strength is set to "
        "it. Noise that is alike in neighbouring pixels, as after JPEG or resizing, is larger than this."
    )
    strength = _strength(source.key, noise.value)
    fast = _fast()
    key = f"{source.key}|as it is|{strength:g}|{fast}"
    return DenoisingTask(source.photo.image, None, None, 0, noise, strength, 0.0, fast, source.key, key)


def _with_photons(source: ChosenPhoto, noise: Interval) -> DenoisingTask:
    """A photo whose noise is photon noise: how many photons white collects takes the place of the level."""
    guess = _estimate_peak(source)
    _follow("photons", f"photons of {source.key}", float(f"{min(MOST_PHOTONS, guess.value):.3g}"))
    peak = st.number_input(
        "Photons at white",
        1.0,
        MOST_PHOTONS,
        step=1.0,
        format="%.1f",
        key="photons",
        bind="query-params",
        help="How many photons a white pixel collects on average: fewer photons, more noise. A smaller number cleans "
        "more strongly.",
    )
    st.caption(
        f"Estimated from the photo: {three_digits(guess.value)} photons, 95 % interval {guess.ends(three_digits)}. "
        "The Anscombe transform makes such noise the same everywhere before the model, "
        "and is undone after it."
    )
    key = f"{source.key}|photons|{peak:g}"
    return DenoisingTask(source.photo.image, None, None, 0, noise, noise.value, peak, False, source.key, key)


def _follow(widget: str, asked: str, value: float) -> None:
    """Set a control whenever what it is for changes; a link's value wins on the first run."""
    name = f"{widget}_for"
    seen = st.session_state.get(name)
    if seen != asked and not (seen is None and widget in st.query_params):
        st.session_state[widget] = value
    st.session_state[name] = asked


def _strength(asked: str, sigma: float, disabled: bool = False) -> float:
    """The slider, set to the noise whenever that changes; a link's strength wins on the first run."""
    _follow("strength", asked, float(min(STRONGEST, round(2 * GREY_LEVELS * sigma) / 2)))
    st.session_state.setdefault("strength", 25.0)
    value: float = st.slider(
        f"Strength ({UNIT})",
        0.0,
        STRONGEST,
        step=0.5,
        key="strength",
        bind="query-params",
        disabled=disabled,
        help="The noise level given to the model. Less keeps more detail and more noise.",
    )
    return value / GREY_LEVELS


def _fast() -> bool:
    return bool(
        st.toggle(
            "Half precision",
            key="half",
            bind="query-params",
            help="Several times quicker on processors with matrix units for bfloat16, slower on others. Single pixels "
            "change by up to 3 grey levels of 255.",
        )
    )


# --- What is computed once --------------------------------------------------------------------------------------------


# Not copied on each run, as ``cached`` would: 144 MB for 12 megapixels.
@cached_resource(max_entries=2, spinner="Adding the noise")
def _noisy(source: ChosenPhoto, noise: Noise, seed: int) -> np.ndarray:
    return denoising.add_noise(source.photo.image[None], noise, seed)[0]


@cached(max_entries=64)
def _size(source: ChosenPhoto, noise: Noise, seed: int) -> float:
    change = _noisy(source, noise, seed) - source.photo.image
    return float(np.sqrt(np.mean(np.square(change), dtype=np.float64)))


@cached(max_entries=64, spinner="Counting the photons")
def _estimate_peak(source: ChosenPhoto) -> Interval:
    return denoising.estimate_peak(source.photo.image)


@cached(max_entries=64, spinner="Estimating the noise")
def _estimate(source: ChosenPhoto) -> Interval:
    return denoising.estimate_noise(source.photo.image)
