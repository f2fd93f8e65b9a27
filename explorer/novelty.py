"""Novelty: scores that are high for items unlike the normal ones, thresholds with a promised false-alarm rate.

scikit-learn is imported where it is used: it takes about a second.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np
import torch
from scipy.special import betaincinv

from explorer import evaluation, latent, likelihood, metrics
from explorer.checkpoints import Checkpoint
from explorer.data.base import Dataset, Subset, as_float
from explorer.errors import ExplorerError

CONFIDENCE = 0.95
MAX_SUPPORT_ITEMS = 3000
"""A one-class SVM takes time that grows with the square of the items; it is fitted on so many at most."""
ELBO_SAMPLES = 8
BATCH_SIZE = 512


# --- Scores ----------------------------------------------------------------------------------------------------------


class Scorer(ABC):
    """Learns what normal items are like; scores how unlike them an item is.

    Higher is more anomalous, always. An item's score does not depend on the items it is scored with. Score other items
    than those it was fitted on: several scorers know these by heart.
    """

    title: ClassVar[str]
    summary: ClassVar[str]
    """One sentence a student can read."""
    unit: ClassVar[str]
    uses_checkpoint: ClassVar[bool] = True
    """False for baselines that see the items alone."""

    @classmethod
    def applies_to(cls, checkpoint: Checkpoint) -> bool:
        """Whether this score is defined for the checkpoint's family."""
        return True

    @classmethod
    @abstractmethod
    def for_checkpoint(cls, checkpoint: Checkpoint) -> Self:
        """With default settings that fit the checkpoint.

        Raises:
            ExplorerError: the score is not defined for it.
        """

    @abstractmethod
    def fit(self, normal: np.ndarray) -> Self:
        """Learn from normal items (N, *event), uint8 or float, N >= 2."""

    @abstractmethod
    def score(self, x: np.ndarray) -> np.ndarray:
        """(N, *event) -> (N,) float64, in ``unit``."""


class _CheckpointScorer(Scorer):
    def __init__(self, checkpoint: Checkpoint) -> None:
        self.checkpoint = checkpoint

    @classmethod
    def for_checkpoint(cls, checkpoint: Checkpoint) -> Self:
        return cls(checkpoint)


class ReconstructionError(_CheckpointScorer):
    """Squared error of the model's reconstruction; there is nothing to fit."""

    title = "Reconstruction error"
    summary = "How far the model's picture of an item is from the item: what it never learnt, it cannot redraw."
    unit = "squared error"

    def fit(self, normal: np.ndarray) -> Self:
        return self

    def score(self, x: np.ndarray) -> np.ndarray:
        return self.checkpoint.reconstruction_errors(x).astype(np.float64)


class NegativeElbo(_CheckpointScorer):
    """Negative evidence lower bound of a variational model; there is nothing to fit.

    Averaged over a few posterior samples whose noise is the same for every item, so that scores are repeatable.

    Source: Kingma and Welling 2014; as a score An and Cho 2015.
    """

    title = "Negative ELBO"
    summary = "How improbable the item is under the model: its misfit, and how far its code is from the prior."
    unit = "nats"

    def __init__(self, checkpoint: Checkpoint) -> None:
        super().__init__(checkpoint)
        if not checkpoint.is_variational:
            raise ExplorerError(
                f"{checkpoint.name} has no ELBO: it is not a variational autoencoder.", "Choose another score."
            )

    @classmethod
    def applies_to(cls, checkpoint: Checkpoint) -> bool:
        return checkpoint.is_variational

    def fit(self, normal: np.ndarray) -> Self:
        return self

    @torch.inference_mode()
    def score(self, x: np.ndarray) -> np.ndarray:
        mu, logvar = (torch.from_numpy(a) for a in self.checkpoint.posterior(x))
        model: Any = self.checkpoint.model
        noise = torch.randn(ELBO_SAMPLES, model.latent_dim, generator=torch.Generator().manual_seed(0))
        scores = []
        for start in range(0, len(x), BATCH_SIZE):
            rows = slice(start, start + BATCH_SIZE)
            target, std = as_float(x[rows]), (0.5 * logvar[rows]).exp()
            fits = [model.log_likelihood(target, model.decoder(mu[rows] + std * eps)) for eps in noise]
            elbo = torch.stack(fits).mean(0) - likelihood.kl_to_standard_normal(mu[rows], logvar[rows])
            scores.append(-elbo.double().numpy())
        return np.concatenate(scores) if scores else np.empty(0)


class LatentMahalanobis(_CheckpointScorer):
    """Mahalanobis distance of the code from the normal codes' mean, with a shrunk covariance.

    Source: Lee et al. 2018; the shrinkage, Ledoit and Wolf 2004.
    """

    title = "Latent distance"
    summary = "How many standard deviations the item's code lies from the middle of the normal ones."
    unit = "standard deviations"

    def fit(self, normal: np.ndarray) -> Self:
        from sklearn.covariance import LedoitWolf

        self.estimate_ = LedoitWolf().fit(self.checkpoint.encode(normal).astype(np.float64))
        return self

    def score(self, x: np.ndarray) -> np.ndarray:
        codes = self.checkpoint.encode(x).astype(np.float64)
        if not len(codes):
            return np.empty(0)
        return np.sqrt(self.estimate_.mahalanobis(codes))


class NearestNeighbours(_CheckpointScorer):
    """Mean distance of the code from its ``k`` nearest normal codes.

    Source: Angiulli and Pizzuti 2002.
    """

    title = "Nearest neighbours"
    summary = "How far the item's code is from the nearest codes of normal items."
    unit = "distance in the code"

    def __init__(self, checkpoint: Checkpoint, k: int = 5) -> None:
        super().__init__(checkpoint)
        self.k = k

    def fit(self, normal: np.ndarray) -> Self:
        self.codes_ = self.checkpoint.encode(normal)
        return self

    def score(self, x: np.ndarray) -> np.ndarray:
        return latent.nearest(self.codes_, self.checkpoint.encode(x), self.k)[1].mean(1)


class _Baseline(Scorer):
    """A method of scikit-learn on the items themselves; table columns are standardised on the normal rows."""

    uses_checkpoint = False

    @classmethod
    def for_checkpoint(cls, checkpoint: Checkpoint) -> Self:
        return cls()

    def fit(self, normal: np.ndarray) -> Self:
        rows = as_float(normal).flatten(1).double().numpy()
        spread = rows.std(0)
        is_table = normal.ndim == 2
        self.mean_ = rows.mean(0) if is_table else np.zeros(rows.shape[1])
        self.scale_ = np.where(spread > 0, spread, 1.0) if is_table else np.ones(rows.shape[1])
        self.event_shape_ = normal.shape[1:]
        self._fit_rows((rows - self.mean_) / self.scale_)
        return self

    def score(self, x: np.ndarray) -> np.ndarray:
        if x.shape[1:] != self.event_shape_:
            raise ExplorerError(
                f"Items of shape {x.shape[1:]} cannot be compared with normal ones of shape {self.event_shape_}.",
                "Choose data of one shape.",
            )
        if not len(x):
            return np.empty(0)
        return self._score_rows((as_float(x).flatten(1).double().numpy() - self.mean_) / self.scale_)

    @abstractmethod
    def _fit_rows(self, rows: np.ndarray) -> None: ...

    @abstractmethod
    def _score_rows(self, rows: np.ndarray) -> np.ndarray: ...


class PCAReconstruction(_Baseline):
    """Squared error of rebuilding an item from ``n_components`` principal components of the normal ones.

    Source: Jackson and Mudholkar 1979.
    """

    title = "PCA reconstruction"
    summary = "The same as the reconstruction error, with the best linear code of the same size."
    unit = "squared error"

    def __init__(self, n_components: int = 8) -> None:
        self.n_components = n_components

    @classmethod
    def for_checkpoint(cls, checkpoint: Checkpoint) -> Self:
        return cls(checkpoint.latent_dim)

    def _fit_rows(self, rows: np.ndarray) -> None:
        from sklearn.decomposition import PCA

        solver = "covariance_eigh" if rows.shape[0] >= rows.shape[1] else "full"
        self.pca_ = PCA(min(self.n_components, *rows.shape), svd_solver=solver).fit(rows)

    def _score_rows(self, rows: np.ndarray) -> np.ndarray:
        return np.square(rows - self.pca_.inverse_transform(self.pca_.transform(rows))).sum(1)


class IsolationForest(_Baseline):
    """How few random cuts set an item apart.

    Source: Liu, Ting and Zhou 2008.
    """

    title = "Isolation forest"
    summary = "Odd items are cut off from the rest by a few random cuts, ordinary ones only by many."
    unit = "isolation score"

    def __init__(self, n_trees: int = 100, seed: int = 0) -> None:
        self.n_trees = n_trees
        self.seed = seed

    def _fit_rows(self, rows: np.ndarray) -> None:
        from sklearn import ensemble

        self.forest_ = ensemble.IsolationForest(n_estimators=self.n_trees, random_state=self.seed).fit(rows)

    def _score_rows(self, rows: np.ndarray) -> np.ndarray:
        return -self.forest_.score_samples(rows)


class OneClassSVM(_Baseline):
    """Distance outside a smooth boundary around the normal items, fitted on at most ``MAX_SUPPORT_ITEMS`` of them.

    Source: Schoelkopf et al. 2001.
    """

    title = "One-class SVM"
    summary = "A smooth boundary is drawn around the normal items; the score is how far outside an item lies."
    unit = "negative kernel sum"

    def __init__(self, nu: float = 0.1, seed: int = 0) -> None:
        self.nu = nu
        self.seed = seed

    def _fit_rows(self, rows: np.ndarray) -> None:
        from sklearn import svm

        if len(rows) > MAX_SUPPORT_ITEMS:
            rows = rows[np.random.default_rng(self.seed).choice(len(rows), MAX_SUPPORT_ITEMS, replace=False)]
        self.svm_ = svm.OneClassSVM(nu=self.nu).fit(rows)

    def _score_rows(self, rows: np.ndarray) -> np.ndarray:
        return -self.svm_.score_samples(rows)


REGISTRY: dict[str, type[Scorer]] = {
    "reconstruction-error": ReconstructionError,
    "negative-elbo": NegativeElbo,
    "latent-distance": LatentMahalanobis,
    "nearest-neighbours": NearestNeighbours,
    "pca": PCAReconstruction,
    "isolation-forest": IsolationForest,
    "one-class-svm": OneClassSVM,
}
"""Every score by name; a new one is a class above and a line here."""


def contributions(checkpoint: Checkpoint, x: np.ndarray) -> np.ndarray:
    """What each pixel or column adds to an item's reconstruction error; they sum to it.

    Args:
        x: (N, *event), uint8 or float.

    Returns:
        (N, *event) float32 squared errors; for tables in units of each column's standard deviation.
    """
    x_hat = torch.from_numpy(checkpoint.reconstruct(x))
    model = checkpoint.model
    with torch.inference_mode():
        return (model.input(as_float(x)) - model.input(x_hat)).square().numpy()


# --- Which rows are for what -----------------------------------------------------------------------------------------

MIN_NORMAL_ITEMS = 8


@dataclass(frozen=True, eq=False)
class Roles:
    """Rows of normal items by what they are for; no row has two roles.

    Args:
        fit: (n,) row numbers that scorers learn from.
        calibrate: (n,) that set the threshold.
        judge: (n,) that are scored beside novel ones.
        note: one sentence on where they come from.
    """

    fit: np.ndarray
    calibrate: np.ndarray
    judge: np.ndarray
    note: str


def normal_roles(
    checkpoint: Checkpoint, dataset: Dataset, classes: tuple[str, ...] = (), fit_limit: int = 2000, limit: int = 500
) -> Roles:
    """Share out the normal rows of a dataset, so that nothing is judged on what it was fitted on.

    Where the checkpoint was trained on this dataset, its training, validation and test rows are the three parts.
    Elsewhere half of the rows fit, a quarter calibrates and a quarter is judged, by a fixed shuffle.

    Args:
        classes: which labels are normal; empty: all of them.
        fit_limit, limit: at most so many rows to fit, and for either of the other two roles.

    Raises:
        DataError: a class the dataset does not have.
        ExplorerError: too few normal rows.
    """
    if checkpoint.card.data.fingerprint == dataset.fingerprint:
        parts = [dataset.splits.train, dataset.splits.validation, dataset.splits.test]
        note = "Scorers are fitted on training rows, the threshold is set on validation rows, test rows are judged."
    else:
        order = np.random.Generator(np.random.PCG64(0)).permutation(len(dataset))
        parts = [np.sort(part) for part in np.split(order, [len(order) // 2, len(order) * 3 // 4])]
        note = "Half of the normal rows fit the scorers, a quarter sets the threshold, the last quarter is judged."
    if classes:
        is_normal = _has_class(dataset, classes)
        parts = [part[is_normal[part]] for part in parts]
    if min(len(part) for part in parts) < 2 or sum(len(part) for part in parts) < MIN_NORMAL_ITEMS:
        raise ExplorerError(
            f"{dataset.title} has too few normal items: {', '.join(str(len(part)) for part in parts)} "
            "to fit, to set the threshold and to judge.",
            "Choose more classes as normal, or another dataset.",
        )
    fit, calibrate, judge = (
        evaluation.spread(part, n) for part, n in zip(parts, (fit_limit, limit, limit), strict=True)
    )
    return Roles(fit, calibrate, judge, note)


def novel_rows(
    checkpoint: Checkpoint, dataset: Dataset, normal_classes: tuple[str, ...] = (), limit: int = 500
) -> np.ndarray:
    """Rows of novel items: those held out for the checkpoint that have none of the normal labels.

    Args:
        normal_classes: labels that are not novel; empty where every row of the dataset is.
        limit: at most so many, evenly spread.

    Raises:
        DataError: a class the dataset does not have.
    """
    rows, _ = evaluation.rows_for(checkpoint, dataset)
    if normal_classes:
        rows = rows[~_has_class(dataset, normal_classes)[rows]]
    return evaluation.spread(rows, limit)


def _has_class(dataset: Dataset, classes: tuple[str, ...]) -> np.ndarray:
    whole = Subset(dataset.x, dataset.labels, np.arange(len(dataset)))
    return evaluation.class_mask(dataset, whole, classes)


# --- Thresholds ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Rate:
    """A share with its 95 % interval.

    Args:
        value: in [0, 1]; NaN where there is nothing to count.
        low, high: ends of the interval.
        count, n: how many of how many.
    """

    value: float
    low: float
    high: float
    count: int
    n: int


@dataclass(frozen=True)
class Threshold:
    """Where to draw the line for a false-alarm rate; an alarm is a score above ``value``.

    Args:
        value: in the units of the scores.
        asked: the false-alarm rate that was asked for.
        rate: what is promised: the expected rate on new normal items. Larger than ``asked`` only where there are
            too few normal scores to promise less.
        low, high: 95 % interval of the true rate, given these normal scores.
        n: number of normal scores.
    """

    value: float
    asked: float
    rate: float
    low: float
    high: float
    n: int


def threshold_for(scores_normal: np.ndarray, false_alarm_rate: float) -> Threshold:
    """The lowest threshold that keeps the false-alarm rate on new normal items.

    An order statistic of held-out normal scores: exact for any distribution of scores, as long as new normal items
    come from where these came. With the k-th smallest of n scores, the true rate is distributed as Beta(n + 1 - k, k).

    Args:
        scores_normal: (n,) scores of normal items that the scorer was not fitted on, n >= 1.
        false_alarm_rate: in (0, 1).

    Raises:
        ExplorerError: no scores, or a rate outside (0, 1).

    Source: Vovk et al. 2005; for outliers Bates et al. 2023, section 2.
    """
    n = len(scores_normal)
    if n == 0:
        raise ExplorerError("A threshold needs scores of normal items, and there are none.", "Choose normal items.")
    if not 0 < false_alarm_rate < 1:
        raise ExplorerError(f"A false-alarm rate of {false_alarm_rate:g} is not between 0 and 1.", "Try 0.05.")
    # Rounded first: (n + 1) (1 - 0.1) is a hair above the whole number it should be.
    k = min(n, math.ceil(round((n + 1) * (1 - false_alarm_rate), 9)))
    value = float(np.partition(scores_normal, k - 1)[k - 1])
    low, high = betaincinv(n + 1 - k, k, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
    return Threshold(value, false_alarm_rate, (n + 1 - k) / (n + 1), float(low), float(high), n)


def rate(count: int, n: int) -> Rate:
    """A share of independent items, with the interval of Clopper and Pearson 1934.

    Args:
        count: of ``n`` items, 0 <= count <= n.
    """
    if n == 0:
        return Rate(math.nan, 0.0, 1.0, 0, 0)
    tail = (1 - CONFIDENCE) / 2
    low = float(betaincinv(count, n - count + 1, tail)) if count else 0.0
    high = float(betaincinv(count + 1, n - count, 1 - tail)) if count < n else 1.0
    return Rate(count / n, low, high, count, n)


@dataclass(frozen=True)
class Confusion:
    """Counts at a threshold.

    Args:
        found, missed: novel items above the threshold, and not.
        false_alarms, passed: normal items above the threshold, and not.
    """

    found: int
    missed: int
    false_alarms: int
    passed: int

    @property
    def detection_rate(self) -> Rate:
        """Share of novel items that are found (recall)."""
        return rate(self.found, self.found + self.missed)

    @property
    def false_alarm_rate(self) -> Rate:
        """Share of normal items that raise an alarm."""
        return rate(self.false_alarms, self.false_alarms + self.passed)

    @property
    def precision(self) -> Rate:
        """Share of alarms that are novel."""
        return rate(self.found, self.found + self.false_alarms)


def confusion(scores: np.ndarray, is_novel: np.ndarray, threshold: float) -> Confusion:
    """Count alarms (scores above the threshold) among novel and normal items, (N,) each."""
    alarm, novel = np.asarray(scores) > threshold, np.asarray(is_novel, bool)
    return Confusion(
        int((alarm & novel).sum()),
        int((~alarm & novel).sum()),
        int((alarm & ~novel).sum()),
        int((~alarm & ~novel).sum()),
    )


def percentile(scores: np.ndarray, calibration: np.ndarray) -> np.ndarray:
    """(N,) percentage of normal scores (n,) that lie below each score."""
    return 100 * np.searchsorted(np.sort(calibration), scores) / len(calibration)


# --- With labels -----------------------------------------------------------------------------------------------------


def auroc(scores: np.ndarray, is_novel: np.ndarray) -> metrics.Interval:
    """Area under the ROC curve with its 95 % interval: how often a novel item scores above a normal one.

    Raises:
        ExplorerError: fewer than two items of a kind.
    """
    novel = np.asarray(is_novel, bool)
    if min(novel.sum(), (~novel).sum()) < 2:
        raise ExplorerError("A comparison needs two normal and two novel items or more.", "Choose other classes.")
    return metrics.auroc(np.asarray(scores), novel, CONFIDENCE)


def roc(scores: np.ndarray, is_novel: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The ROC curve: false-alarm rates, detection rates, and the thresholds they belong to, highest first."""
    from sklearn.metrics import roc_curve

    false_alarms, detections, thresholds = roc_curve(np.asarray(is_novel, bool), scores, drop_intermediate=True)
    return false_alarms, detections, thresholds


def precision_recall(scores: np.ndarray, is_novel: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Precision, recall, and the thresholds they belong to (one fewer), lowest first."""
    from sklearn.metrics import precision_recall_curve

    precision, recall, thresholds = precision_recall_curve(np.asarray(is_novel, bool), scores)
    return precision, recall, thresholds
