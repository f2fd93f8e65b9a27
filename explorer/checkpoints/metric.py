"""A figure of a card, with what a reader needs to believe it."""

from __future__ import annotations

from explorer.core.intervals import Interval


class Metric(Interval):
    """A figure with what a reader needs to believe it."""

    name: str
    unit: str
    split: str
    n: int
