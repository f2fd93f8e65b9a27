"""How good a model's samples are as a set: measured where it is asked for, since it takes seconds."""

from __future__ import annotations

import streamlit as st

from explorer.checkpoints import Metric
from explorer.core.errors import ExplorerError
from explorer.evaluation.feature_classifier import shipped_space
from explorer.latent.sample_quality import COMPONENTS, SampleQuality, sample_quality
from explorer.ui.shell.cache import cached
from explorer.ui.shell.session import Context
from explorer.ui.widgets.terms import explained
from explorer.ui.widgets.text import interval, percent, plain

SET = {
    "samples": "Samples",
    "Gaussian of principal components": f"A Gaussian of {COMPONENTS} principal components",
}


def set_figures(context: Context) -> None:
    """Fréchet distance, precision and recall, with real items and a Gaussian beside, on request."""
    st.subheader("How good are they as a set?")
    if shipped_space(context.dataset) is None:
        explained(
            "Sets are compared inside a classifier of the same data. One comes with the program for MNIST and "
            "Fashion-MNIST; for other labelled images `explorer evaluate CHECKPOINT --generation` trains one."
        )
        return
    if not st.toggle("Measure", key="measure_set", bind="query-params", help="Takes some seconds."):
        explained("Fréchet distance, precision and recall, beside real images and a Gaussian of pixels.")
        return
    try:
        quality = _measured(context)
    except ExplorerError as error:
        explained(plain(str(error)))
        return
    figures = {m.name: m for m in quality.metrics}
    names = dict.fromkeys(m.name.rsplit(": ", 1)[0] for m in quality.metrics)
    st.dataframe([_line(name, figures) for name in names], hide_index=True, width="stretch", key="set_figures")
    explained(
        f"Drawn from {plain(quality.origin)}, at temperature 1; compared with {plain(quality.compared_with)}, in "
        f"{plain(quality.features)}. A smaller distance is better, and what real images get is as good as can be told. "
        "Precision: how many lie among real ones (high for typical ones alone). Recall: how many real ones lie among "
        "them (low where kinds are missing)."
    )


def _line(name: str, figures: dict[str, Metric]) -> dict[str, str]:
    shares = {measure: figures[f"{name}: {measure}"] for measure in ("precision", "recall")}
    return {
        "what": SET.get(name, name.capitalize()),
        "Fréchet distance (95 % interval)": interval(figures[f"{name}: Fréchet distance"]),
        **{f"{measure} in %": share.text(percent) for measure, share in shares.items()},
    }


@cached(max_entries=8, spinner="Comparing samples with real images")
def _measured(context: Context) -> SampleQuality:
    split = context.split.split(",")[0]
    return sample_quality(context.checkpoint, context.dataset, context.rows, split, with_bound=False)
