"""How many items a page decodes unasked: by the work that the model makes of one, not by the machine's haste.

A measured time would give another picture each time and on each machine; the work is the same everywhere, so that a
link shows the same to all.
"""

from __future__ import annotations

import math

from explorer.checkpoints.checkpoint import VectorCheckpoint
from explorer.models import work

WORK = 200_000_000_000
"""Multiply-adds that one part of a page may take: 7 seconds of a processor's core at 30 thousand million a second."""
LEAST_ITEMS = 50
LEAST_SIDE = 6
"""Fewer show nothing, so that so many are decoded whatever it takes."""


def codes_within(checkpoint: VectorCheckpoint, at_most: int) -> int:
    """Codes, at most so many, that are decoded within ``WORK``; ``LEAST_ITEMS`` in any case."""
    each = work.decoding_work(checkpoint.model, checkpoint.latent_dim)
    return min(at_most, max(LEAST_ITEMS, WORK // max(1, each)))


def side_within(checkpoint: VectorCheckpoint, side: int, passes: int = 1) -> int:
    """Side of a square of codes, at most ``side``, that is decoded within ``WORK``; ``LEAST_SIDE`` in any case.

    Args:
        passes: what is asked of the decoder at each code, in decodings.
    """
    each = passes * work.decoding_work(checkpoint.model, checkpoint.latent_dim)
    return min(side, max(LEAST_SIDE, math.isqrt(WORK // max(1, each))))


def items_rebuilt_within(checkpoint: VectorCheckpoint) -> int:
    """Items that are encoded and decoded within ``WORK``."""
    return WORK // max(1, work.rebuilding_work(checkpoint.model, checkpoint.event_shape))


def fewer_items_words(checkpoint: VectorCheckpoint) -> str:
    """Why there are fewer items than usual."""
    each = work.rebuilding_work(checkpoint.model, checkpoint.event_shape)
    return f"Fewer items than usual, since this model needs {each / 1e6:,.0f} million multiply-adds to rebuild one."


def fewer_words(checkpoint: VectorCheckpoint) -> str:
    """Why there are fewer codes than usual."""
    each = work.decoding_work(checkpoint.model, checkpoint.latent_dim)
    return f"Fewer places than usual, since this decoder needs {each / 1e6:,.0f} million multiply-adds a code."
