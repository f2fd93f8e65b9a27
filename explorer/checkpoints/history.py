"""The figures of each epoch in a card: what they are measured in, and which of them the weights are of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from explorer.checkpoints.card import Card

NATS = {"reconstruction", "KL", "cross-entropy"}
GREY_LEVELS = {"absolute error"}
"""Loss terms in nats; the others are squared errors."""


def loss_unit(history: Sequence[Mapping[str, Any]]) -> str:
    """What the loss is measured in, by the names of its terms."""
    names = {name for entry in history[:1] for name in entry["train"]}
    if names & GREY_LEVELS:
        return "grey levels of 255 per pixel"
    return "nats per item" if names & NATS else "squared error per item"


def best_position(card: Card) -> int | None:
    """Position in the history of the epoch whose weights were kept, from 0; None: not known.

    A card counts that epoch from 1 within the last stage.
    """
    if not card.history:
        return None
    last = card.history[-1].get("stage")
    places = [
        i for i, entry in enumerate(card.history) if entry.get("stage") == last and entry["epoch"] == card.best_epoch
    ]
    return places[-1] if places else None
