"""Whether a code is typical of real ones: by its norm, its nearest real code, and encoding what it decodes to."""

from __future__ import annotations

import math
from enum import StrEnum
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float

from explorer.checkpoints import VectorCheckpoint
from explorer.core.errors import ExplorerError
from explorer.core.neighbours import nearest
from explorer.latent.dimensions import ACTIVE_SHARE

EDGE_QUANTILE = 0.95
"""Share of fresh real codes that are called inside the data."""
FAR_QUANTILE = 0.99
"""Share of fresh real codes that are called inside or at the edge."""
ROUNDING = 1e-3
"""Of the codes' spread: smaller differences are ignored."""


class Verdict(StrEnum):
    """Whether a code is as real ones are."""

    INSIDE = "inside the data"
    EDGE = "at the edge of the data"
    MADE_UP = "made up: real codes are not like this"


class Reason(StrEnum):
    """What is least like real codes about a code."""

    NEAR_MIDDLE = "Nearer to the middle of the codes than real ones are."
    FAR_OUT = "Farther from the middle of the codes than real ones are."
    ALONE = "Farther from the nearest real code than real ones are from each other."
    CHANGED = "Encoded again, what it decodes to gets another code; that of a real item stays nearer."


class CheckedCode(NamedTuple):
    """A verdict; where it is not "inside", the reason."""

    verdict: Verdict
    reason: Reason | None


class DensityCheck:
    """Whether a code is typical of real ones, by three figures that real codes have too.

    The norm of the standardised code, on both sides: in many dimensions real codes lie in a shell, and the middle,
    where a density is highest, holds none (in two it does, and the figure allows for it). The distance to the nearest
    real code. And how far the code moves when it is decoded and encoded again. Each is divided by the 95 % quantile of
    real codes', and the largest of the three counts. Its limits are quantiles of what real codes have, each measured
    without its own part in the fit, so that a fresh real code is not called inside in 5 of 100 cases, and made
    up in 1, whatever the codes' law and size.

    Args:
        active: (D,) bool, dimensions that count; the others are taken to be at their mean. None for all.

    Attributes:
        codes_: (n, D) the real codes.
        mean_, std_: (D,) of the codes; a dimension hardly used has a tenth of the average standard deviation.
        centre_: mean norm of standardised real codes.
        distances_: (n,) Euclidean distance from each code to the nearest other one, sorted.
        scales_: (3,) the 95 % quantiles; infinite where encoding again was not measured.
        edge_, far_: largest figures of codes inside the data, and at its edge.

    Source: typical sets, Nalisnick et al. 2019; limits of exchangeable figures, Vovk et al. 2005, section 2.
    """

    def __init__(self, active: Bool[np.ndarray, " d"] | None = None) -> None:
        self.active = active

    def fit(self, codes: Float[np.ndarray, "n d"], again: Float[np.ndarray, "n d"] | None = None) -> DensityCheck:
        """Measure real codes (n, D), n >= 2, that the model was not trained on.

        Args:
            again: (n, D) the codes of what they decode to (see ``encode_again``), NaN in rows where that was not
                measured, of which the limits then take no account; None: nothing is asked of it.

        Raises:
            ExplorerError: too few codes.
        """
        if len(codes) < 2:
            raise ExplorerError("A density check needs two real codes or more.", "Choose more items.")
        n = len(codes)
        self.codes_ = np.asarray(codes, np.float64)
        self.active_ = np.ones(codes.shape[1], bool) if self.active is None else self.active
        self.mean_ = self.codes_.mean(0)
        variance = self.codes_.var(0)
        floor = max(ACTIVE_SHARE * float(variance.mean()), np.finfo(np.float64).tiny)
        self.std_ = np.sqrt(np.maximum(variance, floor))
        # Each code is standardised by the mean and the variance of the others, as a fresh one is.
        others_mean = self.mean_ + (self.mean_ - self.codes_) / (n - 1)
        others_variance = (n * variance - n / (n - 1) * np.square(self.codes_ - self.mean_)) / (n - 1)
        away = (self.codes_ - others_mean) / np.sqrt(np.maximum(others_variance, floor))
        norms = np.linalg.norm(away[:, self.active_], axis=1)
        self.centre_ = float(norms.mean())
        real = self._place(self.codes_)
        distances = nearest(real, real, 1, itself=np.arange(n))[1][:, 0]
        self.distances_ = np.sort(distances)
        moves = np.zeros(n) if again is None else np.linalg.norm(self._place(again) - real, axis=1)
        figures = np.stack([np.abs(norms - self.centre_), distances, moves], axis=1)
        figures = figures[np.isfinite(moves)]
        # A model that gives each code back but for rounding has no use for a figure of that rounding.
        # Of one of which no dimension counts there are no distances: whatever is not 0 does for their scale.
        floor_of_figure = ROUNDING * float(np.linalg.norm(self.std_[self.active_])) or 1.0
        self.scales_ = np.maximum(
            np.quantile(figures, EDGE_QUANTILE, axis=0), [ROUNDING, floor_of_figure, floor_of_figure]
        )
        if again is None:
            self.scales_[2] = np.inf
        largest = np.sort((figures / self.scales_).max(1))
        self.edge_, self.far_ = (_limit(largest, share) for share in (EDGE_QUANTILE, FAR_QUANTILE))
        return self

    def figures(
        self, z: Float[np.ndarray, "n d"], again: Float[np.ndarray, "n d"] | None = None
    ) -> Float[np.ndarray, "n 3"]:
        """(N, 3) norm, nearest distance and move of codes (N, D), each in units of real codes' 95 % quantile.

        Args:
            again: (N, D) as in ``fit``; None leaves the third figure at 0.
        """
        placed = self._place(z)
        norms = self._norms(z)
        distances = nearest(self._place(self.codes_), placed, 1)[1][:, 0]
        moves = np.zeros(len(z)) if again is None else np.linalg.norm(self._place(again) - placed, axis=1)
        return np.stack([np.abs(norms - self.centre_), distances, moves], axis=1) / self.scales_

    def check(self, z: Float[np.ndarray, "n d"], again: Float[np.ndarray, "n d"] | None = None) -> list[CheckedCode]:
        """What the figures say of codes (N, D); arguments as for ``figures``."""
        figures, norms = self.figures(z, again), self._norms(z)
        checked = []
        for figures_of_code, norm in zip(figures, norms, strict=True):
            verdict = self._verdict(float(figures_of_code.max()))
            of_norm = Reason.NEAR_MIDDLE if norm < self.centre_ else Reason.FAR_OUT
            reason = (of_norm, Reason.ALONE, Reason.CHANGED)[int(figures_of_code.argmax())]
            checked.append(CheckedCode(verdict, None if verdict is Verdict.INSIDE else reason))
        return checked

    def _verdict(self, largest: float) -> Verdict:
        if largest <= self.edge_:
            return Verdict.INSIDE
        return Verdict.EDGE if largest <= self.far_ else Verdict.MADE_UP

    def _norms(self, z: np.ndarray) -> np.ndarray:
        norms: np.ndarray = np.linalg.norm((self._place(z) - self.mean_) / self.std_, axis=1)
        return norms

    def _place(self, z: np.ndarray) -> np.ndarray:
        """Codes (N, D) with every dimension that does not count at its mean."""
        return np.where(self.active_, np.asarray(z, np.float64), self.mean_)


def encode_again(
    checkpoint: VectorCheckpoint, z: Float[np.ndarray, "n latent_dim"]
) -> Float[np.ndarray, "n latent_dim"]:
    """(N, latent_dim) codes of what codes (N, latent_dim) decode to."""
    return checkpoint.encode(checkpoint.decode(z))


def _limit(ordered: np.ndarray, share: float) -> float:
    """What a further value of the same source does not exceed with this probability, as far as ``n`` values can say."""
    place = min(len(ordered), math.ceil((len(ordered) + 1) * share))
    return float(ordered[place - 1])
