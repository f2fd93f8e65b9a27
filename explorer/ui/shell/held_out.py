"""Uploads whose items are held out from a training: a test file and a validation file beside the visitor's data."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import streamlit as st

from explorer.data import SplitAsked
from explorer.ui.shell import kept, user_files
from explorer.ui.shell.user_files import UserFile

HELD = "user_held_out"
"""In the session: the files by what a split calls them."""
HELP = (
    "All of its items are held out. It is read as the data that is learnt from: the same columns, scale and categories."
)


def form(key: str, into: str) -> None:
    """Ask for a test file and a validation file; one that was given just now is named in the form's fields.

    Args:
        key: of the controls.
        into: what the keys of the split's fields begin with.
    """
    st.caption("Held out, where that is a file of its own:")
    for field, label in (("test_data", "Test file"), ("validation_data", "Validation file")):
        for file in user_files.take(label, None, f"{key}_{field}", help_text=f"{HELP} {user_files.HELP}"):
            name = f"{file.name}#{hashlib.sha256(file.content).hexdigest()[:12]}"
            seen = f"{key}_{field}_seen"
            if st.session_state.get(seen) != name:
                kept.keep(seen, name)
                known = {**_files(), name: file}
                kept.keep(HELD, known, sum(len(one.content) for one in known.values()) + 1000)
                st.session_state[f"{into}.{field}"] = name


def uploads() -> dict[str, tuple[str, bytes]]:
    """Name and bytes of each, by what a split calls it."""
    return {called: (file.name, file.content) for called, file in _files().items()}


def is_in_memory(split: SplitAsked) -> bool:
    """Whether a split holds out a file that exists in this session alone."""
    return any(file in _files() for file in split.files.values())


def _files() -> Mapping[str, UserFile]:
    known: Mapping[str, UserFile] = st.session_state.get(HELD, {})
    return known
