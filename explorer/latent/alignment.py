"""Maps of the same items, each turned and mirrored onto the one before, so that what moves is what has changed."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float, Num

from explorer.core.pca import pca_of


def turned_onto(places: Num[np.ndarray, "n 2"], before: Num[np.ndarray, "n 2"]) -> Float[np.ndarray, "2 2"]:
    """The turn and reflection that brings places nearest to those of another map, each about its own mean.

    Args:
        places: (N, 2) of items.
        before: (N, 2) of the same items, on the other map.

    Returns:
        (2, 2) orthogonal: ``(places - mean) @ turn`` is nearest in squared distance.

    Source: Schönemann 1966, "A generalized solution of the orthogonal Procrustes problem".
    """
    u, _, vt = np.linalg.svd((places - places.mean(0)).T @ (before - before.mean(0)))
    return np.asarray(u @ vt, np.float64)


def plane_of(z: Num[np.ndarray, "n d"]) -> Float[np.ndarray, "n 2"]:
    """Codes on a plane: two numbers as they are, one with zero beside it, more by their first principal components."""
    if z.shape[1] == 2:
        return np.asarray(z, np.float64)
    if z.shape[1] < 2 or len(z) < 3:
        first = z[:, :1] if z.shape[1] else np.zeros((len(z), 1))
        return np.concatenate([first, np.zeros((len(z), 1))], axis=1).astype(np.float64)
    return np.asarray(pca_of(z, 2).transform(z), np.float64)
