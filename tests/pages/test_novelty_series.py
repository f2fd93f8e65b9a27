"""Novelty of a series: its worked example, and a table whose rows follow one another."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from explorer.novelty import table_recipe
from tests.novelty.test_series import machine
from tests.pages.conftest import OpenPage
from tests.pages.test_novelty import GOOD, _fit, _give


def test_the_example_shows_windows_and_the_series_with_its_spans(open_page: OpenPage) -> None:
    app = open_page("novelty", novelty_from="heartbeat")
    assert not app.exception
    words = [element.value for element in app.markdown]
    assert "### :orange[An alarm]" in words
    assert "2 spans with an alarm, shaded:" in words
    assert any("rows 1273 to 1304" in text and "held" in text for text in words)
    spans = next(frame.value for frame in app.dataframe if "First row" in frame.value)
    assert spans["First row"].tolist() == [511, 1273]
    assert len(app.get("plotly_chart")) == 2


@pytest.mark.slow
def test_a_table_is_learnt_as_a_series_with_the_period_that_was_found(open_page: OpenPage) -> None:
    values = machine(700, 7)
    values["flow"][650:670] = values["flow"][650]
    text = io.StringIO()
    text.write("flow,heat\n")
    text.writelines(f"{flow:.5f},{heat:.5f}\n" for flow, heat in zip(values["flow"], values["heat"], strict=True))
    app = open_page("novelty", novelty_from="good-examples")
    app = _give(app, GOOD, ("pump.csv", text.getvalue().encode()))
    toggle = next(box for box in app.toggle if box.label.startswith("Rows follow"))
    toggle.set_value(True).run()
    length = next(box for box in app.number_input if box.label == "Rows of a window")
    assert length.value == 24
    score = next(box for box in app.selectbox if box.label == "Score")
    score.set_value("pca").run()
    assert not _layers(app), "no network is trained"
    app = _fit(app)
    assert not app.exception
    spans = next(frame.value for frame in app.dataframe if "First row" in frame.value)
    assert any(650 <= row <= 671 for row in spans["Hottest row"])
    assert np.all(spans["First row"] >= 540), "what was learnt from is not scored"


@pytest.mark.slow
def test_the_layers_of_a_network_of_a_series_are_a_choice(open_page: OpenPage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_recipe, "TRAINING_STEPS", 5)
    values = machine(240, 7)
    lines = [f"{flow:.5f},{heat:.5f}" for flow, heat in zip(values["flow"], values["heat"], strict=True)]
    app = open_page("novelty", novelty_from="good-examples")
    app = _give(app, GOOD, ("pump.csv", "\n".join(["flow,heat", *lines]).encode()))
    assert not _layers(app), "rows by themselves have no order"
    next(box for box in app.toggle if box.label.startswith("Rows follow")).set_value(True).run()
    next(box for box in app.number_input if box.label == "Rows of a window").set_value(8).run()
    next(box for box in app.selectbox if box.label == "Score").set_value("reconstruction-error").run()
    assert any(caption.value.startswith("Windows of 8 rows of `flow`, `heat`") for caption in app.caption)
    (layers,) = _layers(app)
    assert layers.value == "dense"
    layers.set_value("convolutional").run()
    app = _fit(app)
    assert not app.exception
    said = " ".join(element.value for kind in (app.markdown, app.caption, app.info) for element in kind)
    assert "convolutions run along the rows of a window" in said


def _layers(app: AppTest) -> list[Any]:
    return [group for group in app.main.get("button_group") if group.label == "Layers of the network"]
