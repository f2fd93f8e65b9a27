"""Charts of a run that is in progress: redrawn every second in place.

Streamlit builds a Plotly figure anew whenever its data changes, which blinks; Vega-Lite charts take new data. What they
show and their colours are those of ``figures``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import streamlit as st
from jaxtyping import Num, Shaped

from explorer.core.palette import NORMAL, class_colour

HEIGHT, MAP_HEIGHT = 300, 420
SPLITS = ("train", "validation")
_LEGEND = {"orient": "top", "title": None, "columns": 5}


def curves(history: Sequence[Mapping[str, Any]], unit: str, key: str, log_y: bool = False) -> None:
    """Every term of the loss by epoch, training solid and validation dashed.

    Args:
        history: as a card's ``history``, at least one epoch.
        unit: of the loss.
        key: of the chart.
        log_y: logarithmic axis.
    """
    names = terms(history)
    rows = [
        {"epoch": number, "loss": entry[split][name], "term": name, "split": split}
        for number, entry in enumerate(history, 1)
        for split in SPLITS
        for name in names
    ]
    colours = [class_colour(number) for number in range(len(names))]
    spec = {
        "height": HEIGHT,
        "mark": {"type": "line", "strokeWidth": 2, "point": {"size": 16}},
        "encoding": {
            "x": {"field": "epoch", "type": "quantitative", "title": "Epoch", "axis": {"tickMinStep": 1}},
            "y": {
                "field": "loss",
                "type": "quantitative",
                "title": f"Loss ({unit})",
                "scale": {"type": "log" if log_y else "linear", "zero": not log_y},
            },
            "color": {"field": "term", "type": "nominal", "scale": _scale(names, colours), "legend": _LEGEND},
            "strokeDash": {
                "field": "split",
                "type": "nominal",
                "scale": _scale(SPLITS, [[1, 0], [5, 4]]),
                "legend": _LEGEND,
            },
        },
    }
    st.vega_lite_chart(_columns(rows), spec, width="stretch", key=key)


def terms(history: Sequence[Mapping[str, Any]]) -> list[str]:
    """The terms to draw: a loss of one term is its own total."""
    names = list(dict.fromkeys(name for entry in history for name in entry["train"]))
    return [name for name in names if name != "total"] if len(names) == 2 else names


def code_map(
    points: Num[np.ndarray, "n 2"],
    labels: Shaped[np.ndarray, " n"] | None,
    names: Sequence[str],
    axes: tuple[str, str],
    key: str,
) -> None:
    """Codes in two dimensions, one colour a class.

    Args:
        points: (N, 2).
        labels: (N,) indices into ``names``, or None for one colour.
        names: of the classes; where they are not known, their numbers.
        axes: titles.
        key: of the chart.
    """
    present = [] if labels is None else np.unique(labels).tolist()
    shown = {label: names[label] if 0 <= label < len(names) else str(label) for label in present}
    rows: dict[str, list[Any]] = {"x": points[:, 0].tolist(), "y": points[:, 1].tolist()}
    mark: dict[str, Any] = {"type": "circle", "size": 36, "opacity": 0.75}
    encoding: dict[str, Any] = {
        axis: {"field": axis, "type": "quantitative", "title": title, "scale": {"zero": False}}
        for axis, title in zip("xy", axes, strict=True)
    }
    if labels is None:
        mark["color"] = NORMAL
    else:
        rows["class"] = [shown[label] for label in labels.tolist()]
        scale = _scale(list(shown.values()), [class_colour(label) for label in present])
        encoding["color"] = {"field": "class", "type": "nominal", "scale": scale, "legend": _LEGEND | {"columns": 10}}
    st.vega_lite_chart(rows, {"height": MAP_HEIGHT, "mark": mark, "encoding": encoding}, width="stretch", key=key)


def _scale(domain: Sequence[str], values: Sequence[Any]) -> dict[str, Any]:
    return {"domain": list(domain), "range": list(values)}


def _columns(rows: Sequence[Mapping[str, Any]]) -> dict[str, list[Any]]:
    return {name: [row[name] for row in rows] for name in rows[0]}
