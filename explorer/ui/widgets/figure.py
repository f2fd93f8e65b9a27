"""A Plotly figure that can be taken away: as SVG or PNG by its camera, which draws in the browser, or as JSON."""

from __future__ import annotations

from typing import Any, Literal

import streamlit as st

from explorer.export import kinds
from explorer.export.figures import figure_json
from explorer.ui.widgets.download import download

FORMATS = ("PNG", "SVG")
SCALE = 2
"""Pixels of a PNG for each of the screen."""


def show_figure(figure: Any, *, key: str, height: int | Literal["content"] = "content") -> None:
    """Show a figure over the whole width, and below it how it is saved.

    Args:
        figure: as ``explorer.export.figures`` makes them.
        key: of the chart; its saved files are named by it.
        height: in CSS pixels; by default the figure's own.
    """
    name = key.replace(".", "-").replace("_", "-")
    form = st.session_state.get(f"{key}.camera") or FORMATS[0]
    # Drawn where it is seen: no browser of the server's own is needed, and what is saved is what is shown.
    saved = {"format": form.lower(), "filename": name, "scale": SCALE if form == "PNG" else 1}
    st.plotly_chart(figure, width="stretch", height=height, key=key, config={"toImageButtonOptions": saved})
    with st.popover("Save this figure", type="tertiary", icon=":material/download:"):
        st.segmented_control("Its camera button saves", FORMATS, default=FORMATS[0], required=True, key=f"{key}.camera")
        download(
            "Plotly JSON",
            lambda: figure_json(figure),
            f"{name}.json",
            kinds.FIGURE,
            key=f"{key}.json",
            help="Its data and layout: `plotly.io.read_json` opens it.",
        )
