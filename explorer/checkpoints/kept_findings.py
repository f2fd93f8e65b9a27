"""What a look at a training found, written into the card of its checkpoint; the weights stay as they are."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from explorer.checkpoints.card import read_card
from explorer.checkpoints.files import CARD_KEY, metadata_of, read_whole, tensors_of, write_tensors
from explorer.checkpoints.finding import TrainingFinding


def keep_findings(path: Path, findings: Sequence[TrainingFinding]) -> Path:
    """Put findings in the place of those in a checkpoint's card.

    Args:
        path: of the checkpoint, whose weights are written again bit by bit, in the precision that they have there.
        findings: of all examinations; none: nothing stands out.

    Raises:
        CheckpointError: the file is no checkpoint, or cannot be written.
    """
    content = read_whole(path)
    metadata = metadata_of(content, str(path))
    card = read_card(metadata, str(path)).model_copy(update={"findings": tuple(findings)})
    return write_tensors(path, tensors_of(content, str(path)), metadata | {CARD_KEY: card.model_dump_json()})
