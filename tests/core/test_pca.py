"""Principal components against NumPy's singular value decomposition, whichever way they are found."""

from __future__ import annotations

import numpy as np
import pytest

from explorer.core import pca
from explorer.core.pca import WIDE, pca_of

RNG = np.random.default_rng(0)
FACTORS = np.sqrt([40.0, 20.0, 9.0, 4.0])


def items(n: int, values: int, noise: float = 0.1) -> np.ndarray:
    """Items (n, values) of four factors and noise."""
    directions = np.linalg.qr(RNG.normal(size=(values, len(FACTORS))))[0]
    return RNG.normal(size=(n, len(FACTORS))) * FACTORS @ directions.T + noise * RNG.normal(size=(n, values)) + 3


@pytest.mark.parametrize("shape", [(2 * WIDE, WIDE), (60, WIDE), (400, 30)], ids=["few of many", "wide", "narrow"])
@pytest.mark.parametrize("noise", [0.1, 0.0], ids=["noise", "of rank four"])
def test_components_are_those_of_the_singular_value_decomposition(shape: tuple[int, int], noise: float) -> None:
    rows = items(*shape, noise=noise)
    pca = pca_of(rows, 4)
    np.testing.assert_allclose(pca.mean_, rows.mean(0), rtol=1e-9)
    exact = np.linalg.svd(rows - rows.mean(0), full_matrices=False)[2][:4]
    np.testing.assert_allclose(np.abs((pca.components_ * exact).sum(1)), 1, atol=1e-9)


def test_more_components_than_the_items_have_directions_reconstruct_them() -> None:
    rows = items(40, WIDE, noise=0)
    pca = pca_of(rows, 12)
    np.testing.assert_allclose(pca.inverse_transform(pca.transform(rows)), rows, atol=1e-6)


def test_items_that_are_all_the_same_have_components() -> None:
    rows = np.full((3 * WIDE, WIDE), 2.0)
    assert pca_of(rows, 3).components_.shape == (3, WIDE)
    np.testing.assert_allclose(pca_of(rows, 3).mean_, 2)


def test_it_is_the_same_each_time() -> None:
    rows = items(60, WIDE)
    np.testing.assert_array_equal(pca_of(rows, 3).components_, pca_of(rows, 3).components_)


def test_components_of_wide_items_are_exact_where_none_stands_out() -> None:
    rows = RNG.normal(size=(2 * WIDE, WIDE))
    variances = np.linalg.eigvalsh(np.cov(rows.T))[::-1]
    np.testing.assert_allclose(pca_of(rows, 4).transform(rows).var(0, ddof=1), variances[:4], rtol=1e-9)


def test_components_read_in_parts_are_those_of_the_singular_value_decomposition(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pca, "PART_VALUES", 30 * 64)
    rows = (items(700, 30) + 1e4).astype(np.float32)  # a mean that squares in one pass would not survive
    fitted = pca.pca_in_parts(rows, 2)
    exact = rows.astype(np.float64) - rows.mean(0, dtype=np.float64)
    _, values, directions = np.linalg.svd(exact, full_matrices=False)
    np.testing.assert_allclose(np.abs((fitted.components_ * directions[:2]).sum(1)), 1, atol=1e-9)
    np.testing.assert_allclose(fitted.explained_variance_ratio_, (values**2 / (values**2).sum())[:2], rtol=1e-9)
    places = fitted.transform(rows.astype(np.float64))
    np.testing.assert_allclose(np.abs(places), np.abs(exact @ directions[:2].T), atol=1e-6)
    np.testing.assert_allclose(
        fitted.inverse_transform(places), exact @ directions[:2].T @ directions[:2] + fitted.mean_
    )
