"""One autoencoder from the inside: its drawing with items that go through it, and its loss in today's numbers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import streamlit as st

from explorer import export, latent
from explorer.browser.inside import message as inside
from explorer.browser.inside.message import Inside
from explorer.checkpoints import VectorCheckpoint
from explorer.data import Dataset
from explorer.evaluation.activations import Term, loss_terms
from explorer.export import figures
from explorer.models import VariationalAutoencoder
from explorer.ui.shell import cache, copied
from explorer.ui.shell.cache import cached, cached_resource
from explorer.ui.shell.session import Context
from explorer.ui.widgets.component import mount
from explorer.ui.widgets.figure import show_figure
from explorer.ui.widgets.terms import explained, explanation
from explorer.ui.widgets.text import plain, three_digits
from explorer.views.inside_contents import inside_message, unit_of

ITEMS = 6
"""That go through the model."""
LOSS_ITEMS = 1000


def draw(context: Context) -> None:
    """The model with its true sizes, and items that go through it, in the browser."""
    positions = context.samples(ITEMS)
    message = _inside(context.checkpoint, context.dataset, context.rows[positions])
    glossary = (explanation(message.losses[0]) or "").replace("**", "")
    mount(inside.COMPONENT, message.model_copy(update={"glossary": glossary}), key="learn_inside")


@cached_resource(max_entries=16, spinner="Opening the model")
def _inside(checkpoint: VectorCheckpoint, dataset: Dataset, rows: np.ndarray) -> Inside:
    return inside_message(checkpoint, dataset, rows)


def python(context: Context) -> None:
    """The Python that gives the same loss."""
    with st.expander("Copy as Python"):
        st.caption(
            "A scene follows the hand in the browser, with its own arithmetic; where it shows a trained model, the "
            "Python of what it starts from stands under it. This measures the loss of the current model:"
        )
        st.code(python_of(context), language="python")


def python_of(context: Context) -> str:
    """The terms of the loss over the items that the page takes the mean of."""
    split = context.split.split(", n")[0]
    return export.loss_code(copied.model_name(context.card), copied.data_of(context), split, LOSS_ITEMS)


# --- The loss --------------------------------------------------------------------------------------------------------


def loss(context: Context) -> None:
    """The loss as formula, with the numbers of the shown rows, drawn once it is opened.

    Its chart brings the browser 4.7 MB of script, which would hold up the scenes by a second.
    """
    opened = st.expander(
        "The loss of the current model", key="loss", bind="query-params", on_change="rerun", icon=":material/functions:"
    )
    if opened.open:
        with opened:
            _loss(context)


def _loss(context: Context) -> None:
    checkpoint = context.checkpoint
    words, chart = st.columns([3, 2], gap="large")
    with words:
        st.latex(rf"\footnotesize {type(checkpoint.model).formula}")
        if isinstance(checkpoint.model, VariationalAutoencoder):
            st.latex(rf"\footnotesize {checkpoint.model.code_prior.formula}")
        corruption = context.card.recipe.corruption
        if corruption is not None:
            explained("Denoising: the encoder sees the corrupted item, the loss compares with the clean one.")
            st.latex(rf"\footnotesize {corruption.formula}")
        rows = cache.shown_rows(context.rows, LOSS_ITEMS)
        terms = _split_terms(checkpoint, context.dataset, rows)
        what = "images" if context.is_image else "rows"
        st.markdown(f"**Mean over {len(rows):,} {what} ({plain(context.split.split(',')[0])})**")
        st.latex(in_numbers(terms))
        explained(f"In {unit_of(terms)}, with one draw of all noise.{_about_switches(checkpoint)}")
    if context.card.kl_per_dimension is not None:
        with chart:
            order = latent.dimension_order(context.card)
            show_figure(figures.dimension_bars(order), height=260, key="learn_kl")
            explained("KL of each dimension of the code, mean over validation items: near 0, it carries nothing.")


def _about_switches(checkpoint: VectorCheckpoint) -> str:
    if not checkpoint.model.uses_switches:
        return ""
    return (
        " Of the reconstruction, in which unpooling puts values back where pooling found them. The drawing above "
        "decodes the code alone, as for a sample."
    )


@cached(max_entries=32, spinner="Measuring the loss")
def _split_terms(checkpoint: VectorCheckpoint, dataset: Dataset, rows: np.ndarray) -> list[Term]:
    return loss_terms(checkpoint, dataset.x[rows])


def in_numbers(terms: Sequence[Term]) -> str:
    """A loss as LaTeX: every term's value over its name, times its weight, and their sum."""
    total = "" if len(terms) == 1 else f" = {_latex(sum(term.value * term.weight for term in terms))}"
    return f"L = {' + '.join(map(_term, terms))}{total}"


def _term(term: Term) -> str:
    factor = "" if term.weight == 1 else rf"{term.weight:.3g} \cdot "
    return rf"\underbrace{{{factor}{_latex(term.value)}}}_{{\text{{{term.name}}}}}"


def _latex(value: float) -> str:
    return three_digits(value).replace(",", "{,}")
