"""Scores of where an item's code lies among normal ones.

scikit-learn is imported where it is used: it takes about a second.
"""

from __future__ import annotations

from typing import Self

import numpy as np
from jaxtyping import Float, Num

from explorer.checkpoints import VectorCheckpoint
from explorer.core.neighbours import nearest
from explorer.novelty.scores.model_scorer import CheckpointScorer
from explorer.novelty.scores.scorer import stored


class LatentMahalanobis(CheckpointScorer):
    """Mahalanobis distance of the code from the normal codes' mean, with a shrunk covariance.

    Source: Lee et al. 2018; the shrinkage, Ledoit and Wolf 2004.
    """

    title = "Latent Mahalanobis distance"
    summary = "How many standard deviations the item's code lies from the mean of the normal ones."
    unit = "standard deviations"
    needs_decoder = False

    def fit(self, normal: Num[np.ndarray, "n *event"]) -> Self:
        from sklearn.covariance import LedoitWolf

        estimate = LedoitWolf().fit(self._codes(normal))
        self.mean_, self.precision_ = estimate.location_, estimate.precision_
        return self

    def score(self, x: Num[np.ndarray, "n *event"]) -> Float[np.ndarray, " n"]:
        offsets = self._codes(x) - self.mean_
        return np.sqrt(np.maximum(np.einsum("nd,de,ne->n", offsets, self.precision_, offsets), 0))


class NearestNeighbours(CheckpointScorer):
    """Mean distance of the code from its ``k`` nearest normal codes.

    Source: Angiulli and Pizzuti 2002.
    """

    title = "Latent k-nearest neighbours"
    summary = "How far the item's code is from the nearest codes of normal items."
    unit = "distance in the code"
    needs_decoder = False

    def __init__(self, checkpoint: VectorCheckpoint, k: int = 5) -> None:
        super().__init__(checkpoint)
        self.k = k

    def fit(self, normal: Num[np.ndarray, "n *event"]) -> Self:
        self.codes_ = stored(self._codes(normal).astype(np.float32))
        return self

    def score(self, x: Num[np.ndarray, "n *event"]) -> Float[np.ndarray, " n"]:
        return nearest(self.codes_, self._codes(x), self.k)[1].mean(1)


class NearestDirections(NearestNeighbours):
    """Mean distance of the code's direction from the ``k`` nearest directions of normal codes.

    Directions are codes scaled to length 1, so that distance is that of the angle. How long a code is says mostly how
    strong an item is; where it points says of which kind. Not for table rows, of which most is said by how far off
    they are.

    Source: Wang and Isola 2020 for features on the sphere.
    """

    title = "Latent nearest directions"
    summary = "How far the direction of the item's code is from the directions of normal codes, whatever its length."
    unit = "distance on the unit sphere"

    @classmethod
    def applies_to(cls, checkpoint: VectorCheckpoint) -> bool:
        return not checkpoint.model.is_table

    def _codes(self, x: np.ndarray) -> np.ndarray:
        codes = super()._codes(x)
        return codes / np.maximum(np.linalg.norm(codes, axis=1, keepdims=True), 1e-12)
