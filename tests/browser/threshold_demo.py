"""The threshold view on scores whose counts can be worked out."""

from __future__ import annotations

import numpy as np
import streamlit as st

from explorer.ui.widgets.threshold import threshold_view


def demo_scores() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Judged scores, which of them are novel, and held-out normal ones."""
    random = np.random.default_rng(1)
    scores = np.concatenate([random.gamma(4, 1, 2000), random.gamma(9, 1.3, 500)])
    return scores, np.arange(2500) >= 2000, random.gamma(4, 1, 499)


def main() -> None:
    st.set_page_config(layout="wide")
    show = st.query_params.get("show", "labels")
    scores, is_novel, calibration = demo_scores()
    if show == "normal-only":
        scores, is_novel = scores[~is_novel], is_novel[~is_novel]
    if show == "many":
        scores, is_novel = np.tile(scores, 40) + np.arange(100_000) * 1e-9, np.tile(is_novel, 40)
    if show == "wide":
        scores, calibration = scores**4, calibration**4
    at = threshold_view(
        scores,
        None if show == "no-labels" else is_novel,
        calibration,
        key="threshold",
        title="reconstruction error (squared error)",
        labels=("items", "") if show == "no-labels" else ("normal", "novel"),
        own=scores[[0, 1100, 1900]],
    )
    st.write(f"released at {at!r}")


if __name__ == "__main__":
    main()
