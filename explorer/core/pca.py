"""Principal component analysis, fitted by the quickest way that is exact."""

from __future__ import annotations

from typing import Any

import numpy as np
from jaxtyping import Num

WIDE = 500
"""From so many values an item on, all eigenvectors of their covariance take longer than the first few alone."""
FEW = 1 / 8
"""Of its eigenvectors: up to this share they are few."""
PART_VALUES = 1 << 22
"""So many values of the items are in double precision at once, where they are read in parts."""


def pca_of(rows: Num[np.ndarray, "n v"], n_components: int) -> Any:
    """A fitted ``sklearn.decomposition.PCA``, the same each time.

    The first components of wide items are found one after the other (Lanczos' method, by ARPACK, to the precision of
    the numbers); all of them from the covariance where there are more items than values, else from the items.

    Args:
        rows: (N, V), one item a row.
        n_components: at most N and V.

    Raises:
        ValueError: more components than items or values.
    """
    from scipy.sparse.linalg import ArpackNoConvergence
    from sklearn.decomposition import PCA

    n, values = rows.shape
    exact = PCA(n_components, svd_solver="covariance_eigh" if n >= values else "full")
    are_few = n_components < n if n < values else values >= WIDE and n_components <= FEW * values
    # ARPACK has nowhere to start from where all items are the same.
    if not are_few or not (rows != rows[0]).any():
        return exact.fit(rows)
    try:
        return PCA(n_components, svd_solver="arpack", random_state=0).fit(rows)
    except ArpackNoConvergence:
        return exact.fit(rows)


def pca_in_parts(rows: Num[np.ndarray, "n v"], n_components: int) -> Any:
    """A fitted ``sklearn.decomposition.PCA`` of very many items, of which a part at a time is in double precision.

    Its components are eigenvectors of the covariance about the mean: the leading ones are exact; variances of less
    than about 1e-16 of the largest are lost.

    Args:
        rows: (N, V), one item a row, N > V; of any number type.
        n_components: at most V.
    """
    from sklearn.decomposition import PCA

    n, values = rows.shape
    at_once = max(1, PART_VALUES // values)
    parts = [slice(start, start + at_once) for start in range(0, n, at_once)]
    mean = sum((rows[part].sum(0, dtype=np.float64) for part in parts), np.zeros(values)) / n
    covariance = np.zeros((values, values))
    for part in parts:
        moved = rows[part].astype(np.float64) - mean
        covariance += moved.T @ moved
    variances, directions = np.linalg.eigh(covariance / (n - 1))
    variances, components = np.maximum(variances[::-1], 0), directions.T[::-1]
    # An eigenvector has no sign: its largest entry is made positive, as scikit-learn does.
    largest = components[np.arange(values), np.abs(components).argmax(1)]
    components = components * np.where(largest < 0, -1, 1)[:, None]
    pca = PCA(n_components)
    pca.mean_, pca.components_, pca.n_components_ = mean, components[:n_components], n_components
    pca.explained_variance_ = variances[:n_components]
    with np.errstate(invalid="ignore"):
        pca.explained_variance_ratio_ = variances[:n_components] / variances.sum()
    pca.n_samples_, pca.n_features_in_ = n, values
    return pca
