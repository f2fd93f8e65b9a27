"""Which photo is denoised: one that is shipped, one of the visitor's files, or a pasted one."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

import numpy as np
import streamlit as st

from explorer import data
from explorer.browser.paste.message import PastedPicture, read_picture
from explorer.core.errors import ExplorerError
from explorer.io import images
from explorer.io.images.asked import NOTHING_ASKED, ImagesAsked
from explorer.io.images.scale import ScalesFound
from explorer.io.photo_files import Photo, PhotoSurvey, read_photo
from explorer.ui.denoise import photos_read_as
from explorer.ui.shell import kept, user_files
from explorer.ui.shell.cache import Keyed, cached, cached_resource
from explorer.ui.shell.frame import show_error
from explorer.ui.shell.user_files import UserFile
from explorer.ui.widgets.history import went_back
from explorer.ui.widgets.paste import paste_button
from explorer.ui.widgets.text import plain

FIRST = "camera"
UPLOADS = [*(suffix.removeprefix(".") for suffix in images.SUFFIXES), "zip"]
UPLOADER, PASTED, PROBLEM = "denoise_photos", "denoise_pasted", "denoise_paste_problem"
"""Names in the session; the first is a widget's."""


@dataclass(frozen=True, eq=False)
class ChosenPhoto(Keyed):
    """The chosen photo.

    Args:
        name: of its file; of a shipped one, its name in ``data.photos()``.
        title: what the page calls it.
        photo: its pixels, and what its file has beside them; of a stack, the chosen page.
        key: differs for different photos.
        is_shipped: whether it comes with this program.
        credit: who made it and what may be done with it; empty for the visitor's own.
        stack: all pages, where there are several.
        page: which of them is chosen, from 0.
        asked: what the visitor said of how it is read, and the white that was found over all their photos.
    """

    name: str
    title: str
    photo: Photo
    key: str
    is_shipped: bool = False
    credit: str = ""
    stack: Photo | None = None
    page: int = 0
    asked: ImagesAsked = NOTHING_ASKED


def choose() -> tuple[ChosenPhoto, list[UserFile]]:
    """Draw the choice of a photo, and take files; one that cannot be read is named, and the others stay.

    Returns:
        The chosen photo, and all files that the visitor gave, those that cannot be read too.
    """
    given = _files()
    shipped = _shipped()
    readable = {file.key: file for file in given if not file.is_zip and not _problem(file)}
    titles = {key: file.name for key, file in readable.items()} | {name: one.title for name, one in shipped.items()}
    _settle(list(titles))
    chosen = st.selectbox("Photo", list(titles), format_func=titles.__getitem__, key="photo", persist_state="session")
    st.query_params["photo"] = chosen
    user_files.take(
        "Your photos: PNG, JPEG, WebP, TIFF, BMP, or a zip of them",
        UPLOADS,
        UPLOADER,
        several=True,
        adds=True,
        then=_take_newest,
    )
    paste_button(key="denoise_paste", on_picture=_take_pasted)
    for file in given:
        if not file.is_zip and (problem := _problem(file)) is not None:
            show_error(problem)
    if problem := st.session_state.get(PROBLEM):
        show_error(problem)
    if chosen in shipped:
        source = shipped[chosen]
        st.caption(plain(source.credit))
        return source, given
    return _visitors_own(readable[chosen], tuple(readable.values())), given


def _visitors_own(file: UserFile, together: tuple[UserFile, ...]) -> ChosenPhoto:
    """A file with how it is read, which is to be changed, and the page to choose.

    Args:
        file: the chosen one.
        together: all that were given: they share one white.
    """
    asked = photos_read_as.said()
    try:
        photo = _read(file, asked, together)
    except ExplorerError as error:  # of what was set for other photos
        show_error(error)
        asked = NOTHING_ASKED
        photo = _read(file, asked, together)
    photos_read_as.decide(
        _scales(together, asked).findings, lambda said: _read(file, said, together), f"decide.{file.key}"
    )
    if photo.contract is not None:
        photos_read_as.show(photo.contract)
    if photo.notes:
        st.caption(plain(f"{file.name}: {', '.join(photo.notes)}."))
    if asked.white is None and photo.scale != _read(file, asked, (file,)).scale:
        asked = asked.model_copy(update={"white": photo.scale.white})
    key = f"{file.key}|{asked.model_dump_json()}|{photo.scale}"
    if len(photo) == 1:
        return ChosenPhoto(file.name, file.name, photo, key, asked=asked)
    page_key = kept.control(f"page of {file.key}")
    page = int(st.number_input("Page", 1, len(photo), 1, key=page_key, persist_state="session")) - 1
    return ChosenPhoto(file.name, file.name, photo.page(page), f"{key}|{page}", stack=photo, page=page, asked=asked)


# --- Shipped photos --------------------------------------------------------------------------------------------------


@cached_resource()
def _shipped() -> dict[str, ChosenPhoto]:
    """The free photos, in the order to offer them: the first one opens the page."""
    photos = sorted(data.photos(), key=lambda photo: photo.name != FIRST)
    return {photo.name: _as_source(photo) for photo in photos}


def _as_source(photo: data.BundledPhoto) -> ChosenPhoto:
    planes = photo.array[None] if photo.array.ndim == 2 else photo.array.transpose(2, 0, 1)
    pixels = images.to_float(np.ascontiguousarray(planes))
    credit = f"{photo.source}; {photo.licence}."
    return ChosenPhoto(photo.name, photo.title, Photo(pixels[None]), f"shipped {photo.name}", True, credit)


# --- The visitor's own -----------------------------------------------------------------------------------------------


def _files() -> list[UserFile]:
    """What was uploaded and pasted, each content once."""
    pasted: Sequence[UserFile] = st.session_state.get(PASTED, ())
    return user_files.unique(file.by_content for file in (*pasted, *user_files.given(UPLOADER)))


def _settle(keys: list[str]) -> None:
    """Start with the link's photo, and never with a file that is not there any more."""
    if kept.control("photo") not in st.session_state or went_back():
        st.session_state["photo"] = st.query_params.get("photo", FIRST)
    if st.session_state["photo"] not in keys:
        st.session_state["photo"] = FIRST


def _take_newest(files: Sequence[UserFile]) -> None:
    photos = [file.by_content for file in files if not file.is_zip]
    if photos and _problem(photos[-1]) is None:
        st.session_state["photo"] = photos[-1].key


def _take_pasted(report: PastedPicture | None) -> None:
    try:
        file = user_files.user_file(*read_picture(report)).by_content
        _read(file)
    except ExplorerError as error:
        st.session_state[PROBLEM] = error
        return
    st.session_state.pop(PROBLEM, None)
    pasted = (*st.session_state.get(PASTED, ()), file)
    kept.keep(PASTED, pasted, sum(len(one.content) for one in pasted))
    st.session_state["photo"] = file.key


# A photo of 12 megapixels takes 144 MB.
@cached_resource(max_entries=4, spinner="Reading the photo")
def _read(file: UserFile, asked: ImagesAsked = NOTHING_ASKED, together: tuple[UserFile, ...] = ()) -> Photo:
    scales = _scales(together, asked).scales if len(together) > 1 else None
    return read_photo(file.content, file.name, asked=asked, scales=scales)


@cached(max_entries=16, spinner="Looking at the photos")
def _scales(files: tuple[UserFile, ...], asked: ImagesAsked) -> ScalesFound:
    """What is white in files that were given together."""
    survey = PhotoSurvey(asked)
    for file in files:
        with suppress(ExplorerError):  # a file that is not what was set for another
            survey.add(file.content, file.name)
    return survey.scales


@cached(max_entries=256)
def _problem(file: UserFile) -> ExplorerError | None:
    """Why a file cannot be read; None where it can."""
    try:
        _read(file)
    except ExplorerError as error:
        return error
    return None
