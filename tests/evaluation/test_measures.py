"""Held-out figures, against their definitions and scikit-learn; and which rows count as held out."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
import torch
from sklearn.decomposition import PCA
from sklearn.preprocessing import StandardScaler

from explorer import data, evaluation
from explorer.checkpoints import Checkpoint, VectorCheckpoint
from explorer.core.errors import DataError
from explorer.data import Dataset


def renamed(checkpoint: Checkpoint, **changes: object) -> Checkpoint:
    """The same checkpoint, trained on other data according to its card."""
    card = checkpoint.card.model_copy(update={"data": checkpoint.card.data.model_copy(update=changes)})
    return VectorCheckpoint(checkpoint.model, card)


def test_rows_of_the_training_data_are_its_test_split(digits_autoencoder: Checkpoint, digits: Dataset) -> None:
    rows, split = evaluation.rows_for(digits_autoencoder, digits)
    assert split == "test"
    assert np.array_equal(rows, digits.splits.test)


def test_test_rows_of_another_seed_are_not_called_held_out(digits_autoencoder: Checkpoint) -> None:
    rows, split = evaluation.rows_for(digits_autoencoder, data.dataset("digits", seed=1))
    assert split == "partly trained on"
    assert len(rows) == 1797


def test_a_sample_that_training_left_out_is_held_out(digits_autoencoder: Checkpoint, digits: Dataset) -> None:
    sample = dataclasses.replace(digits, fingerprint="0" * 64, held_out_for=("whole",))
    assert evaluation.rows_for(renamed(digits_autoencoder, name="whole"), sample)[1] == "held out"
    assert evaluation.rows_for(renamed(digits_autoencoder, name="others"), sample)[1] == "other data"


def test_training_rows_keep_to_classes_and_limit(digits: Dataset) -> None:
    rows = evaluation.training_rows(digits, ("3", "7"), "train", limit=20)
    assert len(rows) == 20
    assert set(digits.labels[rows]) == {3, 7}
    assert set(rows) <= set(digits.splits.train)
    with pytest.raises(DataError, match="no class 'eleven'"):
        evaluation.training_rows(digits, ("eleven",), "train")


def test_figures_are_means_over_the_rows(digits_vae: Checkpoint, digits: Dataset) -> None:
    rows = digits.splits.test[:100]
    figures = {m.name: m for m in evaluation.evaluate(digits_vae, digits, rows, "test")}
    x = digits.x[rows] / 255
    errors = np.square(x - digits_vae.reconstruct(digits.x[rows])).sum((1, 2, 3))
    assert figures["reconstruction error"].value == pytest.approx(errors.mean(), rel=1e-5)
    assert figures["PSNR"].value == pytest.approx(np.mean(-10 * np.log10(errors / 64)), rel=1e-5)
    # An error is never below 0: its interval is that of the logarithm of the mean (delta method).
    half = 1.959964 * errors.std(ddof=1) / 10 / errors.mean()
    assert figures["reconstruction error"].low == pytest.approx(errors.mean() * np.exp(-half), rel=1e-5)
    assert figures["reconstruction error"].high == pytest.approx(errors.mean() * np.exp(half), rel=1e-5)
    assert figures["ELBO"].high <= 0, "the likelihood of pixels is a probability"
    assert all(m.n == 100 and m.split == "test" for m in figures.values())


def test_no_rows_is_an_error(digits_vae: Checkpoint, digits: Dataset) -> None:
    with pytest.raises(DataError, match="no test rows"):
        evaluation.evaluate(digits_vae, digits, np.empty(0, int), "test")


def test_pca_is_scikit_learn_s(digits: Dataset) -> None:
    train, test = digits.splits.train, digits.splits.test
    x, y = (digits.x[rows].reshape(len(rows), -1) / 255 for rows in (train, test))
    pca = PCA(4, svd_solver="full").fit(x)
    expected = np.square(y - pca.inverse_transform(pca.transform(y))).sum(1).mean()
    assert evaluation.pca_error(digits, train, test, 4, "test").value == pytest.approx(expected, rel=1e-4)


def test_pca_of_a_table_is_measured_in_standard_deviations_of_the_training_rows() -> None:
    table = data.dataset("breast-cancer")
    train, test = table.splits.train, table.splits.test
    scaler = StandardScaler().fit(table.x[train].astype(float))
    x, y = (scaler.transform(table.x[rows].astype(float)) for rows in (train, test))
    pca = PCA(4, svd_solver="full").fit(x)
    expected = np.square(y - pca.inverse_transform(pca.transform(y))).sum(1).mean()
    assert evaluation.pca_error(table, train, test, 4, "test").value == pytest.approx(expected, rel=1e-3)


def test_the_importance_weighted_bound_lies_above_the_elbo(digits_vae: Checkpoint, digits: Dataset) -> None:
    """Burda et al. 2016, theorem 1, in expectation: the draws of the one-sample ELBO are averaged over seeds."""
    rows = digits.splits.test
    elbos = []
    for seed in range(40):
        figures = evaluation.evaluate(digits_vae, digits, rows, "test", seed)
        elbos.append(next(m.value for m in figures if m.name == "ELBO"))
    error = np.std(elbos, ddof=1) / np.sqrt(len(elbos))
    one = evaluation.iwae_bound(digits_vae, digits, rows, "test", k=1)
    many = evaluation.iwae_bound(digits_vae, digits, rows, "test", k=200)
    # With one sample it is the ELBO but for the draw of the KL; the spread of one draw is that of the seeds.
    assert one.value == pytest.approx(np.mean(elbos), abs=5 * np.std(elbos, ddof=1) + 0.2)
    assert many.value > np.mean(elbos) + 3 * error


def test_latent_statistics_are_numpy_s() -> None:
    codes = np.random.default_rng(0).normal(size=(500, 3)).astype(np.float32)
    statistics = evaluation.latent_statistics(codes, "train")
    assert statistics.mean == pytest.approx(codes.mean(0), rel=1e-4, abs=1e-5)
    assert np.allclose(statistics.covariance, np.cov(codes, rowvar=False), rtol=1e-4, atol=1e-5)
    assert np.allclose(statistics.quantiles, np.quantile(codes, statistics.levels, axis=0), rtol=1e-4, atol=1e-5)
    wide = evaluation.latent_statistics(np.zeros((3, evaluation.MAX_COVARIANCE_DIM + 1)), "train")
    assert wide.covariance is None


def test_thinned_errors_keep_their_ends_and_their_order() -> None:
    values = np.random.default_rng(0).permutation(5000).astype(float)
    thinned = evaluation.thinned(values)
    assert len(thinned) == 1000
    assert (thinned[0], thinned[-1]) == (0, 4999)
    assert list(thinned) == sorted(thinned)


def test_kl_per_dimension_is_that_of_torch() -> None:
    mu, logvar = torch.randn(50, 3), torch.randn(50, 3)
    q = torch.distributions.Normal(mu, (0.5 * logvar).exp())
    expected = torch.distributions.kl_divergence(q, torch.distributions.Normal(0.0, 1.0)).mean(0)
    assert evaluation.mean_kl_per_dimension(mu.numpy(), logvar.numpy()) == pytest.approx(expected.tolist(), rel=1e-4)
