"""What is written of scored items, column by column: the same from the command line and from the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Bool, Float, Num

from explorer.data.item_names import ITEM, beside
from explorer.novelty.detector import Detector
from explorer.novelty.regions import peak_of, regions_above

TOP_COLUMNS = 3
"""How many of a row's columns an alarm names."""
REASONS, BOXES, AREAS, PROMISE = "reasons", "boxes", "areas", "promise"
OF_THEIR_OWN = (REASONS, BOXES, AREAS, PROMISE)
"""Names that no column of the data has in what is written."""

Reason = tuple[str, float]
"""A column, and its share of the score in [0, 1]."""
Box = tuple[int, int, int, int]
"""Top, left, height and width in pixels, places from 0."""


@dataclass(frozen=True, eq=False)
class Along:
    """Columns of the data that go along with the scores.

    Args:
        columns: (n,) each, the identifiers first: lists of text, or Arrow arrays.
        ids: how many of them are identifiers.
    """

    columns: Mapping[str, Any]
    ids: int = 0


NOTHING_ALONG = Along({})


def score_columns(
    detector: Detector,
    keys: Sequence[str],
    x: Num[np.ndarray, "n *event"],
    scores: Float[np.ndarray, " n"],
    p_values: Float[np.ndarray, " n"],
    threshold: float,
    labels: Sequence[str] | None = None,
    maps: Float[np.ndarray, "n h w"] | None = None,
    pixel_threshold: float | None = None,
    along: Along = NOTHING_ALONG,
) -> dict[str, Any]:
    """The columns of some items, (n,) each: identifiers, item, label, score, p-value, alarm, why, and what goes along.

    Args:
        detector: that scored them.
        keys: (n,) what each is called in files.
        x: (n, *event) as the scorer takes them.
        scores, p_values: (n,), NaN where nothing is known.
        threshold: above it is an alarm.
        labels: (n,) empty where there is none; None: there are none.
        maps: (n, H, W) of images; None: their boxes are not written.
        pixel_threshold: above which a pixel is in a box.
        along: columns of the data.
    """
    alarm = scores > threshold
    own: dict[str, Any] = {ITEM: list(keys)}
    if labels is not None:
        own["label"] = list(labels)
    own |= {"score": scores, "p_value": p_values, "alarm": alarm}
    if detector.card.encoding is not None:
        own[REASONS] = reasons(detector, x, alarm)
    if maps is not None and pixel_threshold is not None:
        own |= region_columns(maps, pixel_threshold)
    others = beside(list(dict.fromkeys([*own, *OF_THEIR_OWN])), along.columns)
    return {**dict(others[: along.ids]), **own, **dict(others[along.ids :])}


def reasons(
    detector: Detector, x: Num[np.ndarray, "n d"], alarm: Bool[np.ndarray, " n"], top: int = TOP_COLUMNS
) -> list[list[Reason]]:
    """(n,) of each alarm the columns that add most to its score, the most first; nothing of other rows."""
    named: list[list[Reason]] = [[] for _ in range(len(x))]
    rows = np.flatnonzero(alarm)
    parts = detector.contributions(x[rows]) if len(rows) else None
    if parts is None:
        return named
    names: Sequence[str] = detector.table_encoding.names
    shares = parts / np.maximum(parts.sum(1, keepdims=True), np.finfo(np.float32).tiny)
    if detector.card.windows is not None:
        shares = detector.card.windows.by_column(shares, names)
        names = detector.card.windows.columns
    for row, share in zip(rows.tolist(), shares, strict=True):
        order = np.argsort(-share, kind="stable")[:top]
        named[row] = [(names[column], float(share[column])) for column in order if share[column] > 0]
    return named


def region_columns(maps: Float[np.ndarray, "n h w"], threshold: float) -> dict[str, Any]:
    """Columns of (n,): where each map is highest, and box and area of each region above a threshold."""
    columns: dict[str, Any] = {"peak_row": [], "peak_column": [], BOXES: [], AREAS: []}
    for own in maps:
        regions = regions_above(own, threshold)
        row, column = peak_of(own)
        columns["peak_row"].append(row)
        columns["peak_column"].append(column)
        columns[BOXES].append([region.box for region in regions])
        columns[AREAS].append([region.area for region in regions])
    return columns
