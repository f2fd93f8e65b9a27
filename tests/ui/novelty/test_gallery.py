"""The gallery: order, reasons and neighbours of scored items, of images and of table rows."""

from __future__ import annotations

import json
import pathlib
import re
from collections.abc import Callable

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from explorer.core import palette
from explorer.core.written import three_digits
from explorer.ui.novelty.gallery import CHOICES, overlay, usual
from explorer.ui.widgets.item_choice import ITEM
from tests.pages.conftest import words


def images_page() -> None:
    import numpy as np
    import streamlit as st

    from explorer import data
    from explorer.novelty.fitting import Parts, of_checkpoint
    from explorer.ui.novelty import gallery
    from explorer.ui.novelty.scored import ScoredItems

    digits = data.dataset("digits")
    checkpoint, score = st.session_state["checkpoint"], st.session_state["score"]
    parts = Parts(digits.splits.train[:300], np.empty(0, np.int64), digits.splits.validation)
    detector = of_checkpoint(checkpoint, digits, parts, score)
    x = digits.x[digits.splits.test[:24]]
    scores = detector.score(x)
    is_novel = None if st.session_state.get("unlabelled") else np.arange(24) % 2 == 0
    names = tuple(f"row {i}" for i in range(24))
    scored = ScoredItems(
        detector, x, names, ("",) * 24, is_novel, scores, detector.p_values(scores), {}, "k", "digits, test"
    )
    marked = np.arange(24) < 2 if st.session_state.get("marked") else None
    gallery.gallery(scored, float(np.sort(scores)[-4]), marked)
    st.session_state["judged"] = scored


def rows_page() -> None:
    import streamlit as st

    from explorer.novelty import inputs, table_fitting
    from explorer.ui.novelty import gallery
    from explorer.ui.novelty.scored import ScoredItems

    detector = table_fitting.fit_table(inputs.open_input(st.session_state["csv"]), scorer=st.session_state["score"])
    cells = {"size": ["5.1", "900", ""], "colour": ["red", "red", "green"], "unit": ["kg", "kg", "kg"]}
    x = detector.encode(cells)
    scores = detector.score(x)
    names = ("plain", "large", "green")
    scored = ScoredItems(
        detector, x, names, ("",) * 3, None, scores, detector.p_values(scores), cells, "k", "three rows"
    )
    gallery.gallery(scored, float(scores[0]))
    st.session_state["judged"] = scored


def _html(app: AppTest) -> str:
    return "".join(element.proto.body for element in app.main.get("html"))


@pytest.fixture
def show_images(digits_vae) -> Callable[..., AppTest]:
    def show(score: str = "reconstruction-error", **state: object) -> AppTest:
        app = AppTest.from_function(images_page, default_timeout=60)
        app.session_state["checkpoint"], app.session_state["score"] = digits_vae, score
        for name, value in state.items():
            app.session_state[name] = value
        app.run()
        assert not app.exception
        return app

    return show


def _titles(app: AppTest) -> list[str]:
    """What the pictures to choose from are called."""
    [content] = [c.proto.bytes for c in app.main.get("bidi_component") if c.proto.component_name.endswith("grid")]
    titles: list[str] = json.loads(content[4 : 4 + int.from_bytes(content[:4], "little")])["titles"]
    return titles


def test_the_most_anomalous_image_stands_first_with_its_verdict_and_reasons(show_images) -> None:
    app = show_images()
    scored, body = app.session_state["judged"], _html(app)
    order = np.argsort(-scored.scores, kind="stable")
    assert [title.split(", ")[:2] for title in _titles(app)] == [
        [f"#{rank}", f"row {row}"] for rank, row in enumerate(order[:CHOICES].tolist(), 1)
    ]
    assert f"row {order[0]}, rank 1 of 24" in words(app)
    assert "An alarm" in words(app)
    assert body.count(">item<") == body.count(">reconstruction<") == body.count(">where it differs<") == 1
    _, distances = scored.detector.nearest(scored.x[order[:1]], 3)
    shown = [float(x) for x in re.findall(r">normal, at ([\d.,]+)<", body)]
    assert shown == pytest.approx(list(distances[0]), rel=5e-3)
    assert "squared error of the reconstruction" in words(app)
    last = app.main.text_input(key=f"{ITEM}.field").set_value("24").run()
    assert f"row {order[23]}, rank 24 of 24" in words(last)
    assert "No alarm" in words(last)
    assert _titles(last)[0].startswith("#19,"), "the page of the chosen one"
    assert last.query_params[ITEM].partition("~")[2] == str(order[23]), "of no data that has a name"


def test_an_item_is_found_by_its_name_and_a_wrong_name_is_said(show_images) -> None:
    app = show_images()
    assert "row 7, rank" in words(app.main.text_input(key=f"{ITEM}.field").set_value("row 7").run())
    missed = app.main.text_input(key=f"{ITEM}.field").set_value("*nobody*").run()
    assert r"Nothing here is called \*nobody\*" in missed.main.warning[0].value
    assert "row 7, rank" in words(missed), "what was chosen stays"


def test_a_score_of_the_items_alone_has_neither_reconstruction_nor_map(show_images) -> None:
    body = _html(show_images("pca"))
    assert body.count(">item<") == 1
    assert ">reconstruction<" not in body
    assert ">where it differs<" not in body


def test_a_score_that_looks_at_places_shows_the_item_under_its_map(show_images, monkeypatch) -> None:
    monkeypatch.setattr(
        "explorer.novelty.detector.LEVEL_EXAMPLES", 1000
    )  # what is usual: by all examples, not by some of them
    app = show_images("pca-maps")
    scored = app.session_state["judged"]
    [content] = [c.proto.bytes for c in app.main.get("bidi_component") if c.proto.component_name.endswith("heat_map")]
    message = json.loads(content[4 : 4 + int.from_bytes(content[:4], "little")])
    first = int(scored.order[0])
    assert message["alt"] == f"row {first}"
    assert message["unit"] == "squared error"
    assert message["threshold"] == scored.detector.pixel_threshold(0.01).value
    own = scored.detector.maps(scored.x[first : first + 1])[0]
    assert own.astype("<f4").tobytes() in content
    assert np.sort(scored.detector.map_peaks).astype("<f8").tobytes() in content
    assert message["usual"] == pytest.approx(np.median(scored.detector.maps(scored.detector.examples)))
    assert ">where it differs<" not in _html(app)


def test_marked_items_can_be_shown_alone_and_unlabelled_ones_are_called_nothing(show_images) -> None:
    app = show_images(marked=True, unlabelled=True)
    assert "novel" not in words(app)
    app.main.toggle(key="novelty_selected").set_value(True).run()
    assert {title.split(", ")[1] for title in _titles(app)} == {"row 0", "row 1"}
    assert all(title.endswith("selected") for title in _titles(app))


@pytest.fixture
def open_rows(tmp_path) -> Callable[[str], AppTest]:
    """Normal rows: sizes about 5, red or blue, one unit."""
    random = np.random.default_rng(0)
    sizes, colours = random.normal(5, 0.1, 200), random.choice(["red", "blue"], 200, p=[0.75, 0.25])
    lines = [f"{size:.3f},{colour},kg" for size, colour in zip(sizes, colours, strict=True)]
    file = tmp_path / "normal.csv"
    file.write_text("\n".join(["size,colour,unit", *lines]))

    def show(score: str) -> AppTest:
        app = AppTest.from_function(rows_page, default_timeout=60)
        app.session_state["csv"], app.session_state["score"] = str(file), score
        app.run()
        assert not app.exception
        return app

    return show


def test_rows_are_explained_by_their_columns(open_rows) -> None:
    app = open_rows("ecod")
    scored, table = app.session_state["judged"], app.main.dataframe[1].value
    order = [scored.names[i] for i in np.argsort(-scored.scores)]
    assert list(table["Item"]) == [f"#{rank}, {name}" for rank, name in enumerate(order, 1)]
    assert dict(zip(order, table["Alarm"], strict=True)) == {"large": "yes", "green": "yes", "plain": "no"}
    large = order.index("large")
    assert table["Most anomalous columns (share of the score)"][large].startswith("size ")
    assert "Label" not in table
    inside = app.main.text_input[0].set_value("large").run().main.dataframe[0].value
    assert inside["Column"][0] == "size"
    size = inside.iloc[0]
    assert size["Value"] == "900"
    low, high = (float(x) for x in size["Usual"].split(" to "))
    assert (low, high) == pytest.approx((5 - 0.164, 5 + 0.164), abs=0.06), "the middle 90 % of normal sizes"
    assert size["Share of the score"] > 0.5
    assert inside["Share of the score"].sum() == pytest.approx(1, abs=1e-5)
    others = inside.set_index("Column")
    assert others.loc["colour", "Usual"].startswith("red 7")
    assert others.loc["unit", "Usual"] == "kg 100%"
    nearest = [column for column in inside if column.startswith("Normal ")]
    assert len(nearest) == 3
    assert 4.6 < float(size[nearest[0]]) < 5.4
    green = app.main.text_input[0].set_value("green").run().main.dataframe[0].value.set_index("Column")
    assert green.loc["colour", "Value"] == "green"
    assert green.loc["size", "Value"] == "missing"
    assert {"red", "blue"} >= {green.loc["colour", column] for column in nearest if column in green}


def rows_with_remarks_page() -> None:
    import streamlit as st

    from explorer.novelty import inputs, table_fitting
    from explorer.novelty.items import read_items
    from explorer.ui.novelty import gallery
    from explorer.ui.novelty.scored import score_items

    table = inputs.open_input(st.session_state["csv"])
    detector = table_fitting.fit_table(table, scorer="ecod")
    items = read_items(detector, inputs.open_input(st.session_state["scored"]))
    scored = score_items(detector, items, None, "k", "rows")
    gallery.gallery(scored, 1e9)
    st.session_state["judged"] = scored


def test_what_stands_beside_a_row_is_told_with_it(tmp_path: pathlib.Path) -> None:
    """A remark and a date that no detector looks at: cut in the list, in full beside the item, text first."""
    random = np.random.default_rng(0)
    (tmp_path / "normal.csv").write_text("\n".join(["size", *(f"{s:.4f}" for s in random.normal(5, 0.1, 200))]))
    remarks = [f"part {i} came <b>back</b> from the customer, who said {'much ' * 30}of it" for i in range(70)]
    lines = [f'2026-01-{i % 28 + 1:02d},{5 + i / 10:.2f},"{remark}"' for i, remark in enumerate(remarks)]
    (tmp_path / "new.csv").write_text("\n".join(["seen,size,remark", *lines]))
    app = AppTest.from_function(rows_with_remarks_page, default_timeout=60)
    app.session_state["csv"], app.session_state["scored"] = str(tmp_path / "normal.csv"), str(tmp_path / "new.csv")
    app.run()
    assert not app.exception
    _, beside, table = (frame.value for frame in app.main.dataframe)
    first = int(app.session_state["judged"].order[0])
    assert first > 0, "the first row is the one most like the others"
    assert beside["beside it"].tolist() == ["remark", "seen"]
    assert beside["value"].tolist() == [remarks[first], f"2026-01-{first % 28 + 1:02d}"]
    order = app.session_state["judged"].order[: len(table)]
    assert [cell.split(" came")[0] for cell in table["remark"]] == [f"part {i}" for i in order]
    assert table["remark"][0].endswith(f"({len(remarks[first])} letters)")
    assert table["Most anomalous columns (share of the score)"][0] == f"size {three_digits(5 + first / 10)} (100%)"


@pytest.mark.slow
def test_a_score_without_parts_shows_values_alone(open_rows) -> None:
    inside, table = (frame.value for frame in open_rows("isolation-forest").main.dataframe)
    assert "Most anomalous columns (share of the score)" not in table
    assert "Share of the score" not in inside
    assert list(inside["Column"]) == ["size", "colour", "unit"]


def test_heat_lies_over_the_image_on_one_scale() -> None:
    x = np.full((2, 1, 2, 2), 0.5, np.float32)
    maps = np.array([[[0.0, -3.0], [5.0, 10.0]], [[20.0, 0.0], [0.0, 0.0]]])
    shown = overlay(x, maps, 10.0)
    assert shown.shape == (2, 3, 2, 2)
    assert (shown[0, :, 0, 0] == 128).all(), "nothing odd: the image as it is"
    assert (shown[0, :, 0, 1] == 128).all(), "redrawn better than usual is not odd"
    full = np.array([int(palette.SEQUENTIAL[-1][i : i + 2], 16) for i in (1, 3, 5)])
    np.testing.assert_allclose(shown[0, :, 1, 1], 0.1 * 127.5 + 0.9 * full, atol=1)
    np.testing.assert_array_equal(shown[0, :, 1, 1], shown[1, :, 0, 0], "beyond the scale is its end")


def test_what_is_usual_of_numbers_and_of_words() -> None:
    assert usual(np.arange(101.0)) == "5.00 to 95.0"
    assert usual(np.array([np.nan, 2.0, 2.0])) == "always 2.00"
    assert usual(np.array([*[2.0] * 99, 7.0])) == "mostly 2.00"
    assert usual(np.array([np.nan])) == "missing"
    assert usual(["a", "a", "b", ""]) == "a 50%, b 25%, missing 25%"
