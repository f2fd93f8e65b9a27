"""Held-out figures of a model, and which rows of a dataset count as held out for it."""

from __future__ import annotations

from explorer.evaluation.measures import (
    LEVELS,
    MAX_COVARIANCE_DIM,
    MAX_STATISTICS_ITEMS,
    class_mask,
    evaluate,
    evenly_spaced,
    iwae_bound,
    latent_statistics,
    mean_kl_per_dimension,
    pca_error,
    rows_for,
    summary,
    thinned,
    training_rows,
)

__all__ = [
    "LEVELS",
    "MAX_COVARIANCE_DIM",
    "MAX_STATISTICS_ITEMS",
    "class_mask",
    "evaluate",
    "evenly_spaced",
    "iwae_bound",
    "latent_statistics",
    "mean_kl_per_dimension",
    "pca_error",
    "rows_for",
    "summary",
    "thinned",
    "training_rows",
]
