"""The Denoise page for photos of any size: one photo in, the clean one under a divider, and what to make of it."""

from __future__ import annotations

import streamlit as st

from explorer.checkpoints import Checkpoint
from explorer.denoising.photo import SHIPPED
from explorer.export import kinds
from explorer.io.photo_files import write_photo
from explorer.ui.denoise import batch, methods, photo_figures, photo_result, photo_source, photo_view, settings
from explorer.ui.denoise.as_python import as_python
from explorer.ui.denoise.photo_result import DenoisedPhoto, Region, Whole
from explorer.ui.denoise.photo_source import ChosenPhoto
from explorer.ui.denoise.settings import DenoisingTask
from explorer.ui.shell import session
from explorer.ui.shell.frame import show_error
from explorer.ui.shell.in_use import page_uses
from explorer.ui.shell.jobs import Job, await_job, jobs
from explorer.ui.shell.links import DENOISE_WHAT, ITEMS, PHOTO
from explorer.ui.widgets.download import download
from explorer.ui.widgets.onnx_button import photo_onnx_button
from explorer.ui.widgets.text import duration

PART, ALL = "A part of it", "Whole photo"
"""Which of the two the page is about, in the session and in links."""
HOW_IT_WORKS = """
The model is a *denoising autoencoder* for photos: it gets a clean photo $x$ with noise of a level $\\sigma$ added, and
is trained to give $x$ back, for every $\\sigma$ from 0 to 75 grey levels of 255. The level is one of its
inputs, so that a slider sets the strength. It is fully convolutional: the same small rules run over a photo of any
size, and a large one is cut into tiles that see their surroundings, so that no seam is left.

- **PSNR** is $10 \\log_{10}(1 / \\mathrm{MSE})$ in decibels, against the clean photo; 3 dB more is half the squared
  error.
- **SSIM** compares local means, contrasts and patterns; 1 is the same picture.
- **The noise level** of a photo is estimated from those of its small squares that show no texture.
- **The residual** is what was removed. Pure noise has no outlines: where you see some, detail is gone.
- **The verdict** looks at the kind and level of the noise, at the residual, and at the error to be expected where the
  result follows small changes of the noise; none of them needs a clean photo. How often it is right is in
  `docs/results.md`.
- **Photon noise** grows with brightness. The Anscombe transform $2 \\sqrt{k + 3/8}$ of the photon count makes it even.

Vincent et al. 2010; Zhang et al. 2018 (FFDNet); Zhang et al. 2021 (DRUNet); Liu et al. 2013 (noise level); Efron 2011
(expected error); Batson and Royer 2019 (estimates without a clean photo); Makitalo and
Foi 2011 (the way back from the Anscombe transform).
"""


def is_about_photos() -> bool:
    """Whether the page is about photos: it asks where the model in the sidebar is one of other items.

    A model that was trained to remove noise opens with its own items, any other with a photo: that is what can be
    denoised well.
    """
    card = session.card_of(st.session_state.get("model") or "")
    if session.takes_photos(card):
        return True
    if card is None or not _photo_models():
        return False
    chosen = st.segmented_control(
        "What to denoise",
        [PHOTO, ITEMS],
        default=PHOTO if card.recipe.corruption is None else ITEMS,
        key=DENOISE_WHAT,
        required=True,
        bind="query-params",
        label_visibility="collapsed",
    )
    return chosen == PHOTO


def _photo_models() -> list[str]:
    """Names of the models that denoise photos: the shipped ones first, and of grey photos, as the first photo is."""
    cards = {name: card for name, card in session.cards().items() if session.takes_photos(card)}
    return sorted(cards, key=lambda name: (name not in SHIPPED.values(), cards[name].data.event_shape[0]))


def _current_model() -> Checkpoint:
    """The model in the sidebar if it takes photos, else the first one that does."""
    name = st.session_state["model"]
    card = session.card_of(name)
    return session.checkpoint_of(name if session.takes_photos(card) else _photo_models()[0])


def page() -> None:
    """Draw the page."""
    current_model = _current_model()
    picture, inspector = st.columns([2, 1], gap="large")
    with inspector:
        source, files = photo_source.choose()
        checkpoint = settings.model_for(current_model, len(source.photo.image))
        if checkpoint is current_model and checkpoint.name != st.session_state["model"]:
            st.caption(f"Denoised with {checkpoint.name}.")
        page_uses([checkpoint.card.title], [f"Photo: {source.title}"])
        asked = settings.ask(source, checkpoint)
        region = photo_result.choose_region(source)
    with picture:
        job = jobs().get(photo_result.whole_key(checkpoint, asked))
        shown = _shown(checkpoint, source, asked, region, job)
        photo_view.under_the_divider(shown, asked)
        photo_figures.figures(checkpoint, shown, asked)
        with st.container(horizontal=True, vertical_alignment="center"):
            _whole_photo(checkpoint, source, asked, job)
            photo_onnx_button(checkpoint, key="denoise_onnx")
            with st.popover("Copy as Python", icon=":material/code:"):
                of_whole = job is not None and job.status == "done"
                st.code(as_python(checkpoint, source, asked, shown, of_whole), language="python")
    methods.beside_the_model(checkpoint, shown, asked)
    batch.batch(current_model, files, asked)


def _shown(
    checkpoint: Checkpoint, source: ChosenPhoto, asked: DenoisingTask, region: Region, job: Job[Whole] | None
) -> DenoisedPhoto:
    """What is under the divider: the part, or all of a photo that was cleaned whole."""
    if job is None or job.status != "done":
        return photo_result.cleaned_part(checkpoint, asked, region)
    key = photo_result.whole_key(checkpoint, asked)
    if photo_result.is_large(source):
        chosen = st.segmented_control(
            "Show", [ALL, PART], default=ALL, key="photo_show", required=True, persist_state="session"
        )
        if chosen == ALL:
            return photo_result.all_of(job.result(), asked, key)
    return photo_result.part_of(job.result(), asked, region, key)


def _whole_photo(checkpoint: Checkpoint, source: ChosenPhoto, asked: DenoisingTask, job: Job[Whole] | None) -> None:
    """The way to the file: at once for a small photo, by a job with progress and cancel for a large one."""
    _, height, width = source.photo.image.shape
    name = photo_result.result_name(source.name, source.photo)
    if not photo_result.is_large(source) and source.stack is None:
        region = (0, 0, height, width)
        download(
            "Download the result",
            lambda: write_photo(source.photo, photo_result.cleaned_part(checkpoint, asked, region).denoised),
            name,
            kinds.DENOISED,
        )
        return
    if job is not None and job.error is not None:
        show_error(job.error)
    if job is None or job.error is not None:
        what = "the whole photo" if source.stack is None else f"all {len(source.stack)} pages"
        pixels = width * height * (1 if source.stack is None else len(source.stack))
        if st.button(f"Denoise {what} ({pixels / 1e6:.1f} megapixels)", type="primary"):
            photo_result.start_whole(checkpoint, source, asked)
            st.rerun()
        same = "" if source.stack is None else "Each page is cleaned at the strength above. "
        st.caption(
            f"{same}It can then be downloaded at its full size and depth, with its transparency, colour profile and "
            "dates."
        )
        return
    if job.is_running:
        await_job(job, "Waiting for another photo", key="cancel_whole")
        return
    whole = job.result()
    download("Download the result", whole.file, name, kinds.DENOISED, primary=True)
    what = "The whole photo" if source.stack is None else f"All {len(source.stack)} pages"
    st.caption(f"{what} took {duration(whole.seconds)}.")
