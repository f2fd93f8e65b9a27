"""The Python that a page offers, run, gives what the page itself shows."""

from __future__ import annotations

import pathlib
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from explorer import evaluation
from explorer.checkpoints import VectorCheckpoint
from explorer.data import Dataset, dataset
from explorer.novelty import normal_splits
from explorer.novelty.fitting import Parts, of_checkpoint
from explorer.ui.generate import attribute, samples
from explorer.ui.generate.real_codes import code_density
from explorer.ui.latent_space import map_downloads
from explorer.ui.latent_space.map_page import View
from explorer.ui.map import planes
from explorer.ui.shell.session import Context
from explorer.ui.shell.vector_items import VectorItems
from tests.pages.conftest import OpenPage


def run(code: str) -> dict[str, Any]:
    """The names that a piece of Python leaves behind."""
    names: dict[str, Any] = {}
    exec(compile(code, "copied", "exec"), names)  # noqa: S102 - that it runs is what is tested
    return names


def shown(checkpoint: VectorCheckpoint, dataset: Dataset) -> Context:
    """What the pages show of a dataset by a model."""
    rows, split = evaluation.rows_for(checkpoint, dataset)
    return Context(checkpoint, dataset, rows, f"{split}, n = {len(rows):,}")


def codes_of(app: AppTest) -> list[str]:
    """The pieces of Python on a page."""
    return [code.value for code in app.main.code if code.language == "python"]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["tiny-vae", "tiny-plain"])
def test_samples(tiny_models: dict[str, VectorCheckpoint], digits: Dataset, name: str) -> None:
    context = shown(tiny_models[name], digits).thinned(200)
    names = run(samples.python_of(context, 16, 5, 0.7))
    draw = samples._draws(context, code_density(context), 5, 0.7)[0]
    np.testing.assert_allclose(names["pictures"], context.checkpoint.decode(draw.codes[:16]), atol=1e-4)


@pytest.mark.slow
@pytest.mark.parametrize("method", [attribute.MEANS, attribute.NORMAL])
def test_a_direction_of_an_attribute(tiny_models: dict[str, VectorCheckpoint], digits: Dataset, method: str) -> None:
    context = shown(tiny_models["tiny-plain"], digits)
    labels = digits.labels[context.rows]
    groups = attribute.Groups(
        context.rows[labels != 3], context.rows[labels == 3], attribute.REST, digits.label_names[3]
    )
    names = run(attribute.python_of(context, groups, method))
    measured = attribute._measure(context, groups, method)
    np.testing.assert_allclose(names["direction"], measured.vector, rtol=1e-4, atol=1e-5)
    assert names["accuracy"] == measured.probe.accuracy_


@pytest.mark.slow
def test_a_map_of_vectors_alone() -> None:
    rows = np.arange(0, 569, 4)
    items = VectorItems(dataset("breast-cancer"), rows, f"a sample of 569, n = {len(rows)}", "standardised")
    view = View("pca", (0, 1), "Label", "even counts", "", 143, 10, 0, None)
    names = run(map_downloads.python_of_vectors(items, view))
    assert len(names["z"]) == len(rows)
    same = VectorItems(items.dataset, names["rows"], items.split, "standardised")
    np.testing.assert_allclose(names["places"], planes.plane(same, "pca").points, atol=1e-4)


@pytest.mark.slow
def test_traversals(open_page: OpenPage, tiny_models: dict[str, VectorCheckpoint]) -> None:
    app = open_page("generate", model="tiny-vae", data="digits", view="Traversals")
    assert not app.exception
    [code] = codes_of(app)
    names = run(code)
    statistics = tiny_models["tiny-vae"].card.latent
    for dim, path in names["codes"].items():
        other = 1 - dim
        assert len(path) == 9
        np.testing.assert_allclose(path[:, other], path[0, other])
        assert path[0, dim] < np.asarray(statistics.mean)[dim] < path[-1, dim]
    shown_ends = " ".join(caption.value for caption in app.main.caption)
    assert all(f"z{dim + 1}" in shown_ends for dim in names["spans"])


@pytest.mark.slow
def test_a_saved_detector(
    open_page: OpenPage,
    tiny_models: dict[str, VectorCheckpoint],
    digits: Dataset,
    tmp_path: pathlib.Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    splits = normal_splits(tiny_models["tiny-plain"], digits, ("0", "1"))
    parts = Parts(splits.fit, np.empty(0, np.int64), splits.calibrate)
    detector = of_checkpoint(tiny_models["tiny-plain"], digits, parts, "reconstruction-error")
    detector.save(tmp_path / "mine.safetensors")
    monkeypatch.chdir(tmp_path)
    app = open_page("novelty", novelty_from="detector", professional="true", model="tiny-plain", data="digits")
    [uploader] = [one for one in app.main.file_uploader if one.key == "novelty_detector"]
    app = uploader.set_value(("mine.safetensors", detector.to_bytes(), "application/octet-stream")).run()
    assert not app.exception
    [code] = codes_of(app)
    names = run(code)
    labels = " ".join(button.proto.label for button in app.main.get("download_button"))
    assert f"The {names['alarms'].sum():,} flagged" in labels
    assert f"All {len(names['scores']):,} scores" in labels
