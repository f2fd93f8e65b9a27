"""A made-up table whose rows keep relations between numbers and between categories."""

from __future__ import annotations

import numpy as np


def rows_with_rules(n: int, seed: int) -> dict[str, list[str] | np.ndarray]:
    """Rows whose area is width times height, and whose kind follows from the site."""
    random = np.random.default_rng(seed)
    width, height = random.lognormal(0, 0.4, n), random.normal(10, 1, n)
    sites = random.choice(["north", "south", "east"], n, p=[0.6, 0.3, 0.1])
    kinds = np.where(sites == "east", "C", random.choice(["A", "B"], n))
    total = width + height + (sites == "east")
    return {
        "site": sites.tolist(),
        "kind": kinds.tolist(),
        "width": width,
        "height": height,
        "area": width * height,
        "total": total,
    }
