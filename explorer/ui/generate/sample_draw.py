"""Codes that were drawn in one way, which the Sample view shows and checks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float


@dataclass(frozen=True, eq=False)
class SampleDraw:
    """One way of drawing codes.

    Args:
        key: tells it from the others.
        title: what it is.
        codes: (n, latent_dim).
    """

    key: str
    title: str
    codes: Float[np.ndarray, "n d"]
