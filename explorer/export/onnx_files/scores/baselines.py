"""Graphs of the scores that see the items alone; see ``novelty.scores.classical`` for their formulas."""

from __future__ import annotations

import numpy as np
import torch
from jaxtyping import Bool, Float
from torch import Tensor, nn

from explorer.export.onnx_files.scores.rows import counts, kept, nearest_distances
from explorer.novelty.scores.classical import ECOD, KNN, Baseline, IsolationForest, OneClassSVM, PCAReconstruction


class StandardisedRows(nn.Module):
    """(n, *event) items to (n, D) rows in double precision, 0 where a cell is missing, and which are there."""

    def __init__(self, scorer: Baseline) -> None:
        super().__init__()
        self.mean, self.scale = kept(scorer.mean_), kept(scorer.scale_)

    def forward(self, x: Float[Tensor, "n *event"]) -> tuple[Float[Tensor, "n d"], Bool[Tensor, "n d"]]:
        rows = (x.flatten(1).double() - self.mean) / self.scale
        present = ~rows.isnan()
        return torch.where(present, rows, torch.zeros_like(rows)), present


def _for_all(parts: Tensor, present: Tensor) -> Tensor:
    """Sums over the cells that are there, as if the others were like them."""
    return parts.sum(1) * parts.shape[1] / present.double().sum(1).clamp(min=1)


class KNNGraph(nn.Module):
    """Mean distance from the nearest normal items."""

    def __init__(self, scorer: KNN) -> None:
        super().__init__()
        self.rows, self.known, self.k = StandardisedRows(scorer), kept(scorer.rows_), scorer.k

    def forward(self, x: Float[Tensor, "n *event"]) -> Float[Tensor, " n"]:
        rows, present = self.rows(x)
        return nearest_distances(self.known, rows, self.k, present).mean(1)


class PCAGraph(nn.Module):
    """Squared error of rebuilding rows from principal components."""

    def __init__(self, scorer: PCAReconstruction) -> None:
        super().__init__()
        self.rows = StandardisedRows(scorer)
        self.centre, self.components = kept(scorer.centre_), kept(scorer.components_)

    def forward(self, x: Float[Tensor, "n *event"]) -> Float[Tensor, " n"]:
        rows, present = self.rows(x)
        offsets = rows - self.centre
        rest = offsets - offsets @ self.components.T @ self.components
        return _for_all(rest.square() * present.double(), present)


class ECODGraph(nn.Module):
    """Logarithms of tail shares, added up."""

    def __init__(self, scorer: ECOD) -> None:
        super().__init__()
        self.rows, self.n = StandardisedRows(scorer), len(scorer.sorted_)
        self.ordered = kept(scorer.sorted_.T.reshape(-1))

    def forward(self, x: Float[Tensor, "n *event"]) -> Float[Tensor, " n"]:
        rows, present = self.rows(x)
        left = (counts(self.ordered, self.n, rows, or_equal=True).double() + 1) / (self.n + 1)
        right = (self.n - counts(self.ordered, self.n, rows, or_equal=False).double() + 1) / (self.n + 1)
        return _for_all(-torch.minimum(left, right).log() * present.double(), present)


class IsolationForestGraph(nn.Module):
    """All items through all trees, as many steps as the deepest has."""

    def __init__(self, scorer: IsolationForest) -> None:
        super().__init__()
        self.rows = StandardisedRows(scorer)
        self.roots, self.columns = kept(scorer.roots_.astype(np.int64)), kept(scorer.columns_.astype(np.int64))
        self.left, self.right = (kept(side.astype(np.int64)) for side in scorer.children_)
        self.cuts, self.depths = kept(scorer.cuts_), kept(scorer.depths_)
        self.typical = float(scorer.typical_depth_[0])
        self.steps, nodes = 0, scorer.roots_
        while (scorer.children_[0][nodes] != nodes).any():  # a leaf leads to itself
            nodes = np.unique(scorer.children_[:, nodes])
            self.steps += 1

    def forward(self, x: Float[Tensor, "n *event"]) -> Float[Tensor, " n"]:
        values = self.rows(x)[0].float().double()  # as scikit-learn compares them
        nodes = self.roots.expand(values.shape[0], -1)
        for _ in range(self.steps):
            goes_right = values.gather(1, self.columns[nodes]) > self.cuts[nodes]
            nodes = torch.where(goes_right, self.right[nodes], self.left[nodes])
        return torch.exp(-np.log(2.0) * self.depths[nodes].mean(1) / self.typical)


class OneClassSVMGraph(nn.Module):
    """Distance outside the boundary: a negative sum of kernels."""

    def __init__(self, scorer: OneClassSVM) -> None:
        super().__init__()
        self.rows, self.gamma = StandardisedRows(scorer), float(scorer.gamma_)
        self.support, self.weights = kept(scorer.support_), kept(scorer.weights_)

    def forward(self, x: Float[Tensor, "n *event"]) -> Float[Tensor, " n"]:
        rows, _ = self.rows(x)
        own, of_known = rows.square().sum(1, keepdim=True), self.support.square().sum(1)
        squares = (own + of_known - 2 * rows @ self.support.T).clamp(min=0)
        return -torch.exp(-self.gamma * squares) @ self.weights
