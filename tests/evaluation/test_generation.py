"""Fréchet distance, precision and recall against closed forms, scipy's matrix root and constructed sets."""

from __future__ import annotations

import pathlib

import numpy as np
import pytest
import scipy.linalg
import torch
from sklearn.neighbors import NearestNeighbors

from explorer.checkpoints import Checkpoint
from explorer.checkpoints.files import write_tensors
from explorer.core.errors import CheckpointError, DataError
from explorer.data import Dataset, bundled, dataset
from explorer.evaluation import feature_classifier, generation
from explorer.latent import sample_quality

RNG = np.random.default_rng(0)


def of_moments(n: int, mean: np.ndarray, covariance: np.ndarray) -> np.ndarray:
    """(n, D) whose mean and covariance are these to the last digits."""
    x = RNG.normal(size=(n, len(mean)))
    x -= x.mean(0)
    x = x @ np.linalg.inv(np.linalg.cholesky(np.cov(x, rowvar=False))).T
    return x @ np.linalg.cholesky(covariance).T + mean


def test_the_distance_of_two_gaussians_is_the_closed_form() -> None:
    a, b = (np.cov(RNG.normal(size=(40, 5)) @ RNG.normal(size=(5, 5)), rowvar=False) for _ in range(2))
    mean = RNG.normal(size=5)
    x, y = of_moments(300, np.zeros(5), a), of_moments(200, mean, b)
    direct = mean @ mean + np.trace(a + b - 2 * scipy.linalg.sqrtm(a @ b).real)
    assert generation.frechet_distance(x, y) == pytest.approx(direct, rel=1e-9)
    assert generation.frechet_distance(y, x) == pytest.approx(direct, rel=1e-9)
    # Of covariances with the same axes: how far means and standard deviations are apart.
    x, y = of_moments(50, np.array([1.0, 2]), np.diag([4.0, 9])), of_moments(60, np.zeros(2), np.diag([1.0, 25]))
    assert generation.frechet_distance(x, y) == pytest.approx(1 + 4 + (2 - 1) ** 2 + (3 - 5) ** 2)
    assert generation.frechet_distance(x, x[::-1]) == pytest.approx(0, abs=1e-9)
    # A feature that never changes, and fewer items than features.
    flat = np.concatenate([x, np.ones((50, 1))], 1)
    assert generation.frechet_distance(flat, flat + 2) == pytest.approx(12)
    assert generation.frechet_distance(flat[:2], flat[:2]) == pytest.approx(0, abs=1e-9)
    with pytest.raises(DataError, match="two items"):
        generation.frechet_distance(x[:1], y)


def test_the_distances_interval_is_as_wide_as_the_means_are_unsure() -> None:
    # Far apart with equal spread: d^2 = (a - b)^2, whose standard deviation is 2 |a - b| sqrt(1/n + 1/m).
    n, m, far = 400, 100, 50.0
    found = generation.frechet_interval(RNG.normal(size=(n, 1)), RNG.normal(size=(m, 1)) + far, resamplings=400)
    half = 1.96 * 2 * far * np.sqrt(1 / n + 1 / m)
    assert (found.high - found.low) / 2 == pytest.approx(half, rel=0.15)
    assert found.low < found.value < found.high
    same = np.ones((5, 2))
    assert generation.frechet_interval(same, same).value == 0


def test_precision_and_recall_are_the_shares_in_the_others_balls() -> None:
    real, made = RNG.normal(size=(120, 3)), RNG.normal(size=(90, 3)) * 1.5

    def direct(x: np.ndarray, others: np.ndarray) -> float:
        reach = NearestNeighbors(n_neighbors=4).fit(others).kneighbors(others)[0][:, 3]  # the first is itself
        return float(
            np.mean([any(np.linalg.norm(x_ - o) <= r for o, r in zip(others, reach, strict=True)) for x_ in x])
        )

    precision, recall = generation.precision_and_recall(real, made)
    assert (precision.value, recall.value) == pytest.approx((direct(made, real), direct(real, made)))
    assert (precision.n, recall.n) == (90, 120)
    with pytest.raises(DataError, match="more than 3"):
        generation.precision_and_recall(real, made[:3])


def test_lost_modes_cost_recall_and_wrong_items_cost_precision() -> None:
    corners = np.array([[0.0, 0], [100, 0], [0, 100], [100, 100]])

    def around(which: list[int], n: int) -> np.ndarray:
        return np.concatenate([corners[which], corners[which]])[np.arange(n) % len(which)] + RNG.uniform(size=(n, 2))

    real = around([0, 1, 2, 3], 400)
    lost = generation.precision_and_recall(real, around([0, 1], 400))
    assert lost[0].value > 0.9
    assert 0.45 < lost[1].value < 0.51
    wrong = generation.precision_and_recall(real, np.concatenate([around([0, 1, 2, 3], 200), np.full((200, 2), 50.0)]))
    assert 0.45 < wrong[0].value < 0.51
    assert wrong[1].value > 0.9
    assert [share.value for share in generation.precision_and_recall(real, real + 1000)] == [0, 0]


@pytest.mark.parametrize(("name", "least"), [("mnist-sample", 0.97), ("fashion-mnist-sample", 0.86)])
def test_shipped_spaces_tell_their_data_as_their_cards_say(name: str, least: float) -> None:
    held = bundled_sample(name)
    space = feature_classifier.space_for(held)
    assert held.fingerprint in space.card.fingerprints
    assert held.labels is not None
    with torch.inference_mode():
        told = space.model(held.tensor(np.arange(0, len(held), 5))).argmax(1).numpy()
    right = float((told == np.asarray(held.labels)[::5]).mean())
    assert least < right
    assert right == pytest.approx(space.card.accuracy.value, abs=0.02)
    features = space.features(held.x[:3])
    assert features.shape == (3, feature_classifier.SIZE)
    assert features.min() >= 0


def bundled_sample(name: str) -> Dataset:
    assert name in {source.name for source in bundled.SOURCES}
    return dataset(name)


def test_other_files_and_data_without_labels_are_refused_in_words(tmp_path: pathlib.Path, root: pathlib.Path) -> None:
    for metadata in ({}, {feature_classifier.FEATURES_KEY: "{}"}):
        path = write_tensors(tmp_path / "other.safetensors", {"x": torch.zeros(2)}, metadata)
        with pytest.raises(CheckpointError, match="no space of features"):
            feature_classifier.load_space(path)
    shipped = feature_classifier.load_space(root / "checkpoints" / "features" / "mnist.safetensors")
    smaller = {k: v for k, v in shipped.model.state_dict().items() if not k.startswith("head")}
    metadata = {feature_classifier.FEATURES_KEY: shipped.card.model_dump_json()}
    with pytest.raises(CheckpointError, match="no space of features"):
        feature_classifier.load_space(write_tensors(tmp_path / "cut.safetensors", smaller, metadata))
    with pytest.raises(DataError, match="no space of features"):
        feature_classifier.space_for(dataset("wine"))
    with pytest.raises(DataError, match="one label alone"):
        feature_classifier.space_for(dataset("brick-defects"))


@pytest.fixture(scope="module")
def digits_space(digits: Dataset) -> feature_classifier.FeatureSpace:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(feature_classifier, "STEPS", 300)
        return feature_classifier.trained_space(digits)


def test_a_space_trained_now_is_the_same_each_time(
    digits: Dataset, digits_space: feature_classifier.FeatureSpace, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert digits_space.card.accuracy.value > 0.9
    assert digits_space.card.n == len(digits.splits.train)
    monkeypatch.setattr(feature_classifier, "STEPS", 300)
    shares: list[float] = []
    torch.manual_seed(5)
    again = feature_classifier.trained_space(digits, progress=lambda share, _: shares.append(share))
    np.testing.assert_array_equal(again.features(digits.x[:9]), digits_space.features(digits.x[:9]))
    assert shares == sorted(shares)
    assert shares[-1] == 1


def test_samples_stand_beside_real_items_and_a_gaussian_of_the_same_number(
    digits_vae: Checkpoint, digits: Dataset, digits_space: feature_classifier.FeatureSpace
) -> None:
    test = digits.splits.test
    quality = sample_quality.sample_quality(digits_vae, digits, test, "test", space=digits_space)
    figures = {m.name: m for m in quality.metrics}
    real, samples = (figures[f"{name}: Fréchet distance"] for name in ("real training items", "samples"))
    assert {m.n for m in quality.metrics} == {len(test)}
    assert real.high < samples.low
    assert figures["real training items: recall"].value > figures["samples: recall"].value
    assert figures["IWAE bound, 200 samples"].split == "test"
    assert "prior" in quality.origin
    direct = generation.frechet_distance(
        digits_space.features(digits.x[test]),
        digits_space.features(digits_vae.decode(sample_quality.sample_codes(digits_vae, len(test))[0])),
    )
    assert samples.value == pytest.approx(direct, rel=1e-6)
    # All rows: one half stands for the real items.
    whole = sample_quality.sample_quality(digits_vae, digits, np.arange(len(digits)), "all", space=digits_space)
    named = {m.name: m for m in whole.metrics}
    assert named["real other all items: Fréchet distance"].n == len(digits) // 2
    with pytest.raises(DataError, match="100 held-out items or more"):
        sample_quality.sample_quality(digits_vae, digits, test[:50], "test", space=digits_space)


def test_the_gaussian_beside_has_the_images_mean_and_leading_spread() -> None:
    x = RNG.uniform(0.4, 0.6, size=(500, 1, 4, 4)).astype(np.float32)
    x[:, 0, 0] += RNG.normal(size=(500, 1)).astype(np.float32) * 0.05
    made = sample_quality.gaussian_samples(x, 4000)
    np.testing.assert_allclose(made.mean(0), x.mean(0), atol=0.01)
    covariances = [np.cov(values.reshape(len(values), -1), rowvar=False) for values in (made, x)]
    np.testing.assert_allclose(*covariances, atol=6e-4)
