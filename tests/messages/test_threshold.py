"""The threshold's Python side: what it sends, what it returns after a release, and what the link keeps."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from explorer import novelty
from explorer.browser.envelope import digest
from explorer.core.errors import ExplorerError
from explorer.ui.widgets import threshold_memory
from explorer.ui.widgets.threshold import threshold_view

NORMAL, NOVEL = np.array([3.0, 1.0, 2.0]), np.array([9.0, 4.0])
SCORES, IS_NOVEL = np.concatenate([NORMAL, NOVEL]), np.arange(5) > 2
CALIBRATION = np.arange(19.0)


@pytest.fixture
def browser(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> Browser:
    monkeypatch.setattr(threshold_memory.st, "query_params", {})
    return browser


def _sent(browser: Browser, name: str) -> list[float]:
    return list(browser.message["scores"][name])


def _report(browser: Browser, value: float, start: float | None = None, **wishes: Any) -> None:
    scores = browser.message["scores"]
    digests = {name: digest(scores[name].tobytes()) for name in ("normal", "novel", "calibration")}
    said = {"digests": digests, "start": start, "value": value, "wishes": browser.message["wishes"] | wishes}
    browser.report("t", "threshold", said)


def test_scores_are_sorted_by_kind_and_the_threshold_starts_from_a_rate(browser: Browser) -> None:
    at = threshold_view(SCORES, IS_NOVEL, CALIBRATION, key="t", rate=0.1, own=np.array([7.0, 5.0]))
    assert at == novelty.threshold_for(CALIBRATION, 0.1).value
    assert (_sent(browser, "normal"), _sent(browser, "novel")) == ([1, 2, 3], [4, 9])
    assert (_sent(browser, "calibration"), _sent(browser, "own")) == (list(CALIBRATION), [5, 7])
    area = novelty.auroc(SCORES, IS_NOVEL)
    assert browser.message["area"] == [area.value, area.low, area.high]


def test_a_release_counts_for_these_scores_and_this_rate_only(browser: Browser) -> None:
    threshold_view(SCORES, IS_NOVEL, CALIBRATION, key="t", rate=0.1)
    _report(browser, 2.5, start=0.1)
    assert threshold_view(SCORES, IS_NOVEL, CALIBRATION, key="t", rate=0.1) == 2.5
    assert browser.message["threshold"] == 2.5, "own items that are added later do not move it"
    assert threshold_view(SCORES, IS_NOVEL, CALIBRATION, key="t", rate=0.1, own=np.ones(1)) == 2.5
    assert threshold_view(SCORES, IS_NOVEL, CALIBRATION, key="t", rate=0.5) == 9
    assert threshold_view(SCORES + 1, IS_NOVEL, CALIBRATION, key="t", rate=0.1) == 17
    threshold_view(SCORES, IS_NOVEL, CALIBRATION, key="t", rate=0.1)
    for value in (float("nan"), "3", None):
        _report(browser, value, start=0.1)  # type: ignore[arg-type]
        assert threshold_view(SCORES, IS_NOVEL, CALIBRATION, key="t", rate=0.1) == 17


def test_without_labels_nothing_is_said_of_novel_items(browser: Browser) -> None:
    threshold_view(SCORES, None, CALIBRATION, key="t")
    assert browser.message["scores"]["novel"] is None
    assert browser.message["area"] is None
    assert len(_sent(browser, "normal")) == 5


def test_labels_of_one_kind_are_counted_without_a_curve(browser: Browser) -> None:
    threshold_view(NORMAL, np.zeros(3, bool), CALIBRATION, key="t")
    assert (_sent(browser, "normal"), _sent(browser, "novel")) == ([1, 2, 3], [])
    assert browser.message["area"] is None
    threshold_view(NOVEL, np.ones(2, bool), CALIBRATION, key="t")
    assert (_sent(browser, "normal"), _sent(browser, "novel")) == ([], [4, 9])


def test_rows_without_a_score_are_left_out_and_counted(browser: Browser) -> None:
    threshold_view(np.append(SCORES, np.nan), np.append(IS_NOVEL, True), CALIBRATION, key="t")
    assert (browser.message["left_out"], len(_sent(browser, "novel"))) == (1, 2)


def test_the_axis_is_logarithmic_where_that_helps(browser: Browser) -> None:
    held = np.linspace(1, 2, 50)
    threshold_view(held, None, held, key="t")
    assert browser.message["log"] is False
    low, high = browser.message["ranges"]["log"]
    assert 0 < low < 1
    assert high > 2
    threshold_view(np.logspace(-2, 3, 200), None, held, key="t")
    assert browser.message["log"] is True
    threshold_view(np.linspace(-1, 1000, 200), None, held, key="t")
    assert (browser.message["log"], browser.message["ranges"]["log"]) == (False, None)


def test_equal_scores_still_have_an_axis(browser: Browser) -> None:
    threshold_view(np.ones(4), None, np.ones(9), key="t")
    for low, high in browser.message["ranges"].values():
        assert low < 1 < high


@pytest.mark.parametrize("scores", [np.empty(0), np.array([np.nan]), np.array([1.0, np.inf])])
def test_scores_that_cannot_be_counted_are_refused(browser: Browser, scores: np.ndarray) -> None:
    with pytest.raises(ExplorerError, match="scores"):
        threshold_view(scores, None, CALIBRATION, key="t")


def page() -> None:
    import numpy as np
    import streamlit as st

    from explorer.browser.envelope import digest
    from explorer.browser.threshold.message import ThresholdReleased
    from explorer.ui.widgets import threshold

    held = np.arange(99.0)
    said = None
    if st.session_state.get("release"):
        sent = np.arange(5.0).astype("<f8").tobytes()
        digests = {"normal": digest(sent), "calibration": digest(held.astype("<f8").tobytes())}
        wishes = {"miss": 40, "alarm": 1, "daily": 1000, "share": 0.25, "log": True}
        said = {"digests": digests, "start": None, "value": 89.5, "wishes": wishes}
    read = threshold.last_report
    threshold.last_report = lambda key, report: ThresholdReleased.read(said)
    at = threshold.threshold_view(np.arange(5.0), None, held, key="t")
    threshold.last_report = read
    st.write(f"{at} {st.query_params.to_dict()}")


@pytest.mark.slow
def test_the_link_keeps_prices_and_the_promised_rate() -> None:
    app = AppTest.from_function(page)
    app.session_state["release"] = True
    app.run()
    assert not app.exception
    # Nine of 99 held-out scores lie above 89.5.
    kept = {"miss": "40", "share": "0.25", "log": "1", "false_alarm_rate": "0.1"}
    assert app.markdown[0].value == f"89.5 {kept}"
    again = AppTest.from_function(page)
    for name, value in kept.items():
        again.query_params[name] = value
    again.run()
    assert again.markdown[0].value.startswith("89.0 "), "the lowest threshold that keeps that rate"
    app = AppTest.from_function(page)
    app.query_params["miss"] = "inf"
    app.query_params["false_alarm_rate"] = "seven"
    app.run()
    assert not app.exception
    assert app.markdown[0].value.startswith("94.0 "), "one in twenty"
