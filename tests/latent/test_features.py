"""Estimators over autoencoders keep scikit-learn's contract; probes find labels where there are some."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from sklearn.datasets import load_wine
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.utils.estimator_checks import parametrize_with_checks

from explorer import checkpoints
from explorer.core.errors import CheckpointError, DataError, RecipeError
from explorer.latent.features import AutoencoderFeatures, TrainedAutoencoder, probe


@pytest.fixture(scope="module")
def saved(digits_autoencoder, tmp_path_factory):
    return str(checkpoints.save(digits_autoencoder, tmp_path_factory.mktemp("features") / "digits.safetensors"))


@parametrize_with_checks([TrainedAutoencoder(epochs=1, hidden=(4,))])
def test_scikit_learns_contract(estimator, check):
    check(estimator)


def test_a_linear_classifier_learns_from_trained_codes():
    x, y = load_wine(return_X_y=True)
    pipeline = make_pipeline(TrainedAutoencoder(latent_dim=3, epochs=150, learning_rate=5e-3), LogisticRegression())
    assert pipeline.fit(x[::2], y[::2]).score(x[1::2], y[1::2]) > 0.85
    assert list(pipeline[0].get_feature_names_out()) == [f"trainedautoencoder{i}" for i in range(3)]


@pytest.mark.slow
def test_rebuilt_rows_are_near_the_rows():
    x, _ = load_wine(return_X_y=True)
    encoder = TrainedAutoencoder(latent_dim=6, epochs=150, learning_rate=5e-3).fit(x)
    residual = x - encoder.inverse_transform(encoder.transform(x))
    assert (residual.var(0) / x.var(0)).mean() < 0.3


def test_parameters_out_of_range_are_named():
    with pytest.raises(RecipeError, match=r"model\.latent_dim"):
        TrainedAutoencoder(latent_dim=0).fit(np.eye(4))


def test_a_checkpoints_codes_flat_or_in_shape(saved, digits, digits_autoencoder):
    x = digits.test.x[:20]
    features = AutoencoderFeatures(saved)
    codes = features.fit_transform(x)
    np.testing.assert_allclose(codes, digits_autoencoder.encode(x), atol=1e-6)
    np.testing.assert_array_equal(features.transform(x.reshape(20, -1)), codes)
    assert features.n_features_in_ == 64
    assert len(features.get_feature_names_out()) == 4
    pipeline = make_pipeline(AutoencoderFeatures(saved), KNeighborsClassifier(3))
    train, test = digits.train, digits.test
    assert pipeline.fit(train.x, train.labels).score(test.x, test.labels) > 0.6


def test_features_that_do_not_fit(saved):
    with pytest.raises(DataError, match="do not fit"):
        AutoencoderFeatures(saved).fit(np.zeros((3, 63)))
    with pytest.raises(CheckpointError, match="no checkpoint"):
        AutoencoderFeatures("no-such-checkpoint").fit(np.zeros((3, 64)))


def test_probe_is_the_accuracy_that_scikit_learn_measures(digits, digits_autoencoder):
    linear, neighbours = probe(digits_autoencoder, digits)
    train, test = digits.train, digits.test
    codes = digits_autoencoder.encode(train.x), digits_autoencoder.encode(test.x)
    expected = KNeighborsClassifier(5).fit(codes[0], train.labels).score(codes[1], test.labels)
    assert neighbours.code.value == pytest.approx(expected)
    assert (neighbours.code.n, neighbours.n_train, neighbours.split) == (len(test), len(train), "test")
    assert neighbours.code.low < expected < neighbours.code.high
    # Ten digits: guessing is right one time in ten.
    assert min(linear.code.value, linear.pca.value) > 0.4


def test_probe_of_noise_is_guessing(digits, digits_autoencoder):
    shuffled = np.random.default_rng(0).permutation(digits.labels)
    _, neighbours = probe(digits_autoencoder, replace(digits, labels=shuffled))
    assert neighbours.code.low < 0.1 < neighbours.code.high


def test_probe_needs_labels(digits, digits_autoencoder):
    with pytest.raises(DataError, match="no labels"):
        probe(digits_autoencoder, replace(digits, labels=None))
