"""Novelty: scores that are high for items unlike the normal ones, thresholds with a promised false-alarm rate."""

from __future__ import annotations

from explorer.novelty.evaluation import (
    auroc,
    auroc_difference,
    average_precision,
    precision_among_first,
    precision_recall,
    roc,
)
from explorer.novelty.scores.categories import Categories
from explorer.novelty.scores.classical import ECOD, KNN, IsolationForest, OneClassSVM, PCAReconstruction
from explorer.novelty.scores.combination import Combination, MaxOfScores, MeanOfScores, NeighboursAndRules
from explorer.novelty.scores.elbo import ElboDivergence, ElboMisfit, NegativeElbo
from explorer.novelty.scores.latent import LatentMahalanobis, NearestDirections, NearestNeighbours
from explorer.novelty.scores.local_error import LocalError, error_maps
from explorer.novelty.scores.masked_columns import MaskedColumns
from explorer.novelty.scores.reconstruction import (
    AbsoluteError,
    CosineError,
    LargestError,
    ReconstructionError,
    TopError,
    contributions,
)
from explorer.novelty.scores.registry import NAMES, REGISTRY
from explorer.novelty.scores.relations import Relations
from explorer.novelty.scores.scorer import Scorer
from explorer.novelty.splits import NoveltySplits, normal_splits, novel_rows
from explorer.novelty.thresholds import (
    Confusion,
    Threshold,
    confusion,
    p_values,
    percentile,
    threshold_for,
)

__all__ = [
    "ECOD",
    "KNN",
    "NAMES",
    "REGISTRY",
    "AbsoluteError",
    "Categories",
    "Combination",
    "Confusion",
    "CosineError",
    "ElboDivergence",
    "ElboMisfit",
    "IsolationForest",
    "LargestError",
    "LatentMahalanobis",
    "LocalError",
    "MaskedColumns",
    "MaxOfScores",
    "MeanOfScores",
    "NearestDirections",
    "NearestNeighbours",
    "NegativeElbo",
    "NeighboursAndRules",
    "NoveltySplits",
    "OneClassSVM",
    "PCAReconstruction",
    "ReconstructionError",
    "Relations",
    "Scorer",
    "Threshold",
    "TopError",
    "auroc",
    "auroc_difference",
    "average_precision",
    "confusion",
    "contributions",
    "error_maps",
    "normal_splits",
    "novel_rows",
    "p_values",
    "percentile",
    "precision_among_first",
    "precision_recall",
    "roc",
    "threshold_for",
]
