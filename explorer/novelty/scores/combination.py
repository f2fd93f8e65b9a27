"""Several scores as one, each in units of its own spread over held-out normal items."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import Any, Self

import numpy as np
from jaxtyping import Float, Num

from explorer.checkpoints import VectorCheckpoint
from explorer.core.errors import ExplorerError
from explorer.data.encoding import TableEncoding
from explorer.novelty.scores.categories import Categories
from explorer.novelty.scores.classical import KNN
from explorer.novelty.scores.latent import LatentMahalanobis, NearestDirections, NearestNeighbours
from explorer.novelty.scores.reconstruction import CosineError, ReconstructionError
from explorer.novelty.scores.relations import Relations
from explorer.novelty.scores.scorer import Scorer

HELD_SHARE, MAX_HELD = 0.25, 2000
"""The part of the normal items that sets the parts' scales, and how many of them at most."""
RULE_LIMIT, RULE_STEP = 0.997, 0.2
"""A rule counts beyond what this share of normal rows keeps; and so many nats beyond it as one standard deviation."""


class Combination(Scorer):
    """Several scores, standardised on normal items that they were not fitted on.

    Scores that are distances or errors are taken by their logarithm, since their ratios mean more than their
    differences. The parts are fitted on some of the normal items, their scores' mean and standard deviation are taken
    on the others, and then they are fitted again on all.

    Args:
        parts: what is combined.

    Source: Aggarwal and Sathe 2017, chapter 4 (standardised scores, averaging and maximisation).
    """

    unit = "standard deviations"
    needs_decoder = True
    is_positive = False

    def __init__(self, parts: Sequence[Scorer]) -> None:
        if not parts:
            raise ExplorerError("A combination needs at least one score.", "Name some.")
        self.parts = tuple(parts)

    @classmethod
    def for_checkpoint(cls, checkpoint: VectorCheckpoint) -> Self:
        return cls(default_parts(checkpoint))

    def fit(self, normal: Num[np.ndarray, "n *event"], held_out: Num[np.ndarray, "m *event"] | None = None) -> Self:
        """Learn from normal items (N, *event), N >= 2.

        Args:
            held_out: (n, *event) other normal items, n >= 2, which the model has not been trained on either; None: a
                quarter of ``normal`` is set aside.

        Raises:
            ExplorerError: too few items.
        """
        rest, held = _set_aside(normal) if held_out is None else (normal, held_out)
        if min(len(rest), len(held)) < 2:
            raise ExplorerError(f"{len(normal)} normal items are too few to combine scores.", "Give 8 or more.")
        self.fit_parts(rest).set_scales(self.part_scores(held))
        return self.fit_parts(normal if held_out is None else np.concatenate([normal, held_out]))

    def learn_columns(self, encoding: TableEncoding) -> Self:
        for part in self.parts:
            part.learn_columns(encoding)
        return self

    def fit_parts(self, normal: Num[np.ndarray, "n *event"]) -> Self:
        """Fit the parts on normal items (N, *event), and leave the scales as they are."""
        for part in self.parts:
            part.fit(normal)
        return self

    def part_scores(self, x: Num[np.ndarray, "n *event"]) -> Float[np.ndarray, "parts n"]:
        """(n_parts, N) what each part says, in its own unit."""
        return np.stack([part.score(x) for part in self.parts])

    def set_scales(self, held_out: Float[np.ndarray, "parts n"]) -> Self:
        """Take the parts' scales from their scores (n_parts, N) of normal items that they were not fitted on."""
        scales = [_scale(part, scores) for part, scores in zip(self.parts, held_out, strict=True)]
        self.floor_, self.mean_, self.std_ = (np.array(values) for values in zip(*scales, strict=True))
        return self

    def joined(self, part_scores: Float[np.ndarray, "parts n"]) -> Float[np.ndarray, " n"]:
        """(N,) the combined score of what the parts say (n_parts, N)."""
        return self._combine(self._standardised(part_scores))

    def score(self, x: Num[np.ndarray, "n *event"]) -> Float[np.ndarray, " n"]:
        return self.joined(self.part_scores(x))

    @abstractmethod
    def _combine(self, scores: np.ndarray) -> np.ndarray:
        """(n_parts, N) standardised scores -> (N,)."""

    def standardised(self, x: Num[np.ndarray, "n *event"]) -> Float[np.ndarray, "parts n"]:
        """(n_parts, N) each part's score in standard deviations of held-out normal ones."""
        return self._standardised(self.part_scores(x))

    def _standardised(self, part_scores: np.ndarray) -> np.ndarray:
        scales = zip(self.parts, part_scores, self.floor_, strict=True)
        rows = [_on_scale(part, scores, floor) for part, scores, floor in scales]
        return (np.stack(rows) - self.mean_[:, None]) / self.std_[:, None]

    @property
    def _rules(self) -> np.ndarray:
        """(n_parts,) which parts are about what nearly every normal row keeps."""
        return np.array([part.is_rule for part in self.parts])

    def contributions(self, x: Num[np.ndarray, "n *event"]) -> Float[np.ndarray, "n *event"] | None:
        """(N, *event) the mean of the parts' shares, for those parts that have any; they sum to 1.

        A rule's share counts by how far beyond normal rows it is broken, the others' by the rest of the score.
        """
        shares = [_shares(part.contributions(x)) for part in self.parts]
        known = np.array([share is not None for share in shares])
        if not known.any():
            return None
        weights = np.ones((len(self.parts), len(x)))
        others = known & ~self._rules
        if self._rules.any():
            standardised = self.standardised(x)
            weights = np.maximum(standardised, 0)
            if others.any():
                weights[others] = np.maximum(standardised[others].mean(0), 1) / others.sum()
        weighed = [
            share * weight.reshape(-1, *(1,) * (share.ndim - 1))
            for share, weight in zip(shares, weights, strict=True)
            if share is not None
        ]
        total = np.maximum(weights[known].sum(0), np.finfo(np.float32).tiny)
        return (np.sum(weighed, axis=0) / total.reshape(-1, *(1,) * (x.ndim - 1))).astype(np.float32)

    def settings(self) -> dict[str, Any]:
        return {}

    def learnt(self) -> dict[str, np.ndarray]:
        combined = super().learnt()
        return combined | {f"{i}.{name}": v for i, part in enumerate(self.parts) for name, v in part.learnt().items()}

    def restore(self, learnt: dict[str, np.ndarray]) -> Self:
        for i, part in enumerate(self.parts):
            part.restore({k.removeprefix(f"{i}."): v for k, v in learnt.items() if k.startswith(f"{i}.")})
        return super().restore({k: v for k, v in learnt.items() if "." not in k})


class MeanOfScores(Combination):
    """Mean of the standardised parts: high where most of them are; rules that are broken come on top."""

    title = "Combined score (mean)"
    summary = "Several scores, each in units of its own usual spread, averaged: what most of them find anomalous."

    def _combine(self, scores: np.ndarray) -> np.ndarray:
        others = scores[~self._rules]
        usual = others.mean(0) if len(others) else np.zeros(scores.shape[1])
        return usual + np.maximum(scores[self._rules], 0).sum(0)


class NeighboursAndRules(MeanOfScores):
    """Of table rows: the distance from the nearest normal rows, and on top the rules that a row breaks. No model."""

    title = "Nearest rows and rules"
    summary = "How far a row is from the nearest normal rows, and which relations and categories of theirs it breaks."
    uses_checkpoint = False
    needs_decoder = False
    of_tables = True

    def __init__(self, parts: Sequence[Scorer] = ()) -> None:
        super().__init__(parts or (KNN(), Relations(), Categories()))

    @classmethod
    def applies_to(cls, checkpoint: VectorCheckpoint) -> bool:
        return Relations.applies_to(checkpoint)

    @classmethod
    def for_checkpoint(cls, checkpoint: VectorCheckpoint) -> Self:
        if not cls.applies_to(checkpoint):
            raise ExplorerError(f"{cls.title} are not defined for {checkpoint.name}.", "Choose another score.")
        return cls()


class MaxOfScores(Combination):
    """Maximum of the standardised parts: high where one of them is."""

    title = "Combined score (maximum)"
    summary = "Several scores, each in units of its own usual spread: the highest counts, so that one is enough."

    def _combine(self, scores: np.ndarray) -> np.ndarray:
        return scores.max(0)


def default_parts(checkpoint: VectorCheckpoint) -> list[Scorer]:
    """The scores that are combined where nobody chooses (docs/decisions.md says why).

    Of images, the error of the reconstruction, in brightness and in shape, and where the codes lie, by direction and by
    distance. Of table rows, how far the normal rows most like them are, by their columns and by their codes; and on
    top of that which relations between numbers they break, and how rare their categories are.
    """
    if checkpoint.model.is_table:
        rules = [kind() for kind in (Relations, Categories) if kind.applies_to(checkpoint)]
        return [KNN(), NearestNeighbours(checkpoint), *rules]
    return [
        ReconstructionError(checkpoint),
        CosineError(checkpoint),
        NearestDirections(checkpoint),
        LatentMahalanobis(checkpoint),
    ]


def _set_aside(normal: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    order = np.random.Generator(np.random.PCG64(0)).permutation(len(normal))
    n_held = min(round(HELD_SHARE * len(normal)), MAX_HELD)
    return normal[np.sort(order[n_held:])], normal[np.sort(order[:n_held])]


def _scale(part: Scorer, scores: np.ndarray) -> tuple[float, float, float]:
    """Floor, mean and standard deviation of a part's held-out scores on the scale that they are compared on.

    Of a rule in place of these two the limit of what normal rows do, and a fixed step.
    """
    # A thousandth of the typical score: an item that is a copy of a normal one has a distance of 0.
    floor = 1e-3 * float(np.median(scores)) if part.is_positive else 0.0
    floor = max(floor, 1e-12)
    if part.is_rule:
        return floor, float(np.log(max(np.quantile(scores, RULE_LIMIT), 1.0))), RULE_STEP
    values = _on_scale(part, scores, floor)
    return floor, float(values.mean()), max(float(values.std()), 1e-9)


def _on_scale(part: Scorer, scores: np.ndarray, floor: float) -> np.ndarray:
    return np.log(np.maximum(scores, 0) + floor) if part.is_positive else scores


def _shares(parts: np.ndarray | None) -> np.ndarray | None:
    if parts is None:
        return None
    totals = parts.reshape(len(parts), -1).sum(1).reshape(-1, *(1,) * (parts.ndim - 1))
    return parts / np.maximum(totals, np.finfo(np.float32).tiny)
