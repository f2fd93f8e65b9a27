"""Every score by name."""

from __future__ import annotations

from explorer.novelty.classical import IsolationForest, NearestItems, OneClassSVM, PCAReconstruction, TailProbabilities
from explorer.novelty.combination import MaxOfScores, MeanOfScores
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
)

REGISTRY: dict[str, type[Scorer]] = {
    "reconstruction-error": ReconstructionError,
    "absolute-error": AbsoluteError,
    "largest-error": LargestError,
    "top-error": TopError,
    "shape-error": ShapeError,
    "local-error": LocalError,
    "hidden-columns": HiddenColumns,
    "negative-elbo": NegativeElbo,
    "elbo-misfit": ElboMisfit,
    "elbo-divergence": ElboDivergence,
    "latent-distance": LatentMahalanobis,
    "nearest-neighbours": NearestNeighbours,
    "nearest-directions": NearestDirections,
    "combined-mean": MeanOfScores,
    "combined-max": MaxOfScores,
    "pca": PCAReconstruction,
    "nearest-items": NearestItems,
    "tail-probabilities": TailProbabilities,
    "isolation-forest": IsolationForest,
    "one-class-svm": OneClassSVM,
}
"""Every score by name; a new one is a class in its module and a line here."""

NAMES: dict[type[Scorer], str] = {kind: name for name, kind in REGISTRY.items()}
