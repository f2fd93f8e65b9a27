"""Histograms of novelty scores with a threshold to drag."""

from __future__ import annotations

import numpy as np

from explorer.errors import ExplorerError
from explorer.palette import NORMAL, NOVEL
from explorer.ui.live.component import mount
from explorer.ui.live.envelope import digest


def threshold_histogram(
    normal_scores: np.ndarray,
    novel_scores: np.ndarray | None,
    threshold: float,
    *,
    key: str,
    title: str = "reconstruction error",
    labels: tuple[str, str] = ("normal", "novel"),
) -> float:
    """Two histograms, a threshold to drag, and the rates of false alarms, catches and misses that follow it.

    A score above the threshold is an alarm. Bars are shares of each set.

    Args:
        normal_scores: (N,) of normal items; higher is more anomalous.
        novel_scores: (M,) of novel items, or None where none are known.
        threshold: where the line stands at first, in the scores' unit.
        key: of the widget.
        title: what the scores are, with their unit.
        labels: what the two sets are called.

    Returns:
        The threshold where it was last released.

    Raises:
        ExplorerError: no normal scores, or scores that are not finite.
    """
    sets = {"normal": _sorted(normal_scores, labels[0])}
    if novel_scores is not None and len(novel_scores):
        sets["novel"] = _sorted(novel_scores, labels[1])
    header = {
        "labels": list(labels),
        "colours": {"normal": NORMAL, "novel": NOVEL},
        "title": title,
        "threshold": float(threshold),
        "range": _range(list(sets.values()), float(threshold)),
    }
    sections = {name: scores.tobytes() for name, scores in sets.items()}
    reported = mount("threshold", header, sections, key=key, state="threshold")
    # A report on other scores may still be on its way when the page has moved on.
    if reported and reported["digests"] == {name: digest(section) for name, section in sections.items()}:
        return float(reported["value"])
    return float(threshold)


def _sorted(scores: np.ndarray, label: str) -> np.ndarray:
    values = np.sort(np.asarray(scores, dtype="<f4").ravel())
    if not len(values):
        raise ExplorerError(f"There are no {label} scores to draw.", "Choose a split that has such items.")
    if not np.isfinite(values).all():
        raise ExplorerError(f"Some {label} scores are not finite numbers.", "The model has probably diverged.")
    return values


def _range(sets: list[np.ndarray], threshold: float) -> tuple[float, float]:
    """Ends of the axis: a few extreme scores fall into the last bin, so that they do not squeeze all the others."""
    low = min(float(scores[0]) for scores in sets)
    high = max(float(np.quantile(scores, 0.995)) for scores in sets)
    low, high = min(low, threshold), max(high, threshold)
    pad = 0.02 * (high - low) or 1.0
    return low - pad, high + pad
