"""A Bernoulli likelihood of values that are not near 0 and 1, a Gaussian of counts, a Poisson of such as vary more."""

from __future__ import annotations

from typing import ClassVar

import torch

from explorer.checkpoints import TrainingFinding, VectorCheckpoint
from explorer.core.counts import hold_counts, vary_as_counts
from explorer.diagnosis.examination import Examination, Needs, figure, first_change
from explorer.diagnosis.record import TrainingRecord

GREY = 0.5
"""More than half of the variance that the likelihood takes for granted is not there."""
ZEROS, MOST = 0.2, 0.5
"""Counts of which a fifth is 0 are no Gaussians: they lie on one side of it. Half of the columns have to be such."""
VARIES_MORE = 2.0
"""Counts vary around what is decoded by twice what Poisson's likelihood has."""


class WrongLikelihood(Examination):
    r"""How grey the values are: E[x (1 - x)] / (m (1 - m)), m their mean.

    Values of 0 and 1 alone have the variance m (1 - m) of a Bernoulli variable; other values lack E[x (1 - x)] of it.
    So it is 0 for binary values and 1 where all are the same grey; digits have 0.2, photos 0.8.

    Of rows: the share of columns that are counts with many zeros, for a Gaussian likelihood; and the mean of
    (x - r)^2 / r over all values and their decoded rates r, which is 1 for Poisson's counts (Pearson's statistic).
    """

    name: ClassVar[str] = "wrong likelihood"
    title: ClassVar[str] = "The likelihood does not fit the values"
    summary: ClassVar[str] = (
        "A Bernoulli likelihood or cross-entropy, and more than half of the variance that it expects is not there; of"
        " tables a Gaussian one of counts that are often 0, or Poisson's of counts that vary twice as much."
    )
    needs: ClassVar[Needs] = "items"

    def look(self, record: TrainingRecord) -> TrainingFinding | None:
        model = record.recipe.model
        if record.dataset is not None and record.dataset.kind == "table":
            return self._of_rows(record, str(getattr(model, "likelihood", "")))
        is_binary = getattr(model, "likelihood", "") == "bernoulli"
        if not is_binary and getattr(model, "reconstruction", "") != "cross_entropy":
            return None
        x = record.x_train.double()
        mean = float(x.mean())
        expected = mean * (1 - mean)
        lacking = float((x * (1 - x)).mean()) / expected if expected > 0 else 0.0
        if lacking <= GREY:
            return None
        near = float(((x < 0.1) | (x > 0.9)).double().mean())
        return self.finding(
            "wrong",
            [
                figure("variance of a Bernoulli variable that the values lack", lacking, "share", "train", len(x)),
                figure("values within 0.1 of 0 or 1", near, "share", "train", len(x)),
            ],
            "The values are grey, not probabilities of black and white: the loss's figures in nats mean nothing, and"
            " the code has little to say against them.",
            "Take a likelihood for grey values.",
            first_change(record.recipe, ("model.likelihood", "gaussian"), ("model.reconstruction", "squared_error")),
        )

    def _of_rows(self, record: TrainingRecord, likelihood: str) -> TrainingFinding | None:
        if likelihood.startswith("gaussian"):
            return self._gaussian_of_counts(record)
        if likelihood == "poisson" and isinstance(record.checkpoint, VectorCheckpoint):
            return self._poisson_of_more(record)
        return None

    def _gaussian_of_counts(self, record: TrainingRecord) -> TrainingFinding | None:
        x = record.x_train.numpy()
        assert record.dataset is not None  # noqa: S101 - ``look`` has asked
        of_categories = {place for places in record.dataset.categories.values() for place in places}
        numbers = [place for place in range(x.shape[1]) if place not in of_categories]
        counts = hold_counts(x) & vary_as_counts(x.mean(0), x.var(0), x.max(0), len(x))
        often_zero = counts & ((x == 0).mean(0) >= ZEROS)
        share = float(often_zero[numbers].mean()) if numbers else 0.0
        if share < MOST:
            return None
        fits = "negative_binomial" if hold_counts(x).all() and not of_categories else "by_column"
        return self.finding(
            "note",
            [figure(f"columns of counts with {ZEROS:.0%} zeros or more", share, "share", "train", len(x))],
            "Most columns are counts with many zeros: a Gaussian lies as much below its mean as above, so the model"
            " gives chances to numbers below 0 and between two counts.",
            "Take a likelihood of counts.",
            first_change(record.recipe, ("model.likelihood", fits)),
        )

    def _poisson_of_more(self, record: TrainingRecord) -> TrainingFinding | None:
        x, rate = record.x.double(), torch.as_tensor(record.decoded).double().clamp(min=1e-6)
        ratio = float(((x - rate).square() / rate).mean())
        # Without any code: rates that are far off, as after an epoch, are no sign that counts vary more.
        without = float((x.var(0, correction=0) / x.mean(0).clamp(min=1e-6)).mean())
        if min(ratio, without) <= VARIES_MORE:
            return None
        return self.finding(
            "wrong",
            [figure("squared difference from the decoded rate, in rates", ratio, "times", record.held_out, len(x))],
            "Counts vary around what is decoded more than Poisson's likelihood can say: its nats punish the model for"
            " what it cannot know, and the code follows single large counts.",
            "Take the likelihood that learns how much counts vary.",
            first_change(record.recipe, ("model.likelihood", "negative_binomial")),
        )
