"""My image: one picture that the visitor drew, pasted or uploaded, the same on every page of the session."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import cast

import numpy as np
import streamlit as st
from jaxtyping import Float, Num

from explorer import novelty
from explorer.browser.drawing.message import DrawingDone, LiveModel, read_drawing
from explorer.browser.pack import can_encode_live
from explorer.browser.paste.message import PastedPicture, read_picture
from explorer.checkpoints import VectorCheckpoint
from explorer.core.errors import ExplorerError
from explorer.core.row_samples import spread_positions
from explorer.data import Dataset, ImportOptions, from_upload
from explorer.io import images, user_image, user_image_style
from explorer.io.contract import scales_of
from explorer.io.images.asked import of_shape
from explorer.io.user_image import Centre, Fit, Options
from explorer.io.user_image_style import ChosenOptions, Style
from explorer.ui.shell import decoded_samples, kept
from explorer.ui.shell.cache import cached
from explorer.ui.shell.session import Context
from explorer.ui.shell.user_files import HELP
from explorer.ui.widgets.drawing import drawing
from explorer.ui.widgets.pictures import gallery
from explorer.ui.widgets.terms import explained
from explorer.ui.widgets.text import plain, three_digits
from explorer.views.drawing_contents import live_model

UPLOADS = [suffix.removeprefix(".") for suffix in images.SUFFIXES]
STYLE_ITEMS = 300
SOURCES = {"draw": "Draw or paste", "upload": "Upload a file"}
FITS = {"pad": "Fit the whole image", "cut": "Fill the frame, crop the rest", "stretch": "Stretch to the frame"}
CENTRES = {"middle": "Bounding box", "mass": "Centre of mass, as in MNIST"}

DRAWING_BYTES = 1 << 20
"""About what a drawing takes in memory."""
SMALLEST = 0.05
"""Share of the frame."""
SHOWN = 112
"""Screen pixels of a picture's longer side."""

_PICTURE, _SURFACE, _OPTIONS, _PROBLEM, _SOURCE = (
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
    picture: UserPicture | None = st.session_state.get(_PICTURE)
    if picture is None or not applies_to(context):
        return None
    if not user_image.has_channels(picture.pixels, context.checkpoint.event_shape):
        return None
    choice = _choice(context, picture)
    chosen_options = _chosen_options(context, picture)
    return _seen(context.checkpoint, picture, chosen_options or choice.options, choice)


def applies_to(context: Context) -> bool:
    """Whether the current model takes pictures."""
    return context.is_image


def _takes_colours(context: Context) -> bool:
    """Whether it takes pictures as people draw and have them: grey, or of three colours."""
    return context.checkpoint.event_shape[0] in user_image.COLOURS


def set_picture(pixels: Num[np.ndarray, "c h w"], name: str, notes: tuple[str, ...] = ()) -> None:
    """Make a picture the session's own, such as one that another part of the page already has.

    Args:
        pixels: (C, H, W), uint8 or float in [0, 1].
        name: what the pages call it.
        notes: what was converted while it was read.
    """
    _keep_picture(UserPicture(user_image.bounded(pixels), name, notes))
    for name in (_SURFACE, _PROBLEM):
        kept.forget(name)


def _keep_picture(picture: UserPicture) -> None:
    kept.keep(_PICTURE, picture, picture.pixels.nbytes)


def clear() -> None:
    """Forget the session's picture."""
    for name in (_PICTURE, _SURFACE, _OPTIONS, _PROBLEM):
        kept.forget(name)


def picker(context: Context, key: str, link: str = "") -> UserImage | None:
    """The controls: draw, paste or upload a picture, and how it becomes what the model takes.

    Args:
        context: the current model and data.
        key: of the widgets; pages may use the same one.
        link: channel of a map on this page, which then follows the hand that draws.

    Returns:
        The picture, or None as long as there is none.
    """
    if not applies_to(context):
        st.caption("This model takes table rows, not pictures: add rows as your data in the sidebar.")
        return None
    if not _takes_colours(context):
        channels = context.checkpoint.event_shape[0]
        st.caption(
            f"This model takes images of {channels} channels, which cannot be drawn and photos do not have: upload a "
            f"file that has all {channels}, such as a TIFF."
        )
        _uploader(context, key)
        return _image(context, key)
    source = st.segmented_control(
        "My image",
        list(SOURCES),
        default=st.session_state.get(_SOURCE, "draw"),
        format_func=SOURCES.__getitem__,
        key=f"{key}_way",
        required=True,
        label_visibility="collapsed",
    )
    if source != st.session_state.get(_SOURCE, "draw"):
        kept.keep(_SOURCE, source)
    if source == "upload":
        _uploader(context, key)
    else:
        surface(context, key, link)
    return _image(context, key)


def _image(context: Context, key: str) -> UserImage | None:
    """What was given, what became of it, and the controls of the steps."""
    if problem := st.session_state.get(_PROBLEM):
        st.error(plain(problem))
    image = current(context)
    if image is None:
        return None
    _how_it_was_turned(context, image, key)
    image = current(context) or image  # the controls above may have changed the steps
    _what_became_of_it(context, image)
    st.button("Remove my image", key=f"{key}_remove", on_click=clear)
    return image


# --- Where it comes from ----------------------------------------------------------------------------------------------


def _uploader(context: Context, key: str) -> None:
    widget = f"{key}_file"

    def receive() -> None:
        upload = st.session_state.get(widget)
        if upload is None:
            clear()
        else:
            _read_file(context, upload.name, upload.getvalue())

    st.file_uploader(
        "Image of any size",
        UPLOADS,
        key=widget,
        on_change=receive,
        help=HELP,
    )


def surface(context: Context, key: str, link: str = "") -> None:
    """A surface to draw on alone; what is drawn or pasted there is the session's picture from then on.

    Args:
        context: the current model, one that ``applies_to``.
        key: of the widgets.
        link: channel of a map on this page, which then follows the hand that draws.
    """
    style = style_of(context)
    ground = _ground(style)
    picture: UserPicture | None = st.session_state.get(_PICTURE)
    steps = user_image_style.for_drawing(style).options
    if picture is not None and picture.is_drawing:
        steps = _chosen_options(context, picture) or steps

    def take_drawing(report: DrawingDone | None) -> None:
        try:
            drawn = read_drawing(report, context.checkpoint.event_shape)
        except ExplorerError as error:
            st.session_state[_PROBLEM] = str(error)
            return
        st.session_state.pop(_PROBLEM, None)
        kept.keep(_SURFACE, drawn, DRAWING_BYTES)
        if drawn.pixels is None:
            kept.forget(_PICTURE)
        else:
            _keep_picture(UserPicture(drawn.pixels, "my drawing", is_drawing=True, ground=ground))

    def take_picture(report: PastedPicture | None) -> None:
        try:
            _read_file(context, *read_picture(report))
        except ExplorerError as error:
            st.session_state[_PROBLEM] = str(error)

    reason = can_encode_live(context.checkpoint.model) or ""
    drawing(
        None if reason else _live_model(context.checkpoint),
        context.checkpoint.event_shape,
        steps,
        key=f"{key}_surface",
        ground=ground,
        on_drawn=take_drawing,
        on_picture=take_picture,
        drawn=st.session_state.get(_SURFACE),
        link=link,
        reason=reason,
    )


def _read_file(context: Context, name: str, data: bytes) -> None:
    """Make a file the session's picture, in the scale that the current model learnt.

    What is wrong with it is kept to be said, and the current picture stays.
    """
    try:
        if _takes_colours(context):
            decoded = images.decode_image(data, name, learnt=scales_of(context.card.data.contract))
            pixels, notes = decoded.array, decoded.notes
        else:
            pixels, notes = _all_channels(context, name, data)
    except ExplorerError as error:
        st.session_state[_PROBLEM] = str(error)
        return
    set_picture(pixels, name, notes)


def _all_channels(context: Context, name: str, data: bytes) -> tuple[np.ndarray, tuple[str, ...]]:
    """(C, H, W) of a file as the set of images is read that the model learnt from, and what was changed.

    Raises:
        DataError: it is no image, or one of other channels.
    """
    options = ImportOptions(of_shape(context.checkpoint.event_shape), like=context.card.data.contract)
    picture = from_upload(name, data, options=options)
    changes = () if picture.report is None else tuple(change for _, change in picture.report.converted)
    return picture.x[0], changes


# --- What the model gets ----------------------------------------------------------------------------------------------


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


@cached(max_entries=8)
def _live_model(checkpoint: VectorCheckpoint) -> LiveModel:
    return live_model(checkpoint.model)


def _ground(style: Style) -> float:
    return 0.0 if style.background is None else float(round(style.background))


def _choice(context: Context, picture: UserPicture) -> ChosenOptions:
    style = style_of(context)
    if picture.is_drawing and picture.ground == _ground(style):
        return user_image_style.for_drawing(style)
    return user_image_style.automatic(
        picture.pixels,
        context.checkpoint.event_shape,
        style,
        lambda x: float(context.checkpoint.reconstruction_errors(x[None])[0]),
    )


def _chosen_options(context: Context, picture: UserPicture) -> Options | None:
    """The steps that the visitor set for this kind of picture and this model; None: the automatic ones."""
    kept = st.session_state.get(_OPTIONS)
    return kept[1] if kept is not None and kept[0] == _options_key(context, picture) else None


def _options_key(context: Context, picture: UserPicture) -> str:
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


# --- What is shown ----------------------------------------------------------------------------------------------------


def _how_it_was_turned(context: Context, image: UserImage, key: str) -> None:
    """Before, after and rebuilt, the words, and the controls; a drawing's own surface shows the pictures."""
    if not image.picture.is_drawing:
        before = image.picture.pixels
        scale = max(1, max(before.shape[1:]) // (2 * SHOWN))
        rows = (
            (before[None, :, ::scale, ::scale], "before"),
            (image.x, "model input"),
            (image.reconstruction, f"reconstruction, squared error {three_digits(image.error)}"),
        )
        for column, (picture, caption) in zip(st.columns(len(rows)), rows, strict=True):
            with column:
                gallery(picture, [caption], size=SHOWN, alt="My image")
    st.caption(plain(image.note))
    with st.popover("How it was prepared", width="stretch"):
        st.caption(f"{'Chosen automatically' if image.is_automatic else 'The automatic choice was'}: {image.reason}")
        options = _option_controls(image, f"{key}_{_options_key(context, image.picture)}_{image.is_automatic}")
        if options != image.options:
            kept.keep(_OPTIONS, (_options_key(context, image.picture), options))
            st.rerun()
        if not image.is_automatic and st.button("Back to the automatic choice", key=f"{key}_automatic"):
            kept.forget(_OPTIONS)
            st.rerun()


def _option_controls(image: UserImage, key: str) -> Options:
    before = image.options
    invert = st.toggle("Swap light and dark", before.invert, key=f"{key}_invert")
    clear_background = before.clear
    if not image.picture.is_drawing:
        clear_background = st.toggle(
            "Remove the background",
            before.clear,
            key=f"{key}_clear",
            help="For ink on paper: the paper becomes even, the strokes get the full contrast.",
        )
    crop = st.toggle("Crop to the content", before.crop, key=f"{key}_crop")
    fit = st.selectbox("Fit", list(FITS), list(FITS).index(before.fit), format_func=FITS.__getitem__, key=f"{key}_fit")
    height, width = image.x.shape[2:]
    size = st.slider(
        "Size",
        SMALLEST,
        1.0,
        max(SMALLEST, before.size),
        0.001,
        key=f"{key}_size",
        format="percent",
        help=f"Size of the content as a share of the frame of {width}x{height} pixels.",
    )
    centre = st.selectbox(
        "Centre by",
        list(CENTRES),
        list(CENTRES).index(before.centre),
        format_func=CENTRES.__getitem__,
        key=f"{key}_centre",
    )
    return Options(invert, clear_background, crop, cast(Fit, fit), round(size, 3), cast(Centre, centre))


def _what_became_of_it(context: Context, image: UserImage) -> None:
    """The error with its place among the validation images, and the code."""
    text = f"Reconstruction error {three_digits(image.error)} (squared error per image)"
    if image.percentile is not None:
        n = len(context.card.calibration)
        text += f": higher than that of {image.percentile:.3g} % of the validation images (n = {n:,})"
    st.caption(f"{text}.")
    explained(_code_words(image))


def _code_words(image: UserImage) -> str:
    few = [three_digits(float(value)) for value in image.code[0, :4]]
    more = ", …" if image.code.shape[1] > 4 else ""
    text = f"Code: ({', '.join(few)}{more})"
    if image.std is not None:
        widths = ", ".join(three_digits(float(value)) for value in image.std[0, :4])
        text += f"; standard deviation of the posterior: ({widths}{more})"
    return f"{text}."
