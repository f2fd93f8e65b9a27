"""Every available checkpoint as a table: what it is, on what it was trained, and its main held-out figure."""

from __future__ import annotations

import streamlit as st

from explorer.checkpoints import Card
from explorer.models import REGISTRY
from explorer.ui.shell import session
from explorer.ui.widgets.text import three_digits


def checkpoint_table() -> None:
    """The list that the model picker chooses from; a file that cannot be read says so."""
    rows = [_row(name, card) for name, card in session.models().items()]
    st.dataframe(rows, hide_index=True, width="stretch")


def _row(name: str, card: Card | None) -> dict[str, object]:
    if card is None:
        return {"name": name, "family": "cannot be read"}
    error = card.metric("reconstruction error")
    elbo = card.metric("ELBO")
    return {
        "name": name,
        "family": REGISTRY[card.recipe.model.family][1].title,
        "code": card.code_size,
        "weights": card.weights,
        "trained on": "elsewhere" if card.origin else f"{card.data.title}, {card.data.n_train:,} items",
        "corruption": "none" if card.recipe.corruption is None else card.recipe.corruption.title,
        "test error": "" if error is None else f"{three_digits(error.value)} ({error.unit}, n = {error.n:,})",
        "test ELBO, nats": "" if elbo is None else three_digits(elbo.value),
        "minutes": round(card.training_seconds / 60, 1),
    }
