"""What every score is, and the scores that look through a trained model.

scikit-learn is imported where it is used: it takes about a second.
"""

from __future__ import annotations

import inspect
from abc import ABC, abstractmethod
from typing import Any, ClassVar, Self

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from explorer.checkpoints import VectorCheckpoint
from explorer.core import likelihood
from explorer.core.errors import ExplorerError
from explorer.core.neighbours import nearest
from explorer.data.base import as_float
from explorer.data.encoding import column_groups
from explorer.novelty.thresholds import Threshold, p_values, threshold_for

ELBO_SAMPLES = 8
BATCH_SIZE = 512
MAX_STORED_VALUES = 4 << 20
"""Scorers that keep normal items keep so many values of them at most, evenly spread: 16 MiB."""


class Scorer(ABC):
    """Learns what normal items are like; scores how unlike them an item is.

    Higher is more anomalous, always. An item's score does not depend on the items it is scored with. Score other items
    than those it was fitted on: several scorers know these by heart. In table rows NaN is a missing value: what it
    would add to the score is left out (the two scorers that cannot leave it out say so).

    A subclass sets its parameters in ``__init__``, under their own names, and what it learns in ``fit``, as arrays
    whose names end in ``_``: so that a fitted scorer can be saved and comes back the same to the bit.

    Attributes:
        calibration_: (n,) sorted scores of the normal items that ``calibrate`` was given.
        threshold_: where to draw the line, from these scores.
    """

    title: ClassVar[str]
    summary: ClassVar[str]
    """One sentence a student can read."""
    unit: ClassVar[str]
    uses_checkpoint: ClassVar[bool] = True
    """False for baselines that see the items alone."""
    is_positive: ClassVar[bool] = True
    """Whether scores are distances or errors, never below 0: these are compared by their logarithm."""

    calibration_: np.ndarray
    threshold_: Threshold

    @classmethod
    def applies_to(cls, checkpoint: VectorCheckpoint) -> bool:
        """Whether this score is defined for the checkpoint's family and data."""
        return True

    @classmethod
    @abstractmethod
    def for_checkpoint(cls, checkpoint: VectorCheckpoint) -> Self:
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

    def contributions(self, x: np.ndarray) -> np.ndarray | None:
        """(N, *event) parts, never below 0, that make up each score; None where a score has no such parts."""
        return None

    def calibrate(self, normal: np.ndarray, false_alarm_rate: float = 0.05) -> Self:
        """Set the threshold from normal items (N, *event) that the scorer was not fitted on.

        Raises:
            ExplorerError: no items, or a rate outside (0, 1).
        """
        self.calibration_ = np.sort(self.score(normal))
        self.threshold_ = threshold_for(self.calibration_, false_alarm_rate)
        return self

    def p_values(self, x: np.ndarray) -> np.ndarray:
        """(N,) how likely a normal item is to score at least as high as each item; see ``thresholds.p_values``."""
        return p_values(self.score(x), self.calibration_)

    def settings(self) -> dict[str, Any]:
        """What ``__init__`` was given, without the checkpoint: plain values."""
        parameters = inspect.signature(type(self)).parameters.values()
        named = [p.name for p in parameters if p.kind is p.POSITIONAL_OR_KEYWORD and p.name != "checkpoint"]
        return {name: getattr(self, name) for name in named}

    def learnt(self) -> dict[str, np.ndarray]:
        """What ``fit`` learnt, by name."""
        return {k: v for k, v in vars(self).items() if k.endswith("_") and isinstance(v, np.ndarray) and k != _HELD}

    def restore(self, learnt: dict[str, np.ndarray]) -> Self:
        """Take back what another scorer of the same settings had learnt."""
        for name, values in learnt.items():
            setattr(self, name, values)
        return self


_HELD = "calibration_"


def stored(items: np.ndarray) -> np.ndarray:
    """Rows (n, D) evenly spread over ``items``, at most ``MAX_STORED_VALUES`` values in all."""
    limit = max(1, MAX_STORED_VALUES // max(1, items[0].size))
    if len(items) <= limit:
        return items
    return items[np.linspace(0, len(items) - 1, limit).round().astype(int)]


def in_batches(function: Any, x: np.ndarray, size: int = BATCH_SIZE) -> np.ndarray:
    """Results (n, ...) of a function of some of the items, one batch after the other; x may be empty."""
    starts = range(0, max(len(x), 1), size)
    return np.concatenate([function(x[start : start + size]) for start in starts])


class CheckpointScorer(Scorer):
    """A score that looks at items through a trained model."""

    def __init__(self, checkpoint: VectorCheckpoint) -> None:
        if not self.applies_to(checkpoint):
            raise ExplorerError(
                f"{self.title} is not defined for {checkpoint.name}, a model of another kind.", "Choose another score."
            )
        self.checkpoint = checkpoint

    @classmethod
    def for_checkpoint(cls, checkpoint: VectorCheckpoint) -> Self:
        return cls(checkpoint)

    def fit(self, normal: np.ndarray) -> Self:
        return self

    def _filled(self, items: Tensor) -> tuple[Tensor, Tensor | None]:
        """Items with the training mean where a cell is missing, and which cells are there (None: all)."""
        if not self.checkpoint.model.is_table or not items.isnan().any():
            return items, None
        present = ~items.isnan()
        mean: Any = self.checkpoint.model.input.mean
        return torch.where(present, items, mean), present

    def _codes(self, x: np.ndarray) -> np.ndarray:
        """(N, latent_dim) float64 codes."""
        items, _ = self._filled(self.checkpoint.tensor(x))
        return self.checkpoint.encode(items).astype(np.float64)


class BatchScorer(CheckpointScorer):
    """A score that each item has by itself: worked out batch after batch."""

    def score(self, x: np.ndarray) -> np.ndarray:
        return in_batches(self._score_batch, x)

    @torch.inference_mode()
    def _score_batch(self, x: np.ndarray) -> np.ndarray:
        items = self.checkpoint.tensor(x)
        if not len(items):
            return np.empty(0)
        return self._score(*self._filled(items)).double().numpy()

    @abstractmethod
    def _score(self, x: Tensor, present: Tensor | None) -> Tensor:
        """(n, *event) items without missing cells, and which cells were there (None: all) -> (n,)."""


def for_all_columns(total: Tensor, present: Tensor | None) -> Tensor:
    """Sums over the cells that are there, as if all columns were there."""
    if present is None:
        return total
    return total * present.shape[1] / present.sum(1).clamp_min(1)


# --- Reconstructions -------------------------------------------------------------------------------------------------


class ReconstructionError(BatchScorer):
    """Squared error of the model's reconstruction; there is nothing to fit."""

    title = "Reconstruction error"
    summary = "How far the model's picture of an item is from the item: what it never learnt, it cannot reconstruct."
    unit = "squared error"

    def contributions(self, x: np.ndarray) -> np.ndarray | None:
        return contributions(self.checkpoint, x)

    def _score(self, x: Tensor, present: Tensor | None) -> Tensor:
        return for_all_columns(self._differences(x, present).square().sum(1), present)

    def _differences(self, x: Tensor, present: Tensor | None) -> Tensor:
        """(n, D) item minus reconstruction, table columns in standard deviations; 0 where nothing is there."""
        model = self.checkpoint.model
        difference = (model.input(x) - model.input(model(x))).flatten(1)
        return difference if present is None else difference * present


class AbsoluteError(ReconstructionError):
    """Absolute error of the reconstruction (L1): one large difference counts for less than in the squared error."""

    title = "Absolute error"
    summary = "The reconstruction's differences added up as they are, so that one large one does not decide alone."
    unit = "absolute error"

    def _score(self, x: Tensor, present: Tensor | None) -> Tensor:
        return for_all_columns(self._differences(x, present).abs().sum(1), present)


class LargestError(ReconstructionError):
    """Largest absolute difference of the reconstruction (L-infinity)."""

    title = "Largest difference"
    summary = "The one pixel or column that the model reconstructs worst."
    unit = "absolute error"

    def _score(self, x: Tensor, present: Tensor | None) -> Tensor:
        return self._differences(x, present).abs().amax(1)


class TopError(ReconstructionError):
    """Mean of the largest twentieth of the absolute differences: between the largest one and their mean."""

    title = "Top twentieth of the error"
    summary = "The mean of the worst 5 % of the pixels or columns: an oddity in one place is not lost in the rest."
    unit = "absolute error"
    share: ClassVar[float] = 0.05

    def _score(self, x: Tensor, present: Tensor | None) -> Tensor:
        differences = self._differences(x, present).abs()
        return differences.topk(max(1, round(self.share * differences.shape[1])), dim=1).values.mean(1)


class CosineError(ReconstructionError):
    """One minus the cosine between item and reconstruction: the squared error of both at the same length, halved.

    A faint or small item has a small squared error however it is reconstructed; this one does not depend on brightness.
    """

    title = "Shape error"
    summary = "How far the reconstruction differs in shape, whatever the brightness or size of the item."
    unit = "1 - cosine"

    @classmethod
    def applies_to(cls, checkpoint: VectorCheckpoint) -> bool:
        return not checkpoint.model.is_table

    def contributions(self, x: np.ndarray) -> np.ndarray | None:
        return None

    def _score(self, x: Tensor, present: Tensor | None) -> Tensor:
        items, rebuilt = x.flatten(1), self.checkpoint.model(x).flatten(1)
        return (1 - F.cosine_similarity(items, rebuilt, dim=1, eps=1e-6)).clamp_min(0)


class LocalError(CheckpointScorer):
    """The smoothed error map's hundredth of largest values, each pixel in standard deviations of its normal error.

    For images whose defects are small: one scratch changes the mean over all pixels by little.

    Source: Bergmann et al. 2019, section 4 (error maps of autoencoders).
    """

    title = "Local error"
    summary = "Where the reconstructed picture differs most from the item in one place: for small defects."
    unit = "standard deviations"
    share: ClassVar[float] = 0.01

    @classmethod
    def applies_to(cls, checkpoint: VectorCheckpoint) -> bool:
        return not checkpoint.model.is_table

    def fit(self, normal: np.ndarray) -> Self:
        maps = error_maps(self.checkpoint, normal).astype(np.float64)
        self.mean_, std = maps.mean(0), maps.std(0)
        # A pixel that is always black has no spread of its own; a tenth of the typical one keeps it in proportion.
        self.std_ = np.maximum(std, 0.1 * std.mean() + 1e-12)
        return self

    def score(self, x: np.ndarray) -> np.ndarray:
        return in_batches(self._top, x)

    def maps(self, x: np.ndarray) -> np.ndarray:
        """(N, H, W) error maps in standard deviations of the normal ones; below 0 is better than usual."""
        return (error_maps(self.checkpoint, x) - self.mean_) / self.std_

    def contributions(self, x: np.ndarray) -> np.ndarray:
        maps = np.maximum(self.maps(x), 0)[:, None]
        return np.broadcast_to(maps, (len(x), *self.checkpoint.event_shape)).astype(np.float32)

    def _top(self, x: np.ndarray) -> np.ndarray:
        maps = self.maps(x).reshape(len(x), self.mean_.size)
        k = max(1, round(self.share * self.mean_.size))
        # Errors are never below 0, and so no map is below minus this.
        lowest = float((self.mean_ / self.std_).max())
        return np.partition(maps, -k, axis=1)[:, -k:].mean(1) + lowest


@torch.inference_mode()
def error_maps(checkpoint: VectorCheckpoint, x: np.ndarray, sigma: float | None = None) -> np.ndarray:
    """Where a model reconstructs images badly: the squared error, mean over channels, smoothed.

    Args:
        x: (N, C, H, W) images, uint8 or float.
        sigma: of the Gaussian that smooths, in pixels; None: a twentieth of the shorter side.

    Returns:
        (N, H, W) float32, squared error.

    Raises:
        ExplorerError: the items do not fit the model.
    """
    height, width = checkpoint.event_shape[1:]
    blur = min(height, width) / 20 if sigma is None else sigma

    def batch(items: np.ndarray) -> np.ndarray:
        images = checkpoint.tensor(items)
        if not len(images):
            return np.empty((0, height, width), np.float32)
        error = (images - checkpoint.model(images)).square().mean(1, keepdim=True)
        return smoothed(error, blur)[:, 0].numpy()

    return in_batches(batch, x)


def smoothed(maps: Tensor, sigma: float) -> Tensor:
    """(N, 1, H, W) maps under a Gaussian of ``sigma`` pixels, mirrored at the edges."""
    if sigma <= 0:
        return maps
    radius = min(int(np.ceil(3 * sigma)), min(maps.shape[2:]) - 1)
    places = torch.arange(-radius, radius + 1, dtype=maps.dtype)
    kernel = torch.softmax(-0.5 * (places / sigma) ** 2, 0)
    padded = F.pad(maps, (radius,) * 4, mode="reflect")
    return F.conv2d(F.conv2d(padded, kernel.view(1, 1, -1, 1)), kernel.view(1, 1, 1, -1))


class MaskedColumns(BatchScorer):
    """Each column predicted from the others: hidden (set to its mean), rebuilt, compared; the squared errors add up.

    Each column's error is in units of what is usual for it on normal rows, so that a column that follows from the
    others counts by how well it does. Columns that code one category are hidden together. Made for models that
    were trained to fill in what is missing (masking noise).

    Source: the pseudo-likelihood of Besag 1975 with Gaussian conditionals; as a score, Noto et al. 2012.
    """

    title = "Each column from the others"
    summary = (
        "Each column is hidden and guessed from the rest of the row: anomalous rows are those that do not fit together."
    )
    unit = "squared error"

    def __init__(self, checkpoint: VectorCheckpoint) -> None:
        super().__init__(checkpoint)
        self.usual_ = np.ones(checkpoint.event_shape[0])

    @classmethod
    def applies_to(cls, checkpoint: VectorCheckpoint) -> bool:
        return checkpoint.model.is_table

    def fit(self, normal: np.ndarray) -> Self:
        self.usual_ = np.ones(normal.shape[1])
        parts = self.contributions(normal)
        is_known = ~np.isnan(normal)
        usual = parts.sum(0, dtype=np.float64) / np.maximum(is_known.sum(0), 1)
        # A column that is always guessed right would outweigh all others by rounding errors alone.
        self.usual_ = np.maximum(usual, 0.01)
        return self

    def contributions(self, x: np.ndarray) -> np.ndarray:
        return in_batches(self._squared_errors, x, 8 * BATCH_SIZE)

    def _score(self, x: Tensor, present: Tensor | None) -> Tensor:
        errors = torch.from_numpy(self._squared_errors(x.numpy() if present is None else np.where(present, x, np.nan)))
        return for_all_columns(errors.sum(1), present)

    @torch.inference_mode()
    def _squared_errors(self, x: np.ndarray) -> np.ndarray:
        model = self.checkpoint.model
        items, present = self._filled(self.checkpoint.tensor(x))
        mean: Any = model.input.mean
        errors = torch.zeros_like(items)
        for group in column_groups(self.checkpoint.card.data.feature_names, items.shape[1]):
            hidden = items.clone()
            hidden[:, group] = mean[group]
            difference = model.input(items) - model.input(model(hidden))
            errors[:, group] = difference[:, group].square()
        if present is not None:
            errors *= present
        return (errors / torch.from_numpy(self.usual_).float()).numpy()


# --- Probabilities ---------------------------------------------------------------------------------------------------


class NegativeElbo(BatchScorer):
    """Negative evidence lower bound of a variational model; there is nothing to fit.

    Averaged over a few posterior samples whose noise is the same for every item, so that scores are repeatable. Table
    rows are scored in standardised columns: the constant between their density and that in the columns' own units
    changes no rank and no p-value, and without it the detectors of earlier versions keep their thresholds.

    Source: Kingma and Welling 2014; as a score An and Cho 2015.
    """

    title = "Negative ELBO"
    summary = "How improbable the item is under the model: its misfit, and how far its code is from the prior."
    unit = "nats"
    is_positive = False

    @classmethod
    def applies_to(cls, checkpoint: VectorCheckpoint) -> bool:
        return checkpoint.is_variational

    def _score(self, x: Tensor, present: Tensor | None) -> Tensor:
        return self._misfit(x, present) + self._divergence(x)

    def _misfit(self, x: Tensor, present: Tensor | None) -> Tensor:
        """(n,) -E[log p(x|z)] in nats, of standardised columns for tables."""
        model: Any = self.checkpoint.model
        mu, logvar = model.posterior(x)
        std = (0.5 * logvar).exp()
        noise = torch.randn(ELBO_SAMPLES, model.latent_dim, generator=torch.Generator().manual_seed(0))
        fits = []
        for eps in noise:
            values = model.decoder(mu + std * eps)
            target = x if present is None else torch.where(present, x, model.output(values))
            fits.append(model.log_likelihood(target, values))
        return -torch.stack(fits).mean(0) - model.log_scale()

    def _divergence(self, x: Tensor) -> Tensor:
        """(n,) KL of the posterior from the prior, in nats."""
        model: Any = self.checkpoint.model
        return likelihood.kl_to_standard_normal(*model.posterior(x))


class ElboMisfit(NegativeElbo):
    """The reconstruction part of the negative ELBO."""

    title = "ELBO: misfit"
    summary = "The part of the negative ELBO that says how badly the item is reconstructed from its cloud of codes."

    def _score(self, x: Tensor, present: Tensor | None) -> Tensor:
        return self._misfit(x, present)


class ElboDivergence(NegativeElbo):
    """The KL part of the negative ELBO.

    By itself it may point the wrong way: an encoder that knows little about an item gives it the prior itself.
    """

    title = "ELBO: divergence"
    summary = "The part of the negative ELBO that says how far the item's cloud of codes is from the prior."
    is_positive = True

    def _score(self, x: Tensor, present: Tensor | None) -> Tensor:
        return self._divergence(x)


# --- Codes -----------------------------------------------------------------------------------------------------------


class LatentMahalanobis(CheckpointScorer):
    """Mahalanobis distance of the code from the normal codes' mean, with a shrunk covariance.

    Source: Lee et al. 2018; the shrinkage, Ledoit and Wolf 2004.
    """

    title = "Latent distance"
    summary = "How many standard deviations the item's code lies from the middle of the normal ones."
    unit = "standard deviations"

    def fit(self, normal: np.ndarray) -> Self:
        from sklearn.covariance import LedoitWolf

        estimate = LedoitWolf().fit(self._codes(normal))
        self.mean_, self.precision_ = estimate.location_, estimate.precision_
        return self

    def score(self, x: np.ndarray) -> np.ndarray:
        offsets = self._codes(x) - self.mean_
        return np.sqrt(np.maximum(np.einsum("nd,de,ne->n", offsets, self.precision_, offsets), 0))


class NearestNeighbours(CheckpointScorer):
    """Mean distance of the code from its ``k`` nearest normal codes.

    Source: Angiulli and Pizzuti 2002.
    """

    title = "Nearest neighbours"
    summary = "How far the item's code is from the nearest codes of normal items."
    unit = "distance in the code"

    def __init__(self, checkpoint: VectorCheckpoint, k: int = 5) -> None:
        super().__init__(checkpoint)
        self.k = k

    def fit(self, normal: np.ndarray) -> Self:
        self.codes_ = stored(self._codes(normal).astype(np.float32))
        return self

    def score(self, x: np.ndarray) -> np.ndarray:
        return nearest(self.codes_, self._codes(x), self.k)[1].mean(1)


class NearestDirections(NearestNeighbours):
    """Mean distance of the code's direction from the ``k`` nearest directions of normal codes.

    Directions are codes scaled to length 1, so that distance is that of the angle. How long a code is says mostly how
    strong an item is; where it points says of which kind. Not for table rows, of which most is said by how far off
    they are.

    Source: Wang and Isola 2020 for features on the sphere.
    """

    title = "Nearest directions"
    summary = "How far the direction of the item's code is from the directions of normal codes, whatever its length."
    unit = "distance on the unit sphere"

    @classmethod
    def applies_to(cls, checkpoint: VectorCheckpoint) -> bool:
        return not checkpoint.model.is_table

    def _codes(self, x: np.ndarray) -> np.ndarray:
        codes = super()._codes(x)
        return codes / np.maximum(np.linalg.norm(codes, axis=1, keepdims=True), 1e-12)


def contributions(checkpoint: VectorCheckpoint, x: np.ndarray) -> np.ndarray:
    """What each pixel or column adds to an item's reconstruction error; they sum to it.

    Args:
        x: (N, *event), uint8 or float; a missing cell of a table (NaN) adds nothing.

    Returns:
        (N, *event) float32 squared errors; for tables in units of each column's standard deviation.
    """
    items = as_float(x)
    missing = items.isnan()
    model = checkpoint.model
    if model.is_table:
        mean: Any = model.input.mean
        items = torch.where(missing, mean, items)
    x_hat = torch.from_numpy(checkpoint.reconstruct(items))
    with torch.inference_mode():
        return (model.input(items) - model.input(x_hat)).square().masked_fill(missing, 0).numpy()
