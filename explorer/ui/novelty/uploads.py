"""Files for the Novelty page: one table, one zip of images, or several images as one set; and what their labels say."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from explorer.browser.envelope import digest
from explorer.core.errors import DataError
from explorer.data import Dataset
from explorer.io import images
from explorer.io.tables.source import SUFFIXES as TABLE_SUFFIXES
from explorer.novelty.inputs import ARRAY_SUFFIXES, TableInput, open_upload
from explorer.novelty.items import read_table
from explorer.novelty.labels import normal_among
from explorer.ui.shell.cache import Keyed, cached, cached_resource

TYPES = [s.removeprefix(".") for s in (*TABLE_SUFFIXES, *ARRAY_SUFFIXES, ".zip", *images.SUFFIXES)]
MAX_LABELS = 50
"""A column with more different values is no column of labels."""


@dataclass(frozen=True)
class Upload(Keyed):
    """What the visitor gave, as one file.

    Args:
        name: of the file; of several images, how many they are.
        content: its bytes.
        key: differs for different bytes.
    """

    name: str
    content: bytes
    key: str


def upload(label: str, key: str, help_text: str = "") -> Upload | None:
    """Take one table or zip, or several images.

    Raises:
        DataError: several files that are not all images.
    """
    files = st.file_uploader(
        label,
        TYPES,
        accept_multiple_files=True,
        key=key,
        help=help_text or "Read into this session's memory only; nothing is stored and nothing leaves this machine.",
    )
    if not files:
        return None
    return as_one([(file.name, file.getvalue()) for file in files])


def as_one(files: Sequence[tuple[str, bytes]]) -> Upload:
    """One file as it is; several images as a zip of them.

    Raises:
        DataError: several files that are not all images.
    """
    if len(files) == 1:
        name, content = files[0]
        return Upload(name, content, f"{name}|{digest(content)}")
    if others := [name for name, _ in files if not name.lower().endswith(tuple(images.SUFFIXES))]:
        raise DataError(
            f"{len(files)} files were given, and {others[0]} is not an image.",
            "Give one table or zip, or images alone.",
        )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        taken: set[str] = set()
        for number, (name, content) in enumerate(files):
            archive.writestr(f"{number} {name}" if name in taken else name, content)
            taken.add(name)
    key = "|".join(f"{name}|{digest(content)}" for name, content in files)
    return Upload(f"{len(files)} images", out.getvalue(), key)


def opened(given: Upload, image_shape: tuple[int, ...] | None = None) -> TableInput | Dataset:
    """What is in a file, read once.

    Args:
        image_shape: (C, H, W) that images are brought to; None: their most common size.

    Raises:
        DataError: it cannot be read.
    """
    shape = image_shape if image_shape is not None and len(image_shape) == 3 else None
    return _opened(given, shape)


@cached_resource(max_entries=4, spinner="Reading the file")
def _opened(given: Upload, shape: tuple[int, int, int] | None) -> TableInput | Dataset:
    name = given.name if " " not in given.name or "." in given.name else f"{given.name}.zip"
    return open_upload(name, given.content, image_shape=shape)


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
        key=key,
        help="All others count as novel. With none chosen nothing is counted as right or wrong.",
    )
    return tuple(chosen)
