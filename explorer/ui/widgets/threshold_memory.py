"""What a visitor has set at a threshold, kept in the session and in the link."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import streamlit as st
from jaxtyping import Num

from explorer.browser.threshold.message import Wishes

DEFAULT_RATE = 0.05
RATE = "false_alarm_rate"
"""In the link: the false-alarm rate that is promised where the threshold was last released."""
LARGEST = {"miss": 1e12, "alarm": 1e12, "daily": 1e12, "share": 1.0, "log": 1.0, RATE: 0.999}
"""In a link."""
_WISHES, _RATE = "threshold_wishes", "threshold_rate"


def wishes() -> Wishes:
    """As the link says, else as the session does, else the defaults."""
    kept: Wishes = st.session_state.get(_WISHES, Wishes())
    linked: dict[str, Any] = {name: _linked(name) for name in Wishes.model_fields}
    if linked["log"] is not None:
        linked["log"] = bool(linked["log"])
    return kept.model_copy(update={name: value for name, value in linked.items() if value is not None})


def rate() -> float:
    """The false-alarm rate: as the link says, else as the session does, else the default."""
    linked = _linked(RATE)
    return linked if linked and linked < 1 else st.session_state.get(_RATE, DEFAULT_RATE)


def remember(set_there: Wishes, calibration: Num[np.ndarray, " n"], threshold: float) -> None:
    """Keep what was set, and the false-alarm rate that is promised at the threshold."""
    above = len(calibration) - np.searchsorted(calibration, threshold, side="right")
    promised = min((1 + int(above)) / (len(calibration) + 1), LARGEST[RATE])
    st.session_state[_WISHES] = set_there
    st.session_state[_RATE] = promised
    usual = Wishes().model_dump()
    for name, value in [*set_there.model_dump().items(), (RATE, promised)]:
        text = f"{float(value):.12g}" if value is not None else ""
        if text and value != usual.get(name) and st.query_params.get(name) != text:
            st.query_params[name] = text
        elif value == usual.get(name) and name in st.query_params:
            del st.query_params[name]


def _linked(name: str) -> float | None:
    """A number of the link; None where there is none that can be meant."""
    try:
        value = float(st.query_params.get(name, ""))
    except ValueError:
        return None
    return value if math.isfinite(value) and 0 <= value <= LARGEST[name] else None
