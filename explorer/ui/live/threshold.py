"""Scores as histograms with a threshold to drag, and all that follows from where it stands."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
import streamlit as st

from explorer import novelty
from explorer.core.errors import ExplorerError
from explorer.core.palette import NORMAL, NOVEL
from explorer.ui.live.envelope import digest
from explorer.ui.widgets.component import last_report, mount

DEFAULT_RATE = 0.05
RATE = "false_alarm_rate"
"""In the link: the false-alarm rate that is promised where the threshold was last released."""
LOG_SPREAD = 50.0
"""A logarithmic axis helps where the middle 99 % of the scores differ by more than this factor."""
LARGEST = {"miss": 1e12, "alarm": 1e12, "daily": 1e12, "share": 1.0, "log": 1.0, RATE: 0.999}
"""In a link."""
_MEMORY, _RATE_MEMORY = "threshold_wishes", "threshold_rate"


@dataclass(frozen=True)
class Wishes:
    """What a visitor sets beside the threshold; kept in the session, and in the link under these names.

    Args:
        miss, alarm: price of a missed novel item and of a false alarm, in any unit.
        daily: items a day.
        share: of them that is novel, in [0, 1].
        log: whether the axis is logarithmic; None: chosen by the scores.
    """

    miss: float = 10.0
    alarm: float = 1.0
    daily: float = 1000.0
    share: float = 0.01
    log: bool | None = None


def threshold_view(
    scores: np.ndarray,
    is_novel: np.ndarray | None,
    calibration: np.ndarray,
    *,
    key: str,
    title: str = "score",
    labels: tuple[str, str] = ("normal", "novel"),
    own: np.ndarray | None = None,
    rate: float | None = None,
) -> float:
    """Histograms and a threshold to drag; in the browser counts, curves, costs and a day's alarms follow it.

    A score above the threshold is an alarm. Without labels only alarms are counted. Python hears of the threshold
    when it is released.

    Args:
        scores: (N,) of the judged items; higher is more anomalous. NaN is left out, and its number is said.
        is_novel: (N,) bool; None where no labels say so.
        calibration: (n,) scores of held-out normal items; they say how often a threshold raises a false alarm.
        key: of the widget.
        title: what the scores are, with their unit.
        labels: what normal and novel items are called; without labels the first is what all are called.
        own: (m,) scores of the visitor's own items, shown as ticks.
        rate: the false-alarm rate that sets the threshold at first, and again when it changes; None: that of the link,
            else ``DEFAULT_RATE``.

    Returns:
        The threshold where it was last released.

    Raises:
        ExplorerError: no scores at all, or infinite ones.
    """
    known = ~np.isnan(scores)
    sets = _sets(np.asarray(scores)[known], None if is_novel is None else np.asarray(is_novel, bool)[known])
    sets["calibration"] = _sorted(calibration, "held-out normal")
    mine = _sorted(own, "own") if own is not None and len(own) else np.empty(0)
    payload = {name: values.tobytes() for name, values in sets.items()}
    wishes = _remembered()
    threshold = novelty.threshold_for(sets["calibration"], _linked_rate() if rate is None else rate).value
    reported = last_report(key, "threshold")
    # A report on other scores may still be on its way when the page has moved on.
    digests = {name: digest(values) for name, values in payload.items()}
    if reported and reported["digests"] == digests and reported["start"] == rate:
        threshold = float(reported["value"])
        wishes = replace(wishes, **reported["wishes"])
        _remember(wishes, sets["calibration"], threshold)
    ranges = _ranges([*sets.values(), mine], threshold)
    header = {
        "labels": list(labels),
        "colours": {"normal": NORMAL, "novel": NOVEL},
        "title": title,
        "start": rate,
        "threshold": threshold,
        "ranges": ranges,
        "log": ranges["log"] is not None and _spans_decades(scores[known]),
        "wishes": asdict(wishes),
        "area": _area(sets),
        "left_out": int((~known).sum()),
    }
    if len(mine):
        payload["own"] = mine.tobytes()
    mount("threshold", header, payload, key=key, state="threshold")
    return threshold


# --- Scores ----------------------------------------------------------------------------------------------------------


def _sets(scores: np.ndarray, is_novel: np.ndarray | None) -> dict[str, np.ndarray]:
    if is_novel is None:
        return {"normal": _sorted(scores, "known")}
    if not len(scores):
        raise ExplorerError("There are no scores to draw.", "Choose items that can be scored.")
    return {"normal": np.sort(scores[~is_novel]).astype("<f8"), "novel": np.sort(scores[is_novel]).astype("<f8")}


def _sorted(scores: np.ndarray, label: str) -> np.ndarray:
    values = np.sort(np.asarray(scores, dtype="<f8").ravel())
    if not len(values):
        raise ExplorerError(f"There are no {label} scores to draw.", "Choose items that can be scored.")
    if not np.isfinite(values).all():
        raise ExplorerError(f"Some {label} scores are not finite numbers.", "The model has probably diverged.")
    return values


def _area(sets: dict[str, np.ndarray]) -> tuple[float, float, float] | None:
    """AUROC and its interval; None where it is not defined."""
    if "novel" not in sets or min(len(sets["normal"]), len(sets["novel"])) < 2:
        return None
    together = np.concatenate([sets["normal"], sets["novel"]])
    area = novelty.auroc(together, np.arange(len(together)) >= len(sets["normal"]))
    return area.value, area.low, area.high


def _ranges(sets: list[np.ndarray], threshold: float) -> dict[str, tuple[float, float] | None]:
    """Ends of either axis; there is no logarithm where a score is not above zero.

    On the even axis a few extreme scores fall into the last bin, so that they do not squeeze all the others.
    """
    drawn = [values for values in sets if len(values)]
    low = min(threshold, *(float(values[0]) for values in drawn))
    high = max(threshold, *(float(np.quantile(values, 0.995)) for values in drawn))
    pad = 0.02 * (high - low) or 1.0
    top = max(threshold, *(float(values[-1]) for values in drawn))
    room = max(1.05, (top / low) ** 0.02) if low > 0 else 1.0
    return {"linear": (low - pad, high + pad), "log": (low / room, top * room) if low > 0 else None}


def _spans_decades(scores: np.ndarray) -> bool:
    low, high = np.quantile(scores, [0.005, 0.995])
    return bool(high > LOG_SPREAD * low)


# --- What is remembered ----------------------------------------------------------------------------------------------


def _remembered() -> Wishes:
    """As the link says, else as the session does, else the defaults."""
    wishes: Wishes = st.session_state.get(_MEMORY, Wishes())
    linked: dict[str, Any] = {name: _linked(name) for name in asdict(wishes)}
    if linked["log"] is not None:
        linked["log"] = bool(linked["log"])
    return replace(wishes, **{name: value for name, value in linked.items() if value is not None})


def _linked(name: str) -> float | None:
    """A number of the link; None where there is none that can be meant."""
    try:
        value = float(st.query_params.get(name, ""))
    except ValueError:
        return None
    return value if math.isfinite(value) and 0 <= value <= LARGEST[name] else None


def _linked_rate() -> float:
    linked = _linked(RATE)
    return linked if linked and linked < 1 else st.session_state.get(_RATE_MEMORY, DEFAULT_RATE)


def _remember(wishes: Wishes, calibration: np.ndarray, threshold: float) -> None:
    """Keep what was set, and the false-alarm rate that is promised at the threshold."""
    above = len(calibration) - np.searchsorted(calibration, threshold, side="right")
    rate = min((1 + int(above)) / (len(calibration) + 1), LARGEST[RATE])
    st.session_state[_MEMORY] = wishes
    st.session_state[_RATE_MEMORY] = rate
    usual = asdict(Wishes())
    for name, value in [*asdict(wishes).items(), (RATE, rate)]:
        text = f"{float(value):.12g}" if value is not None else ""
        if text and value != usual.get(name) and st.query_params.get(name) != text:
            st.query_params[name] = text
        elif value == usual.get(name) and name in st.query_params:
            del st.query_params[name]
