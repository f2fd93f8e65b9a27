"""What every score is."""

from __future__ import annotations

import inspect
from abc import ABC, abstractmethod
from typing import Any, ClassVar, Self

import numpy as np
from jaxtyping import Float, Num, Shaped

from explorer.checkpoints import VectorCheckpoint
from explorer.core.gathered import gathered
from explorer.core.row_samples import spread_sample
from explorer.data.base import Progress
from explorer.data.encoding import TableEncoding
from explorer.novelty.thresholds import Threshold, p_values, threshold_for

BATCH_SIZE = 512
MAX_STORED_VALUES = 4 << 20
"""Scorers that keep normal items keep so many values of them at most: 16 MiB."""


class Scorer(ABC):
    """Learns what normal items are like; scores how unlike them an item is.

    Higher is more anomalous, always. An item's score does not depend on the items it is scored with. Score other items
    than those it was fitted on: several scorers know these by heart. In table rows NaN is a missing value: what it
    would add to the score is left out (the two scorers that cannot leave it out say so).

    A subclass sets its parameters in ``__init__``, under their own names, and what it learns in ``fit``, as arrays
    whose names end in ``_``: so that a fitted scorer can be saved and comes back the same to the bit.

    Attributes:
        calibration_: (n,) sorted scores of the normal items that ``calibrate`` was given.
        threshold_: where to draw the line, from these scores.
    """

    title: ClassVar[str]
    summary: ClassVar[str]
    """One sentence a student can read."""
    unit: ClassVar[str]
    uses_checkpoint: ClassVar[bool] = True
    """False for baselines that see the items alone."""
    needs_decoder: ClassVar[bool] = False
    """Whether it looks at what a model rebuilds, and not at codes or items alone."""
    at_native_size: ClassVar[bool] = False
    """Whether images are looked at in the size that they have."""
    of_tables: ClassVar[bool] = False
    """Whether it is for the rows of tables alone."""
    is_positive: ClassVar[bool] = True
    """Whether scores are distances or errors, never below 0: these are compared by their logarithm."""

    is_rule: ClassVar[bool] = False
    """Whether it is about what nearly every normal row keeps, so that only what no normal row has counts."""

    calibration_: np.ndarray
    threshold_: Threshold

    @classmethod
    def applies_to(cls, checkpoint: VectorCheckpoint) -> bool:
        """Whether this score is defined for the checkpoint's family and data."""
        return True

    @classmethod
    @abstractmethod
    def for_checkpoint(cls, checkpoint: VectorCheckpoint) -> Self:
        """With default settings that fit the checkpoint.

        Raises:
            ExplorerError: the score is not defined for it.
        """

    def learn_columns(self, encoding: TableEncoding) -> Self:
        """Be told what the encoded columns of a table are, before ``fit``; most scores need not know."""
        return self

    @abstractmethod
    def fit(self, normal: Num[np.ndarray, "n *event"]) -> Self:
        """Learn from normal items (N, *event), uint8 or float, N >= 2."""

    @abstractmethod
    def score(self, x: Num[np.ndarray, "n *event"]) -> Float[np.ndarray, " n"]:
        """(N, *event) -> (N,) float64, in ``unit``."""

    def maps(self, x: Num[np.ndarray, "n *event"]) -> Float[np.ndarray, "n h w"] | None:
        """(N, H, W) how anomalous each place of images is; None where a score has no maps of its own."""
        return None

    def contributions(self, x: Num[np.ndarray, "n *event"]) -> Float[np.ndarray, "n *event"] | None:
        """(N, *event) parts, never below 0, that make up each score; None where a score has no such parts."""
        return None

    @property
    def remarks(self) -> tuple[str, ...]:
        """What was chosen while it was fitted, a sentence each."""
        return ()

    def calibrate(self, normal: Num[np.ndarray, "n *event"], false_alarm_rate: float = 0.05) -> Self:
        """Set the threshold from normal items (N, *event) that the scorer was not fitted on.

        Raises:
            ExplorerError: no items, or a rate outside (0, 1).
        """
        self.calibration_ = np.sort(self.score(normal))
        self.threshold_ = threshold_for(self.calibration_, false_alarm_rate)
        return self

    def p_values(self, x: Num[np.ndarray, "n *event"]) -> Float[np.ndarray, " n"]:
        """(N,) how likely a normal item is to score at least as high as each item; see ``thresholds.p_values``."""
        return p_values(self.score(x), self.calibration_)

    def settings(self) -> dict[str, Any]:
        """What ``__init__`` was given, without the checkpoint: plain values."""
        parameters = inspect.signature(type(self)).parameters.values()
        named = [p.name for p in parameters if p.kind is p.POSITIONAL_OR_KEYWORD and p.name != "checkpoint"]
        return {name: getattr(self, name) for name in named}

    def learnt(self) -> dict[str, np.ndarray]:
        """What ``fit`` learnt, by name."""
        return {k: v for k, v in vars(self).items() if k.endswith("_") and isinstance(v, np.ndarray) and k not in _HELD}

    def restore(self, learnt: dict[str, np.ndarray]) -> Self:
        """Take back what another scorer of the same settings had learnt."""
        for name, values in learnt.items():
            setattr(self, name, values)
        return self


class CrossCalibrated(Scorer):
    """A score for which no normal item is set aside: each is learnt from, and scored by what had not seen it.

    Of images it is the highest place of their maps, so that one threshold of ``crossed_`` serves items and pixels.

    Attributes:
        crossed_: (n,) these scores, which set the threshold.

    Source: Vovk 2015 (cross-conformal predictors).
    """

    crossed_: np.ndarray

    @abstractmethod
    def fit(self, normal: Num[np.ndarray, "n *event"], progress: Progress | None = None) -> Self:
        """Learn from normal items (N, *event), N >= 2.

        Args:
            progress: called with the share done and a few words.
        """


_HELD = ("calibration_", "crossed_")


def stored(items: Shaped[np.ndarray, "n *event"]) -> Shaped[np.ndarray, "m *event"]:
    """Rows (m, D) spread over ``items`` (n, D), at most ``MAX_STORED_VALUES`` values in all."""
    limit = max(1, MAX_STORED_VALUES // max(1, items[0].size))
    return spread_sample(items, limit)


def in_batches(
    function: Any, x: Num[np.ndarray, "n *event"], size: int = BATCH_SIZE
) -> Shaped[np.ndarray, "n *result"]:
    """Results (n, ...) of a function of some of the items, one batch after the other; x may be empty."""
    if not len(x):
        return function(x)
    return gathered((function(x[start : start + size]) for start in range(0, len(x), size)), len(x))
