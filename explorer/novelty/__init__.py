"""Novelty: scores that are high for items unlike the normal ones, thresholds with a promised false-alarm rate."""

from __future__ import annotations

from explorer.novelty.classical import IsolationForest, NearestItems, OneClassSVM, PCAReconstruction, TailProbabilities
from explorer.novelty.combination import Combination, MaxOfScores, MeanOfScores
from explorer.novelty.evaluation import auroc, lead, precision_recall, roc
from explorer.novelty.registry import NAMES, REGISTRY
from explorer.novelty.scorers import (
    AbsoluteError,
    ElboDivergence,
    ElboMisfit,
    HiddenColumns,
    LargestError,
    LatentMahalanobis,
    LocalError,
    NearestDirections,
    NearestNeighbours,
    NegativeElbo,
    ReconstructionError,
    Scorer,
    ShapeError,
    TopError,
    contributions,
    error_maps,
)
from explorer.novelty.splits import Roles, normal_roles, novel_rows
from explorer.novelty.thresholds import (
    Confusion,
    Threshold,
    confusion,
    p_values,
    percentile,
    threshold_for,
)

__all__ = [
    "NAMES",
    "REGISTRY",
    "AbsoluteError",
    "Combination",
    "Confusion",
    "ElboDivergence",
    "ElboMisfit",
    "HiddenColumns",
    "IsolationForest",
    "LargestError",
    "LatentMahalanobis",
    "LocalError",
    "MaxOfScores",
    "MeanOfScores",
    "NearestDirections",
    "NearestItems",
    "NearestNeighbours",
    "NegativeElbo",
    "OneClassSVM",
    "PCAReconstruction",
    "ReconstructionError",
    "Roles",
    "Scorer",
    "ShapeError",
    "TailProbabilities",
    "Threshold",
    "TopError",
    "auroc",
    "confusion",
    "contributions",
    "error_maps",
    "lead",
    "normal_roles",
    "novel_rows",
    "p_values",
    "percentile",
    "precision_recall",
    "roc",
    "threshold_for",
]
