"""Files for the Novelty page: one table, one zip of images, or several images as one set; and what their labels say."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import NoReturn

import streamlit as st

from explorer.core.errors import DataError
from explorer.data import Dataset, ImportOptions
from explorer.data.file_kinds import ARRAY_SUFFIXES, OFTEN_TABLES
from explorer.io import images
from explorer.io.images.asked import ImagesAsked, of_shape
from explorer.io.tables.source import SUFFIXES as TABLE_SUFFIXES
from explorer.novelty.detector_card import DetectorCard
from explorer.novelty.inputs import TableInput, open_upload
from explorer.novelty.items import read_table
from explorer.novelty.labels import normal_among
from explorer.ui.shell import kept, user_data, user_files
from explorer.ui.shell.cache import Keyed, cached, cached_resource, key_of
from explorer.ui.shell.user_data import UserSource
from explorer.ui.shell.user_files import UserFile
from explorer.ui.widgets import read_as as widget

TYPES = [s.removeprefix(".") for s in (*TABLE_SUFFIXES, *OFTEN_TABLES, *ARRAY_SUFFIXES, ".zip", *images.SUFFIXES)]
MAX_LABELS = 50
"""A column with more different values is no column of labels."""


@dataclass(frozen=True)
class Upload(Keyed):
    """What the visitor gave, as one file, and how it is to be read.

    Args:
        file: one table or zip, or several images as one zip.
        options: what was said of how it is read.
        key: differs for different bytes, and for different ways to read them.
    """

    file: UserFile = field(repr=False)
    options: ImportOptions
    key: str

    @property
    def name(self) -> str:
        return self.file.name

    @property
    def file_name(self) -> str:
        """What it is called as a file: several images are one zip."""
        return self.name if " " not in self.name or "." in self.name else f"{self.name}.zip"


def upload(label: str, key: str, help_text: str = user_files.HELP) -> Upload | None:
    """Take one table or zip, or several images.

    Raises:
        DataError: several files that are not all images.
    """
    files = user_files.take(label, TYPES, key, several=True, help_text=help_text)
    return as_upload(as_one(files)) if files else None


def as_upload(file: UserFile) -> Upload:
    """A file, to be read as the visitor said of it."""
    options: ImportOptions = st.session_state.get(f"said.{file.key}", ImportOptions())
    return Upload(file, options, file.key if options == ImportOptions() else f"{file.key}|{key_of(options)}")


def say(given: Upload, options: ImportOptions) -> NoReturn:
    """Say how a file is to be read, and draw the page again."""
    kept.keep(f"said.{given.file.key}", replace(options, like=None))
    st.rerun()


def read_as(given: Upload, file: TableInput | Dataset, key: str) -> bool:
    """Show how a file was read, with the controls that change it, and ask for what cannot be told.

    Args:
        given: the file.
        file: what is in it.
        key: of the controls.

    Returns:
        Whether it is known how to read it.
    """
    contract, report = file.contract, file.report if isinstance(file, Dataset) else None
    if contract is None:
        widget.left_out(report)
        return True
    source = UserSource(given.file, "", given.options)
    if contract.undecided and (said := user_data.chosen_reading(source, f"{key}.decide")) is not None:
        say(given, said)
    if (changed := widget.read_as(contract, report, given.options, key, with_roles_shown=True)) is not None:
        say(given, changed)
    return not contract.undecided


def as_one(files: Sequence[UserFile]) -> UserFile:
    """One file as it is; several images as a zip of them.

    Raises:
        DataError: several files that are not all images.
    """
    if len(files) == 1:
        return files[0]
    if others := [file.name for file in files if not file.name.lower().endswith(tuple(images.SUFFIXES))]:
        raise DataError(
            f"{len(files)} files were given, and {others[0]} is not an image.",
            "Give one table or zip, or images alone.",
        )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        taken: set[str] = set()
        for number, file in enumerate(files):
            archive.writestr(f"{number} {file.name}" if file.name in taken else file.name, file.content)
            taken.add(file.name)
    return UserFile(f"{len(files)} images", out.getvalue(), "|".join(file.key for file in files))


def opened(
    given: Upload, card: DetectorCard | None = None, max_side: int = ImportOptions.max_side
) -> TableInput | Dataset:
    """What is in a file, read once.

    Args:
        card: of the detector that it is for: it is read as what that learnt from; None: it is read by itself.
        max_side: limit of the size that images get where nothing says it, in pixels.

    Raises:
        DataError: it cannot be read.
    """
    return _opened(given, ImagesAsked() if card is None else of_shape(card.event_shape), max_side)


@cached_resource(max_entries=4, spinner="Reading the file")
def _opened(given: Upload, images: ImagesAsked, max_side: int) -> TableInput | Dataset:
    options = given.options
    images = images.model_copy(update=options.images.model_dump(exclude_none=True))
    return open_upload(
        given.file_name,
        given.file.content,
        images,
        dialect=options.dialect,
        roles=options.roles,
        like=options.like,
        max_side=max_side,
    )


@cached(max_entries=16)
def label_values(given: Upload) -> list[str]:
    """The different labels of a file, sorted; none where there are no labels, or far too many to be kinds."""
    file = opened(given)
    if isinstance(file, Dataset):
        values = set(file.label_names)
    elif file.label_column is None and file.labels is None:
        return []
    else:
        values = {str(label) for label in read_table(file).labels.tolist() if label}
    return sorted(values) if len(values) <= MAX_LABELS else []


def normal_labels(values: Sequence[str], known: Sequence[str], key: str) -> tuple[str, ...]:
    """Let the visitor say which labels are normal, where the labels do not say so themselves.

    Args:
        values: the different labels.
        known: labels that a detector was fitted on.
        key: of the widget.
    """
    chosen = st.multiselect(
        "Normal labels",
        values,
        list(normal_among(values, known)),
        key=kept.control(key),
        help="All others count as novel. With none chosen nothing is counted as right or wrong.",
    )
    return tuple(chosen)
