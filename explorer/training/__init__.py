"""Training: a recipe goes in, a stream of events comes out. No printing, no files, no user interface."""

from __future__ import annotations

from explorer.training.loop import CHECK_EVERY, IN_MEMORY_BYTES, describe, train

__all__ = [
    "CHECK_EVERY",
    "IN_MEMORY_BYTES",
    "describe",
    "train",
]
