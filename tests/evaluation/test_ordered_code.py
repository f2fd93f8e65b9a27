"""The error at each width of an ordered code, beside PCA's."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from sklearn.decomposition import PCA

from explorer import checkpoints, data, evaluation
from explorer.checkpoints import VectorCheckpoint
from explorer.core.errors import ExplorerError
from explorer.evaluation.learn_figures import learn_figures
from explorer.evaluation.ordered_code import errors_by_width, first_numbers, pca_errors_by_width
from explorer.recipe import Recipe
from explorer.training import train


@pytest.fixture(scope="module")
def linear() -> VectorCheckpoint:
    """A linear model whose weights are PCA's components of the training digits."""
    recipe = Recipe.parse(
        {
            "data": {"dataset": "digits"},
            "model": {"family": "undercomplete", "hidden": [], "latent_dim": 6, "linear": True},
            "penalty": {"kind": "nested_dropout"},
            "training": {"epochs": 1, "device": "cpu"},
        }
    )
    *_, last = train(recipe)
    checkpoint = checkpoints.with_codes(last.checkpoint)
    dataset = data.dataset("digits")
    pca = PCA(6).fit(dataset.tensor(dataset.splits.train).flatten(1).numpy())
    mean, components = (torch.from_numpy(a.astype(np.float32)) for a in (pca.mean_, pca.components_))
    weights = {"encoder.1.weight": components, "encoder.1.bias": -components @ mean}
    checkpoint.model.load_state_dict(weights | {"decoder.0.weight": components.T, "decoder.0.bias": mean})
    return checkpoint


def test_at_each_width_pca_s_weights_have_pca_s_error(linear: VectorCheckpoint) -> None:
    dataset, widths = data.dataset("digits"), range(1, 7)
    train_rows, rows = dataset.splits.train, dataset.splits.test
    of_model = errors_by_width(linear, dataset, rows, "test", widths)
    of_pca = pca_errors_by_width(dataset, train_rows, rows, "test", widths)
    x_train, x = (dataset.tensor(r).flatten(1).numpy() for r in (train_rows, rows))
    for width, one, other in zip(widths, of_model, of_pca, strict=True):
        pca = PCA(width).fit(x_train)
        expected = np.square(pca.inverse_transform(pca.transform(x)) - x).sum(1).mean()
        assert one.value == pytest.approx(expected, rel=1e-4)
        assert other.value == pytest.approx(expected, rel=1e-4)
        assert other.n == one.n == len(rows)


def test_the_first_numbers_of_a_code() -> None:
    z = np.arange(1, 9, dtype=np.float32).reshape(2, 4)
    assert first_numbers(z, 2).tolist() == [[1, 2, 0, 0], [5, 6, 0, 0]]
    assert (first_numbers(z, 4) == z).all()


def test_a_code_without_order_is_refused(linear: VectorCheckpoint) -> None:
    recipe = linear.card.recipe.model_copy(update={"penalty": None})
    plain = replace(linear, card=linear.card.model_copy(update={"recipe": recipe}))
    with pytest.raises(ExplorerError, match="no order"):
        errors_by_width(plain, data.dataset("digits"), np.arange(5), "test", [1])


@pytest.mark.slow
def test_the_shipped_ordered_code_beats_pca_at_every_width_on_held_out_items() -> None:
    """By the figures that ship with it, and measured again on images that it was not trained on."""
    figures = learn_figures()
    checkpoint = checkpoints.with_codes(checkpoints.load(figures.ordered_name))
    assert [w.width for w in figures.widths] == list(range(1, checkpoint.latent_dim + 1))
    assert all(w.ordered.high < w.pca.low for w in figures.widths)
    sample = data.dataset("mnist-sample")
    rows, split = evaluation.rows_for(checkpoint, sample)
    assert split == "held out"
    measured = errors_by_width(checkpoint, sample, rows, split, (1, 4, 16, 32))
    values = [m.value for m in measured]
    assert values == sorted(values, reverse=True)
    for one in measured:
        said = figures.widths[(1, 4, 16, 32)[measured.index(one)] - 1].ordered
        assert one.value == pytest.approx(said.value, rel=0.05)
