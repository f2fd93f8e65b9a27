"""Novelty of a series: its worked example, and a table whose rows follow one another."""

from __future__ import annotations

import io

import numpy as np
import pytest

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
    app = _fit(app)
    assert not app.exception
    spans = next(frame.value for frame in app.dataframe if "First row" in frame.value)
    assert any(650 <= row <= 671 for row in spans["Hottest row"])
    assert np.all(spans["First row"] >= 540), "what was learnt from is not scored"
