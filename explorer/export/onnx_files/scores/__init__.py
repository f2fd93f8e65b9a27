"""Scores as graphs of ONNX: modules of encoded items (n, *event), NaN where a cell is missing, to (n,) doubles."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from torch import nn

from explorer.core.errors import ExplorerError
from explorer.export.onnx_files.scores import baselines, rules, through_models
from explorer.export.onnx_files.scores.combinations import CombinationGraph
from explorer.novelty.scores.registry import NAMES, REGISTRY
from explorer.novelty.scores.scorer import Scorer

GRAPHS: dict[str, Callable[[Any], nn.Module]] = {
    "reconstruction-error": through_models.BatchGraph,
    "absolute-error": through_models.BatchGraph,
    "largest-error": through_models.BatchGraph,
    "top-error": through_models.BatchGraph,
    "cosine-error": through_models.BatchGraph,
    "masked-columns": through_models.BatchGraph,
    "negative-elbo": through_models.ElboGraph,
    "elbo-misfit": lambda scorer: through_models.ElboGraph(scorer, divergence=False),
    "elbo-divergence": lambda scorer: through_models.ElboGraph(scorer, misfit=False),
    "local-error": through_models.LocalErrorGraph,
    "latent-distance": through_models.MahalanobisGraph,
    "nearest-neighbours": through_models.NeighboursGraph,
    "nearest-directions": through_models.DirectionsGraph,
    "pca": baselines.PCAGraph,
    "knn": baselines.KNNGraph,
    "ecod": baselines.ECODGraph,
    "isolation-forest": baselines.IsolationForestGraph,
    "one-class-svm": baselines.OneClassSVMGraph,
    "relations": rules.RelationsGraph,
    "categories": rules.CategoriesGraph,
    "combined-mean": lambda scorer: CombinationGraph(scorer, graph_of),
    "combined-max": lambda scorer: CombinationGraph(scorer, graph_of),
    "knn-and-rules": lambda scorer: CombinationGraph(scorer, graph_of),
}
"""Graph of each score by its name in the registry; the others look at images place by place, at their own size."""


def graph_of(scorer: Scorer) -> nn.Module:
    """The graph of a fitted score.

    Raises:
        ExplorerError: there is none of this score.
    """
    name = NAMES[type(scorer)]
    if name not in GRAPHS:
        others = [other for other in ("combined-mean", "local-error", "knn") if not REGISTRY[other].of_tables]
        raise ExplorerError(
            f"{scorer.title} looks at images place by place, at the size that they have, and that is not written as"
            " ONNX here.",
            "Score with this program (python -m explorer score DETECTOR FILES --out scores.csv), or fit a detector with"
            f" --scorer {', '.join(others[:-1])} or {others[-1]}.",
        )
    return GRAPHS[name](scorer).eval()
