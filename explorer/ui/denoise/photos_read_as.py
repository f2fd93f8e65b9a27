"""Read as, for photos: which value is white, what the planes of a stack are, which pages, and the controls for that."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import streamlit as st
from jaxtyping import Float

from explorer.data.importing import ImportOptions
from explorer.export.reading import options_code
from explorer.io.findings import SURE
from explorer.io.images.asked import NOTHING_ASKED, Axes, ImageFinding, ImagesAsked, Pages
from explorer.io.photo_files import Photo, PhotoContract
from explorer.ui.shell import kept
from explorer.ui.widgets import images_read_as, read_as
from explorer.ui.widgets.text import with_code

AXES: dict[Axes, str] = {"NHW": "each is a picture", "NCHW": "three are the colours of one"}
"""What the planes of a stack can be, in words."""
PAGES: dict[Pages, str] = {"all": "all", "first": "the first only"}
PREVIEW_SIDE = 240
"""In screen pixels."""
_SAID = "photos_said"
"""What was said of the visitor's photos, in the session."""


def said() -> ImagesAsked:
    """What the visitor said of how their photos are read."""
    asked: ImagesAsked = st.session_state.get(_SAID, NOTHING_ASKED)
    return asked


def show(contract: PhotoContract) -> None:
    """How photos are read, in one line, and the controls that change it for all of them; a change runs the page anew.

    Args:
        contract: of the photo that is shown.
    """
    st.caption(f"Read as: {with_code(contract.line)}")
    key = f"photos_read_as.{contract.line}"
    with st.popover("Change", icon=":material/tune:", help="Which values are black and white, and what the pages are."):
        changed = _controls(contract, key)
        if said() != NOTHING_ASKED:
            st.caption("What you set, for the command line and for Python:")
            options = ImportOptions(images=said())
            st.code(read_as.flags(options), language="shell", wrap_lines=True)
            st.code("\n".join(options_code(options)), language="python", wrap_lines=True)
            if st.button("Back to what was found", key=f"{key}.found"):
                changed = NOTHING_ASKED
    if changed is not None and changed != said():
        kept.keep(_SAID, changed)
        st.rerun()


def decide(findings: Sequence[ImageFinding], photo: Callable[[ImagesAsked], Photo], key: str) -> None:
    """Ask which of two readings of the visitor's photos is right, each with a photo; nothing else is shown then.

    Args:
        findings: about all photos; where none of them is a question, nothing is asked.
        photo: the photo to show, read as is said.
        key: of the widgets.
    """
    question = next((finding for finding in findings if finding.confidence < SURE), None)
    if question is None:
        return
    answers = [said().model_copy(update=reading.model_dump(exclude_none=True)) for reading in question.readings]
    previews = [_small(photo(answer).images[:1]) for answer in answers]
    chosen = images_read_as.decide(question, previews, key, PREVIEW_SIDE)
    if chosen is not None:
        kept.keep(_SAID, answers[question.readings.index(chosen)])
        st.rerun()
    st.stop()


def _small(x: Float[np.ndarray, "n c h w"]) -> Float[np.ndarray, "n c h2 w2"]:
    """Pictures between black and white, for a preview."""
    step = max(1, max(x.shape[2:]) // PREVIEW_SIDE)
    return np.clip(x[:, :, ::step, ::step], 0, 1)


def _controls(contract: PhotoContract, key: str) -> ImagesAsked | None:
    """What is said now, where that was changed just now."""
    reasons = {finding.what: f"{finding.reason[0].upper()}{finding.reason[1:]}." for finding in contract.findings}
    with st.form(key, border=False):
        left, right = st.columns(2)
        black = left.number_input("Black", value=contract.black, format="%g", key=f"{key}.black")
        white = right.number_input(
            "White", value=contract.white, format="%g", key=f"{key}.white", help=reasons.get("white")
        )
        axes, pages = contract.axes, contract.pages
        if axes is not None:
            axes = left.selectbox(
                "Planes", list(AXES), list(AXES).index(axes), AXES.__getitem__, key=f"{key}.axes",
                help=reasons.get("axes"),
            )  # fmt: skip
        if "pages" in reasons:
            pages = right.selectbox(
                "Pages", list(PAGES), list(PAGES).index(pages), PAGES.__getitem__, key=f"{key}.pages",
                help=reasons.get("pages"),
            )  # fmt: skip
        if not st.form_submit_button("Read it again", icon=":material/refresh:"):
            return None
    if not black < white:
        st.error(f"White must be above black: {white:g} is not above {black:g}.")
        return None
    chosen = {"black": black, "white": white, "axes": axes, "pages": pages}
    changed = {name: value for name, value in chosen.items() if value != getattr(contract, name)}
    if "black" in changed:
        changed["white"] = white
    return ImagesAsked.model_validate(said().model_dump() | changed)
