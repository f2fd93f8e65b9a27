"""Training: a recipe goes in, a stream of events comes out. No printing, no files, no user interface."""

from __future__ import annotations

from explorer.training.card import describe
from explorer.training.loop import train

__all__ = ["describe", "train"]
