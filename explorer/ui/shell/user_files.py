"""Files that a visitor gives: they stay when their page is left, and after a reload, until they are removed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

import streamlit as st

from explorer.browser.envelope import digest
from explorer.ui.shell import kept
from explorer.ui.shell.cache import Keyed
from explorer.ui.widgets.text import plain

HELP = "Read into memory only; nothing is written to disk and nothing leaves this machine."


@dataclass(frozen=True)
class UserFile(Keyed):
    """A file that the visitor gave.

    Args:
        name: as it was given.
        content: its bytes.
        key: differs for different names or bytes.
    """

    name: str
    content: bytes = field(repr=False)
    key: str

    @property
    def by_content(self) -> UserFile:
        """The same file, to which another of the same bytes is equal whatever its name."""
        return replace(self, key=self.key.rpartition("|")[2])

    @property
    def is_zip(self) -> bool:
        return self.name.lower().endswith(".zip")


def user_file(name: str, content: bytes) -> UserFile:
    """A file by its name and bytes."""
    return UserFile(name, content, f"{name}|{digest(content)}")


def take(
    label: str,
    types: Sequence[str] | None,
    key: str,
    several: bool = False,
    adds: bool = False,
    help_text: str = HELP,
    then: Callable[[tuple[UserFile, ...]], None] | None = None,
) -> tuple[UserFile, ...]:
    """Draw the way to give files; those that were given, whether the control still shows them or not.

    Args:
        label: of the control.
        types: endings without dot that it takes; None: any.
        key: of the control, under which the files are kept.
        several: whether more than one can be given at once.
        adds: whether they add to those that were given before the page was left; else they take their place.
        help_text: of the control.
        then: called with all files when some were given or removed.
    """
    name, before = f"files.{key}", f"files_before.{key}"

    def receive() -> None:
        value = st.session_state.get(key) or []
        shown = value if isinstance(value, list) else [value]
        files = unique([*st.session_state.get(before, ()), *(user_file(f.name, f.getvalue()) for f in shown)])
        set_files(key, files)
        if then is not None:
            then(tuple(files))

    shown = st.file_uploader(label, types, accept_multiple_files=several, key=key, help=help_text, on_change=receive)
    files = given(key)
    if not shown and files:
        st.session_state[before] = files if adds else ()
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(f"In use: {plain(in_words(files))}")
            if st.button("Remove", key=f"remove.{key}", type="tertiary", icon=":material/close:"):
                st.session_state.pop(before, None)
                kept.forget(name)
                st.rerun()
    return files


def given(key: str) -> tuple[UserFile, ...]:
    """The files that were given to a control."""
    files: tuple[UserFile, ...] = st.session_state.get(f"files.{key}", ())
    return files


def set_files(key: str, files: Sequence[UserFile]) -> None:
    """Make these the files that were given to a control."""
    name = f"files.{key}"
    if files:
        kept.keep(name, tuple(files), sum(len(file.content) for file in files))
    else:
        kept.forget(name)


def unique(files: Iterable[UserFile]) -> list[UserFile]:
    """Each file once."""
    return list({file.key: file for file in files}.values())


def in_words(files: Sequence[UserFile]) -> str:
    """Names and size, such as "parts.csv (12 kB)"."""
    names = files[0].name if len(files) == 1 else f"{len(files):,} files"
    return f"{names} ({size(sum(len(file.content) for file in files))})"


def size(n_bytes: int) -> str:
    """A number of bytes in words: "12 kB", "3.4 MB"."""
    for unit, step in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if n_bytes >= step:
            return f"{n_bytes / step:.3g} {unit}"
    return f"{n_bytes} bytes"
