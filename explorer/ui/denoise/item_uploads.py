"""The visitor's pictures as items of a model that takes one size: read as one set, under a contract that is shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st
from jaxtyping import Num

from explorer.checkpoints import Checkpoint
from explorer.core.errors import DataError, ExplorerError
from explorer.data import Dataset, ImportOptions, ImportReport
from explorer.denoising.pictures import read_pictures
from explorer.io import images
from explorer.io.images.asked import ImageFinding
from explorer.io.images.contract import ImageContract
from explorer.ui.shell import kept
from explorer.ui.shell.cache import cached_resource
from explorer.ui.shell.frame import show_error
from explorer.ui.shell.user_files import UserFile
from explorer.ui.widgets import images_read_as, read_as
from explorer.ui.widgets.text import plain

SAID = "said.denoise_upload"
"""In the session: what was said of the files."""
UPLOADER = "denoise_upload"
"""Of the control that takes them."""
NAMED = 5
"""So many files that cannot be read are named."""
PREVIEWS = 4
"""Pictures of each reading where two are about as likely."""


@dataclass(frozen=True, eq=False)
class UploadedPicture:
    """A visitor's picture at the model's size.

    Args:
        name: of the file.
        x: (C, H, W) float32.
        note: what was done to it on the way, may be empty.
    """

    name: str
    x: Num[np.ndarray, "*event"]
    note: str


def uploaded(checkpoint: Checkpoint, files: Sequence[UserFile]) -> list[UploadedPicture]:
    """The files that are pictures, under one contract, which is shown and can be changed."""
    if not files:
        return []
    said: ImportOptions = st.session_state.get(SAID, ImportOptions())
    try:
        read = _read_uploads(checkpoint, tuple(files), said)
    except ExplorerError as error:
        show_error(error)
        return []
    report = read.report or ImportReport(len(read))
    if read.contract is not None:
        changed = read_as.read_as(read.contract, None, said, "denoise_upload_read_as")
        if changed is not None and changed.images.size is None and changed.images.channels is None:
            kept.keep(SAID, changed)
            st.rerun()
        if changed is not None:
            st.error("The model takes pictures of its own size and channels only.")
        if isinstance(read.contract, ImageContract) and read.contract.undecided:
            _ask(checkpoint, tuple(files), said, read.contract.undecided[0])
            return []
        for remark in read.contract.remarks if isinstance(read.contract, ImageContract) else ():
            st.caption(plain(f"{remark[0].upper()}{remark[1:]}."))
    for bad, reason in report.left_out[:NAMED]:
        show_error(DataError(f"{bad} {reason}", "Give another file."))
    if len(report.left_out) > NAMED:
        st.caption(f"{len(report.left_out) - NAMED:,} more files are no pictures that can be read.")
    notes = dict(report.converted)
    pictures = zip(read.item_names, images.to_float(read.x), strict=True)
    return [UploadedPicture(item, x, notes.get(item.partition(" #")[0], "")) for item, x in pictures]


def _ask(checkpoint: Checkpoint, files: tuple[UserFile, ...], said: ImportOptions, question: ImageFinding) -> None:
    """Ask which of two readings is right, each with the first pictures as it gives them; nothing is cleaned before."""
    answers = [
        ImportOptions(said.images.model_copy(update=reading.model_dump(exclude_none=True)))
        for reading in question.readings
    ]
    previews = [_read_uploads(checkpoint, files, answer).x[:PREVIEWS] for answer in answers]
    chosen = images_read_as.decide(question, previews, "denoise_upload_decide")
    if chosen is not None:
        kept.keep(SAID, answers[question.readings.index(chosen)])
        st.rerun()


@cached_resource(max_entries=8, spinner="Reading the pictures")
def _read_uploads(checkpoint: Checkpoint, files: tuple[UserFile, ...], said: ImportOptions) -> Dataset:
    return read_pictures(checkpoint, [(file.name, file.content) for file in files], said)
