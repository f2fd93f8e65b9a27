"""Every score of the registry by onnxruntime alone: what the score itself says, or a refusal in words."""

from __future__ import annotations

import pathlib

import numpy as np
import pytest
import torch

from explorer import checkpoints, novelty
from explorer.checkpoints import VectorCheckpoint
from explorer.core.errors import ExplorerError
from explorer.data import Dataset, dataset
from explorer.data.encoding import TableEncoding
from explorer.export.onnx_files.scores import GRAPHS, graph_of
from explorer.export.onnx_files.writing import OnnxRun, described, written
from explorer.novelty.scores.scorer import Scorer
from explorer.recipe import Recipe
from explorer.training import train
from tests.rows_with_rules import rows_with_rules

PLACE_BY_PLACE = {
    "place-codes",
    "structural-error",
    "masked-patches",
    "registered-template",
    "combined-maps",
    "pretrained-patches",
    "pca-maps",
    "patch-neighbours",
}


def run(scorer: Scorer, x: np.ndarray) -> np.ndarray:
    """Scores by onnxruntime, of a graph that was traced on other numbers of items."""
    content = described(written(graph_of(scorer), {"x": torch.from_numpy(x[:3])}, ["score"]), {})
    score: np.ndarray = OnnxRun(content)({"x": x})["score"]
    return score


def test_every_score_has_a_graph_or_a_reason() -> None:
    assert {*GRAPHS} == {*novelty.REGISTRY} - PLACE_BY_PLACE


@pytest.fixture(scope="module")
def cells() -> Dataset:
    return dataset("breast-cancer")


@pytest.fixture(scope="module")
def digits() -> Dataset:
    return dataset("mnist-sample")


@pytest.fixture(scope="module")
def of_cells() -> VectorCheckpoint:
    return checkpoints.with_codes(checkpoints.load("breast-cancer-undercomplete"))


@pytest.fixture(scope="module")
def of_digits() -> VectorCheckpoint:
    return checkpoints.with_codes(checkpoints.load("mnist-vae-2d"))


@pytest.mark.parametrize("name", GRAPHS)
def test_rows_with_and_without_missing_cells(name: str, of_cells: VectorCheckpoint, cells: Dataset) -> None:
    kind = novelty.REGISTRY[name]
    if not kind.applies_to(of_cells):
        pytest.skip("not defined for this model")
    scorer = kind.for_checkpoint(of_cells).fit(cells.x[:150])
    x = cells.x[150:350].astype(np.float32)
    x[::3, 4] = np.nan
    x[5, :8] = np.nan
    np.testing.assert_allclose(run(scorer, x), scorer.score(x), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("name", GRAPHS)
def test_images(name: str, of_digits: VectorCheckpoint, digits: Dataset) -> None:
    kind = novelty.REGISTRY[name]
    if not kind.applies_to(of_digits) or kind.of_tables:
        pytest.skip("not defined for this model")
    scorer = kind.for_checkpoint(of_digits).fit(digits.x[:120])
    x = digits.x[200:260]
    by_onnx = run(scorer, x / np.float32(255))
    np.testing.assert_allclose(by_onnx, scorer.score(x), rtol=1e-5, atol=5e-5)


@pytest.mark.parametrize("name", ["relations", "categories", "knn-and-rules"])
def test_rules_that_are_kept_and_broken(name: str) -> None:
    normal = rows_with_rules(400, 0)
    encoding = TableEncoding.learn(normal, "made up")
    scorer = novelty.REGISTRY[name]().learn_columns(encoding).fit(encoding.encode(normal))
    new = rows_with_rules(300, 1)
    new["area"] = np.where(np.arange(300) % 3, new["area"], -1.0)  # has no logarithm
    new["kind"] = [("Z", "", "C", kind)[i % 4] for i, kind in enumerate(new["kind"])]
    new["width"] = np.where(np.arange(300) % 7, new["width"], np.nan)
    x = encoding.encode(new)
    scores = scorer.score(x)
    assert len(np.unique(scores)) > 5
    np.testing.assert_allclose(run(scorer, x), scores, rtol=1e-9, atol=1e-9)


def test_what_looks_place_by_place_is_refused_with_a_way_on() -> None:
    scorer = novelty.REGISTRY["patch-neighbours"]()
    with pytest.raises(ExplorerError, match="place by place") as refusal:
        graph_of(scorer)
    assert "explorer score" in str(refusal.value.hint)


@pytest.mark.slow
@pytest.mark.parametrize(("prior", "name"), [("mixture", "elbo-divergence"), ("vamp", "negative-elbo")])
def test_learnt_priors(prior: str, name: str) -> None:
    model = {"family": "variational", "hidden": [8], "likelihood": "gaussian", "prior": prior, "prior_components": 4}
    cells = {"data": {"dataset": "breast-cancer"}, "model": model, "training": {"epochs": 1, "device": "cpu"}}
    *_, last = train(Recipe.parse(cells))
    x = dataset("breast-cancer").x[:60].astype(np.float32)
    x[::3, 4] = np.nan
    scorer = novelty.REGISTRY[name].for_checkpoint(checkpoints.with_codes(last.checkpoint)).fit(x)
    np.testing.assert_allclose(run(scorer, x), scorer.score(x), rtol=1e-4, atol=1e-4)


@pytest.mark.slow
@pytest.mark.parametrize("likelihood", ["negative_binomial", "by_column"])
def test_likelihoods_by_column(likelihood: str, tmp_path: pathlib.Path) -> None:
    random = np.random.default_rng(0)
    x = random.poisson([0.5, 3, 40], (120, 3)).astype(np.float32)
    names = "a,b,c" if likelihood == "negative_binomial" else "a,b,c,kind"
    rows = [[*map(int, row), *(["xyz"[i % 3]] if "kind" in names else [])] for i, row in enumerate(x)]
    (tmp_path / "t.csv").write_text("\n".join([names, *(",".join(map(str, row)) for row in rows)]))
    model = {"family": "variational", "hidden": [8], "likelihood": likelihood}
    roles = {"label": ""}
    values = {"data": {"dataset": str(tmp_path / "t.csv"), "roles": roles}, "model": model, "training": {"epochs": 1}}
    *_, last = train(Recipe.parse(values))
    x = np.concatenate([x, np.eye(4, dtype=np.float32)[np.arange(120) % 3]], 1)[:, : last.checkpoint.event_shape[0]]
    x[::3, 1] = np.nan
    checkpoint = checkpoints.with_codes(last.checkpoint)
    scorer = novelty.REGISTRY["negative-elbo"].for_checkpoint(checkpoint).fit(x)
    scores = scorer.score(x)
    assert np.isfinite(scores).all()
    np.testing.assert_allclose(run(scorer, x), scores, rtol=1e-5, atol=1e-5)
