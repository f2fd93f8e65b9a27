"""Read as, for images: which number is white, which axis is what, their size, and the controls that change it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import get_args

import numpy as np
import streamlit as st

from explorer.io.images.asked import Axes, ImageFinding, ImagesAsked, LayoutName, Pages
from explorer.io.images.contract import ImageContract
from explorer.io.images.fit import Fit
from explorer.ui.widgets.pictures import strip
from explorer.ui.widgets.text import plain

FITS: dict[Fit, str] = {"cut": "its middle is cut out", "border": "a border is added", "tiles": "it is cut into tiles"}
"""What happens to an image of another shape, in words."""
LAYOUTS: dict[LayoutName, str] = {
    "none": "folders as labels",
    "splits": "folders as splits",
    "mvtec": "good parts to fit, defects to test",
}
"""What the folders of images are, in words."""


PAGES: dict[Pages, str] = {"first": "the first is read", "all": "all are read"}
"""Which pictures of a file with several, in words."""


def controls(contract: ImageContract, said: ImagesAsked, key: str) -> ImagesAsked | None:
    """The controls that change how images are read; what is said now, where that was changed just now."""
    reasons = {finding.what: f"{finding.reason[0].upper()}{finding.reason[1:]}." for finding in contract.findings}
    with st.form(key, border=False):
        left, right = st.columns(2)
        black = left.number_input("Black", value=contract.black, key=f"{key}.black", format="%g")
        white = right.number_input(
            "White", value=contract.white, key=f"{key}.white", format="%g", help=reasons.get("white")
        )
        size = reasons.get("size")
        height = left.number_input("Height", 1, 8192, contract.size[0], key=f"{key}.height", help=size)
        width = right.number_input("Width", 1, 8192, contract.size[1], key=f"{key}.width", help=size)
        channels = left.number_input("Channels", 1, 512, contract.channels, key=f"{key}.channels")
        fit = right.selectbox(
            "Of another shape", list(FITS), list(FITS).index(contract.fit), lambda one: FITS[one], key=f"{key}.fit"
        )
        axes = contract.axes
        if contract.axes is not None:
            options = [one for one in get_args(Axes) if len(one) == len(contract.axes)]
            axes = left.selectbox("Axes", options, options.index(contract.axes), key=f"{key}.axes")
        layout = contract.layout
        if contract.layout_line:
            layout = right.selectbox(
                "Folders", list(LAYOUTS), list(LAYOUTS).index(layout), LAYOUTS.__getitem__, key=f"{key}.layout",
                help=reasons.get("layout"),
            )  # fmt: skip
        pages = contract.pages
        if "pages" in reasons:
            pages = left.selectbox(
                "Of a file with several pictures", list(PAGES), list(PAGES).index(pages), PAGES.__getitem__,
                key=f"{key}.pages", help=reasons["pages"],
            )  # fmt: skip
        if not st.form_submit_button("Read it again", icon=":material/refresh:"):
            return None
    chosen = {"black": black, "white": white, "size": (height, width), "channels": channels, "fit": fit, "axes": axes}
    chosen |= {"layout": layout, "pages": pages}
    changed = {name: value for name, value in chosen.items() if value != getattr(contract, name)}
    if changed.get("fit") == "tiles":
        changed["size"] = (height, width)
    if "black" in changed or "white" in changed:
        changed |= {"black": black, "white": white}
    if not black < white:
        st.error(f"White must be above black: {white:g} is not above {black:g}.")
        return None
    return ImagesAsked.model_validate(said.model_dump() | changed)


def decide(finding: ImageFinding, previews: Sequence[np.ndarray], key: str, size: int = 64) -> ImagesAsked | None:
    """Ask which of two readings is right, each with the first images as it gives them.

    Args:
        finding: what can be read in two ways.
        previews: (n, C, H, W) the first images of each of its readings.
        key: of the widgets.
        size: largest side of one image, in screen pixels.

    Returns:
        What is to be said for the chosen one; None until there is one.
    """
    st.warning(f"{finding.what.capitalize()} cannot be told: {plain(finding.reason)}. Choose how to read it.")
    chosen = None
    for number, (column, reading, preview) in enumerate(
        zip(st.columns(len(previews)), finding.readings, previews, strict=True)
    ):
        with column:
            strip(preview, size, f"The first images with {in_words(reading)}")
            if st.button(f"Read with {in_words(reading)}", key=f"{key}.{number}", width="stretch", wrap=True):
                chosen = reading
    return chosen


def in_words(reading: ImagesAsked) -> str:
    """One of two readings in a few words, such as "white 255"."""
    words = [f"axes {reading.axes}"] if reading.axes is not None else []
    words += [f"black {reading.black:g}"] if reading.black is not None else []
    words += [f"white {reading.white:g}"] if reading.white is not None else []
    words += [LAYOUTS[reading.layout]] if reading.layout is not None else []
    return ", ".join(words)
