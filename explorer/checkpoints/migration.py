"""Cards of older versions become cards of this one: a step a version, which fills in and renames what it changed."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

from explorer.core.errors import CheckpointError

CardStep = Callable[[dict[str, Any]], None]
"""Changes the values of a card of one version, in place, into those of the next."""


def upgraded(card: Any, steps: Sequence[CardStep], name: str) -> dict[str, Any]:
    """The values of a card of any version up to this one, as this version writes them.

    Args:
        card: as JSON, or its values.
        steps: the first from version 1 to 2, the next from 2 to 3.
        name: of the file, for errors.

    Raises:
        CheckpointError: the card is damaged, or of a newer version.
    """
    damaged = CheckpointError(f"{name} has a damaged card.", "Copy or download it again.")
    try:
        values = json.loads(card) if isinstance(card, str) else card
        version = values["format_version"]
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise damaged from error
    newest = len(steps) + 1
    if type(version) is not int or not 1 <= version <= newest:
        raise CheckpointError(
            f"{name} has a card of version {version!r}; this program reads versions 1 to {newest}.",
            "Update Autoencoder Explorer, or save the file with this version.",
        )
    try:
        for step in steps[version - 1 :]:
            step(values)
    except (AttributeError, KeyError, TypeError) as error:
        raise damaged from error
    return values | {"format_version": newest}


def _figures_have_ends(card: dict[str, Any]) -> None:
    """Version 2: ends of an interval that are not known are infinite, where they were null; units say "per"."""
    units = {"squared error an image": "squared error per image", "squared error a row": "squared error per row"}
    for figure in card.get("metrics", ()):
        for end in ("low", "high"):
            if figure.get(end) is None:
                figure.pop(end, None)
        for former, unit in units.items():
            figure["unit"] = figure["unit"].replace(former, unit)


def _nobody_has_looked(card: dict[str, Any]) -> None:
    """Version 3: what a look at the training found; of older cards nobody has looked at one."""
    card["findings"] = None


CARD_STEPS: tuple[CardStep, ...] = (_figures_have_ends, _nobody_has_looked)
