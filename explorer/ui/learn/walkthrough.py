"""One autoencoder from the inside: its drawing, an item that goes through it, and its loss in today's numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import streamlit as st
from jaxtyping import Num

from explorer import denoising, latent
from explorer.checkpoints import VectorCheckpoint
from explorer.data import Dataset
from explorer.data.base import as_float
from explorer.evaluation.activations import Activation, Term, activations, loss_terms, standardised
from explorer.export import figures
from explorer.models import layers
from explorer.ui.learn import diagram
from explorer.ui.learn.diagram import Block
from explorer.ui.map.shown_items import items_of
from explorer.ui.shell import cache
from explorer.ui.shell.cache import cached
from explorer.ui.shell.session import Context
from explorer.ui.widgets import item_choice, pictures, profiles
from explorer.ui.widgets.terms import explained
from explorer.ui.widgets.text import plain, three_digits

MAPS, BARS = 8, 256
"""Of a layer's output so many feature maps or values are drawn."""
ITEM = "learn_item"
"""The one that goes through: name of its row in the link."""
LOSS_ITEMS = 1000


def draw(checkpoint: VectorCheckpoint) -> None:
    """The checkpoint as a diagram with its true layer sizes; wide ones scroll."""
    st.html(diagram.diagram(layers(checkpoint.model), checkpoint.event_shape, f"Layers of {checkpoint.card.title}"))
    explained(
        "Bars are tensors: their height grows with the logarithm of the number of values. The shapes between them are "
        "layers, with encoder weights W_e and decoder weights W_d."
    )


def choose_item(context: Context) -> tuple[Num[np.ndarray, "*event"], str]:
    """The item that goes through, as stored, and what it is."""
    items = items_of(context)
    row = item_choice.chosen_id(ITEM, int(items.ids[0]), len(context.dataset))
    place = int(np.argmax(items.ids == row))  # the first where the row is none of these
    item_choice.item_choice(items, int(items.ids[place]), key=ITEM)
    label = items.labels[place] if items.labels else ""
    title = f"{items.names[place]}{f', class {label}' if label else ''}"
    return context.dataset.x[items.ids[place]], f"{title} ({context.split.split(',')[0]})"


def show_items(
    checkpoint: VectorCheckpoint, x: Num[np.ndarray, "n *event"], captions: Sequence[str] = (), size: int = 84
) -> None:
    """Items (N, *event) as pictures, or table rows as bars in standard deviations of each column."""
    show_values(standardised(checkpoint, x), captions, size)


def show_values(values: Num[np.ndarray, "n *event"], captions: Sequence[str] = (), size: int = 84) -> None:
    """Items as the model sees them: images in [0, 1] as pictures, standardised table rows as bars."""
    if values.ndim == 2:
        profiles.show([profiles.bars(row, "A row, one bar a column") for row in values], captions)
    else:
        pictures.gallery(np.clip(values, 0, 1), captions, size)


# --- An item goes through --------------------------------------------------------------------------------------------


def pass_through(checkpoint: VectorCheckpoint, item: Num[np.ndarray, "*event"], name: str) -> None:
    """Every block's output for one item, corrupted first where the recipe corrupts."""
    corruption = checkpoint.card.recipe.corruption
    x = as_float(item[None]).numpy()
    _row("x", "Input", name, lambda: show_items(checkpoint, x))
    if corruption is not None:
        x = denoising.add_noise(x, corruption)
        _row("x̃", f"Corrupted: {corruption.title.lower()}", "what the encoder sees", lambda: show_items(checkpoint, x))
    passed = activations(checkpoint, x[0])
    drawn = diagram.blocks([a.layer for a in passed], checkpoint.event_shape)
    code = max(i for i, block in enumerate(drawn) if block.part == "encoder")
    for i, block in enumerate(drawn):
        is_last = i == len(drawn) - 1
        title = "Code z" if i == code else "Reconstruction x̂" if is_last else _kinds(block)
        _block(checkpoint, block, passed[block.last], title, is_last)


def _kinds(block: Block) -> str:
    return " + ".join([block.name, *block.others])


def _block(checkpoint: VectorCheckpoint, block: Block, passed: Activation, title: str, is_last: bool) -> None:
    value = passed.value
    shape = " x ".join(map(str, block.shape))
    note = f"{_kinds(block)} · {shape}" if title != _kinds(block) else shape

    def picture() -> None:
        if is_last:
            show_items(checkpoint, value[None])
        elif value.ndim == 3:
            shown = value[:MAPS]
            if len(value) > MAPS:
                explained(f"First {MAPS} of {len(value)} feature maps, each from its least to its largest value.")
            pictures.gallery(_stretched(shown)[:, None], size=72, alt="feature map")
        else:
            values = value.ravel()
            if len(values) > BARS:
                explained(f"First {BARS} of {len(values):,} values.")
            profiles.show([profiles.bars(values[:BARS], f"{title}: {len(values)} values", width=440, height=64)])
            if len(values) <= 4:
                explained(", ".join(f"z{i + 1} = {three_digits(float(v))}" for i, v in enumerate(values)))

    _row(block.weights_name, title, note, picture)


def _row(symbol: str, title: str, note: str, picture: Callable[[], None]) -> None:
    words, drawn = st.columns([1, 2], vertical_alignment="center")
    with words:
        st.markdown(f"**{plain(title)}**{f' · {plain(symbol)}' if symbol else ''}")
        explained(plain(note))
    with drawn:
        picture()


def _stretched(maps: np.ndarray) -> np.ndarray:
    """(K, H, W) maps, each stretched over [0, 1]; a flat one is black."""
    low, high = (edge(maps, axis=(1, 2), keepdims=True) for edge in (np.min, np.max))
    stretched: np.ndarray = (maps - low) / np.where(high > low, high - low, 1)
    return stretched


# --- The loss --------------------------------------------------------------------------------------------------------


def loss(context: Context, item: Num[np.ndarray, "*event"]) -> None:
    """The loss as formula, with the numbers of one item and of the shown rows."""
    checkpoint = context.checkpoint
    st.latex(rf"\footnotesize {type(checkpoint.model).formula}")
    corruption = context.card.recipe.corruption
    if corruption is not None:
        explained("Denoising: the encoder sees the corrupted item, the loss compares with the clean one.")
        st.latex(rf"\footnotesize {corruption.formula}")
    rows = cache.shown_rows(context.rows, LOSS_ITEMS)
    terms = _split_terms(checkpoint, context.dataset, rows)
    st.markdown("**This item**")
    st.latex(in_numbers(loss_terms(checkpoint, item[None])))
    what = "images" if context.is_image else "rows"
    st.markdown(f"**Mean over {len(rows):,} {what} ({plain(context.split.split(',')[0])})**")
    st.latex(in_numbers(terms))
    explained(f"In {unit_of(terms)}, with one draw of all noise.{_about_switches(checkpoint)}")
    if context.card.kl_per_dimension is not None:
        st.plotly_chart(figures.dimension_bars(latent.dimension_order(context.card)), width="stretch", key="learn_kl")
        explained("KL of each dimension of the code, mean over validation items: near 0, a dimension carries nothing.")


def _about_switches(checkpoint: VectorCheckpoint) -> str:
    if not checkpoint.model.uses_switches:
        return ""
    return (
        " Of the reconstruction, in which unpooling puts values back where pooling found them, for this item as "
        "for the mean. The steps above decode the code alone, as for a sample."
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


def unit_of(terms: Sequence[Term]) -> str:
    """What the terms are measured in."""
    return "squared error" if {term.name for term in terms} == {"squared error"} else "nats"
