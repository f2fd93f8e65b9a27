"""Codes: dimensions, paths, samples and neighbours against closed forms, scikit-learn and statistics."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from sklearn.neighbors import NearestNeighbors

from explorer import latent
from explorer.checkpoints import LatentStatistics
from explorer.errors import ExplorerError


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


def test_prior_samples_are_normal_seeded_and_scaled_by_temperature(digits_vae):
    codes = latent.sample_prior(digits_vae, 4000, seed=3, temperature=0.5)
    assert stats.kstest(codes.ravel() / 0.5, "norm").pvalue > 1e-3
    np.testing.assert_array_equal(codes, latent.sample_prior(digits_vae, 4000, seed=3, temperature=0.5))
    assert not np.array_equal(codes, latent.sample_prior(digits_vae, 4000, seed=4, temperature=0.5))


def test_a_plain_autoencoder_has_no_prior(digits_autoencoder):
    with pytest.raises(ExplorerError, match="no prior"):
        latent.sample_prior(digits_autoencoder, 1)


def test_mixture_finds_the_clusters_and_samples_them(random):
    centres = np.array([[0.0, 0], [8, 0], [0, 8]])
    codes = np.concatenate([random.normal(centre, 0.5, (300, 2)) for centre in centres])
    mixture = latent.GaussianMixtureSampler(components=(1, 2, 3), seed=0).fit(codes)
    assert mixture.n_components_ == 3
    samples = mixture.sample(3000, seed=1)
    np.testing.assert_allclose(samples.mean(0), codes.mean(0), atol=0.3)
    np.testing.assert_allclose(np.cov(samples.T), np.cov(codes.T), rtol=0.1, atol=0.7)
    assert np.linalg.norm(samples[:, None] - centres, axis=2).min(1).max() < 2.5
    np.testing.assert_array_equal(samples, mixture.sample(3000, seed=1))


def test_density_of_one_normal_cluster_is_its_closed_form(random):
    codes = random.multivariate_normal([1, 2], [[2, 0.5], [0.5, 1]], 5000)
    fitted = latent.GaussianMixtureSampler(components=(1,)).fit(codes)
    expected = stats.multivariate_normal(codes.mean(0), np.cov(codes.T)).logpdf(codes[:50])
    np.testing.assert_allclose(fitted.log_density(codes[:50]), expected, atol=0.01)


def test_percentile_is_high_in_the_middle_and_zero_far_away(random):
    codes = random.standard_normal((2000, 3))
    fitted = latent.density(codes)
    assert fitted.percentile(np.zeros((1, 3)))[0] > 95
    assert fitted.percentile(np.full((1, 3), 9.0))[0] == 0
    assert fitted.percentile(codes).mean() == pytest.approx(50, abs=1)


def test_mixture_of_a_constant_dimension_and_of_too_few_codes(random):
    codes = random.standard_normal((100, 2)) * [1, 0]
    assert np.isfinite(latent.density(codes).sample(10)).all()
    with pytest.raises(ExplorerError, match="10 codes"):
        latent.density(codes[:5])


def test_nearest_agrees_with_scikit_learn(random):
    codes, asked = random.standard_normal((700, 5)), random.standard_normal((600, 5))
    distances, indices = NearestNeighbors(n_neighbors=4).fit(codes).kneighbors(asked)
    found, found_distances = latent.nearest(codes, asked, 4)
    np.testing.assert_array_equal(found, indices)
    np.testing.assert_allclose(found_distances, distances)
    np.testing.assert_array_equal(latent.nearest(codes, asked[0], 4)[0], indices[0])


def test_direction_leads_from_one_group_to_the_other(random):
    codes = random.standard_normal((400, 3))
    np.testing.assert_allclose(latent.attribute_direction(codes, codes + np.array([1, 0, -2])), [1, 0, -2])
    with pytest.raises(ExplorerError, match="both groups"):
        latent.attribute_direction(codes, codes[:0])
