"""The recipes of the papers have the sizes of the papers."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from explorer.core import places
from explorer.data import DATASETS
from explorer.models import VariationalAutoencoder
from explorer.recipe import Recipe

PAPERS = sorted((places.shipped("recipes") / "papers").glob("*.toml"))


def dense(*sizes: int) -> int:
    """Weights and biases of dense layers through these sizes."""
    return sum(a * b + b for a, b in itertools.pairwise(sizes))


WEIGHTS = {
    "vae-784-400-40": dense(784, 400, 40) + dense(400, 40) + dense(40, 400, 784),
    "iwae-static-50": dense(784, 200, 200, 50) + dense(200, 50) + dense(50, 200, 200, 784),
    "vae-burda-50": dense(784, 200, 200, 50) + dense(200, 50) + dense(50, 200, 200, 784),
    "iwae-burda-50": dense(784, 200, 200, 50) + dense(200, 50) + dense(50, 200, 200, 784),
    # Ours, of no paper: with 200 pseudo-inputs of the prior.
    "vae-vamp-40": dense(784, 400, 400, 40) + dense(400, 40) + dense(40, 400, 400, 784) + 200 * 784,
}


@pytest.mark.parametrize("path", PAPERS, ids=lambda path: path.stem)
def test_a_recipe_has_the_sizes_of_its_paper(path: Path) -> None:
    recipe = Recipe.from_toml(path)
    assert recipe.name == path.stem
    model = recipe.build(DATASETS[recipe.data.dataset].event_shape)
    assert isinstance(model, VariationalAutoencoder)
    assert sum(p.numel() for p in model.parameters()) == WEIGHTS[path.stem]
    assert (model.objective is None) == path.stem.startswith("vae")
    # Static bits are learnt as they are, greys drawn anew.
    assert recipe.model.likelihood == ("bernoulli" if recipe.data.dataset == "binarized-mnist" else "binarised")


def test_no_recipe_is_forgotten() -> None:
    assert {path.stem for path in PAPERS} == set(WEIGHTS)
