"""How the code is used: not at all by the decoder, for the mean alone, or twice for the same."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from jaxtyping import Float

from explorer.checkpoints import TrainingFinding
from explorer.diagnosis.examination import Examination, Needs, change, figure, first_change, mean_figure
from explorer.diagnosis.record import TrainingRecord
from explorer.diagnosis.signs.learning_rate import LIKE_THE_MEAN

NO_USE = 0.01
"""Of the error with another item's code: what one's own code saves."""
TELLS = 0.05
"""Share of the items' variance that a linear map of their codes explains."""
SAME = 0.999
"""Correlation of two dimensions, either way."""
COUNTS = 0.01
"""Of the average dimension's variance: one with less is not in use."""


def explained_by(codes: Float[np.ndarray, "n d"], x: Float[np.ndarray, "n values"]) -> float:
    """Share of the variance of the second half of the items that a linear map of their codes explains.

    The map is fitted on the first half by least squares, so that chance gives nothing (or less).
    """
    half = len(codes) // 2
    scale = codes[:half].std(0)
    scale = np.where(scale > 0, scale, 1)
    standard = np.c_[(codes - codes[:half].mean(0)) / scale, np.ones(len(codes))]
    weights, *_ = np.linalg.lstsq(standard[:half], x[:half], rcond=None)
    left = np.square(x[half:] - standard[half:] @ weights).sum()
    total = np.square(x[half:] - x[:half].mean(0)).sum()
    return float(1 - left / total) if total > 0 else 0.0


class IgnoredCode(Examination):
    """Codes that tell items apart, and a decoder that makes the same of another item's code.

    Not asked where training has hardly begun: there a decoder has no use for its code yet.
    """

    name: ClassVar[str] = "decoder ignores its code"
    empties_codes: ClassVar[bool] = True
    explains: ClassVar[frozenset[str]] = frozenset({"only the mean"})
    title: ClassVar[str] = "The decoder ignores its code"
    summary: ClassVar[str] = (
        "Another item's code gives an error less than 1 % larger, although the codes tell items apart."
    )
    needs: ClassVar[Needs] = "model"

    def look(self, record: TrainingRecord) -> TrainingFinding | None:
        own, other = record.decoded_errors, record.swapped_errors
        saved = 1 - float(own.mean() / other.mean()) if other.mean() > 0 else 0.0
        if saved >= NO_USE or len(own) < 20 or not record.has_settled:
            return None
        told = explained_by(record.codes.astype(np.float64), record.x.flatten(1).double().numpy())
        if told <= TELLS:
            return None
        return self.finding(
            "wrong",
            [
                figure("error that the own code saves", saved, "share", record.held_out, len(own)),
                figure("variance of the items that the codes explain", told, "share", record.held_out, len(own)),
            ],
            "The encoder says something of each item, and the decoder makes the same of whatever it is told.",
            "Give the decoder an activation that is nowhere flat, or begin from other random weights.",
            first_change(
                record.recipe, *([("model.activation", "leaky_relu")] if _can_die(record) else []),
                ("training.seed", record.recipe.training.seed + 1),
            ),
        )  # fmt: skip


def _can_die(record: TrainingRecord) -> bool:
    return getattr(record.recipe.model, "activation", "") in ("relu", "sigmoid", "tanh")


class MeanOnly(Examination):
    """Reconstructions that are hardly better than the mean item."""

    name: ClassVar[str] = "only the mean"
    empties_codes: ClassVar[bool] = True
    title: ClassVar[str] = "Only the mean has been learnt so far"
    summary: ClassVar[str] = "The error is 90 % or more of what it would be if the mean item stood for every item."
    needs: ClassVar[Needs] = "model"

    def look(self, record: TrainingRecord) -> TrainingFinding | None:
        share = record.errors_beside_mean
        if not float(share.mean()) >= LIKE_THE_MEAN:
            return None
        training = record.recipe.training
        few = not record.has_settled
        deep = len(getattr(record.recipe.model, "hidden", ())) > 2
        wished: list[tuple[str, float | str]] = [("training.epochs", min(100_000, 10 * training.epochs))]
        if not few and deep and getattr(record.recipe.model, "activation", "") in ("sigmoid", "tanh"):
            wished.insert(0, ("model.activation", "silu"))
        return self.finding(
            "wrong",
            [mean_figure("error beside that of the mean item", share, "times", record.held_out)],
            "The model has found next to nothing of what makes items differ from one another.",
            "Train longer." if few else "Train longer, or let more of the gradient reach the encoder.",
            first_change(record.recipe, *wished),
            "Not even the mean has been learnt so far" if float(share.mean()) > 1 / LIKE_THE_MEAN else "",
        )


class CopiedDimension(Examination):
    """Two dimensions of the code that say the same.

    Not asked of codes that are made of entries: places where all items have one of two entries copy one another.
    """

    name: ClassVar[str] = "copied dimension"
    title: ClassVar[str] = "A dimension of the code copies another"
    summary: ClassVar[str] = "Two dimensions that are in use have a correlation above 0.999, either way."
    needs: ClassVar[Needs] = "model"

    def look(self, record: TrainingRecord) -> TrainingFinding | None:
        codes = record.codes.astype(np.float64)
        variance = codes.var(0)
        used = np.flatnonzero(variance > max(COUNTS * variance.mean(), np.finfo(np.float64).tiny))
        whole_numbers = record.vectors.model.code_bits is not None
        if whole_numbers or len(used) < 2 or len(codes) < 20 or not record.has_settled:
            return None
        correlation = np.abs(np.corrcoef(codes[:, used], rowvar=False))
        np.fill_diagonal(correlation, 0)
        if correlation.max() <= SAME:
            return None
        first, second = (int(used[place]) for place in np.unravel_index(correlation.argmax(), correlation.shape))
        copies = int((np.triu(correlation, 1) > SAME).any(0).sum())
        return self.finding(
            "wrong",
            [
                figure(f"correlation of dimensions {first + 1} and {second + 1}", correlation.max(), "either way",
                       record.held_out, len(codes)),
                figure("dimensions that copy one before them", copies, f"of {codes.shape[1]}", record.held_out,
                       len(codes)),
            ],
            "They carry one number twice: the code is smaller than it looks, and a slider of one is a slider of both.",
            "Take a smaller code, or other random weights.",
            change(record.recipe, "model.latent_dim", codes.shape[1] - copies),
        )  # fmt: skip
