"""The controls of my image: where it comes from, how it becomes what the model takes, and what becomes of it there."""

from __future__ import annotations

from typing import cast

import numpy as np
import streamlit as st

from explorer.browser.drawing.message import DrawingDone, LiveModel, read_drawing
from explorer.browser.pack import can_encode_live
from explorer.browser.paste.message import PastedPicture, read_picture
from explorer.checkpoints import VectorCheckpoint
from explorer.core.errors import ExplorerError
from explorer.data import ImportOptions, from_upload
from explorer.io import images, user_image_style
from explorer.io.contract import scales_of
from explorer.io.images.asked import of_shape
from explorer.io.user_image import Centre, Fit, Options
from explorer.ui.shell import kept, user_image
from explorer.ui.shell.cache import cached
from explorer.ui.shell.session import Context
from explorer.ui.shell.user_files import HELP
from explorer.ui.shell.user_image import UserImage
from explorer.ui.widgets.drawing import drawing
from explorer.ui.widgets.pictures import gallery
from explorer.ui.widgets.terms import explained
from explorer.ui.widgets.text import plain, three_digits
from explorer.views.drawing_contents import live_model

UPLOADS = [suffix.removeprefix(".") for suffix in images.SUFFIXES]
SOURCES = {"draw": "Draw or paste", "upload": "Upload a file"}
FITS = {"pad": "Fit the whole image", "cut": "Fill the frame, crop the rest", "stretch": "Stretch to the frame"}
CENTRES = {"middle": "Bounding box", "mass": "Centre of mass, as in MNIST"}

DRAWING_BYTES = 1 << 20
"""About what a drawing takes in memory."""
SMALLEST = 0.05
"""Share of the frame."""
SHOWN = 112
"""Screen pixels of a picture's longer side."""


def picker(context: Context, key: str, link: str = "") -> UserImage | None:
    """The controls: draw, paste or upload a picture, and how it becomes what the model takes.

    Args:
        context: the current model and data.
        key: of the widgets; pages may use the same one.
        link: channel of a map on this page, which then follows the hand that draws.

    Returns:
        The picture, or None as long as there is none.
    """
    if not user_image.applies_to(context):
        st.caption("This model takes table rows, not pictures: add rows as your data in the sidebar.")
        return None
    if not user_image.takes_colours(context):
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
        default=st.session_state.get(user_image.SOURCE, "draw"),
        format_func=SOURCES.__getitem__,
        key=f"{key}_way",
        required=True,
        label_visibility="collapsed",
    )
    if source != st.session_state.get(user_image.SOURCE, "draw"):
        kept.keep(user_image.SOURCE, source)
    if source == "upload":
        _uploader(context, key)
    else:
        surface(context, key, link)
    return _image(context, key)


def _image(context: Context, key: str) -> UserImage | None:
    """What was given, what became of it, and the controls of the steps."""
    if problem := st.session_state.get(user_image.PROBLEM):
        st.error(plain(problem))
    image = user_image.current(context)
    if image is None:
        return None
    _how_it_was_turned(context, image, key)
    image = user_image.current(context) or image  # the controls above may have changed the steps
    _what_became_of_it(context, image)
    st.button("Remove my image", key=f"{key}_remove", on_click=user_image.clear)
    return image


# --- Where it comes from ----------------------------------------------------------------------------------------------


def _uploader(context: Context, key: str) -> None:
    widget = f"{key}_file"

    def receive() -> None:
        upload = st.session_state.get(widget)
        if upload is None:
            user_image.clear()
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
        context: the current model, one that ``user_image.applies_to``.
        key: of the widgets.
        link: channel of a map on this page, which then follows the hand that draws.
    """
    style = user_image.style_of(context)
    ground = user_image.ground_of(style)
    picture: user_image.UserPicture | None = st.session_state.get(user_image.PICTURE)
    steps = user_image_style.for_drawing(style).options
    if picture is not None and picture.is_drawing:
        steps = user_image.chosen_options(context, picture) or steps

    def take_drawing(report: DrawingDone | None) -> None:
        try:
            drawn = read_drawing(report, context.checkpoint.event_shape)
        except ExplorerError as error:
            st.session_state[user_image.PROBLEM] = str(error)
            return
        st.session_state.pop(user_image.PROBLEM, None)
        kept.keep(user_image.SURFACE, drawn, DRAWING_BYTES)
        if drawn.pixels is None:
            kept.forget(user_image.PICTURE)
        else:
            user_image.keep_picture(user_image.UserPicture(drawn.pixels, "my drawing", is_drawing=True, ground=ground))

    def take_picture(report: PastedPicture | None) -> None:
        try:
            _read_file(context, *read_picture(report))
        except ExplorerError as error:
            st.session_state[user_image.PROBLEM] = str(error)

    reason = can_encode_live(context.checkpoint.model) or ""
    drawing(
        None if reason else _live_model(context.checkpoint),
        context.checkpoint.event_shape,
        steps,
        key=f"{key}_surface",
        ground=ground,
        on_drawn=take_drawing,
        on_picture=take_picture,
        drawn=st.session_state.get(user_image.SURFACE),
        link=link,
        reason=reason,
    )


def _read_file(context: Context, name: str, data: bytes) -> None:
    """Make a file the session's picture, in the scale that the current model learnt.

    What is wrong with it is kept to be said, and the current picture stays.
    """
    try:
        if user_image.takes_colours(context):
            decoded = images.decode_image(data, name, learnt=scales_of(context.card.data.contract))
            pixels, notes = decoded.array, decoded.notes
        else:
            pixels, notes = _all_channels(context, name, data)
    except ExplorerError as error:
        st.session_state[user_image.PROBLEM] = str(error)
        return
    user_image.set_picture(pixels, name, notes)


def _all_channels(context: Context, name: str, data: bytes) -> tuple[np.ndarray, tuple[str, ...]]:
    """(C, H, W) of a file as the set of images is read that the model learnt from, and what was changed.

    Raises:
        DataError: it is no image, or one of other channels.
    """
    options = ImportOptions(of_shape(context.checkpoint.event_shape), like=context.card.data.contract)
    picture = from_upload(name, data, options=options)
    changes = () if picture.report is None else tuple(change for _, change in picture.report.converted)
    return picture.x[0], changes


@cached(max_entries=8)
def _live_model(checkpoint: VectorCheckpoint) -> LiveModel:
    return live_model(checkpoint.model)


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
        options = _option_controls(
            image, f"{key}_{user_image.options_key(context, image.picture)}_{image.is_automatic}"
        )
        if options != image.options:
            kept.keep(user_image.OPTIONS, (user_image.options_key(context, image.picture), options))
            st.rerun()
        if not image.is_automatic and st.button("Back to the automatic choice", key=f"{key}_automatic"):
            kept.forget(user_image.OPTIONS)
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
