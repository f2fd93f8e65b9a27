"""The Python that a page offers opens the visitor's own data as they said that it is read."""

from __future__ import annotations

import pathlib
from typing import Any

import numpy as np
import pytest
from PIL import Image

from explorer.checkpoints import VectorCheckpoint
from explorer.data import Dataset, ImportOptions, dataset, from_upload
from explorer.evaluation.groups import group_differences
from explorer.export.program import DataCode, program
from explorer.io.images.asked import ImagesAsked
from explorer.io.tables.asked import RolesAsked
from explorer.io.tables.dialect import Asked
from explorer.latent import embedding_quality
from explorer.noise.gaussian import GaussianNoise
from explorer.ui.home import home_page
from explorer.ui.latent_space import group_table
from explorer.ui.shell import selection, session
from tests.pages.conftest import OpenPage, own
from tests.pages.test_copied_python import codes_of, run

ROWS = "name;a;b;kind;day\n" + "".join(
    f"r{i};{i % 7},5;{(i * i) % 11},25;{'even' if i % 2 == 0 else 'odd'};{i % 3}\n" for i in range(60)
)
SAID = ImportOptions(
    dialect=Asked(delimiter=";", decimal=","), roles=RolesAsked(label="kind", identifier=("name",), ignore=("day",))
)


def same(one: Dataset, other: Dataset) -> None:
    np.testing.assert_array_equal(one.x, other.x)
    assert (one.label_names, one.feature_names, one.splits.note) == (
        other.label_names,
        other.feature_names,
        other.splits.note,
    )
    np.testing.assert_array_equal(one.splits.test, other.splits.test)


def opened_by(code: DataCode, model: str = "") -> Dataset:
    first = ["import explorer", f"model = explorer.load({model!r})"] if model else []
    found: Dataset = run(program([*code.lines(model=model), *first]))["data"]
    return found


@pytest.mark.slow
def test_tables_arrays_and_folders_are_opened_as_it_was_said(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    pathlib.Path("rows.csv").write_text(ROWS)
    uploaded = opened_by(DataCode("rows.csv", SAID, is_upload=True))
    same(uploaded, from_upload("rows.csv", ROWS.encode(), options=SAID))
    assert (uploaded.feature_names, uploaded.label_names) == (("a", "b"), ("even", "odd"))
    assert uploaded.x[1, 0] == 1.5, "the decimal comma"
    np.savez("x.npz", x=np.random.default_rng(0).integers(0, 255, (20, 12, 10, 3), dtype=np.uint8))
    for where in ("x.npz", "pictures"):
        if where == "pictures":
            for kind in ("ant", "bee"):
                pathlib.Path(where, kind).mkdir(parents=True)
                for i in range(4):
                    Image.new("RGB", (12, 9), (40 * i, 10, 200)).save(pathlib.Path(where, kind, f"{i}.png"))
        options = ImportOptions(ImagesAsked(size=(8, 6), channels=1), max_side=32)
        read = opened_by(DataCode(where, options))
        assert read.event_shape == (1, 8, 6)
        same(read, dataset(where, options=options))
    assert not np.array_equal(
        opened_by(DataCode("digits", seed=3)).splits.test, opened_by(DataCode("digits")).splits.test
    )


def test_data_are_read_by_the_contract_of_a_model_or_by_one_that_is_written_out(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    pathlib.Path("rows.csv").write_text(ROWS)
    like = dataset("rows.csv", options=SAID)
    options = ImportOptions(like=like.contract, model_columns=like.feature_names)
    code = DataCode("more.csv", options)
    pathlib.Path("more.csv").write_text(ROWS.replace(";", "\t").replace("name\ta\tb", "name\tb\ta"))
    again = opened_by(code)
    same(again, dataset("more.csv", options=options))
    assert again.feature_names == ("a", "b"), "in the order of the model, not of the file"
    text = program([*DataCode("more.csv", options, model="mine").lines(model="mine")])
    assert "like=model.card.data.contract" in text
    assert "like=explorer.load('mine').card.data.contract" in program(DataCode("m", options, model="mine").lines())


@pytest.mark.slow
def test_own_vectors_with_their_trust_and_what_tells_a_selection_from_the_rest(
    open_page: OpenPage, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    pathlib.Path("rows.csv").write_text(ROWS)
    seen: list[Any] = []
    differences = group_table._differences
    monkeypatch.setattr(
        group_table, "_differences", lambda *given: seen.append(differences(*given)) or seen[-1], raising=True
    )
    app = open_page("latent_space", model=session.NO_MODEL)
    app = app.sidebar.text_input(key="data_path").set_value("rows.csv").run()
    app.session_state["user_sources"] = {
        name: type(source)(source.file, source.path, SAID, source.modified)
        for name, source in app.session_state["user_sources"].items()
    }
    del app.session_state["user_datasets"]
    app.query_params[selection.PARAMETERS[selection.SELECTION]] = selection.link_text(
        np.arange(0, 20, 2), dataset("rows.csv", options=SAID).fingerprint
    )
    app = app.run()
    assert not app.exception
    mine = own(app)
    assert mine.feature_names == ("a", "b")
    [code] = codes_of(app)
    names = run(code)
    np.testing.assert_array_equal(names["z"], mine.x)
    assert names["selected"].tolist() == list(range(0, 20, 2))
    trust = embedding_quality.curves(names["z"], names.get("places", names["z"]), sorted({*embedding_quality.KS, 10}))
    np.testing.assert_array_equal(names["trust"].trustworthiness, trust.trustworthiness)
    assert [(one.column, one.value, one.q) for one in names["differences"]] == [
        (one.column, one.value, one.q) for one in seen[-1]
    ]
    assert names["differences"][0].column == "Label", "all selected rows are even"
    assert group_differences(names["columns"], np.isin(names["rows"], names["selected"]))[0].value == "even"


@pytest.mark.slow
def test_the_tiles_of_home(
    open_page: OpenPage,
    tiny_models: dict[str, VectorCheckpoint],
    digits: Dataset,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    drawn: dict[str, Any] = {}
    monkeypatch.setattr(home_page, "strip", lambda x, **words: drawn.__setitem__(words["alt"], x))
    monkeypatch.setattr(home_page, "gallery", lambda x, captions, **words: drawn.setdefault(words["alt"], x))
    [code] = codes_of(open_page("home", model="tiny-plain", data="digits"))
    names = run(code)
    np.testing.assert_allclose(names["path"], drawn["Decoded along the path from one item to another"], atol=1e-5)
    pairs = drawn[f"{GaussianNoise().title} noise"]
    np.testing.assert_allclose(np.stack([names["noisy"], names["clean"]], 1).reshape(pairs.shape), pairs, atol=1e-5)
    anomalous = drawn["Item with a high reconstruction error"]
    np.testing.assert_allclose(names["few"][names["oddest"]] / 255, anomalous[::2], atol=1e-5)
    compared = drawn["One item and its reconstructions:"]
    np.testing.assert_allclose(np.concatenate(names["rebuilt"]), compared[1:], atol=1e-5)
    assert names["losses"][0] == tiny_models["tiny-plain"].card.history[0]["train"]["total"]
    assert names["small_map"].shape == (200, 2)
