"""Cards of detectors of older versions become cards of this one."""

from __future__ import annotations

from typing import Any

from explorer.checkpoints.migration import CARD_STEPS, CardStep, upgraded
from explorer.novelty.scores.registry import present_name


def _scores_have_their_fields_names(card: dict[str, Any]) -> None:
    """Version 2: scores are called what the field calls them, such as "knn" for "nearest-items"."""
    _rename(card["scorer"])


def _rename(scorer: dict[str, Any]) -> None:
    scorer["name"] = present_name(scorer["name"])
    for part in scorer.get("parts", ()):
        _rename(part)


DETECTOR_STEPS: tuple[CardStep, ...] = (_scores_have_their_fields_names,)


def upgraded_detector(text: str, name: str) -> dict[str, Any]:
    """The values of a detector's card of any version up to this one; those of its models are brought up as well.

    Args:
        text: the card as JSON.
        name: of the file, for errors.

    Raises:
        CheckpointError: a card is damaged, or of a newer version.
    """
    values = upgraded(text, DETECTOR_STEPS, name)
    return values | {"models": [upgraded(model, CARD_STEPS, name) for model in values.get("models", ())]}
