"""Held-out figures of a model, and which rows of a dataset count as held out for it."""

from __future__ import annotations

from explorer.evaluation.code_statistics import (
    LEVELS,
    MAX_COVARIANCE_DIM,
    MAX_STATISTICS_ITEMS,
    latent_statistics,
    mean_kl_per_dimension,
    thinned,
)
from explorer.evaluation.measures import evaluate, iwae_bound, pca_beside, pca_error, summary
from explorer.evaluation.rows import class_mask, is_split_otherwise, rows_for, training_rows

__all__ = [
    "LEVELS",
    "MAX_COVARIANCE_DIM",
    "MAX_STATISTICS_ITEMS",
    "class_mask",
    "evaluate",
    "is_split_otherwise",
    "iwae_bound",
    "latent_statistics",
    "mean_kl_per_dimension",
    "pca_beside",
    "pca_error",
    "rows_for",
    "summary",
    "thinned",
    "training_rows",
]
