"""How far two computations of the same thing lie apart."""

from __future__ import annotations

import numpy as np
from jaxtyping import Shaped


def apart(ours: Shaped[np.ndarray, "*shape"], theirs: Shaped[np.ndarray, "*shape"]) -> float:
    """The largest difference of two results, relative where values are above 1; NaN at the same places is none."""
    both = np.isnan(ours) & np.isnan(theirs)
    difference = np.abs(ours - theirs) / np.maximum(1, np.abs(ours))
    return float(np.where(both, 0, difference).max(initial=0))
