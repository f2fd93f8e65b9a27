"""The Python that cleans the visitor's own pictures as the page of items does."""

from __future__ import annotations

import streamlit as st

from explorer.data import ImportOptions
from explorer.export.denoise_python import with_own_pictures
from explorer.ui.denoise.item_uploads import SAID, UPLOADER
from explorer.ui.shell import user_files, user_image
from explorer.ui.shell.session import Context


def with_pictures(code: str, context: Context, seed: int | None) -> str:
    """The Python of the page, and that of the session's own picture and of the files that were given; as it is if none.

    Args:
        code: of the page's items.
        seed: of the noise that is added to them; None: they are noisy already.
    """
    image = user_image.current(context)
    files = [file.name for file in user_files.given(UPLOADER)]
    if image is None and not files:
        return code
    said: ImportOptions = st.session_state.get(SAID, ImportOptions())
    return with_own_pictures(code, None if image is None else image.x[0], files, said.images, seed)
