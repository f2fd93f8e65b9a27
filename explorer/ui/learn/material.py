"""A trained model and items for a scene that shows one."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import streamlit as st
from jaxtyping import Integer

from explorer import export
from explorer.browser.scenes.scene import Material
from explorer.checkpoints import Card
from explorer.ui.shell import cache, copied, session
from explorer.ui.shell.session import Context
from explorer.ui.widgets.terms import explained
from explorer.ui.widgets.text import interval, plain

MOST_ROWS = 200
"""That are written out: more would hide the lines below them."""


def for_scene(matches: Callable[[Card], bool], current: Card | None) -> Material | None:
    """What a scene shows: a checkpoint of its kind with items, in the order that shows every class first.

    Args:
        matches: whether a checkpoint is of the scene's kind.
        current: of the current model.

    Returns:
        None where no checkpoint is of that kind.
    """
    name = checkpoint_for(matches, current)
    if name is None:
        return None
    checkpoint = session.vector_checkpoint_of(name)
    names = session.dataset_names(checkpoint.event_shape, checkpoint.card.data.feature_names)
    data_name = session.preferred_dataset(checkpoint.card, names)
    dataset = session.dataset_of(str(data_name), checkpoint.card)
    rows, split = cache.rows_for(checkpoint, dataset)
    context = Context(checkpoint, dataset, rows, split)
    return Material(checkpoint, dataset, rows[context.samples(len(rows))], split)


def checkpoint_for(matches: Callable[[Card], bool], current: Card | None) -> str | None:
    """A checkpoint: the current one, else one of the same data, else of the same shape, else of images."""
    matching = [(name, card) for name, card in session.cards().items() if matches(card)]

    def preference(entry: tuple[str, Card]) -> tuple[bool, ...]:
        name, card = entry
        if current is None:
            return (card.data.kind != "image",)
        other_shape = card.data.event_shape != current.data.event_shape
        return name != current.name, not session.have_same_data(card, current), other_shape, card.data.kind != "image"

    def has_data(card: Card) -> bool:
        return bool(session.dataset_names(card.data.event_shape, card.data.feature_names))

    with_data = [entry for entry in matching if has_data(entry[1])]
    return min(with_data, key=preference, default=("", None))[0] or None


def caption(shown: Material) -> None:
    """Which model and which items a scene shows, and how the model does on held-out ones."""
    card = shown.checkpoint.card
    explained(plain(f"{card.title}; {shown.split.split(',')[0]} items. {figure(card)}"))


def python(shown: Material, rows: Integer[np.ndarray, " n"]) -> None:
    """The Python of the items that a scene has, and of what its model makes of them.

    Args:
        rows: of the scene's items in the data; none: it shows none.
    """
    if not len(rows):
        return
    card, few = shown.checkpoint.card, rows[:MOST_ROWS]
    which = f"the first {len(few)} of its {len(rows):,} items" if len(few) < len(rows) else "its items"
    with st.expander("Copy as Python"):
        st.caption(f"What this scene starts from: {which}, their codes, and what the decoder makes of these.")
        code = export.scene_code(copied.model_name(card), copied.of_dataset(shown.dataset, card), few)
        st.code(code, language="python")


def figure(card: Card) -> str:
    """A checkpoint's held-out error in words."""
    metric = card.metric("ELBO") or card.metric("reconstruction error")
    if metric is None:
        return "Its card has no held-out figure."
    return f"{metric.name} {interval(metric)} {metric.unit} ({metric.split}, n = {metric.n:,})"
