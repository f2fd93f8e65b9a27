"""Principal component analysis, fitted by the quickest way that is exact."""

from __future__ import annotations

from typing import Any

import numpy as np
from jaxtyping import Num

WIDE = 500
"""From so many values an item on, all eigenvectors of their covariance take longer than the first few alone."""
FEW = 1 / 8
"""Of its eigenvectors: up to this share they are few."""


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
