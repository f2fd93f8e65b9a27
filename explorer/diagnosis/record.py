"""What a training left behind, measured once for all who look at it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from explorer import evaluation
from explorer.checkpoints import Checkpoint, VectorCheckpoint, main_stage
from explorer.core.row_samples import spread_positions, spread_sample
from explorer.data.base import Dataset
from explorer.diagnosis.layers import LayerOutputs, layer_outputs
from explorer.likelihoods import REGISTRY as LIKELIHOODS
from explorer.models import VariationalAutoencoder
from explorer.recipe import Recipe

MAX_ITEMS = 1000
"""At most so many items of a split are looked at, spread over it."""
MAX_VALUES = 1 << 23
"""And so many numbers in them: fewer items of large pictures."""
MAX_THROUGH, MAX_INSIDE = 256, 1 << 20
"""Items whose way through all layers is looked at: one of 64 channels makes 64 times as many numbers of each."""


@dataclass(frozen=True, eq=False)
class Glance:
    """What is made of some held-out items after each epoch in any case, to be shown.

    Args:
        z: (n, d) codes.
        kl: (d,) KL of posterior from prior by dimension, a mean over them, in nats; None: it is no variational model.
        x, x_hat: (k, *event) items and their reconstructions.
    """

    z: Float[np.ndarray, "n d"]
    kl: Float[np.ndarray, " d"] | None
    x: Float[np.ndarray, "k *event"]
    x_hat: Float[np.ndarray, "k *event"]


@dataclass(frozen=True, eq=False)
class TrainingRecord:
    """A training as an examination sees it: its recipe, its losses, and, once it has ended, the model and the items.

    Args:
        recipe: what was asked for.
        history: the epochs so far, as a card's ``history``.
        finished: as a card's; "": it is under way.
        n_train, n_validation: how many items it learns from, and is validated on; 0: on the training items.
        checkpoint: the weights that were kept; None while it is under way, or where nothing was learnt.
        dataset: the items; None where they are not on this machine.
        train_rows, validation_rows: of the dataset.
        glance: at the newest epoch, while it is under way; None: nothing was looked at.
    """

    recipe: Recipe
    history: Sequence[Mapping[str, Any]]
    finished: str = ""
    n_train: int = 0
    n_validation: int = 0
    checkpoint: Checkpoint | None = None
    dataset: Dataset | None = None
    train_rows: Int[np.ndarray, " n"] = field(default_factory=lambda: np.empty(0, np.int64))
    validation_rows: Int[np.ndarray, " m"] = field(default_factory=lambda: np.empty(0, np.int64))
    glance: Glance | None = None

    # --- Losses ---------------------------------------------------------------------------------------------------

    @cached_property
    def epochs(self) -> list[Mapping[str, Any]]:
        """The epochs of the model's last stage: those before and after it have losses of their own."""
        return main_stage(self.history)

    def losses(self, split: str) -> Float[np.ndarray, " epochs"]:
        """(epochs,) the loss of each epoch of the last stage, on "train" or "validation" items."""
        return np.array([entry[split]["total"] for entry in self.epochs], np.float64)

    @property
    def kl_warmup(self) -> int:
        """Epochs in which the KL's weight still grows, so that losses cannot be compared; 0 for most."""
        return math.ceil(getattr(self.recipe.model, "kl_warmup_epochs", 0.0))

    @property
    def middle_loss(self) -> float:
        """Loss per item of the middle value for every value, without any code, in the loss's own unit; inf: unknown.

        For images of squared error it is a quarter a value, of cross-entropy or Bernoulli log 2, of a Gaussian
        likelihood with sigma 1 the two constants; for columns in standard deviations 1 a value. The likelihood of a
        table is in the columns' own units, which the recipe does not know.
        """
        model = self.recipe.model
        shape = None if self.checkpoint is None else self.checkpoint.event_shape
        if shape is None:
            return math.inf
        is_table, values = len(shape) == 1, math.prod(shape)
        likelihood = getattr(model, "likelihood", "")
        if likelihood in ("bernoulli", "binarised") or getattr(model, "reconstruction", "") == "cross_entropy":
            return values * math.log(2)
        if likelihood == "gaussian" and not is_table:
            return values * (0.5 * math.log(2 * math.pi) + 0.125)
        if likelihood:
            return math.inf
        return float(values) if is_table else values / 4

    @property
    def held_out(self) -> str:
        """What the validation items are to the model: their split."""
        return "validation" if self.n_validation else "train"

    @property
    def newest(self) -> Glance:
        """``glance``, which is there (``can_look`` is asked first)."""
        assert self.glance is not None  # noqa: S101
        return self.glance

    @property
    def has_vectors(self) -> bool:
        """Whether the model and items can be looked at: both are there, and items have codes that decode."""
        return isinstance(self.checkpoint, VectorCheckpoint) and not self.checkpoint.model.lacks and self.has_items

    @property
    def has_items(self) -> bool:
        return self.dataset is not None and len(self.train_rows) > 1

    # --- Items ----------------------------------------------------------------------------------------------------

    @cached_property
    def x(self) -> Float[Tensor, "n *event"]:
        """Validation items (training items where there are none), as the model takes them."""
        return self._items(self._rows)

    @cached_property
    def labels(self) -> Int[np.ndarray, " n"] | None:
        """Labels of ``x`` as a conditional model numbers them; None for others."""
        return self._labels(self._rows)

    @property
    def _rows(self) -> np.ndarray:
        return self.validation_rows if len(self.validation_rows) > 1 else self.train_rows

    @cached_property
    def x_train(self) -> Float[Tensor, "n *event"]:
        """Training items, as the model takes them."""
        return self._items(self.train_rows)

    def few(self, at_most: int) -> Int[np.ndarray, " k"]:
        """Positions of some of ``x``, spread over all of them, for what needs fewer still."""
        return spread_positions(len(self.x), at_most)

    def _items(self, rows: np.ndarray) -> Tensor:
        assert self.dataset is not None  # noqa: S101 - ``has_items`` is asked first
        return self.dataset.tensor(self._some(rows))

    def _labels(self, rows: np.ndarray) -> np.ndarray | None:
        assert self.dataset is not None  # noqa: S101 - ``has_items`` is asked first
        return self.vectors.labels_of(self.dataset, self._some(rows))

    def _some(self, rows: np.ndarray) -> np.ndarray:
        assert self.dataset is not None  # noqa: S101 - ``has_items`` is asked first
        if self.checkpoint is not None:
            rows = self.checkpoint.known_rows(self.dataset, rows)
        return spread_sample(rows, max(16, min(MAX_ITEMS, MAX_VALUES // math.prod(self.dataset.event_shape))))

    # --- The model on them ----------------------------------------------------------------------------------------

    @cached_property
    def vectors(self) -> VectorCheckpoint:
        """The model, which has codes (``has_vectors`` is asked first)."""
        assert isinstance(self.checkpoint, VectorCheckpoint)  # noqa: S101
        return self.checkpoint

    @cached_property
    def codes(self) -> Float[np.ndarray, "n d"]:
        """Codes of ``x``."""
        return self.vectors.encode(self.x, self.labels)

    @cached_property
    def posterior(self) -> tuple[Float[np.ndarray, "n d"], Float[np.ndarray, "n d"]] | None:
        """Mean and log variance of a variational model's posterior of ``x``; None for others."""
        is_variational = isinstance(self.vectors.model, VariationalAutoencoder)
        return self.vectors.posterior(self.x, self.labels) if is_variational else None

    @cached_property
    def divergence(self) -> Float[np.ndarray, " n"]:
        """KL of each posterior of ``x`` from the prior in nats, of a variational model."""
        return self.vectors.divergence(self.x, self.labels)

    @cached_property
    def errors(self) -> Float[np.ndarray, " n"]:
        """Squared error of each of ``x``, rebuilt."""
        return self.vectors.reconstruction_errors(self.x, self.labels)

    @cached_property
    def train_errors(self) -> Float[np.ndarray, " n"]:
        """Squared error of each of ``x_train``, rebuilt."""
        labels = self._labels(self.train_rows)
        return self.vectors.reconstruction_errors(self.x_train, labels)

    @cached_property
    def mean_errors(self) -> Float[np.ndarray, " n"]:
        """Squared error of each of ``x`` where the mean of the training items stands for it."""
        return self._distances(self.x_train.mean(0, keepdim=True).expand_as(self.x))

    @cached_property
    def errors_beside_mean(self) -> Float[np.ndarray, " n"]:
        """``errors``, with the mean item's average error as the unit; NaN where all items are the same."""
        usual = float(self.mean_errors.mean())
        return self.errors / usual if usual > 0 else np.full(len(self.errors), np.nan)

    @cached_property
    def swapped_errors(self) -> Float[np.ndarray, " n"]:
        """Squared error of each of ``x`` where what another item's code decodes to, as of its label, stands for it.

        With unpooling ``errors`` also uses the pooling switches; a code alone has none, and neither has this.
        """
        others = np.roll(self.codes, len(self.x) // 2, 0)
        if self.labels is None:
            return self._distances(self.decoded.roll(len(self.x) // 2, 0))
        return self._distances(torch.from_numpy(self.vectors.decode(others, self.labels)))

    @cached_property
    def decoded_errors(self) -> Float[np.ndarray, " n"]:
        """Squared error of each of ``x`` against what its own code decodes to."""
        return self._distances(self.decoded)

    @cached_property
    def decoded(self) -> Float[Tensor, "n *event"]:
        """What the codes of ``x`` decode to."""
        return torch.from_numpy(self.vectors.decode(self.codes, self.labels))

    @cached_property
    def layers(self) -> list[LayerOutputs]:
        """What each layer gives for some of the items."""
        values = math.prod(self.vectors.event_shape)
        few = self.few(max(16, min(MAX_THROUGH, MAX_INSIDE // values)))
        model = self.vectors.model
        with model.told(None if self.labels is None else torch.from_numpy(self.labels[few])):
            return layer_outputs(model, self.x[few])

    @torch.inference_mode()
    def _distances(self, x_hat: Tensor) -> np.ndarray:
        return self.vectors.model.reconstruction_error(self.x, x_hat).double().numpy()

    # --- Steps ----------------------------------------------------------------------------------------------------

    @cached_property
    def weight_scale(self) -> float:
        """How large a weight is to begin with: the median over dense and convolutional layers of 1 / sqrt(3 fan_in).

        That is the standard deviation of PyTorch's initial weights, uniform within 1 / sqrt(fan_in). NaN without a
        model.
        """
        if self.checkpoint is None:
            return math.nan
        kinds = (nn.Linear, nn.Conv2d, nn.ConvTranspose2d)
        fans = [m.weight[0].numel() for m in self.checkpoint.model.modules() if isinstance(m, kinds)]
        return float(np.median([1 / math.sqrt(3 * fan) for fan in fans])) if fans else math.nan

    @property
    def is_density(self) -> bool:
        """Whether the loss is minus the log of a density, whose zero depends on the unit: only differences count."""
        named = LIKELIHOODS.get(getattr(self.recipe.model, "likelihood", ""))
        return named is not None and not named.is_probability

    @property
    def has_known_steps(self) -> bool:
        """Whether a step is about as long as the learning rate, whatever the gradient is."""
        return self.recipe.training.optimiser in ("adam", "radam")

    @cached_property
    def step_length(self) -> float:
        """How far a step moves a weight: Adam's learning rate; of others the mean of what was measured in each epoch.

        NaN where nothing was measured, as in trainings of earlier versions.
        """
        if self.has_known_steps:
            return self.recipe.training.learning_rate
        measured = [epoch["step_length"] for epoch in self.epochs if "step_length" in epoch]
        return float(np.mean(measured)) if measured else math.nan

    @cached_property
    def longest_step(self) -> float:
        """As ``step_length``, of the longest one: where it threw the weights away, later gradients may be none."""
        if self.has_known_steps:
            return self.recipe.training.learning_rate
        return max((epoch["longest_step"] for epoch in self.epochs if "longest_step" in epoch), default=math.nan)

    @property
    def _steps_per_epoch(self) -> int:
        items = max(1, self.n_train * self.recipe.data.crops_per_item)
        return math.ceil(items / self.recipe.training.batch_size)

    @cached_property
    def reach(self) -> float:
        """How far a weight can have gone, at most: Adam's steps are about as long as the learning rate.

        Of other optimisers, whose steps are as long as the gradient makes them, the sum of what was measured; infinite
        where nothing was.

        Source: Kingma and Ba 2015, section 2.1.
        """
        training = self.recipe.training
        total = self.step_length * self._steps_per_epoch * len(self.epochs)
        if not self.has_known_steps:
            return math.inf if math.isnan(total) else total
        return total * (0.5 if training.schedule in ("cosine", "one_cycle") else 1.0)

    @property
    def has_settled(self) -> bool:
        """Whether weights can have gone five times their own size: before that, most are what they were by chance.

        So it is of weights that training started from, and of a model from elsewhere.
        """
        began_trained = bool(self.recipe.training.start_from) or not self.epochs
        # The gradient chooses which weights move far and which hardly do, where a step is as long as it makes them.
        return began_trained or not self.has_known_steps or self.reach > 5 * self.weight_scale


def record_of(checkpoint: Checkpoint, dataset: Dataset | None) -> TrainingRecord:
    """What a checkpoint says of its training, with the items where they are the ones it learnt from."""
    card, part = checkpoint.card, checkpoint.card.recipe.data
    seen = TrainingRecord(
        card.recipe, card.history, card.finished, card.data.n_train, card.data.n_validation, checkpoint
    )
    if dataset is None or dataset.fingerprint != card.data.fingerprint:
        return seen
    return TrainingRecord(
        seen.recipe,
        seen.history,
        seen.finished,
        seen.n_train,
        seen.n_validation,
        checkpoint,
        dataset,
        evaluation.training_rows(dataset, part.classes, "train", part.limit),
        evaluation.training_rows(dataset, part.classes, "validation"),
    )
