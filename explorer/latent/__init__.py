"""What a latent space is made of, and what can be done in it."""

from __future__ import annotations

from explorer.latent.dimensions import (
    ACTIVE_SHARE,
    ACTIVE_VARIANCE,
    CHUNK,
    SLIDER_LEVELS,
    LatentDimension,
    code_quantiles,
    dimension_order,
    manifold_grid,
    statistics_of,
)

__all__ = [
    "ACTIVE_SHARE",
    "ACTIVE_VARIANCE",
    "CHUNK",
    "SLIDER_LEVELS",
    "LatentDimension",
    "code_quantiles",
    "dimension_order",
    "manifold_grid",
    "statistics_of",
]
