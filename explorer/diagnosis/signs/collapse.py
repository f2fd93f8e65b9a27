"""Posterior collapse, and a beta that does not fit the data."""

from __future__ import annotations

import math
from typing import ClassVar

import numpy as np
import torch
from jaxtyping import Float

from explorer.checkpoints import Metric, TrainingFinding
from explorer.core import likelihood
from explorer.diagnosis.examination import Examination, Needs, change, figure, first_change, mean_figure
from explorer.diagnosis.record import TrainingRecord

ONE_BIT = math.log(2)
"""Nats: a code with less cannot even tell one half of the items from the other."""
ACTIVE_VARIANCE = 0.01
"""A dimension is active where its posterior mean varies more than this (Burda et al. 2016)."""
MAX_PAIRED = 500
"""Items whose posteriors are compared with one another."""
RECENT, PATIENT = 3, 5
"""Epochs that say it, and how many there have to be: at the very beginning each code is empty."""
LOG_RANGE = 60.0
"""Log variances are kept within this, so that no number overflows."""
WIDE = 4.0
"""Variance of all codes in units of the prior's: twice as wide."""


def active_units(mu: Float[np.ndarray, "n d"], prior_variance: Float[np.ndarray, " d"] | float = 1.0) -> int:
    """How many dimensions have a posterior mean that varies over the items, beside the prior's variance.

    Source: Burda et al. 2016, section 5.1, whose prior has the variance 1.
    """
    return int((mu.var(0) > ACTIVE_VARIANCE * prior_variance).sum())


def mutual_information(mu: Float[np.ndarray, "n d"], logvar: Float[np.ndarray, "n d"], seed: int = 0) -> float:
    """I(x; z) in nats under the posteriors of n items, by one sample of each: E[log q(z|x) - log q(z)].

    q(z) is the mean of the n posteriors, so that it is at most log n, and a little too low where that is near.

    Source: Hoffman and Johnson 2016; Dieng et al. 2019, appendix.
    """
    random = np.random.default_rng(seed)
    logvar = np.clip(logvar, -LOG_RANGE, LOG_RANGE)
    z = mu + np.exp(logvar / 2) * random.standard_normal(mu.shape)
    # (n, n): log q(z_i | x_j), a dimension at a time.
    log_q = np.zeros((len(mu), len(mu)))
    for d in range(mu.shape[1]):
        log_q -= 0.5 * (
            np.square(z[:, None, d] - mu[None, :, d]) / np.exp(logvar[None, :, d])
            + logvar[None, :, d]
            + math.log(2 * math.pi)
        )
    largest = log_q.max(1)
    log_marginal = largest + np.log(np.exp(log_q - largest[:, None]).mean(1))
    return float((np.diag(log_q) - log_marginal).mean())


def _figures(record: TrainingRecord, mu: np.ndarray, logvar: np.ndarray) -> tuple[list[Metric], bool, int]:
    """What shows a collapse, whether the KL is surely below one bit, and the number of active units."""
    split, n = record.held_out, len(mu)
    active = active_units(mu, record.vectors.prior_moments()[1])
    few = record.few(MAX_PAIRED)
    figures = [
        mean_figure("KL of posterior from prior", record.divergence, "nats per item", split),
        figure("active units", active, f"of {mu.shape[1]}", split, n),
        figure("mutual information of items and codes", mutual_information(mu[few], logvar[few]), "nats", split,
               len(few)),
    ]  # fmt: skip
    if record.recipe.model.has_standard_normal:  # of another prior the KL is no sum over dimensions
        kl = likelihood.kl_per_dimension(torch.from_numpy(mu), torch.from_numpy(logvar)).numpy().astype(np.float64)
        figures.append(figure("largest KL of a dimension", kl.mean(0).max(), "nats", split, n))
    return figures, figures[0].high < ONE_BIT, active


class HighBeta(Examination):
    """A beta above 1 under which the code says less than a bit.

    The KL bounds the information of a code (Alemi et al. 2018), and beta is its price against that of the
    reconstruction, which grows with the number of values: what suits 784 pixels is too dear for 64.
    """

    name: ClassVar[str] = "beta too high"
    explains: ClassVar[frozenset[str]] = frozenset({"posterior collapse", "empty code so far", "only the mean"})
    empties_codes: ClassVar[bool] = True
    title: ClassVar[str] = "Beta is too high for items of this size"
    summary: ClassVar[str] = "Beta is above 1, and the KL, which bounds what a code says of its item, is below one bit."
    reference: ClassVar[str] = "Higgins et al. 2017; Alemi et al. 2018"
    needs: ClassVar[Needs] = "model"

    def look(self, record: TrainingRecord) -> TrainingFinding | None:
        beta = getattr(record.recipe.model, "beta", 1.0)
        if record.posterior is None or beta <= 1:
            return None
        figures, is_empty, _ = _figures(record, *record.posterior)
        if not is_empty:
            return None
        return self.finding(
            "wrong",
            [_weight(record, beta), *figures],
            "Each nat of the code costs more than it saves in the reconstruction, so that the code is empty.",
            "Lower beta; 1 is the evidence lower bound itself.",
            change(record.recipe, "model.beta", 1.0),
        )


class LowBeta(Examination):
    """A beta below 1 under which codes leave the prior.

    Under the prior all codes together have its variance in each dimension (the mean of the posteriors' variances and
    the variance of their means); where they have 4 times that and more, samples of the prior are not like codes.
    """

    name: ClassVar[str] = "beta too low"
    title: ClassVar[str] = "Beta is too low: codes leave the prior"
    summary: ClassVar[str] = "Beta is below 1, and all codes together spread twice as wide as the prior."
    reference: ClassVar[str] = "Higgins et al. 2017; Hoffman and Johnson 2016"
    needs: ClassVar[Needs] = "model"

    def look(self, record: TrainingRecord) -> TrainingFinding | None:
        beta = getattr(record.recipe.model, "beta", 1.0)
        if record.posterior is None or beta >= 1:
            return None
        mu, logvar = record.posterior
        of_codes = mu.var(0) + np.exp(np.clip(logvar, -LOG_RANGE, LOG_RANGE)).mean(0)
        spread = float((of_codes / record.vectors.prior_moments()[1]).mean())
        if spread <= WIDE:
            return None
        name = "variance of all codes, where the prior has 1"
        if not record.recipe.model.has_standard_normal:
            name = "variance of all codes, in units of the prior's"
        return self.finding(
            "wrong",
            [_weight(record, beta), figure(name, spread, "mean over dimensions", record.held_out, len(mu))],
            "Codes lie far outside the prior, so that what is sampled from it is not like the data.",
            "Raise beta to 1 to sample from the model; leave it for reconstructions alone.",
            change(record.recipe, "model.beta", 1.0),
        )


def _weight(record: TrainingRecord, beta: float) -> Metric:
    values = math.prod(record.vectors.event_shape)
    return figure("beta", beta, f"for {values:,} values an item", "train", record.n_train)


class EmptyCodeSoFar(Examination):
    """While the training goes: a KL below one bit in each of the last epochs, once its weight has grown."""

    name: ClassVar[str] = "empty code so far"
    title: ClassVar[str] = "The code says nothing so far"
    summary: ClassVar[str] = (
        "The KL has been below one bit for the last three epochs of five or more at its full weight."
    )
    needs: ClassVar[Needs] = "losses"

    def look(self, record: TrainingRecord) -> TrainingFinding | None:
        after = record.epochs[record.kl_warmup :]
        values = [entry["validation"]["KL"] for entry in after[-RECENT:] if "KL" in entry["validation"]]
        if record.finished or len(after) < PATIENT or len(values) < RECENT or max(values) >= ONE_BIT:
            return None
        beta = getattr(record.recipe.model, "beta", 1.0)
        wished = ("model.beta", 1.0) if beta > 1 else ("model.kl_warmup_epochs", record.recipe.training.epochs / 4)
        return self.finding(
            "wrong",
            [figure("KL of posterior from prior", values[-1], "nats per item", record.held_out,
                    record.n_validation or record.n_train)],
            "Every item has about the same posterior, the prior: if it stays so, the decoder rebuilds all items alike.",
            "Stop it, and lower beta or let the KL's weight grow slowly.",
            first_change(record.recipe, wished, ("model.beta", beta / 4)),
        )  # fmt: skip


class PosteriorCollapse(Examination):
    """A variational code that says less than one bit of its item; a note where most of its dimensions say nothing."""

    name: ClassVar[str] = "posterior collapse"
    empties_codes: ClassVar[bool] = True
    explains: ClassVar[frozenset[str]] = frozenset({"only the mean", "decoder ignores its code"})
    title: ClassVar[str] = "Posterior collapse"
    summary: ClassVar[str] = (
        "The KL, which bounds what a code says of its item, is below one bit (note: most dimensions are inactive)."
    )
    reference: ClassVar[str] = "Bowman et al. 2016; Burda et al. 2016; Hoffman and Johnson 2016"
    needs: ClassVar[Needs] = "model"

    def look(self, record: TrainingRecord) -> TrainingFinding | None:
        if record.posterior is None:
            return None
        figures, is_empty, active = _figures(record, *record.posterior)
        dimensions = record.vectors.latent_dim
        if is_empty:
            epochs = max(1.0, record.recipe.training.epochs / 4)
            return self.finding(
                "wrong",
                figures,
                "Every item has the same posterior, the prior: the decoder rebuilds all items alike, and no place in"
                " the latent space means anything.",
                "Let the KL's weight grow slowly from 0, or lower beta.",
                first_change(
                    record.recipe,
                    *([] if record.kl_warmup else [("model.kl_warmup_epochs", epochs)]),
                    ("model.beta", getattr(record.recipe.model, "beta", 1.0) / 4),
                ),
            )
        if active >= dimensions / 2:
            return None
        return self.finding(
            "note",
            figures,
            "Most dimensions of the code are as the prior has them for every item: the model does without.",
            "A smaller code would do.",
            change(record.recipe, "model.latent_dim", max(1, active)),
            "Most dimensions of the code are inactive",
        )
