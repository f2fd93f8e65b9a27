"""Scores as histograms with a threshold to drag, and all that follows from where it stands."""

from __future__ import annotations

import numpy as np
from jaxtyping import Bool, Num

from explorer import novelty
from explorer.browser.threshold.message import COMPONENT, ThresholdReleased, score_sets, threshold_view_of
from explorer.ui.widgets import threshold_memory
from explorer.ui.widgets.component import last_report, mount


def threshold_view(
    scores: Num[np.ndarray, " n"],
    is_novel: Bool[np.ndarray, " n"] | None,
    calibration: Num[np.ndarray, " m"],
    *,
    key: str,
    title: str = "score",
    labels: tuple[str, str] = ("normal", "novel"),
    own: Num[np.ndarray, " k"] | None = None,
    rate: float | None = None,
    detailed: bool = True,
) -> float:
    """Histograms and a threshold to drag; in the browser counts, curves, costs and a day's alarms follow it.

    A score above the threshold is an alarm. Without labels only alarms are counted. Python hears of the threshold
    when it is released.

    Args:
        scores, is_novel, calibration, own: see ``score_sets``.
        key: of the widget.
        title, labels: see ``ThresholdView``.
        rate: the false-alarm rate that sets the threshold at first, and again when it changes; None: that of the link,
            else ``threshold_memory.DEFAULT_RATE``.
        detailed: see ``ThresholdView``.

    Returns:
        The threshold where it was last released.

    Raises:
        ExplorerError: no scores at all, or infinite ones.
    """
    sets = score_sets(scores, is_novel, calibration, own)
    wishes = threshold_memory.wishes()
    threshold = novelty.threshold_for(sets.calibration, threshold_memory.rate() if rate is None else rate).value
    report = last_report(key, ThresholdReleased)
    if report and report.about(sets, rate):
        threshold, wishes = report.value, report.wishes
        threshold_memory.remember(wishes, sets.calibration, threshold)
    left_out = int(np.isnan(scores).sum())
    message = threshold_view_of(
        sets, left_out, threshold, wishes, start=rate, title=title, labels=labels, detailed=detailed
    )
    mount(COMPONENT, message, key=key)
    return threshold
