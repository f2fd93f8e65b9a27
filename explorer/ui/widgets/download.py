"""The button that takes a file away: each is of a kind in ``explorer.export.kinds``, which the tests open again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import streamlit as st

from explorer.export.kinds import ExportKind, mime_of


def download(
    label: str,
    content: bytes | str | Callable[[], bytes | str],
    name: str,
    kind: ExportKind,
    *,
    key: str | None = None,
    icon: str = ":material/download:",
    primary: bool = False,
    disabled: bool = False,
    help: str | None = None,
) -> None:
    """Show the button; a press runs nothing else again.

    Args:
        content: of the file, or what makes it when it is asked for.
        name: of the file.
        kind: what it is.
        primary: whether it stands out.
        disabled: whether there is nothing to take.
        help: more words, for those who ask.
    """
    look: Literal["primary", "secondary"] = "primary" if primary else "secondary"
    st.download_button(
        label, content, name, mime_of(name, kind), key=key, icon=icon, type=look, disabled=disabled, help=help,
        on_click="ignore",
    )  # fmt: skip
