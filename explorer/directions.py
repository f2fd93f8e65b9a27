"""Directions in a latent space that stand for an attribute."""

from __future__ import annotations

import numpy as np

from explorer.errors import ExplorerError


def attribute_direction(codes_a: np.ndarray, codes_b: np.ndarray) -> np.ndarray:
    """The step in the code that leads from one group of items to another: the difference of their means.

    Args:
        codes_a, codes_b: (n, D) and (m, D) codes without and with the attribute, at least one each.

    Returns:
        (D,): add it to a code to give it the attribute, a multiple for more or less of it.

    Raises:
        ExplorerError: a group is empty.

    Source: Larsen et al. 2016, section 4.2.
    """
    if not len(codes_a) or not len(codes_b):
        raise ExplorerError("A direction needs items in both groups.", "Choose at least one item for each.")
    return np.asarray(codes_b, np.float64).mean(0) - np.asarray(codes_a, np.float64).mean(0)
