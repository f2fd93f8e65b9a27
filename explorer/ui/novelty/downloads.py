"""Downloads of the Novelty page: the flagged items, all scores, and the detector."""

from __future__ import annotations

from typing import Any

import numpy as np
import streamlit as st

from explorer.io.tables.columns import Cells
from explorer.novelty.detector import Detector
from explorer.ui.novelty.scored import ScoredItems
from explorer.ui.widgets.tables import csv_button


def downloads(scored: ScoredItems, threshold: float) -> None:
    """Draw the three buttons."""
    flagged = flagged_rows(scored, threshold)
    with st.container(horizontal=True):
        csv_button(f"The {len(flagged):,} flagged (CSV)", flagged, "flagged.csv", "novelty_flagged")
        csv_button(f"All {len(scored):,} scores (CSV)", all_rows(scored, threshold), "scores.csv", "novelty_scores")
        detector_button(scored.detector)


def detector_button(detector: Detector) -> None:
    """Offer the fitted detector as a file; it is made when it is asked for."""
    st.download_button(
        "The detector (.safetensors)",
        detector.to_bytes,
        "detector.safetensors",
        "application/octet-stream",
        key="novelty_save",
        icon=":material/download:",
        on_click="ignore",
        help="To use it later: open it here, or `python -m explorer score detector.safetensors FILE --out scores.csv`.",
    )


def flagged_rows(scored: ScoredItems, threshold: float) -> list[dict[str, Any]]:
    """The items above the threshold, the most anomalous first, with the columns that they came with."""
    ranks = _ranks(scored)
    flagged = [int(i) for i in scored.order if scored.scores[i] > threshold]
    given = {_told_apart(column): values for column, values in scored.cells.items()}
    return [
        {**_score_columns(scored, i, ranks[i]), **{column: _cell(values, i) for column, values in given.items()}}
        for i in flagged
    ]


def all_rows(scored: ScoredItems, threshold: float) -> list[dict[str, Any]]:
    """Every item in the order in which it was given, so that the scores can be put beside the file."""
    ranks = _ranks(scored)
    return [
        {**_score_columns(scored, i, ranks[i]), "alarm": int(scored.scores[i] > threshold)}
        for i in range(len(scored.scores))
    ]


_OWN = ("rank", "name", "label", "novel", "score", "p_value", "alarm")


def _score_columns(scored: ScoredItems, i: int, rank: int) -> dict[str, Any]:
    known = not np.isnan(scored.scores[i])
    return {
        "rank": rank,
        "name": scored.names[i],
        "label": scored.labels[i],
        "novel": "" if scored.is_novel is None else int(scored.is_novel[i]),
        "score": float(scored.scores[i]) if known else "",
        "p_value": float(scored.p_values[i]) if known else "",
    }


def _ranks(scored: ScoredItems) -> np.ndarray:
    """(N,) 1 for the most anomalous."""
    ranks = np.empty(len(scored), np.int64)
    ranks[scored.order] = np.arange(1, len(scored) + 1)
    return ranks


def _told_apart(column: str) -> str:
    """A column's name, apart from those that are added."""
    return f"{column} (given)" if column in _OWN else column


def _cell(values: Cells, i: int) -> str | float:
    """A cell as it was given; what is missing stays empty."""
    value = values[i]
    if isinstance(value, str):
        return value
    return "" if np.isnan(value) else float(value)
