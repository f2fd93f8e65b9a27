"""How an input was read stands on each page that takes one, can be changed there, and holds on all of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from explorer.data import ImportOptions
from explorer.io.tables.asked import RolesAsked
from explorer.io.tables.dialect import Asked
from explorer.ui.shell import user_files
from explorer.ui.train import form_data
from tests.pages.conftest import OpenPage, warnings_of, words

GOOD = "novelty_good_files"
UNDECIDED = "amount;pieces\n" + "".join(f"{1 + i % 9}.{(137 * i) % 1000:03d};{i * 7 % 11}\n" for i in range(60))
"""Each amount can be a number of thousands, or one below ten."""


def table(n: int = 120) -> str:
    random = np.random.default_rng(0)
    rows = [
        f"{5000 + i};{'ok' if i % 9 else 'odd'};{a:.2f};{b:.3f}" for i, (a, b) in enumerate(random.normal(9, 1, (n, 2)))
    ]
    return "\n".join(["id;kind;temp;volt", *rows, "1;2"]).replace(".", ",")


def give(app: AppTest, key: str, name: str, text: str) -> AppTest:
    [box] = [box for box in app.get("file_uploader") if box.key == key]
    content = (name, text.encode(), "application/octet-stream")
    box.set_value([content] if key == GOOD else content)
    return app.run()


def said(app: AppTest) -> str:
    assert not app.exception
    return "\n".join(caption.value for caption in app.caption).replace("\\", "")


def read_with(app: AppTest, reading: str) -> AppTest:
    [button] = [button for button in app.button if button.label == f"Read with {reading}"]
    return button.click().run()


@pytest.mark.slow
def test_the_sidebar_says_how_a_table_was_read(open_page: OpenPage, tiny_models: object) -> None:
    app = give(open_page("train", model="tiny-table"), "data_upload", "parts.csv", table())
    app.selectbox(key="train.dataset").set_value(next(iter(app.session_state["user_datasets"]))).run()
    line = "Read as: 120 rows; semicolon, decimal comma; 2 numbers, 1 category; `id` left out: it counts up"
    assert line in said(app)
    left_out = [str(frame.value) for frame in app.dataframe]
    assert any("it counts up" in text for text in left_out), "one press away"


@pytest.mark.slow
def test_two_readings_are_shown_and_one_is_chosen(open_page: OpenPage) -> None:
    app = give(open_page("novelty", novelty_from="good-examples"), GOOD, "eu.csv", UNDECIDED)
    assert not app.error, "a question, no error"
    assert "The decimal sign cannot be told" in warnings_of(app)[0]
    first, second = (frame.value["amount"].tolist() for frame in app.main.dataframe[:2])
    assert first[:3] == [1000, 2137, 3274], "as thousands"
    assert second[:3] == [1.0, 2.137, 3.274], "as numbers below ten"
    assert not [button for button in app.button if button.key == "novelty_fit"], "nothing is learnt before"
    app = read_with(app, "decimal point")
    assert not warnings_of(app)
    assert "Read as: 60 rows; semicolon; 2 numbers" in said(app)
    assert app.button(key="novelty_fit")
    assert "--decimal ." in "\n".join(code.value for code in app.code)


@pytest.mark.slow
def test_an_undecided_table_is_no_data_before_it_is_decided(open_page: OpenPage, tiny_models: object) -> None:
    app = give(open_page("home", model="tiny-table"), "data_upload", "eu.csv", UNDECIDED)
    assert not app.session_state["user_datasets"]
    app = read_with(app, "decimal comma, points between thousands")
    [dataset] = app.session_state["user_datasets"].values()
    np.testing.assert_array_equal(dataset.x[:3, 0], [1000, 2137, 3274])


@pytest.mark.slow
@pytest.mark.parametrize("how", ["path", "upload"])
def test_train_asks_too(open_page: OpenPage, tiny_models: object, tmp_path: Path, how: str) -> None:
    app = open_page("train", model="tiny-table")
    if how == "path":
        path = tmp_path / "eu.csv"
        path.write_text(UNDECIDED)
        app.selectbox(key="train.dataset").set_value(form_data.PATH).run()
        app.text_input(key="train.path").set_value(str(path)).run()
    else:
        app = give(app, "train_upload", "eu.csv", UNDECIDED)
    app = read_with(app, "decimal point")
    assert not app.main.get("error")
    assert "42 training items of 2" in said(app)
    [dataset] = app.session_state["user_datasets"].values()
    np.testing.assert_allclose(dataset.x[:3, 0], [1, 2.137, 3.274])


def test_a_role_that_was_set_is_what_is_learnt_from(open_page: OpenPage) -> None:
    app = open_page("novelty", novelty_from="good-examples")
    file = user_files.user_file("parts.csv", table().encode())
    app.session_state[f"said.{file.key}"] = ImportOptions(roles=RolesAsked(label="kind", identifier=("temp",)))
    app = give(app, GOOD, "parts.csv", table())
    assert "1 number, label `kind`" in said(app)
    assert app.main.multiselect[0].options == ["odd", "ok"]
    assert app.main.multiselect[0].value == ["ok"]
    shown = [code.value for code in app.code]
    assert "--label kind --id temp" in "\n".join(shown)
    scope: dict[str, Any] = {}
    exec(next(value for value in shown if "options =" in value), scope)  # noqa: S102 - our own lines
    assert scope["options"].roles == RolesAsked(label="kind", identifier=("temp",))


def test_labels_that_tell_kinds_apart_are_not_learnt_as_one(open_page: OpenPage) -> None:
    app = open_page("novelty", novelty_from="good-examples")
    text = table().replace("ok", "left").replace("odd", "right")
    file = user_files.user_file("parts.csv", text.encode())
    app.session_state[f"said.{file.key}"] = ImportOptions(dialect=Asked(), roles=RolesAsked(label="kind"))
    app = give(app, GOOD, "parts.csv", text)
    assert "The labels tell 2 kinds apart: left, right." in warnings_of(app)[0]
    assert not [button for button in app.button if button.key == "novelty_fit"]
    [box] = [box for box in app.checkbox if box.label == "All of them are normal"]
    app = box.check().run()
    assert app.button(key="novelty_fit")
    assert "parts.csv" in words(app) or app.button(key="novelty_fit").label.endswith("parts.csv")
