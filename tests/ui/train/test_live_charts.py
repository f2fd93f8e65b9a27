"""Charts of a run that is going on hold every value, in the colours of the finished figures."""

from __future__ import annotations

import json
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from explorer.core.palette import NORMAL, class_colour
from explorer.ui.train.live_charts import terms

HISTORY = [
    {split: {"total": total, "reconstruction": total - 1, "KL": 1.0} for split in ("train", "validation")}
    for total in (9.0, 7.0, 6.0)
]


def test_a_loss_of_one_term_is_drawn_once() -> None:
    assert terms([{"train": {"total": 1.0, "squared error": 1.0}}]) == ["squared error"]
    assert terms(HISTORY) == ["total", "reconstruction", "KL"]


def _curves(history: list[dict]) -> None:
    from explorer.ui.train import live_charts

    live_charts.curves(history, "nats per item", "curves", log_y=True)


def _map(labels: list[int] | None) -> None:
    import numpy as np

    from explorer.ui.train import live_charts

    points = np.array([[0.0, 1.0], [2.0, 3.0], [4.0, 5.0]])
    live_charts.code_map(points, None if labels is None else np.array(labels), ["cat", "dog"], ("a", "b"), "map")


def _spec(app: AppTest) -> dict[str, Any]:
    assert not app.exception
    return json.loads(app.main.get("vega_lite_chart")[0].proto.spec)


@pytest.mark.slow
def test_curves_name_terms_units_and_splits() -> None:
    encoding = _spec(AppTest.from_function(_curves, args=(HISTORY,)).run())["encoding"]
    assert encoding["color"]["scale"]["domain"] == ["total", "reconstruction", "KL"]
    assert encoding["color"]["scale"]["range"] == [class_colour(i) for i in range(3)]
    assert encoding["strokeDash"]["scale"]["domain"] == ["train", "validation"]
    assert (encoding["y"]["title"], encoding["y"]["scale"]["type"]) == ("Loss (nats per item)", "log")


def test_the_map_colours_classes_as_everywhere() -> None:
    spec = _spec(AppTest.from_function(_map, args=([1, 0, 5],)).run())
    assert spec["encoding"]["color"]["scale"] == {
        "domain": ["cat", "dog", "5"],
        "range": [class_colour(0), class_colour(1), class_colour(5)],
    }
    assert (spec["encoding"]["x"]["title"], spec["encoding"]["y"]["title"]) == ("a", "b")


def test_the_map_without_labels_has_one_colour() -> None:
    spec = _spec(AppTest.from_function(_map, args=(None,)).run())
    assert spec["mark"]["color"] == NORMAL
    assert "color" not in spec["encoding"]
