"""Other scores fitted on the same normal items, to see which one is best on the shown items."""

from __future__ import annotations

import numpy as np
from jaxtyping import Num

from explorer.core.errors import ExplorerError
from explorer.novelty.detector import Detector, checkpoints_of
from explorer.novelty.scores.registry import REGISTRY, scores_for
from explorer.novelty.scores.scorer import CrossCalibrated, Scorer

BASELINES = tuple(
    name
    for name, kind in REGISTRY.items()
    if not (kind.uses_checkpoint or kind.is_rule or issubclass(kind, CrossCalibrated))
)
"""Scores that look at the items alone and train nothing."""


def baselines_of(detector: Detector) -> list[str]:
    """Names of the scores that can be fitted beside a detector's own: baselines, then those that its model allows."""
    model = next(iter(checkpoints_of(detector.scorer)), None)
    through_model = [] if model is None else [n for n in scores_for(model) if REGISTRY[n].uses_checkpoint]
    unfit = "of_tables" if detector.card.kind == "image" else "at_native_size"
    alone = [name for name in BASELINES if not getattr(REGISTRY[name], unfit)]
    names = dict.fromkeys([*alone, *through_model])
    return [name for name in names if name != detector.card.scorer.name]


def baseline(name: str, detector: Detector, normal: Num[np.ndarray, "n *event"]) -> Scorer:
    """A named score fitted on normal items (n, *event), n >= 8; one that needs a model looks through the detector's.

    Raises:
        ExplorerError: no such score, too few items, or the detector has no model that the score is defined for.
    """
    if name not in REGISTRY:
        raise ExplorerError(f"There is no score called {name!r}.", f"Choose from: {', '.join(REGISTRY)}.")
    kind = REGISTRY[name]
    models = checkpoints_of(detector.scorer)
    if kind.uses_checkpoint and not models:
        raise ExplorerError(f"{kind.title} needs a model, and this detector has none.", "Choose another score.")
    # A score of the items alone is built from any model's shape; it has defaults of its own without one.
    scorer = kind.for_checkpoint(models[0]) if models else kind()
    if detector.card.encoding is not None:
        scorer.learn_columns(detector.card.encoding)
    return scorer.fit(normal)
