"""Metrics against scikit-image, scikit-learn, brute force and sampling theory."""

from __future__ import annotations

import math
import pathlib
import subprocess
import sys

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from skimage.metrics import peak_signal_noise_ratio, structural_similarity
from sklearn.datasets import load_digits
from sklearn.metrics import roc_auc_score

from explorer.core import intervals, metrics

event_shapes = st.one_of(
    st.tuples(st.integers(1, 20)), st.tuples(st.integers(1, 3), st.integers(1, 9), st.integers(1, 9))
)


def uniform(seed: int, *shape: int, dtype: torch.dtype = torch.float64) -> torch.Tensor:
    return torch.rand(*shape, generator=torch.Generator().manual_seed(seed), dtype=dtype)


# --- Reconstructions ---


@given(n=st.integers(1, 4), event=event_shapes, data_range=st.sampled_from([1.0, 2.0, 255.0]))
def test_errors_and_psnr(n: int, event: tuple[int, ...], data_range: float) -> None:
    x, x_hat = data_range * uniform(0, n, *event), data_range * uniform(1, n, *event)
    squared = ((x - x_hat).numpy() ** 2).reshape(n, -1)
    np.testing.assert_allclose(metrics.squared_error(x, x_hat), squared.sum(1))
    np.testing.assert_allclose(metrics.mse(x, x_hat), squared.mean(1))
    pairs = zip(x.numpy(), x_hat.numpy(), strict=True)
    oracle = [peak_signal_noise_ratio(a, b, data_range=data_range) for a, b in pairs]
    np.testing.assert_allclose(metrics.psnr(x, x_hat, data_range), oracle)


def test_psnr_of_an_exact_reconstruction_is_infinite() -> None:
    x = uniform(0, 2, 1, 4, 4)
    assert metrics.psnr(x, x).tolist() == [math.inf, math.inf]


def skimage_ssim(x: np.ndarray, x_hat: np.ndarray, **options: float) -> float:
    fixed = {"gaussian_weights": True, "use_sample_covariance": False, "channel_axis": 0, "data_range": 1}
    return float(structural_similarity(x, x_hat, **(fixed | options)))


@settings(max_examples=30)
@given(
    c=st.integers(1, 3),
    h=st.integers(11, 40),
    w=st.integers(11, 40),
    noise=st.floats(0, 1),
    dtype=st.sampled_from([torch.float32, torch.float64]),
)
def test_ssim_agrees_with_scikit_image(c: int, h: int, w: int, noise: float, dtype: torch.dtype) -> None:
    x = uniform(0, 3, c, h, w, dtype=dtype)
    x_hat = (1 - noise) * x + noise * uniform(1, 3, c, h, w, dtype=dtype)
    result = metrics.ssim(x, x_hat)
    assert result.dtype == dtype
    oracle = [skimage_ssim(a.double().numpy(), b.double().numpy()) for a, b in zip(x, x_hat, strict=True)]
    np.testing.assert_allclose(result, oracle, atol=1e-6 if dtype == torch.float32 else 1e-12)


@settings(max_examples=30)
@given(c=st.integers(1, 3), h=st.integers(1, 10), w=st.integers(1, 30))
def test_ssim_of_images_smaller_than_its_window_mirrors_the_edges(c: int, h: int, w: int) -> None:
    """scikit-image does the same with a window that crops nothing afterwards (its filter mirrors)."""
    for a, b in ((uniform(0, 1, c, h, w), uniform(1, 1, c, h, w)), (uniform(2, 1, c, w, h), uniform(3, 1, c, w, h))):
        oracle = skimage_ssim(a[0].numpy(), b[0].numpy(), win_size=1)
        assert metrics.ssim(a, b).item() == pytest.approx(oracle, abs=1e-12)


def test_ssim_of_faint_bright_textures_in_single_precision() -> None:
    """Where rounding would otherwise be mistaken for contrast."""
    x, x_hat = (0.95 + 0.01 * uniform(seed, 1, 1, 32, 32, dtype=torch.float32) for seed in (0, 1))
    oracle = skimage_ssim(x[0].double().numpy(), x_hat[0].double().numpy())
    assert metrics.ssim(x, x_hat).item() == pytest.approx(oracle, abs=2e-7)
    assert metrics.ssim(x, x).item() == 1


def test_ssim_with_another_data_range() -> None:
    x, x_hat = uniform(0, 2, 3, 20, 15), uniform(1, 2, 3, 20, 15)
    torch.testing.assert_close(metrics.ssim(255 * x, 255 * x_hat, data_range=255.0), metrics.ssim(x, x_hat))


@pytest.mark.parametrize("metric", [metrics.squared_error, metrics.mse, metrics.psnr, metrics.ssim])
def test_never_broadcasts_in_silence(metric) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises((ValueError, TypeError)):
        metric(torch.rand(4, 1, 12, 12), torch.rand(1, 1, 12, 12))


# --- Codes ---


def brute_trustworthiness(x: np.ndarray, z: np.ndarray, k: int) -> float:
    """Venna and Kaski 2001, word for word: the penalty of each false neighbour is its rank in x beyond k."""
    n, penalty = len(x), 0
    for i in range(n):
        by_x, by_z = ([j for j in np.argsort(((s - s[i]) ** 2).sum(1), kind="stable") if j != i] for s in (x, z))
        penalty += sum(by_x.index(j) + 1 - k for j in by_z[:k] if j not in by_x[:k])
    return 1 - 2 / (n * k * (2 * n - 3 * k - 1)) * penalty


@pytest.mark.parametrize("k", [1, 5, 12])
def test_trustworthiness_and_continuity(k: int) -> None:
    x = uniform(0, 40, 1, 4, 4)
    z = x.flatten(1)[:, :2] + 0.1 * uniform(1, 40, 2)
    flat = x.flatten(1).numpy()
    assert metrics.trustworthiness(x, z, k) == pytest.approx(brute_trustworthiness(flat, z.numpy(), k))
    assert metrics.continuity(x, z, k) == pytest.approx(brute_trustworthiness(z.numpy(), flat, k))
    assert metrics.trustworthiness(x, z, k) != pytest.approx(metrics.continuity(x, z, k), abs=1e-4)


def test_trustworthiness_of_a_faithful_map_is_one() -> None:
    x = uniform(0, 30, 3)
    assert metrics.trustworthiness(x, 5 * x + 1) == 1
    assert metrics.continuity(x, 5 * x + 1) == 1


def test_iwae_bound_is_the_log_of_the_mean_weight() -> None:
    log_weights = torch.randn(7, 5, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    torch.testing.assert_close(metrics.iwae_bound(log_weights), log_weights.exp().mean(0).log())
    torch.testing.assert_close(metrics.iwae_bound(log_weights - 1e4), log_weights.exp().mean(0).log() - 1e4)
    assert torch.equal(metrics.iwae_bound(log_weights[:1]), log_weights[0])


def test_knn_probe_against_brute_force() -> None:
    z_train, z_test = uniform(0, 60, 3), uniform(1, 40, 3)
    y_train, y_test = ((z[:, 0] * 4).long() for z in (z_train, z_test))
    nearest = torch.cdist(z_test, z_train).argsort(1)
    assert metrics.knn_probe(z_train, y_train, z_test, y_test) == pytest.approx(
        (y_train[nearest[:, 0]] != y_test).double().mean().item()
    )
    vote = y_train[nearest[:, :3]].mode(1).values
    clear = (y_train[nearest[:, :3]] == vote[:, None]).sum(1) > 1
    assert metrics.knn_probe(z_train, y_train, z_test[clear], y_test[clear], k=3) == pytest.approx(
        (vote != y_test)[clear].double().mean().item()
    )


def test_linear_probe_finds_what_a_line_separates_and_nothing_more() -> None:
    z = uniform(0, 2000, 2) * torch.tensor([1e-3, 1e3])
    line = (1e3 * z[:, 0] > 1e-3 * z[:, 1]).long()
    cross = ((1e3 * z[:, 0] > 0.5) ^ (1e-3 * z[:, 1] > 0.5)).long()
    assert metrics.linear_probe(z[:1000], line[:1000], z[1000:], line[1000:]) < 0.02
    assert metrics.linear_probe(z[:1000], cross[:1000], z[1000:], cross[1000:]) > 0.4


@pytest.mark.parametrize(("n", "components"), [(1500, 10), (1500, 64), (30, 10), (30, 30)])
def test_pca_baseline_is_the_projection_on_the_leading_singular_vectors(n: int, components: int) -> None:
    x = (load_digits().images / 16).astype(np.float32)[:, None]
    x_train, x_test = x[:n], x[n:]
    train, test = (v.reshape(len(v), -1).astype(np.float64) for v in (x_train, x_test))
    _, _, directions = np.linalg.svd(train - train.mean(0), full_matrices=False)
    centred = test - train.mean(0)
    # Centring takes one dimension from n items: the last of n directions is arbitrary.
    rank = min(components, n - 1)
    oracle = (centred**2).sum(1) - ((centred @ directions[:rank].T) ** 2).sum(1)
    errors = metrics.pca_baseline(torch.from_numpy(x_train), x_test, components)
    assert errors.dtype == np.float64
    if components <= n - 1:
        np.testing.assert_allclose(errors, oracle, atol=1e-9)
    else:
        assert (errors <= oracle + 1e-9).all()


@pytest.mark.parametrize("part", [1, 7, 500])
def test_pca_in_parts_is_pca_of_all_also_far_from_zero(part: int) -> None:
    x = np.random.default_rng(0).normal(size=(500, 6)) * [9, 5, 3, 1, 0.5, 0.1] + 1e6
    mean, components = metrics.streamed_pca((x[i : i + part] for i in range(0, 500, part)), 4)
    np.testing.assert_allclose(mean, x.mean(0), rtol=1e-12)
    _, _, directions = np.linalg.svd(x - x.mean(0), full_matrices=False)
    np.testing.assert_allclose(np.abs((components * directions[:4]).sum(1)), 1, atol=1e-6)
    with pytest.raises(ValueError, match="7 components"):
        metrics.streamed_pca([x], 7)


# --- Summaries ---


@given(scores=st.lists(st.integers(0, 8), min_size=6, max_size=40), cut=st.integers(2, 4), seed=st.integers(0, 1000))
@pytest.mark.slow
def test_auroc_agrees_with_scikit_learn_ties_included(scores: list[int], cut: int, seed: int) -> None:
    is_novel = np.random.default_rng(seed).permutation(np.arange(len(scores)) < cut)
    area = metrics.auroc(np.array(scores), is_novel)
    assert area.value == pytest.approx(roc_auc_score(is_novel, scores), abs=1e-12)
    assert 0 <= area.low <= area.value <= area.high <= 1


def test_auroc_error_is_delongs() -> None:
    """The variance of the placement values, by the definition: every pair of a novel and a normal item."""
    rng = np.random.default_rng(0)
    normal, novel = rng.normal(0, 1, 50).round(1), rng.normal(1, 1, 30).round(1)
    wins = (novel[:, None] > normal) + 0.5 * (novel[:, None] == normal)
    error = math.sqrt(wins.mean(1).var(ddof=1) / 30 + wins.mean(0).var(ddof=1) / 50)
    result = metrics.auroc(np.concatenate([normal, novel]), np.arange(80) >= 50)
    area = wins.mean()
    logit, half = math.log(area / (1 - area)), 1.959964 * error / (area * (1 - area))
    ends = [1 / (1 + math.exp(half - logit)), 1 / (1 + math.exp(-half - logit))]
    assert (result.value, result.low, result.high) == pytest.approx((area, *ends), abs=1e-6)


@pytest.mark.slow
def test_auroc_interval_covers_the_area_as_often_as_it_says() -> None:
    rng = np.random.default_rng(1)
    true_area = 0.5 * (1 + math.erf(1 / 2))  # P(N(1, 1) > N(0, 1)) = Phi(1 / sqrt 2)
    is_novel = np.arange(120) >= 60
    hits = 0
    for _ in range(1000):
        area = metrics.auroc(rng.normal(is_novel, 1.0), is_novel, confidence=0.9)
        hits += area.low <= true_area <= area.high
    assert 0.86 < hits / 1000 < 0.94  # four standard errors of 1000 trials


def test_auroc_of_perfect_separation_and_its_reverse() -> None:
    is_novel = torch.tensor([False, False, True, True])
    assert metrics.auroc(torch.tensor([1.0, 2, 3, 4]), is_novel) == intervals.Interval(value=1, low=1, high=1)
    assert metrics.auroc(torch.tensor([4.0, 3, 2, 1]), is_novel) == intervals.Interval(value=0, low=0, high=0)


@pytest.mark.parametrize("n_novel", [0, 1, 4, 5])
def test_auroc_needs_two_of_each_kind(n_novel: int) -> None:
    with pytest.raises(ValueError, match="two items or more"):
        metrics.auroc(np.arange(5.0), np.arange(5) < n_novel)


@pytest.mark.slow
def test_importing_metrics_does_not_import_scikit_learn(root: pathlib.Path) -> None:
    program = "import sys, explorer.core.metrics; sys.exit('sklearn' in sys.modules or 'scipy' in sys.modules)"
    subprocess.run([sys.executable, "-c", program], check=True, cwd=root)
