"""Codes: dimensions, paths, samples and neighbours against closed forms, scikit-learn and statistics."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from explorer import latent
from explorer.checkpoints import LatentStatistics
from explorer.core.errors import ExplorerError


def with_codes(card, codes, kl=None):
    """A card whose code statistics are those of ``codes`` (n, D)."""
    levels = np.linspace(0, 1, 101)
    statistics = LatentStatistics(
        n=len(codes),
        split="train",
        mean=tuple(codes.mean(0).tolist()),
        std=tuple(codes.std(0).tolist()),
        covariance=None,
        levels=tuple(levels.tolist()),
        quantiles=tuple(tuple(row) for row in np.quantile(codes, levels, axis=0).tolist()),
    )
    return card.model_copy(update={"latent": statistics, "kl_per_dimension": kl})


@pytest.fixture
def random():
    return np.random.default_rng(0)


def test_dimensions_of_a_plain_code_are_ordered_by_variance(digits_autoencoder, random):
    codes = random.standard_normal((5000, 3)) * [1, 0, 3] + [0, 7, 10]
    dimensions = latent.dimension_order(with_codes(digits_autoencoder.card, codes))
    assert [d.index for d in dimensions] == [2, 0, 1]
    assert [d.active for d in dimensions] == [True, True, False]
    assert dimensions[0].share == pytest.approx(0.9, abs=0.02)
    assert dimensions[0].centre == pytest.approx(10, abs=0.2)
    assert all(d.low < d.centre < d.high for d in dimensions), "a slider needs a range, even of a constant dimension"


def test_dimensions_of_a_variational_code_are_ordered_by_kl_and_unused_ones_cover_the_prior(digits_vae, random):
    codes = random.standard_normal((5000, 3)) * [0.01, 1, 0.9]
    dimensions = latent.dimension_order(with_codes(digits_vae.card, codes, kl=(0.001, 1.5, 2.5)))
    assert [(d.index, d.share, d.unit) for d in dimensions] == [(2, 2.5, "nats"), (1, 1.5, "nats"), (0, 0.001, "nats")]
    assert [d.active for d in dimensions] == [True, True, False]
    assert (dimensions[2].low, dimensions[2].high) == pytest.approx((-3.09, 3.09), abs=0.01)


def test_dimensions_need_statistics(digits_vae):
    with pytest.raises(ExplorerError, match="without statistics"):
        latent.dimension_order(digits_vae.card.model_copy(update={"latent": None}))


def test_dimensions_of_a_trained_checkpoint(digits_vae):
    dimensions = latent.dimension_order(digits_vae.card)
    assert {d.index for d in dimensions} == {0, 1}
    assert dimensions[0].share == max(digits_vae.card.kl_per_dimension)


def test_manifold_grid_lies_at_normal_quantiles_with_the_second_axis_up(digits_vae):
    grid = latent.manifold_grid(digits_vae.card, 4).reshape(4, 4, 2)
    quantiles = stats.norm.ppf([0.125, 0.375, 0.625, 0.875])
    np.testing.assert_allclose(grid[0, :, 0], quantiles)
    np.testing.assert_allclose(grid[:, 0, 1], quantiles[::-1])


def test_manifold_grid_of_a_plain_code_lies_at_its_quantiles(digits_autoencoder, random):
    codes = random.uniform([0, 10], [1, 30], (20_000, 2))
    grid = latent.manifold_grid(with_codes(digits_autoencoder.card, codes), 2)
    np.testing.assert_allclose(grid, [[0.25, 25], [0.75, 25], [0.25, 15], [0.75, 15]], rtol=0.03)


def test_manifold_grid_needs_two_dimensions(digits_autoencoder):
    with pytest.raises(ExplorerError, match="4 latent dimensions"):
        latent.manifold_grid(digits_autoencoder.card, 3)
