"""Codes of many dimensions on a flat map: PCA, t-SNE, UMAP, or two dimensions as they are.

scikit-learn and umap-learn are imported where they are used: the latter takes several seconds and compiles.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np

from explorer import latent, metrics
from explorer.errors import ExplorerError

MAX_TRUST_ITEMS = 2000
"""Trustworthiness takes time that grows with the square of the items."""


class Projector(ABC):
    """Learns a map from codes (N, D), N >= 4; places codes on it as (N, 2).

    The same codes and seed give the same map. ``transform`` places new codes without moving the fitted ones.

    Args:
        seed: of whatever is random.
    """

    title: ClassVar[str]
    summary: ClassVar[str]
    """One sentence on what near and far mean on this map."""
    placing: ClassVar[str]
    """One sentence on how new codes are placed."""

    def __init__(self, seed: int = 0) -> None:
        self.seed = seed

    @abstractmethod
    def fit(self, codes: np.ndarray) -> Self:
        """Learn the map from (N, D) codes."""

    @abstractmethod
    def transform(self, codes: np.ndarray) -> np.ndarray:
        """(N, D) codes -> (N, 2) places, float64."""

    def fit_transform(self, codes: np.ndarray) -> np.ndarray:
        """Learn the map; the places of the codes it was learnt from."""
        return self.fit(codes).transform(codes)


class PCA(Projector):
    """The two directions of largest variance; exact, and the same at every seed.

    Attributes:
        pca_: the fitted ``sklearn.decomposition.PCA``.
        explained_: share of the variance that the map shows, in [0, 1].
    """

    title = "PCA"
    summary = "The plane that keeps most of the variance: straight lines stay straight, far stays far."
    placing = "New items are projected onto the same plane."

    def fit(self, codes: np.ndarray) -> Self:
        from sklearn import decomposition

        self.pca_ = decomposition.PCA(min(2, *codes.shape), svd_solver="full").fit(np.asarray(codes, np.float64))
        self.explained_ = float(np.nan_to_num(self.pca_.explained_variance_ratio_.sum()))
        return self

    def transform(self, codes: np.ndarray) -> np.ndarray:
        places = self.pca_.transform(np.asarray(codes, np.float64))
        return np.pad(places, ((0, 0), (0, 2 - places.shape[1])))  # a 1-D code lies on a line

    def inverse(self, places: np.ndarray) -> np.ndarray:
        """The codes of places (N, 2) on the plane: (N, D)."""
        codes: np.ndarray = self.pca_.inverse_transform(np.asarray(places)[:, : self.pca_.n_components_])
        return codes


class TSNE(Projector):
    """Neighbours stay neighbours; distances between groups mean little.

    The method has no map for new codes. They are placed at the mean of their 5 nearest fitted codes' places, weighted
    by the inverse of the squared distance: a fitted code falls on its own place.

    Attributes:
        codes_: (N, D) fitted codes.
        embedding_: (N, 2) their places.

    Source: van der Maaten and Hinton 2008.
    """

    title = "t-SNE"
    summary = "Neighbours stay together; the size of groups and the gaps between them mean little."
    placing = "New items are placed among their nearest neighbours: t-SNE itself has no way to place them."

    def __init__(self, seed: int = 0, perplexity: float = 30.0) -> None:
        super().__init__(seed)
        self.perplexity = perplexity

    def fit(self, codes: np.ndarray) -> Self:
        from sklearn import manifold

        self.codes_ = np.asarray(codes, np.float64)
        perplexity = min(self.perplexity, (len(codes) - 1) / 3)
        init = "pca" if self.codes_.shape[1] >= 2 else "random"
        tsne = manifold.TSNE(2, perplexity=perplexity, init=init, random_state=self.seed)
        self.embedding_ = tsne.fit_transform(self.codes_).astype(np.float64)
        return self

    def transform(self, codes: np.ndarray) -> np.ndarray:
        indices, distances = latent.nearest(self.codes_, np.asarray(codes, np.float64), 5)
        weights = 1 / np.maximum(np.square(distances), np.finfo(np.float64).tiny)
        weights = np.where(distances.min(1, keepdims=True) == 0, distances == 0, weights)
        weights = weights / weights.sum(1, keepdims=True)
        return np.einsum("nk,nkd->nd", weights, self.embedding_[indices])

    def fit_transform(self, codes: np.ndarray) -> np.ndarray:
        return self.fit(codes).embedding_


class UMAP(Projector):
    """A graph of neighbours laid flat, which also places new codes.

    Attributes:
        umap_: the fitted ``umap.UMAP``.

    Source: McInnes, Healy and Melville 2018.
    """

    title = "UMAP"
    summary = "Neighbours stay together, and groups that touch lie side by side; gaps mean little."
    placing = "New items are placed by UMAP's own transform."

    def __init__(self, seed: int = 0, n_neighbours: int = 15) -> None:
        super().__init__(seed)
        self.n_neighbours = n_neighbours

    def fit(self, codes: np.ndarray) -> Self:
        import umap

        n_neighbours = max(2, min(self.n_neighbours, len(codes) - 1))
        init = "spectral" if len(codes) > 10 else "random"
        self.umap_ = umap.UMAP(n_neighbors=n_neighbours, init=init, random_state=self.seed, n_jobs=1)
        self.umap_.fit(np.asarray(codes, np.float32))
        return self

    def transform(self, codes: np.ndarray) -> np.ndarray:
        return np.asarray(self.umap_.transform(np.asarray(codes, np.float32)), np.float64)

    def fit_transform(self, codes: np.ndarray) -> np.ndarray:
        return np.asarray(self.fit(codes).umap_.embedding_, np.float64)


class RawPair(Projector):
    """Two dimensions of the code as they are.

    Args:
        seed: not used.
        i, j: which dimensions, from 0.
    """

    title = "Two dimensions"
    summary = "Two of the code's dimensions as they are; the others are not shown."
    placing = "New items lie at their own two values."

    def __init__(self, seed: int = 0, i: int = 0, j: int = 1) -> None:
        super().__init__(seed)
        self.i = i
        self.j = j

    def fit(self, codes: np.ndarray) -> Self:
        if not 0 <= max(self.i, self.j) < codes.shape[1] or min(self.i, self.j) < 0:
            raise ExplorerError(
                f"A code of {codes.shape[1]} dimensions has no pair {self.i}, {self.j}.",
                f"Choose two of 0 to {codes.shape[1] - 1}.",
            )
        return self

    def transform(self, codes: np.ndarray) -> np.ndarray:
        return np.asarray(codes, np.float64)[:, [self.i, self.j]]


REGISTRY: dict[str, type[Projector]] = {"pca": PCA, "tsne": TSNE, "umap": UMAP, "pair": RawPair}
"""Every kind of map by name; a new one is a class above and a line here."""


@dataclass(frozen=True)
class Trust:
    """How far a map can be trusted; both in [0, 1], 1 is best.

    Args:
        trustworthiness: whether neighbours on the map are neighbours in the code.
        continuity: whether neighbours in the code are neighbours on the map.
        k: size of a neighbourhood.
        n: number of items it was measured on.
    """

    trustworthiness: float
    continuity: float
    k: int
    n: int


def trust(codes: np.ndarray, places: np.ndarray, k: int = 10, seed: int = 0) -> Trust:
    """How far neighbourhoods survive on the map.

    Args:
        codes: (N, D).
        places: (N, 2).
        k: neighbours, under half the number of items.
        seed: of the choice of items, where there are more than ``MAX_TRUST_ITEMS``.

    Raises:
        ExplorerError: too few items for so many neighbours.

    Source: Venna and Kaski 2001.
    """
    if len(codes) > MAX_TRUST_ITEMS:
        chosen = np.random.default_rng(seed).choice(len(codes), MAX_TRUST_ITEMS, replace=False)
        codes, places = codes[chosen], places[chosen]
    if len(codes) <= 2 * k:
        raise ExplorerError(f"{len(codes)} items are too few for {k} neighbours.", "Show more items.")
    return Trust(metrics.trustworthiness(codes, places, k), metrics.continuity(codes, places, k), k, len(codes))
