"""Every score by name."""

from __future__ import annotations

from explorer.checkpoints import VectorCheckpoint
from explorer.novelty.scores.categories import Categories
from explorer.novelty.scores.classical import ECOD, KNN, IsolationForest, OneClassSVM, PCAReconstruction
from explorer.novelty.scores.combination import MaxOfScores, MeanOfScores, NeighboursAndRules
from explorer.novelty.scores.combined_maps import CombinedMaps
from explorer.novelty.scores.elbo import ElboDivergence, ElboMisfit, NegativeElbo
from explorer.novelty.scores.latent import LatentMahalanobis, NearestDirections, NearestNeighbours
from explorer.novelty.scores.local_baselines import PatchNeighbours, PCAMaps
from explorer.novelty.scores.local_error import LocalError
from explorer.novelty.scores.masked_columns import MaskedColumns
from explorer.novelty.scores.masked_patches import MaskedPatches
from explorer.novelty.scores.place_codes import PlaceCodes
from explorer.novelty.scores.pretrained_patches import PretrainedPatches
from explorer.novelty.scores.reconstruction import (
    AbsoluteError,
    CosineError,
    LargestError,
    ReconstructionError,
    TopError,
)
from explorer.novelty.scores.registered_template import RegisteredTemplate
from explorer.novelty.scores.relations import Relations
from explorer.novelty.scores.scorer import Scorer
from explorer.novelty.scores.structural_error import StructuralError

REGISTRY: dict[str, type[Scorer]] = {
    "reconstruction-error": ReconstructionError,
    "absolute-error": AbsoluteError,
    "largest-error": LargestError,
    "top-error": TopError,
    "cosine-error": CosineError,
    "local-error": LocalError,
    "masked-columns": MaskedColumns,
    "relations": Relations,
    "categories": Categories,
    "masked-patches": MaskedPatches,
    "registered-template": RegisteredTemplate,
    "place-codes": PlaceCodes,
    "structural-error": StructuralError,
    "combined-maps": CombinedMaps,
    "pretrained-patches": PretrainedPatches,
    "negative-elbo": NegativeElbo,
    "elbo-misfit": ElboMisfit,
    "elbo-divergence": ElboDivergence,
    "latent-distance": LatentMahalanobis,
    "nearest-neighbours": NearestNeighbours,
    "nearest-directions": NearestDirections,
    "combined-mean": MeanOfScores,
    "combined-max": MaxOfScores,
    "knn-and-rules": NeighboursAndRules,
    "pca": PCAReconstruction,
    "knn": KNN,
    "ecod": ECOD,
    "isolation-forest": IsolationForest,
    "one-class-svm": OneClassSVM,
    "pca-maps": PCAMaps,
    "patch-neighbours": PatchNeighbours,
}
"""Every score by name; a new one is a class in its module and a line here."""

FORMER_NAMES = {
    "shape-error": "cosine-error",
    "hidden-columns": "masked-columns",
    "nearest-items": "knn",
    "tail-probabilities": "ecod",
}
"""Names of version 0.1.0, which detectors, links and command lines may still hold -> the name today."""


def present_name(name: str) -> str:
    """The name that a score has today, also where it is given by a former one."""
    return FORMER_NAMES.get(name, name)


NAMES: dict[type[Scorer], str] = {kind: name for name, kind in REGISTRY.items()}


def scores_for(checkpoint: VectorCheckpoint) -> list[str]:
    """Names of the scores that a checkpoint allows: defined for its family and data, and for half a model."""
    lacks = checkpoint.model.lacks
    return [
        name
        for name, kind in REGISTRY.items()
        if kind.applies_to(checkpoint)
        and not (kind.needs_decoder and lacks)
        and not (kind.uses_checkpoint and lacks == "encoder")
    ]
