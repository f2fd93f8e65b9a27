"""What the Denoise page shows: eight items under noise, figures over many, and the visitor's own pictures."""

from __future__ import annotations

import io
import math
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath

import numpy as np
import streamlit as st
from jaxtyping import Int, Num

from explorer import denoising, evaluation, export
from explorer.checkpoints import Card
from explorer.core.row_samples import spread_sample
from explorer.data import Dataset
from explorer.denoising import Comparison, Tuned
from explorer.export import kinds
from explorer.io import images
from explorer.noise import GaussianNoise, Noise
from explorer.ui.denoise import own_python
from explorer.ui.denoise.item_uploads import UPLOADER, UploadedPicture, uploaded
from explorer.ui.map.shown_items import items_of
from explorer.ui.shell import copied, kept, session, user_files, user_image
from explorer.ui.shell.cache import cached
from explorer.ui.shell.frame import not_for_this_model
from explorer.ui.shell.session import Context
from explorer.ui.widgets import item_choice
from explorer.ui.widgets.download import download
from explorer.ui.widgets.pictures import gallery, picture_row
from explorer.ui.widgets.swipe import swipe
from explorer.ui.widgets.terms import explained
from explorer.ui.widgets.text import interval, plain, three_digits
from explorer.views import item_words

ITEMS = 8
CLEAN, NOISY = "Clean: add the noise chosen above", "Noisy already"
WHAT_THEY_ARE = "denoise_upload_is"
"""Of the control that says which of the two the visitor's pictures are."""
MEASURED_ITEMS = 200
TUNING_ITEMS = 16
SHOWN_UPLOADS = 24
"""Of the visitor's pictures."""
LARGE_PIXELS = 560
"""Side of the picture under the divider on the screen."""


@dataclass(frozen=True, eq=False)
class Shown:
    """The eight items of the page; (ITEMS, C, H, W) each, the noisy ones unclipped, and what they are called.

    ``large`` is the position of the one under the divider.
    """

    clean: Num[np.ndarray, "n *event"]
    noisy: Num[np.ndarray, "n *event"]
    denoised: Num[np.ndarray, "n *event"]
    titles: tuple[str, ...]
    large: int = 0


@dataclass(frozen=True, eq=False)
class MethodFigures:
    """Figures over many items: the model's and the classical method's."""

    model: Comparison
    classical: Comparison


def default_noise(card: Card) -> Noise:
    """What a checkpoint was trained to remove; else Gaussian noise of a level that is plainly seen."""
    return card.recipe.corruption or GaussianNoise(sigma=0.3)


def denoising_checkpoint(card: Card) -> str | None:
    """A checkpoint that was trained to remove noise: from the same data if there is one, else of the same shape."""
    trained = {name: other for name, other in session.cards().items() if other.recipe.corruption is not None}

    def difference(name: str) -> tuple[bool, bool]:
        other = trained[name]
        return not session.have_same_data(other, card), other.data.event_shape != card.data.event_shape

    return min(trained, key=difference, default=None)


def say_what_it_was_trained_for(card: Card) -> None:
    """One plain sentence; for a model that never saw noise also the one that did."""
    corruption = card.recipe.corruption
    if corruption is None:
        not_for_this_model(
            "This model was not trained to remove noise: it never saw a noisy input. "
            "What is shown is what its narrow code happens to leave out.",
            denoising_checkpoint(card),
        )
        return
    level = getattr(corruption, corruption.level_field)
    field = type(corruption).model_fields[corruption.level_field]
    words = f"{field.title or corruption.level_field} {level:g}"
    explained(f"Trained to remove {corruption.title} noise: {words[0].lower()}{words[1:]}.")


# --- Items -----------------------------------------------------------------------------------------------------------


def tuned(context: Context, noise: Noise, seed: int) -> Tuned:
    """The classical method that is best for this noise, tuned on items that are not measured."""
    # The model decides only which rows are measured: others of its kind find the same.
    return _tuned(context.dataset, context.rows, noise, seed)


@cached(max_entries=64, spinner="Tuning the classical methods")
def _tuned(dataset: Dataset, measured_rows: np.ndarray, noise: Noise, seed: int) -> Tuned:
    others = np.setdiff1d(np.arange(len(dataset)), measured_rows)
    rows = spread_sample(others if len(others) else measured_rows, TUNING_ITEMS)
    x = dataset.x[rows]
    # Another draw than that of the measured items.
    return denoising.tune(x, denoising.add_noise(x, noise, seed + 1))


def chosen_row(context: Context) -> int:
    """Row of the item under the divider: the chosen one of the data, else the first of those that are measured."""
    row = item_choice.chosen_row(len(context.dataset))
    return int(context.rows[context.samples(1)[0]]) if row is None else row


def shown_items(context: Context, noise: Noise, seed: int) -> Shown:
    """Eight items, the chosen one among them, with noise, and as the model cleans them."""
    rows = _eight_rows(context)
    clean = images.to_float(context.dataset.x[rows])
    noisy = denoising.add_noise(clean, noise, seed)
    titles = tuple(item_words.row_title(context, row) for row in rows.tolist())
    large = int(np.argmax(rows == chosen_row(context)))
    return Shown(clean, noisy, denoising.denoise(context.checkpoint, noisy), titles, large)


def _eight_rows(context: Context) -> Int[np.ndarray, " k"]:
    chosen = chosen_row(context)
    rows = context.rows[context.samples(ITEMS)]
    return rows if chosen in rows else np.array([chosen, *context.rows[context.samples(ITEMS - 1)]])


def under_the_divider(context: Context, shown: Shown) -> None:
    """One item large under a divider, and below it others to choose from.

    Args:
        context: all items that may be shown, more than are measured.
        shown: what is seen of them.
    """
    row = chosen_row(context)
    if row not in evaluation.rows_for(context.checkpoint, context.dataset)[0]:
        st.caption(f"{plain(item_words.row_title(context, row))} is no {context.split.split(', n')[0]} item.")
    sides = {"noisy": shown.noisy, "clean": shown.clean}
    side = st.segmented_control("Left of the divider", list(sides), default="noisy", required=True) or "noisy"
    scale = max(1, LARGE_PIXELS // max(shown.clean.shape[2:]))
    before, after = (images.png_bytes(x[shown.large], scale) for x in (sides[side], shown.denoised))
    swipe(before, after, key="denoise_swipe", labels=(side, "denoised"))
    item_choice.item_choice(items_of(context), str(row))


def rows_of_eight(shown: Shown, method: Tuned) -> None:
    """Clean, noisy, denoised and classical in rows, with the PSNR of each."""
    cleaned = method.denoise(shown.noisy)
    model, classical = (denoising.compare(shown.clean, shown.noisy, x) for x in (shown.denoised, cleaned))
    picture_row("Clean", shown.clean, [f"{i}. {title}" for i, title in enumerate(shown.titles, 1)])
    picture_row("Noisy, PSNR", shown.noisy, _decibels(model.psnr_before))
    picture_row("Denoised by the model, PSNR", shown.denoised, _decibels(model.psnr_after))
    picture_row(f"{method.title}, the best classical method here, PSNR", cleaned, _decibels(classical.psnr_after))


def _decibels(values: np.ndarray) -> list[str]:
    return [f"{three_digits(float(v))} dB" for v in values]


def as_python(context: Context, noise: Noise, seed: int) -> str:
    """The Python that adds the same noise to the same items and the visitor's pictures, removes it and measures."""
    split = context.split.split(", n")[0]
    fields = noise.model_dump()
    name, data = copied.model_name(context.card), copied.data_of(context)
    shown = _eight_rows(context)
    code = export.denoise_code(name, data, split, fields, seed, MEASURED_ITEMS, TUNING_ITEMS, shown)
    return own_python.with_pictures(code, context, seed if _is_clean() else None)


# --- Figures ---------------------------------------------------------------------------------------------------------


@cached(max_entries=64, spinner="Measuring")
def measured(context: Context, noise: Noise, seed: int, method: Tuned) -> MethodFigures:
    """PSNR and SSIM over many held-out items, computed once."""
    x = context.x()
    x_noisy = denoising.add_noise(x, noise, seed)
    cleaned = denoising.denoise(context.checkpoint, x_noisy), method.denoise(x_noisy)
    return MethodFigures(*(denoising.compare(x, x_noisy, x_hat) for x_hat in cleaned))


def figures_table(result: MethodFigures, method: Tuned, split: str) -> None:
    """Mean PSNR and SSIM over many items, of the noisy, the model's and the classical method's pictures.

    Args:
        split: of the items with their number: "test, n = 200".
    """
    model, classical = result.model, result.classical
    rows = [
        ("Noisy", model.psnr_before, model.ssim_before),
        ("This model", model.psnr_after, model.ssim_after),
        (f"{method.title} (classical)", classical.psnr_after, classical.ssim_after),
    ]
    columns = {"": [name for name, _, _ in rows]}
    columns["PSNR, dB"] = [mean_text(psnr) for _, psnr, _ in rows]
    columns["SSIM"] = [mean_text(ssim, (-1.0, 1.0)) for _, _, ssim in rows]
    st.dataframe(columns, hide_index=True, width="stretch")
    explained(f"Means with 95 % intervals; {split}; higher is better.")


def mean_text(values: Num[np.ndarray, " n"], bounds: tuple[float, float] = (-math.inf, math.inf)) -> str:
    """Mean and interval, within ``bounds``; infinite where an item is untouched by the noise."""
    if not np.isfinite(values).all():
        return "∞ (some items are unchanged)"
    return interval(evaluation.summary("", "", values, "", bounds))


def verdict(model: Num[np.ndarray, " n"], classical: Num[np.ndarray, " n"], method: str) -> str:
    """Who wins by PSNR, by how much and how surely, in one sentence.

    Args:
        model, classical: (N,) PSNR in dB on the same items.
        method: name of the classical method.
    """
    if not (np.isfinite(model).all() and np.isfinite(classical).all()):
        return "At this level some items are unchanged, so a mean PSNR says nothing: choose more noise."
    difference = (model - classical).astype(np.float64)
    summary = evaluation.summary("", "dB", difference, "")
    if not summary.has_ends:
        return f"One item alone: the model is {three_digits(summary.value)} dB from {method.lower()}."
    if summary.low > 0:
        return f"The model wins: {interval(summary)} dB above {method.lower()}, on the same items."
    if summary.high < 0:
        lost = evaluation.summary("", "dB", -difference, "")
        return f"{method} wins: {interval(lost)} dB above the model, on the same items. No training was needed for it."
    return f"No clear winner: the model is {interval(summary)} dB from {method.lower()}, and the interval holds 0."


# --- The visitor's own pictures --------------------------------------------------------------------------------------


def user_pictures(context: Context, noise: Noise, seed: int) -> None:
    """The session's own image and uploads: clean and download; a file that cannot be read is named, others go on."""
    st.subheader("Your pictures")
    height, width = context.checkpoint.event_shape[1:]
    explained(
        f"A model draws only what it was trained on, here {plain(context.card.data.title)}, at {width}x{height} "
        "pixels: a picture of anything else comes back as the nearest thing that it knows."
    )
    label = "Pictures (PNG, JPEG, WebP, TIFF, BMP, GIF), or a zip of them"
    files = user_files.take(label, None, UPLOADER, several=True, adds=True)
    st.radio("What they are", [CLEAN, NOISY], horizontal=True, key=kept.control(WHAT_THEY_ARE))
    add = _is_clean()
    image = user_image.current(context)
    uploads = [] if image is None else [UploadedPicture(image.name, image.x[0], image.note)]
    uploads += uploaded(context.checkpoint, files)
    if not uploads:
        return
    x = np.stack([upload.x for upload in uploads])
    noisy = denoising.add_noise(x, noise, seed) if add else x
    denoised = denoising.denoise(context.checkpoint, noisy)
    _show_uploads(uploads, x, noisy, denoised, add)
    _download([upload.name for upload in uploads], denoised)


def _is_clean() -> bool:
    """Whether noise is added to the visitor's pictures, as is done at first."""
    return bool(st.session_state.get(WHAT_THEY_ARE, CLEAN) == CLEAN)


def _show_uploads(
    uploads: Sequence[UploadedPicture], x: np.ndarray, noisy: np.ndarray, denoised: np.ndarray, add: bool
) -> None:
    if len(x) > SHOWN_UPLOADS:
        explained(f"The first {SHOWN_UPLOADS} of {len(x):,} pictures are shown; the download holds all.")
        uploads = uploads[:SHOWN_UPLOADS]
        x, noisy, denoised = (part[:SHOWN_UPLOADS] for part in (x, noisy, denoised))
    explained("Model inputs")
    gallery(x, [f"{u.name}{f' ({u.note})' if u.note else ''}" for u in uploads], size=168, alt="uploaded picture")
    before, after = (["" for _ in x], ["" for _ in x])
    if add:
        figures = denoising.compare(x, noisy, denoised)
        before, after = _decibels(figures.psnr_before), _decibels(figures.psnr_after)
        picture_row("Noisy, PSNR", noisy, before, size=168)
    elif min(x.shape[2:]) >= 2:
        levels = ", ".join(three_digits(denoising.estimate_sigma(image)) for image in x)
        explained(f"Estimated noise level (of the value range): {levels}. Fine detail counts as noise in it.")
    picture_row("Denoised", denoised, after, size=168)


def _download(names: Sequence[str], x: np.ndarray) -> None:
    name, content = results_file(names, x)
    download("Download the result", content, name, kinds.DENOISED)


def results_file(names: Sequence[str], x: Num[np.ndarray, "*event"]) -> tuple[str, bytes]:
    """One picture as PNG, several as a zip of PNGs.

    Args:
        names: of the files they came from; only the last part of a path is used.
        x: (N, C, H, W) in [0, 1], N >= 1.

    Returns:
        File name and bytes.
    """
    stems = [PurePath(name.replace("\\", "/")).stem or "picture" for name in names]
    if len(x) == 1:
        return f"{stems[0]}-denoised.png", images.png_bytes(x[0])
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for number, (stem, image) in enumerate(zip(stems, x, strict=True), 1):
            archive.writestr(f"{number:03d}-{stem}-denoised.png", images.png_bytes(image))
    return "denoised.zip", packed.getvalue()
