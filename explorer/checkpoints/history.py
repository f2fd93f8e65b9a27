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

    A card counts that epoch from 1 within the model's last stage.
    """
    own = [entry for entry in main_stage(card.history) if entry["epoch"] == card.best_epoch]
    return next(i for i, entry in enumerate(card.history) if entry is own[-1]) if own else None


def main_stage(history: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The epochs of the last stage that trains the model itself, and not something that is fitted to it afterwards."""
    own = [entry for entry in history if not entry.get("is_after")]
    return [entry for entry in own if entry.get("stage") == own[-1].get("stage")]
