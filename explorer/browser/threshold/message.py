"""Scores as histograms with a threshold to drag, and all that follows from where it stands."""

from __future__ import annotations

from typing import Self

import numpy as np
from jaxtyping import Bool, Num

from explorer import novelty
from explorer.browser.envelope import digest
from explorer.browser.schema import Component, Float64, Message, Number, Part, Report
from explorer.core.errors import ExplorerError
from explorer.core.palette import NORMAL, NOVEL

LOG_SPREAD = 50.0
"""A logarithmic axis helps where the middle 99 % of the scores differ by more than this factor."""


class Wishes(Part):
    """What a visitor sets beside the threshold; kept in the session, and in the link under these names.

    Args:
        miss, alarm: price of a missed novel item and of a false alarm, in any unit.
        daily: items a day.
        share: of them that is novel, in [0, 1].
        log: whether the axis is logarithmic; None: chosen by the scores.
    """

    miss: Number = 10.0
    alarm: Number = 1.0
    daily: Number = 1000.0
    share: Number = 0.01
    log: bool | None = None


class Colours(Part):
    """Of the two kinds of items, as ``#rrggbb``."""

    normal: str = NORMAL
    novel: str = NOVEL


class Ranges(Part):
    """Ends of either axis; there is no logarithm where a score is not above zero."""

    linear: tuple[float, float]
    log: tuple[float, float] | None


class ScoreSets(Part):
    """Scores by kind, each (n,) and rising; higher is more anomalous.

    Args:
        normal: of normal items; of all scored items where no labels say which are novel.
        novel: of novel items; None without labels.
        calibration: of held-out normal items; they say how often a threshold raises a false alarm.
        own: of the visitor's own items, shown as ticks; None for no such items.
    """

    normal: Float64
    novel: Float64 | None
    calibration: Float64
    own: Float64 | None

    @property
    def digests(self) -> dict[str, str]:
        """Names of the sets' contents, but for the own items: those that are added later move no threshold."""
        sets = {"normal": self.normal, "novel": self.novel, "calibration": self.calibration}
        return {name: digest(values.tobytes()) for name, values in sets.items() if values is not None}


class ThresholdView(Message):
    """Histograms and a threshold to drag.

    Args:
        scores: by kind.
        left_out: items without a score.
        title: what the scores are, with their unit.
        labels: what normal and novel items are called; without labels the first is what all are called.
        colours: of the two.
        ranges: of the axes.
        log: whether a logarithmic axis helps.
        area: AUROC and its interval; None where it is not defined.
        start: the false-alarm rate that sets the threshold at first; None: that of the link.
        threshold: where it begins.
        wishes: of the visitor.
        detailed: whether intervals, curves, costs and a day's alarms are shown.
    """

    scores: ScoreSets
    left_out: int
    title: str
    labels: tuple[str, str]
    colours: Colours = Colours()
    ranges: Ranges
    log: bool
    area: tuple[float, float, float] | None
    start: float | None
    threshold: float
    wishes: Wishes
    detailed: bool


class ThresholdReleased(Report):
    """Where the threshold was released, and what was set beside it.

    Args:
        digests: of the scores, by kind.
        start: the false-alarm rate that had set the threshold.
        value: of the threshold.
        wishes: of the visitor.
    """

    NAME = "threshold"
    digests: dict[str, str]
    start: Number | None
    value: Number
    wishes: Wishes

    def about(self, scores: ScoreSets, start: float | None) -> Self | None:
        """This report; None where it is about other scores or another rate, which the page has left since."""
        return self if (self.digests, self.start) == (scores.digests, start) else None


COMPONENT = Component("threshold", ThresholdView, states=(ThresholdReleased,))


def score_sets(
    scores: Num[np.ndarray, " n"],
    is_novel: Bool[np.ndarray, " n"] | None,
    calibration: Num[np.ndarray, " m"],
    own: Num[np.ndarray, " k"] | None,
) -> ScoreSets:
    """Scores by kind.

    Args:
        scores: (N,) of the scored items; NaN is left out.
        is_novel: (N,) bool; None where no labels say so.
        calibration, own: see ``ScoreSets``.

    Raises:
        ExplorerError: no scores at all, or infinite ones.
    """
    known = ~np.isnan(scores)
    held_out = _sorted(calibration, "held-out normal")
    if is_novel is None:
        normal, novel = _sorted(scores[known], "known"), None
    elif known.any():
        known_scores, novel_ones = scores[known], np.asarray(is_novel, bool)[known]
        normal, novel = np.sort(known_scores[~novel_ones]), np.sort(known_scores[novel_ones])
    else:
        raise ExplorerError("There are no scores to draw.", "Choose items that can be scored.")
    user_scores = _sorted(own, "own") if own is not None and len(own) else None
    return ScoreSets(normal=normal, novel=novel, calibration=held_out, own=user_scores)


def threshold_view_of(
    sets: ScoreSets,
    left_out: int,
    threshold: float,
    wishes: Wishes,
    *,
    start: float | None,
    title: str,
    labels: tuple[str, str],
    detailed: bool,
) -> ThresholdView:
    """The message for these scores; see ``ThresholdView``."""
    ranges = _ranges(sets, threshold)
    shown = np.concatenate([sets.normal, sets.novel]) if sets.novel is not None else sets.normal
    return ThresholdView(
        scores=sets,
        left_out=left_out,
        title=title,
        labels=labels,
        ranges=ranges,
        log=ranges.log is not None and _spans_decades(shown),
        area=_area(sets),
        start=start,
        threshold=threshold,
        wishes=wishes,
        detailed=detailed,
    )


def _sorted(scores: np.ndarray, label: str) -> np.ndarray:
    values = np.sort(np.asarray(scores, dtype="<f8").ravel())
    if not len(values):
        raise ExplorerError(f"There are no {label} scores to draw.", "Choose items that can be scored.")
    if not np.isfinite(values).all():
        raise ExplorerError(f"Some {label} scores are not finite numbers.", "The model has probably diverged.")
    return values


def _area(sets: ScoreSets) -> tuple[float, float, float] | None:
    if sets.novel is None or min(len(sets.normal), len(sets.novel)) < 2:
        return None
    together = np.concatenate([sets.normal, sets.novel])
    area = novelty.auroc(together, np.arange(len(together)) >= len(sets.normal))
    return area.value, area.low, area.high


def _ranges(sets: ScoreSets, threshold: float) -> Ranges:
    """On the even axis a few extreme scores fall into the last bin, so that they do not squeeze all the others."""
    drawn = [x for x in (sets.normal, sets.novel, sets.calibration, sets.own) if x is not None and len(x)]
    low = min(threshold, *(float(values[0]) for values in drawn))
    high = max(threshold, *(float(np.quantile(values, 0.995)) for values in drawn))
    pad = 0.02 * (high - low) or 1.0
    top = max(threshold, *(float(values[-1]) for values in drawn))
    room = max(1.05, (top / low) ** 0.02) if low > 0 else 1.0
    return Ranges(linear=(low - pad, high + pad), log=(low / room, top * room) if low > 0 else None)


def _spans_decades(scores: np.ndarray) -> bool:
    low, high = np.quantile(scores, [0.005, 0.995])
    return bool(high > LOG_SPREAD * low)
