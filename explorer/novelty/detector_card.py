"""What a detector's file says of it beside its arrays."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from explorer.checkpoints import Card
from explorer.core.errors import CheckpointError, ExplorerError
from explorer.data.encoding import TableEncoding
from explorer.io.contract import Contract
from explorer.novelty.migration import DETECTOR_STEPS, upgraded_detector
from explorer.novelty.windows import Windows

FORMAT_VERSION = len(DETECTOR_STEPS) + 1


class ScorerSpec(BaseModel):
    """Which score it is: its name in the registry, its settings, and for a combination its parts."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    settings: dict[str, int | float | str] = {}
    model: int | None = None
    """Which of the detector's models it looks through."""
    parts: tuple[ScorerSpec, ...] = ()


class DetectorCard(BaseModel):
    """Everything about a detector that is not an array."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format_version: int = FORMAT_VERSION
    kind: Literal["image", "table"]
    normal: str
    """What was normal, in one sentence."""
    normal_labels: tuple[str, ...] = ()
    fingerprint: str = ""
    """Of the registered dataset or the images it was fitted on."""
    event_shape: tuple[int, ...]
    n_fit: int
    n_calibration: int
    folds: int = 0
    """Into how many folds the normal rows were cut, each scored by what the others had taught; 0: others than those
    that fitted it set thresholds, or the score says itself how it did so."""
    updates: tuple[str, ...] = ()
    """Of each time that thresholds were set anew by more normal items: which, and what was done, in a sentence."""
    encoding: TableEncoding | None = None
    contract: Contract | None = None
    """How the data was read that it was fitted on; None for registered data and files of version 0.1.0."""
    windows: Windows | None = None
    """How a series was cut into windows, each an item; None: a row of the table is one."""
    scorer: ScorerSpec
    models: tuple[Card, ...] = ()
    example_names: tuple[str, ...] = ()
    """What the kept normal images are called; empty: nobody knows."""
    notes: tuple[str, ...] = ()
    """What was left out or changed on the way in."""
    seconds: float = 0.0
    created: str = ""
    versions: dict[str, str] = {}
    licence: str = ""


def read_card(text: str, name: str) -> DetectorCard:
    """A detector's card from its text.

    Args:
        text: JSON.
        name: of the file, for errors.

    Raises:
        CheckpointError: it is damaged, or of a newer version.
    """
    values = upgraded_detector(text, name)
    try:
        return DetectorCard.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        raise CheckpointError(
            f"{name} has a card whose field {'.'.join(map(str, first['loc']))!r} is wrong: {first['msg']}.",
            "Update Autoencoder Explorer, or fit the detector again.",
        ) from error
    except ExplorerError as error:
        raise CheckpointError(f"{name} has a damaged card: {error.message}", error.hint) from error
