"""Which score wins: intervals from the bootstrap, the sentence that says it, and when nothing is said."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score
from streamlit.testing.v1 import AppTest

from explorer import novelty
from explorer.core.intervals import Interval
from explorer.novelty.baselines import BASELINES
from explorer.ui.novelty.ranking import Standing, compare, verdict


def page() -> None:
    import numpy as np
    import streamlit as st

    from explorer.data.memory_rows import ArrayRows
    from explorer.novelty import inputs, table_fitting
    from explorer.novelty.items import read_items
    from explorer.ui.novelty import ranking
    from explorer.ui.novelty.scored import score_items

    random = np.random.default_rng(0)
    normal = random.normal(0, 1, (600, 4))
    detector = table_fitting.fit_table(inputs.TableInput("rows.csv", ArrayRows(normal, (), "rows.csv")), scorer="knn")
    x = np.concatenate([random.normal(0, 1, (40, 4)), random.normal(2.5, 1, (40, 4))])
    items = read_items(detector, inputs.TableInput("new.csv", ArrayRows(x, (), "new.csv")))
    is_novel = None if st.session_state.get("unlabelled") else np.arange(80) >= 40
    fitted_on = detector.examples[:50] if st.session_state.get("fitted_on") else None
    ranking.ranking(score_items(detector, items, is_novel, "k", "new rows", fitted_on))


def _standing(title: str, value: float, difference: tuple[float, float, float] | None) -> Standing:
    gap = None if difference is None else Interval(**dict(zip(("value", "low", "high"), difference, strict=True)))
    whole = Interval(value=value, low=0, high=1)
    return Standing(title, whole, whole, gap, "the model")


@pytest.fixture
def scored() -> tuple[dict[str, np.ndarray], np.ndarray]:
    """A good score, the same with a little noise, and a poor one."""
    random = np.random.default_rng(0)
    is_novel = np.arange(600) >= 300
    good = random.normal(0, 1, 600) + 3 * is_novel
    poor = random.normal(0, 1, 600) + 0.7 * is_novel
    return {"pca": poor, "knn": good, "isolation-forest": good + random.normal(0, 0.05, 600)}, is_novel


def test_standings_are_ordered_and_compared_with_the_best(scored) -> None:
    scores, is_novel = scored
    first, second, third = compare(scores, is_novel)
    areas = {name: roc_auc_score(is_novel, values) for name, values in scores.items()}
    assert [s.area.value for s in (first, second, third)] == pytest.approx(sorted(areas.values(), reverse=True))
    assert (first.difference, third.title) == (None, "PCA reconstruction")
    assert third.difference == pytest.approx(
        novelty.auroc_difference(scores["pca"], scores[max(areas, key=areas.__getitem__)], is_novel)
    )
    assert third.difference.high < 0 < second.difference.high, "noise that small decides nothing"


def test_standings_can_be_compared_with_one_of_them(scored) -> None:
    scores, is_novel = scored
    standings = compare(scores, is_novel, "pca")
    assert [s.difference is None for s in standings] == [False, False, True]
    assert all(s.difference is None or s.difference.low > 0.1 for s in standings)
    words = verdict(standings, "detector")
    assert words.startswith("Beside **PCA reconstruction**, the detector's score, clearly better: ")
    assert "k-nearest neighbours" in words
    assert "Isolation forest" in words
    assert "worse" not in words


def test_the_sentence_says_who_is_ahead_only_where_it_is_clear() -> None:
    ahead = [_standing("kNN", 0.95, None), _standing("PCA", 0.938, (-0.012, -0.020, -0.004))]
    assert verdict(ahead) == "**kNN** is ahead of PCA by 0.012 (0.004 to 0.020)."
    level = [*ahead[:1], _standing("PCA", 0.945, (-0.005, -0.02, 0.01)), _standing("ECOD", 0.8, (-0.15, -0.2, -0.1))]
    assert verdict(level) == (
        "**No score is clearly ahead**: kNN leads PCA by 0.005 (−0.010 to 0.020); PCA may be as good."
    )
    wide = [*ahead, _standing("ECOD", 0.9, (-0.05, -0.12, 0.001))]
    assert verdict(wide).startswith("**No score is clearly ahead**: kNN leads PCA by 0.012")
    assert "ECOD may be as good" in verdict(wide), "a worse score that is less sure"
    standings = [_standing("kNN", 0.95, (0.01, -0.01, 0.02)), _standing("PCA", 0.94, None)]
    assert (
        verdict(standings, "detector") == "Beside **PCA**, the detector's score, no score is clearly better or worse."
    )


@pytest.mark.slow
def test_the_table_holds_the_detector_and_every_baseline() -> None:
    app = AppTest.from_function(page, default_timeout=60).run()
    assert not app.exception
    table = app.main.dataframe[0].value
    titles = {novelty.REGISTRY[name].title for name in BASELINES if name not in ("pca-maps", "patch-neighbours")}
    assert set(table["Score"]) == titles, "the detector's own score is one of them"
    assert list(table["AUROC"]) == sorted(table["AUROC"], reverse=True)
    assert table["Behind the best by"][0] == ""
    assert "40 normal and 40 novel items" in app.main.caption[-1].value
    assert "fitted on 200 of the 600 normal items" in app.main.caption[-1].value, "what the detector keeps"
    app.main.get("button_group")[0].set_value("detector").run()
    standings = app.main.dataframe[0].value.set_index("Score")["Ahead of the detector's by"]
    assert standings["k-nearest neighbours"] == ""
    assert app.main.markdown[0].value.startswith("Beside **k-nearest neighbours**")


def test_nothing_is_compared_without_labels() -> None:
    app = AppTest.from_function(page, default_timeout=60)
    app.session_state["unlabelled"] = True
    app.run()
    assert not app.exception
    assert not app.main.dataframe
    assert not app.main.markdown
