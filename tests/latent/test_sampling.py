"""Samples of codes and their density against closed forms and statistics."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from sklearn.mixture import GaussianMixture
from threadpoolctl import threadpool_info, threadpool_limits

from explorer.core.errors import ExplorerError
from explorer.latent import sampling


@pytest.fixture
def random():
    return np.random.default_rng(0)


def test_prior_samples_are_normal_seeded_and_scaled_by_temperature(digits_vae):
    codes = sampling.sample_prior(digits_vae, 4000, seed=3, temperature=0.5)
    assert stats.kstest(codes.ravel() / 0.5, "norm").pvalue > 1e-3
    np.testing.assert_array_equal(codes, sampling.sample_prior(digits_vae, 4000, seed=3, temperature=0.5))
    assert not np.array_equal(codes, sampling.sample_prior(digits_vae, 4000, seed=4, temperature=0.5))


def test_a_plain_autoencoder_has_no_prior(digits_autoencoder):
    with pytest.raises(ExplorerError, match="no prior"):
        sampling.sample_prior(digits_autoencoder, 1)


def test_a_fit_leaves_the_linear_algebra_one_thread_and_gives_the_others_back(random, monkeypatch):
    fit, threads = GaussianMixture.fit, []

    def counted(mixture, codes):
        threads.append([library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"])
        return fit(mixture, codes)

    monkeypatch.setattr(GaussianMixture, "fit", counted)
    with threadpool_limits(2, "blas"):
        sampling.GaussianMixtureSampler(components=(1,)).fit(random.standard_normal((20, 2)))
        after = [library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"]
    assert threads
    assert all(set(each) == {1} for each in threads)
    assert set(after) == {2}


def test_mixture_finds_the_clusters_and_samples_them(random):
    centres = np.array([[0.0, 0], [8, 0], [0, 8]])
    codes = np.concatenate([random.normal(centre, 0.5, (300, 2)) for centre in centres])
    mixture = sampling.GaussianMixtureSampler(components=(1, 2, 3), seed=0).fit(codes)
    assert mixture.n_components_ == 3
    samples = mixture.sample(3000, seed=1)
    np.testing.assert_allclose(samples.mean(0), codes.mean(0), atol=0.3)
    np.testing.assert_allclose(np.cov(samples.T), np.cov(codes.T), rtol=0.1, atol=0.7)
    assert np.linalg.norm(samples[:, None] - centres, axis=2).min(1).max() < 2.5
    np.testing.assert_array_equal(samples, mixture.sample(3000, seed=1))


@pytest.mark.slow
@pytest.mark.parametrize(("dimensions", "temperature"), [(3, 1.0), (3, 0.5), (70, 1.0)])
def test_samples_have_the_moments_of_the_mixture(random, dimensions, temperature):
    """The law of total variance, for full covariances and, in many dimensions, for diagonal ones."""
    clusters = [random.normal(centre, 1 + centre, (400, dimensions)) for centre in (0, 3, -0.5)]
    fitted = sampling.GaussianMixtureSampler(components=(3,)).fit(np.concatenate(clusters))
    weights, means, within = (getattr(fitted.mixture_, f"{name}_") for name in ("weights", "means", "covariances"))
    within = within if within.ndim == 3 else np.stack([np.diag(v) for v in within])
    mean = weights @ means
    between = np.einsum("k,ki,kj->ij", weights, means - mean, means - mean)
    covariance = between + temperature**2 * np.tensordot(weights, within, 1)
    n = 60_000
    samples = fitted.sample(n, seed=1, temperature=temperature).astype(np.float64)
    std = np.sqrt(np.diag(covariance))
    assert np.abs((samples.mean(0) - mean) / std).max() < 5 / np.sqrt(n)
    off = (np.cov(samples.T) - covariance) / np.outer(std, std)
    assert np.abs(off).max() < 0.05
    assert np.sqrt(np.mean(off**2)) < 0.015


def test_density_of_one_normal_cluster_is_its_closed_form(random):
    codes = random.multivariate_normal([1, 2], [[2, 0.5], [0.5, 1]], 5000)
    fitted = sampling.GaussianMixtureSampler(components=(1,)).fit(codes)
    expected = stats.multivariate_normal(codes.mean(0), np.cov(codes.T)).logpdf(codes[:50])
    np.testing.assert_allclose(fitted.log_density(codes[:50]), expected, atol=0.01)


@pytest.mark.slow
def test_percentile_is_high_in_the_middle_and_zero_far_away(random):
    codes = random.standard_normal((2000, 3))
    fitted = sampling.density(codes)
    assert fitted.percentile(np.zeros((1, 3)))[0] > 95
    assert fitted.percentile(np.full((1, 3), 9.0))[0] == 0


@pytest.mark.parametrize("dimensions", [2, 16, 64])
@pytest.mark.parametrize("clusters", [1, 8])
def test_percentiles_of_fresh_codes_are_spread_evenly(dimensions, clusters, random):
    """Under a mixture that has seen the codes, 11 to 25 % of fresh ones fell below the 5 % of 64 dimensions."""
    centres = 1.5 * random.standard_normal((clusters, dimensions))

    def draw(n):
        return centres[random.integers(clusters, size=n)] + 0.5 * random.standard_normal((n, dimensions))

    n = 1000
    percentiles = sampling.GaussianMixtureSampler((1, clusters)).fit(draw(n)).percentile(draw(4000))
    for level in (1, 5, 50):
        # Limits are quantiles of n codes, and the mixture of all is a little better than those of four fifths.
        spread = 100 * np.sqrt(level / 100 * (1 - level / 100) * (1 / n + 1 / 4000))
        assert 100 * (percentiles < level).mean() == pytest.approx(level, abs=3.5 * spread + 0.02 * level)


def test_log_densities_of_codes_are_by_mixtures_fitted_without_them(random):
    codes = random.standard_normal((50, 2))
    codes[7] = [30, 30]
    fitted = sampling.GaussianMixtureSampler(components=(1,)).fit(codes)
    rest = np.delete(codes, 7, 0)
    others = stats.multivariate_normal(rest.mean(0), np.cov(rest.T)).logpdf(codes[7])
    assert fitted.log_densities_[0] == pytest.approx(others, rel=0.5)
    assert fitted.log_densities_[0] < 10 * fitted.log_density(codes[7:8])[0]


def test_mixture_of_a_constant_dimension_and_of_too_few_codes(random):
    codes = random.standard_normal((100, 2)) * [1, 0]
    assert np.isfinite(sampling.density(codes).sample(10)).all()
    with pytest.raises(ExplorerError, match="10 codes"):
        sampling.density(codes[:5])
