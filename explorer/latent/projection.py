"""Codes of many dimensions on a flat map: PCA, t-SNE, UMAP, or two dimensions as they are.

scikit-learn and umap-learn are imported where they are used: the latter takes several seconds and compiles.
"""

from __future__ import annotations

import io
import re
from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import nullcontext, redirect_stdout
from typing import Any, ClassVar, Self

import numpy as np
from jaxtyping import Float, Int, Num

from explorer.core.errors import ExplorerError
from explorer.core.pca import pca_in_parts
from explorer.core.row_samples import spread_positions

Progress = Callable[[float], None]
"""Called with the share of the steps that are done, in [0, 1]."""
TSNE_ITERATIONS = 1000
MANY_CODES = 100_000
"""More codes than so many are read in parts."""
MOST_LAID_OUT = 70_000
"""Maps of neighbours are laid out from at most so many codes."""
LAID_OUT = 20_000
"""Of more codes so many, spread over all, are laid out, and the others placed among them."""
PART = 1 << 14
LEAST_CODES = 4
"""Different codes that a map of neighbours is laid out from."""
SMALLEST = 1e-6
"""Of a spread, by itself and beside the codes' own size, that single precision can take as it is."""


class Projector(ABC):
    """Learns a map from codes (N, D), N >= 1; places codes on it as (N, 2).

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
    def fit(self, codes: Num[np.ndarray, "n d"], progress: Progress | None = None) -> Self:
        """Learn the map from (N, D) codes; a method that takes many steps says how far it is."""

    @abstractmethod
    def transform(self, codes: Num[np.ndarray, "n d"]) -> Float[np.ndarray, "n 2"]:
        """(N, D) codes -> (N, 2) places, float64."""

    def fit_transform(
        self, codes: Num[np.ndarray, "n d"], progress: Progress | None = None
    ) -> Float[np.ndarray, "n 2"]:
        """Learn the map; the places of the codes it was learnt from."""
        return self.fit(codes, progress).transform(codes)


class IterativeProjector(Projector):
    """A map that takes seconds to minutes to learn, and can be taken up again where another process has learnt it.

    Of more than ``MOST_LAID_OUT`` codes a sample is laid out, ``laid_out`` says which; each of the others is placed at
    the mean of the places of its 5 nearest in that sample, weighted by the inverse squared distance.

    Fewer than ``LEAST_CODES`` different codes have no neighbours to speak of, and the libraries fail on them or end the
    process: such codes lie as in PCA, which shows all of them.

    Attributes:
        codes_: (N, D) codes that were laid out.
        places_: (N, 2) where they lie.
    """

    codes_: np.ndarray
    places_: np.ndarray

    def fit(self, codes: Num[np.ndarray, "n d"], progress: Progress | None = None) -> Self:
        values = np.asarray(codes[laid_out(len(codes))], np.float64)
        if self._are_few(values):
            places = PCA().fit_transform(values) if len(values) else np.empty((0, 2))
            return self.restore(values, places)
        return self._lay_out(values, progress)

    @abstractmethod
    def _lay_out(self, codes: np.ndarray, progress: Progress | None) -> Self:
        """Learn the map from (N, D) float64 codes, ``LEAST_CODES`` or more of them different."""

    @staticmethod
    def _are_few(codes: np.ndarray) -> bool:
        return len(np.unique(codes, axis=0)) < LEAST_CODES

    @staticmethod
    def _in_range(codes: np.ndarray, like: np.ndarray) -> np.ndarray:
        """Codes as they are; where single precision cannot hold the distances, less the middle, in units of the spread.

        Args:
            codes: (N, D).
            like: (M, D) codes that say whether and how.
        """
        middle = like.mean(0)
        spread = float(np.abs(like - middle).max())
        if SMALLEST < spread < 1 / SMALLEST and spread > SMALLEST * float(np.abs(middle).max()):
            return codes
        return np.clip((codes - middle) / spread, -1 / SMALLEST, 1 / SMALLEST)  # new ones may lie anywhere

    def restore(self, codes: Num[np.ndarray, "n d"], places: Num[np.ndarray, "n 2"]) -> Self:
        """Take the places (N, 2) that a fit with this seed gave to these codes (N, D), instead of fitting again."""
        self.codes_ = np.asarray(codes, np.float64)
        self.places_ = np.asarray(places, np.float64)
        return self

    def fit_transform(
        self, codes: Num[np.ndarray, "n d"], progress: Progress | None = None
    ) -> Float[np.ndarray, "n 2"]:
        if len(codes) <= MOST_LAID_OUT:
            return self.fit(codes, progress).places_
        tell = progress or (lambda share: None)
        self.fit(codes, lambda share: tell(share / 2))
        places = np.empty((len(codes), 2))
        for start in range(0, len(codes), PART):
            places[start : start + PART] = self._among_nearest(codes[start : start + PART])
            tell(0.5 + min(len(codes), start + PART) / len(codes) / 2)
        return places

    def _among_nearest(self, codes: Num[np.ndarray, "n d"]) -> np.ndarray:
        """(N, 2): at the mean of the places of the 5 nearest fitted codes, weighted by the inverse squared distance."""
        from explorer.core.neighbours import (
            nearest,  # imports torch, which the process that lays a map out does without
        )

        indices, distances = nearest(self.codes_, np.asarray(codes, np.float64), 5)
        weights = 1 / np.maximum(np.square(distances), np.finfo(np.float64).tiny)
        weights = np.where(distances.min(1, keepdims=True) == 0, distances == 0, weights)
        weights = weights / weights.sum(1, keepdims=True)
        return np.einsum("nk,nkd->nd", weights, self.places_[indices])


class PCA(Projector):
    """The two directions of largest variance; exact, and the same at every seed.

    Attributes:
        pca_: the fitted ``sklearn.decomposition.PCA``.
        explained_: share of the variance that the map shows, in [0, 1].
    """

    title = "PCA"
    summary = "The plane that keeps most of the variance: straight lines stay straight, far stays far."
    placing = "New items are projected onto the same plane."

    def fit(self, codes: Num[np.ndarray, "n d"], progress: Progress | None = None) -> Self:
        from sklearn import decomposition

        if len(codes) > max(MANY_CODES, codes.shape[1]):
            self.pca_ = pca_in_parts(codes, min(2, codes.shape[1]))
        else:
            with np.errstate(invalid="ignore"):
                pca = decomposition.PCA(min(2, *codes.shape), svd_solver="full")
                self.pca_ = pca.fit(np.asarray(codes, np.float64))
        # Of codes that are all the same there is no variance to share out.
        self.explained_ = float(np.nan_to_num(self.pca_.explained_variance_ratio_.sum()))
        return self

    def transform(self, codes: Num[np.ndarray, "n d"]) -> Float[np.ndarray, "n 2"]:
        places = np.zeros((len(codes), 2))  # a 1-D code lies on a line
        for start in range(0, len(codes), PART):
            part = self.pca_.transform(np.asarray(codes[start : start + PART], np.float64))
            places[start : start + PART, : part.shape[1]] = part
        return places

    def inverse(self, places: Float[np.ndarray, "n 2"]) -> Float[np.ndarray, "n d"]:
        """The codes of places (N, 2) on the plane: (N, D)."""
        codes: np.ndarray = self.pca_.inverse_transform(np.asarray(places)[:, : self.pca_.n_components_])
        return codes


class TSNE(IterativeProjector):
    """Neighbours stay neighbours; distances between groups mean little.

    The method has no map for new codes. They are placed at the mean of their 5 nearest fitted codes' places, weighted
    by the inverse of the squared distance: a fitted code falls on its own place.

    Source: van der Maaten and Hinton 2008.
    """

    title = "t-SNE"
    summary = "Neighbours stay together; the size of groups and the gaps between them mean little."
    placing = "New items are placed among their nearest neighbours: t-SNE itself has no way to place them."

    def __init__(self, seed: int = 0, perplexity: float = 30.0) -> None:
        super().__init__(seed)
        self.perplexity = perplexity

    def _lay_out(self, codes: np.ndarray, progress: Progress | None) -> Self:
        from sklearn import manifold

        values = self._in_range(codes, codes)
        perplexity = min(self.perplexity, (len(values) - 1) / 3)
        init = "pca" if values.shape[1] >= 2 else "random"
        tsne = manifold.TSNE(
            2,
            perplexity=perplexity,
            init=init,
            random_state=self.seed,
            max_iter=TSNE_ITERATIONS,
            verbose=2 if progress else 0,
        )
        # scikit-learn tells how far it is only by printing.
        with redirect_stdout(_Reader(progress, r"Iteration (\d+)", TSNE_ITERATIONS)) if progress else nullcontext():
            places = tsne.fit_transform(values)
        if progress:
            progress(1.0)  # it stops early where nothing improves any more
        return self.restore(codes, places)

    def transform(self, codes: Num[np.ndarray, "n d"]) -> Float[np.ndarray, "n 2"]:
        return self._among_nearest(codes)


class UMAP(IterativeProjector):
    """A graph of neighbours drawn in two dimensions, which also places new codes.

    Attributes:
        umap_: the fitted ``umap.UMAP``; after ``restore`` made at the first new code.

    Source: McInnes, Healy and Melville 2018.
    """

    title = "UMAP"
    summary = "Neighbours stay together, and groups that touch lie side by side; gaps mean little."
    placing = "New items are placed by UMAP's own transform."

    def __init__(self, seed: int = 0, n_neighbours: int = 15) -> None:
        super().__init__(seed)
        self.n_neighbours = n_neighbours
        self.umap_: Any = None

    def _lay_out(self, codes: np.ndarray, progress: Progress | None) -> Self:
        told: dict[str, Any] = {}
        if progress:
            bar: dict[str, Any] = {"file": _Reader(progress, r"(\d+)/(\d+)"), "bar_format": "{n}/{total}"}
            bar |= {"mininterval": 0, "miniters": 1}
            told = {"verbose": True, "tqdm_kwds": bar}
        init = "spectral" if len(codes) > 10 else "random"
        with redirect_stdout(io.StringIO()) if progress else nullcontext():
            values = self._in_range(codes, codes).astype(np.float32)
            umap = self._umap(codes, init=init, **told).fit(values)
        umap.verbose, umap.tqdm_kwds = False, {"disable": True}  # placing new codes is quick
        self.restore(codes, umap.embedding_)
        self.umap_ = umap
        return self

    def restore(self, codes: Num[np.ndarray, "n d"], places: Num[np.ndarray, "n 2"]) -> Self:
        self.umap_ = None
        return super().restore(codes, places)

    def transform(self, codes: Num[np.ndarray, "n d"]) -> Float[np.ndarray, "n 2"]:
        if self._are_few(self.codes_):
            return self._among_nearest(codes)
        if self.umap_ is None:
            # The graph of neighbours alone, with no step that moves a place: what placing new codes starts from.
            umap = self._umap(self.codes_, init=self.places_.astype(np.float32), n_epochs=0)
            umap.fit(self._in_range(self.codes_, self.codes_).astype(np.float32))
            umap.embedding_, umap.n_epochs = self.places_.astype(np.float32), None
            self.umap_ = umap
        values = self._in_range(np.asarray(codes, np.float64), self.codes_).astype(np.float32)
        return np.asarray(self.umap_.transform(values), np.float64)

    def _umap(self, codes: np.ndarray, **options: Any) -> Any:
        import umap

        n_neighbours = max(2, min(self.n_neighbours, len(codes) - 1))
        return umap.UMAP(n_neighbors=n_neighbours, random_state=self.seed, n_jobs=1, **options)


class _Reader(io.TextIOBase):
    """Reads how far a library is from what it prints: the last match of ``step`` or ``step/total`` in each piece."""

    def __init__(self, progress: Progress, pattern: str, total: int = 0) -> None:
        self.progress = progress
        self.pattern = re.compile(pattern)
        self.total = total

    def write(self, text: str) -> int:
        for match in self.pattern.finditer(text):
            total = self.total or int(match[2])
            if total:
                self.progress(min(1.0, int(match[1]) / total))
        return len(text)


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

    def fit(self, codes: Num[np.ndarray, "n d"], progress: Progress | None = None) -> Self:
        if not 0 <= max(self.i, self.j) < codes.shape[1] or min(self.i, self.j) < 0:
            raise ExplorerError(
                f"A code of {codes.shape[1]} dimensions has no pair {self.i}, {self.j}.",
                f"Choose two of 0 to {codes.shape[1] - 1}.",
            )
        return self

    def transform(self, codes: Num[np.ndarray, "n d"]) -> Float[np.ndarray, "n 2"]:
        return np.asarray(codes, np.float64)[:, [self.i, self.j]]


def laid_out(n: int) -> Int[np.ndarray, " m"]:
    """(m,) which of ``n`` codes a map of neighbours is laid out from: all, or a sample that is spread over all."""
    return spread_positions(n, LAID_OUT) if n > MOST_LAID_OUT else np.arange(n)


def laid_out_in_words(n: int) -> str:
    """A sentence that says so where not all of ``n`` codes are laid out; else empty."""
    if n <= MOST_LAID_OUT:
        return ""
    return f"Laid out from {LAID_OUT:,} of them, spread over all; the others are placed among their 5 nearest of those."


REGISTRY: dict[str, type[Projector]] = {"pca": PCA, "tsne": TSNE, "umap": UMAP, "pair": RawPair}
"""Every kind of map by name; a new one is a class above and a line here."""
