"""The five autoencoders as steps of one story: each with a shipped checkpoint of its kind, and something to drag."""

from __future__ import annotations

import streamlit as st

from explorer.checkpoints import Card
from explorer.models import REGISTRY
from explorer.ui.learn.scenes import SCENES
from explorer.ui.learn.scenes.scene import ITEMS, Scene
from explorer.ui.shell import cache, session
from explorer.ui.widgets.text import interval, plain


def story(current: Card) -> None:
    """All scenes, in the order in which each answers what the one before leaves open."""
    for number, scene in enumerate(SCENES, 1):
        st.subheader(f"{number}. {scene.title}")
        st.markdown(scene.text)
        name = checkpoint_for(scene, current)
        if name is None:
            st.info(
                f"There is no such checkpoint: train one from the recipe {scene.recipe} on the Train page.",
                icon=":material/info:",
            )
        else:
            _step(number, name)


def checkpoint_for(scene: Scene, current: Card) -> str | None:
    """A checkpoint for a scene: the current one, else one of the same data, else of the same shape, else of images."""
    matching = [(name, card) for name, card in session.cards().items() if scene.matches(card)]

    def preference(entry: tuple[str, Card]) -> tuple[bool, ...]:
        name, card = entry
        other_shape = card.data.event_shape != current.data.event_shape
        return name != current.name, not session.have_same_data(card, current), other_shape, card.data.kind != "image"

    def has_data(card: Card) -> bool:
        return bool(session.dataset_names(card.data.event_shape, card.data.feature_names))

    with_data = [entry for entry in matching if has_data(entry[1])]
    return min(with_data, key=preference, default=("", None))[0] or None


@st.fragment
def _step(number: int, name: str) -> None:
    """One step with its picture; dragging runs this part alone."""
    scene = SCENES[number - 1]
    checkpoint = session.vector_checkpoint_of(name)
    names = session.dataset_names(checkpoint.event_shape, checkpoint.card.data.feature_names)
    data_name = session.preferred_dataset(checkpoint.card, names)
    dataset = session.dataset_of(str(data_name), checkpoint.card)
    rows, split = cache.rows_for(checkpoint, dataset)
    context = session.Context(checkpoint, dataset, rows, split)
    x = context.x(context.samples(ITEMS))
    st.latex(_formula(checkpoint.card))
    st.caption(plain(f"{checkpoint.card.title}: {ITEMS} {split.split(',')[0]} items. {figure(checkpoint.card)}"))
    scene.play(checkpoint, dataset, x)


def _formula(card: Card) -> str:
    """The family's loss, and what is done to its input first, where something is."""
    formula, corruption = REGISTRY[card.recipe.model.family][1].formula, card.recipe.corruption
    if corruption is None:
        return formula
    return formula.replace("f(x)", r"f(\tilde x)") + r",\qquad " + corruption.formula


def figure(card: Card) -> str:
    """A checkpoint's held-out error in words."""
    metric = card.metric("ELBO") or card.metric("reconstruction error")
    if metric is None:
        return "Its card has no held-out figure."
    return f"{metric.name} {interval(metric)} {metric.unit} ({metric.split}, n = {metric.n:,})"
