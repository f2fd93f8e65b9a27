"""My image: one picture that the visitor drew, pasted or uploaded, the same on every page of the session."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
import streamlit as st
from jaxtyping import Float, Num

from explorer import novelty
from explorer.checkpoints import VectorCheckpoint
from explorer.core.row_samples import spread_positions
from explorer.data import Dataset
from explorer.io import user_image, user_image_style
from explorer.io.user_image import Options
from explorer.io.user_image_style import ChosenOptions, Style
from explorer.ui.shell import decoded_samples, kept
from explorer.ui.shell.cache import cached
from explorer.ui.shell.session import Context

STYLE_ITEMS = 300

PICTURE, SURFACE, OPTIONS, PROBLEM, SOURCE = (
    "own_picture",
    "own_surface",
    "own_options",
    "own_problem",
    "own_way",
)
"""Names in the session; none is a widget's, so that they outlive the page."""


@dataclass(frozen=True, eq=False)
class UserPicture:
    """The visitor's picture before any model's format.

    Args:
        pixels: (C, H, W), uint8 or float32 in [0, 1]; at most ``user_image.MAX_SIDE`` a side.
        name: what the pages call it.
        notes: what was converted while it was read.
        is_drawing: whether it was drawn on the surface here.
        ground: brightness of that surface when it was empty.
    """

    pixels: Num[np.ndarray, "c h w"]
    name: str
    notes: tuple[str, ...] = ()
    is_drawing: bool = False
    ground: float = 0.0


@dataclass(frozen=True, eq=False)
class UserImage:
    """The visitor's picture, seen by the current model.

    Args:
        x: (1, C, H, W) float32 in [0, 1], as the model takes it.
        note: how it was turned into that, in one sentence.
        code: (1, D) its code; the posterior's mean where there is one.
        std: (1, D) the posterior's standard deviation; None for a model without posterior.
        reconstruction: (1, C, H, W) what the model makes of it.
        error: squared error of that, summed over pixels.
        percentile: percent of the validation images whose error is lower; None where the card has no errors.
        picture: what the visitor gave.
        options: the steps from there to ``x``.
        reason: why the automatic choice would take its steps, in full sentences.
        is_automatic: whether ``options`` are that choice.
    """

    x: Num[np.ndarray, "1 *event"]
    note: str
    code: Float[np.ndarray, "1 d"]
    std: Float[np.ndarray, "1 d"] | None
    reconstruction: Num[np.ndarray, "1 *event"]
    error: float
    percentile: float | None
    picture: UserPicture
    options: Options
    reason: str
    is_automatic: bool

    @property
    def name(self) -> str:
        return self.picture.name


def current(context: Context) -> UserImage | None:
    """The session's picture as the current model sees it, without controls; None where there is none.

    Also None for models that give no code to a picture: those of tables, and denoisers of whole photos; and where the
    model takes other channels than the picture has, and they are no colours.
    """
    picture: UserPicture | None = st.session_state.get(PICTURE)
    if picture is None or not applies_to(context):
        return None
    if not user_image.has_channels(picture.pixels, context.checkpoint.event_shape):
        return None
    choice = _choice(context, picture)
    return _seen(context.checkpoint, picture, chosen_options(context, picture) or choice.options, choice)


def applies_to(context: Context) -> bool:
    """Whether the current model takes pictures."""
    return context.is_image


def takes_colours(context: Context) -> bool:
    """Whether it takes pictures as people draw and have them: grey, or of three colours."""
    return context.checkpoint.event_shape[0] in user_image.COLOURS


def set_picture(pixels: Num[np.ndarray, "c h w"], name: str, notes: tuple[str, ...] = ()) -> None:
    """Make a picture the session's own, such as one that another part of the page already has.

    Args:
        pixels: (C, H, W), uint8 or float in [0, 1].
        name: what the pages call it.
        notes: what was converted while it was read.
    """
    keep_picture(UserPicture(user_image.bounded(pixels), name, notes))
    for name in (SURFACE, PROBLEM):
        kept.forget(name)


def keep_picture(picture: UserPicture) -> None:
    """Make it the session's own, on all pages."""
    kept.keep(PICTURE, picture, picture.pixels.nbytes)


def clear() -> None:
    """Forget the session's picture."""
    for name in (PICTURE, SURFACE, OPTIONS, PROBLEM):
        kept.forget(name)


def style_of(context: Context) -> Style:
    """What the pictures have in common that the model was trained on; without data, of decoded samples."""
    trained_on = context.card.data.name
    if context.is_real and trained_on in (context.dataset.name, *context.dataset.held_out_for):
        return _style(context.dataset)
    samples, _ = decoded_samples.decoded_samples(context.checkpoint)
    return _style(samples)


@cached(max_entries=64)
def _style(dataset: Dataset) -> Style:
    return user_image_style.style_of(np.asarray(dataset.x[spread_positions(len(dataset), STYLE_ITEMS)]))


def ground_of(style: Style) -> float:
    """Brightness in [0, 1] of an empty surface to draw on, as pictures of this style are around their content."""
    return 0.0 if style.background is None else float(round(style.background))


def _choice(context: Context, picture: UserPicture) -> ChosenOptions:
    style = style_of(context)
    if picture.is_drawing and picture.ground == ground_of(style):
        return user_image_style.for_drawing(style)
    return user_image_style.automatic(
        picture.pixels,
        context.checkpoint.event_shape,
        style,
        lambda x: float(context.checkpoint.reconstruction_errors(x[None])[0]),
    )


def chosen_options(context: Context, picture: UserPicture) -> Options | None:
    """The steps that the visitor set for this kind of picture and this model; None: the automatic ones."""
    kept = st.session_state.get(OPTIONS)
    return kept[1] if kept is not None and kept[0] == options_key(context, picture) else None


def options_key(context: Context, picture: UserPicture) -> str:
    """Steps set for one drawing hold for the next; those set for a file only for it."""
    what = "drawing" if picture.is_drawing else hashlib.blake2b(picture.pixels.tobytes(), digest_size=8).hexdigest()
    return f"{context.checkpoint.fingerprint}|{what}"


def _seen(checkpoint: VectorCheckpoint, picture: UserPicture, options: Options, choice: ChosenOptions) -> UserImage:
    converted = user_image.convert(picture.pixels, checkpoint.event_shape, options)
    x = converted.x[None]
    if checkpoint.is_variational:
        code, logvar = checkpoint.posterior(x)
        std = np.exp(logvar / 2)
    else:
        code, std = checkpoint.encode(x), None
    error = float(checkpoint.reconstruction_errors(x)[0])
    calibration = np.asarray(checkpoint.card.calibration)
    percentile = float(novelty.percentile(np.array([error]), calibration)[0]) if len(calibration) else None
    words = ", ".join((*picture.notes, *converted.steps))
    return UserImage(
        x=x,
        note=f"{words[0].upper()}{words[1:]}." if words else "Used unchanged.",
        code=code,
        std=std,
        reconstruction=checkpoint.reconstruct(x),
        error=error,
        percentile=percentile,
        picture=picture,
        options=options,
        reason=choice.reason,
        is_automatic=options == choice.options,
    )
