"""What a training ends with, for the scripts beside this file."""

from __future__ import annotations

from collections.abc import Iterable

from explorer.checkpoints import Checkpoint
from explorer.training.events import Event, Finished


def trained(events: Iterable[Event]) -> Checkpoint:
    """The checkpoint of a training, which is run to its end.

    Raises:
        SystemExit: nothing was learnt.
    """
    *_, last = events
    if not isinstance(last, Finished) or last.checkpoint is None:
        raise SystemExit(f"the training ended without a model: {last}")
    return last.checkpoint
