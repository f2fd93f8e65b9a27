"""A checkpoint: a model and its card, with the ways to encode, decode and rebuild; arrays in, arrays out."""

from __future__ import annotations

import copy
import hashlib
import shlex
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Self

import numpy as np
import torch
from jaxtyping import Float, Int, Num, Shaped
from torch import Tensor

from explorer.checkpoints.card import Card
from explorer.core.devices import device_called
from explorer.core.errors import ExplorerError
from explorer.core.gathered import gathered
from explorer.data.base import Dataset
from explorer.data.stored import as_float, batches
from explorer.models import Autoencoder, Reconstructor, VariationalAutoencoder

BATCH_SIZE = 512
KL_DRAWS = 16
"""Pairs of draws, each with its opposite, that a KL without a closed form is the mean over."""
BATCH_SIZE_ON_ACCELERATORS = 4096
"""Each batch is sent there and its result back; small ones would wait for that and not for the computation."""


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """A model and its card, as loaded; arrays in, arrays out.

    Items may be uint8 (divided by 255) or float; results are float32 arrays. ``checkpoint_of`` makes one.
    """

    model: Reconstructor
    card: Card

    @property
    def name(self) -> str:
        return self.card.name

    @property
    def event_shape(self) -> tuple[int, ...]:
        return self.model.event_shape

    @cached_property
    def fingerprint(self) -> str:
        """sha256 over the weights (names, types, shapes, values) and the card without findings, 64 hex digits."""
        digest = hashlib.sha256(self.card.unexamined.model_dump_json().encode())
        for name, tensor in self.model.state_dict().items():
            values = tensor.detach().cpu().contiguous().numpy()
            digest.update(f"{name}|{values.dtype.str}|{values.shape}".encode())
            digest.update(values.data)
        return digest.hexdigest()

    def on(self, device: str) -> Self:
        """The same with a copy of the weights on a device, where items and codes go in batches; arrays come back.

        Args:
            device: "cpu", "cuda", "mps", or "auto" for the fastest that is there.

        Raises:
            ExplorerError: the device is not there.
        """
        return replace(self, model=copy.deepcopy(self.model).to(device_called(device)))

    @property
    def _device(self) -> torch.device:
        return next((weight.device for weight in self.model.parameters()), torch.device("cpu"))

    def reconstruct(
        self, x: Num[np.ndarray, "n *event"] | Num[Tensor, "n *event"], labels: Int[np.ndarray, " n"] | None = None
    ) -> Float[np.ndarray, "n *event2"]:
        """(N, *event) -> (N, *event): the model's ``forward``; labels (N,) as ``VectorCheckpoint.encode`` has them.

        Raises:
            ExplorerError: the items do not fit, or the model is conditional and there are no labels.
        """
        return self._map(self.model, x, labels)

    def reconstruction_errors(
        self, x: Num[np.ndarray, "n *event"] | Num[Tensor, "n *event"], labels: Int[np.ndarray, " n"] | None = None
    ) -> Float[np.ndarray, " n"]:
        """(N,) squared error of each item, summed over pixels, or over columns in standard deviations."""
        return self._map(lambda x: self.model.reconstruction_error(x, self.model(x)), x, labels)

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels that a conditional model knows, one of which it is ``given`` or each item has; () for others."""
        model = self.model
        if not isinstance(model, VariationalAutoencoder) or not model.n_labels:
            return ()
        return tuple(self.card.data.label_names[i] for i in model.label_counts.nonzero().flatten().tolist())

    def labels_of(self, dataset: Dataset, rows: Int[np.ndarray, " n"]) -> Int[np.ndarray, " n"] | None:
        """(n,) labels of a dataset's rows as a conditional model numbers them; None for others, which need none.

        Raises:
            ExplorerError: some of the rows have no label that the model knows.
        """
        if not self.labels:
            return None
        if dataset.labels is None:
            raise self.needs_label(f"{dataset.title} has no labels")
        numbers = self._label_numbers(dataset, rows)
        if (missing := int((numbers < 0).sum())) > 0:
            raise self.needs_label(f"{missing:,} of {len(numbers):,} items of {dataset.title} have none of its labels")
        return numbers

    def known_rows(self, dataset: Dataset, rows: Int[np.ndarray, " n"]) -> Int[np.ndarray, " m"]:
        """Those of a dataset's rows whose label a conditional model knows; all of them for others."""
        if not self.labels or dataset.labels is None:
            return rows
        return rows[self._label_numbers(dataset, rows) >= 0]

    def _label_numbers(self, dataset: Dataset, rows: np.ndarray) -> np.ndarray:
        """Labels by name as the model numbers them; -1 where it knows none such."""
        known = {name: self.card.data.label_names.index(name) for name in self.labels}
        numbers = np.array([known.get(name, -1) for name in dataset.label_names] or [-1])
        own = np.asarray(dataset.labels)[rows]
        return np.where(own < 0, -1, numbers[own])

    def needs_label(self, because: str = "none is said") -> ExplorerError:
        """That a conditional model has to be told a label, and how."""
        first = self.labels[0]
        given = f"--given {shlex.quote(first)}"
        return ExplorerError(
            f"{self.name} is conditional on the label, and {because}.",
            f"Choose one of its labels, {', '.join(self.labels)}: Label in the app's sidebar, given({first!r}) in"
            f" Python, {given} where a command has it; for others, python -m explorer give {self.name}"
            f" {shlex.quote(first)} --out one.safetensors writes the model for one label.",
        )

    def tensor(self, x: Num[np.ndarray, "n *event"] | Num[Tensor, "n *event"]) -> Float[Tensor, "n *event"]:
        """Items as the model takes them: (N, *event) float32, uint8 divided by 255.

        Raises:
            ExplorerError: they do not fit the model.
        """
        items = x.float() if isinstance(x, Tensor) else as_float(np.asarray(x))
        if tuple(items.shape[1:]) != self.event_shape:
            raise ExplorerError(
                f"Items of shape {tuple(items.shape[1:])} do not fit {self.name}, which takes {self.event_shape}.",
                "Choose data of that shape, or another checkpoint.",
            )
        return items

    def _map(
        self, function: Callable[[Tensor], Tensor], x: np.ndarray | Tensor, labels: np.ndarray | None = None
    ) -> np.ndarray:
        self.tensor(x[:1])  # that they do not fit is said before the first is computed
        device = self._device
        return self._told(lambda batch: function(self.tensor(batch).to(device)).cpu(), x, labels)

    def _told(
        self, function: Callable[[Tensor], Tensor], x: np.ndarray | Tensor, labels: np.ndarray | None
    ) -> np.ndarray:
        """What a function makes of items or codes in batches, of which a conditional model knows the labels."""
        size = _batch_size(self._device)
        if not self.labels:
            return in_batches(function, x, size)
        if labels is None:
            raise self.needs_label()
        if len(labels) != len(x):
            raise ExplorerError(f"{len(labels)} labels do not fit {len(x)} items.", "Give one label an item.")
        if not len(x):
            labels = np.zeros(1, np.int64)  # of the one that says of which shape no results are
        told = torch.from_numpy(np.asarray(labels, np.int64)).to(self._device)
        start = 0

        def of_batch(batch: Any) -> Tensor:
            nonlocal start
            own = told[start : start + len(batch)]
            start += len(batch)
            with self.model.told(own):
                return function(batch)

        return in_batches(of_batch, x, size)


@dataclass(frozen=True, eq=False)
class VectorCheckpoint(Checkpoint):
    """A checkpoint whose items have codes: one vector each, which can be decoded on its own."""

    model: Autoencoder

    @property
    def latent_dim(self) -> int:
        return self.model.latent_dim

    @property
    def is_variational(self) -> bool:
        return isinstance(self.model, VariationalAutoencoder)

    def given(self, label: str) -> Self:
        """The ordinary model that a conditional one is for items of one label: it decodes codes as such items alone.

        Its weights are those of the conditional one, with the label's part in two biases; it can be saved, exported and
        decoded live as any other.

        Args:
            label: its name, one of ``labels``.

        Raises:
            ExplorerError: the model is not conditional, or knows no such label.
        """
        if self.card.given == label:
            return self
        model, names = self.model, self.labels
        if not isinstance(model, VariationalAutoencoder) or not names:
            what = f"was given the label {self.card.given}" if self.card.given is not None else "is not conditional"
            raise ExplorerError(f"{self.name} {what}: it cannot be given {label!r}.", "Leave the label out.")
        if label not in names:
            raise ExplorerError(f"{self.name} knows no label {label!r}.", f"Its labels: {', '.join(names)}.")
        card = self.card.model_copy(update={"given": label})
        return replace(self, model=model.given(card.data.label_names.index(label)), card=card)

    def encode(
        self, x: Num[np.ndarray, "n *event"] | Num[Tensor, "n *event"], labels: Int[np.ndarray, " n"] | None = None
    ) -> Float[np.ndarray, "n latent_dim"]:
        """(N, *event) -> (N, latent_dim) codes; the posterior's mean, for a variational model.

        Args:
            labels: (N,) of the items for a conditional model, as ``labels_of`` gives them; others do without.

        Raises:
            ExplorerError: the items do not fit, or the model is conditional and there are no labels.
        """
        return self._map(self.model.encode, x, labels)

    def decode(
        self,
        z: Num[np.ndarray, "..."] | Num[Tensor, "..."] | Sequence[Sequence[float]],
        labels: Int[np.ndarray, " n"] | None = None,
    ) -> Float[np.ndarray, "n *event2"]:
        """(N, latent_dim) -> (N, *event) in the units of the data; images in [0, 1]. Labels as for ``encode``."""
        codes = torch.as_tensor(np.asarray(z), dtype=torch.float32)
        if codes.ndim != 2 or codes.shape[1] != self.latent_dim:
            raise ExplorerError(
                f"Codes of shape {tuple(codes.shape)} do not fit {self.name}.", f"Give (N, {self.latent_dim}) values."
            )
        device = self._device
        return self._told(lambda z: self.model.decode(z.to(device)).cpu(), codes, labels)

    def posterior(
        self, x: Num[np.ndarray, "n *event"] | Num[Tensor, "n *event"], labels: Int[np.ndarray, " n"] | None = None
    ) -> tuple[Float[np.ndarray, "n latent_dim"], Float[np.ndarray, "n latent_dim"]]:
        """(N, latent_dim) mean and log variance of a variational model's posterior.

        Raises:
            ExplorerError: the model has none.
        """
        model = self.model
        if not isinstance(model, VariationalAutoencoder):
            raise ExplorerError(f"{self.name} has no posterior: it is not a variational autoencoder.")
        both = self._map(lambda x: torch.cat(model.posterior(x), 1), x, labels)
        return both[:, : self.latent_dim], both[:, self.latent_dim :]

    def divergence(
        self, x: Num[np.ndarray, "n *event"] | Num[Tensor, "n *event"], labels: Int[np.ndarray, " n"] | None = None
    ) -> Float[np.ndarray, " n"]:
        """(N,) KL of each item's posterior from the prior in nats, float64; the same each time.

        In closed form for a standard normal prior, else the mean over ``2 * KL_DRAWS`` samples of the posterior, which
        may be a little below 0.

        Raises:
            ExplorerError: the model is not variational.
        """
        model = self.model
        if not isinstance(model, VariationalAutoencoder):
            raise ExplorerError(f"{self.name} has no KL: it is not a variational autoencoder.")
        prior = model.prior_distribution()
        noise = torch.randn(KL_DRAWS, self.latent_dim, generator=torch.Generator().manual_seed(0)).double()
        noise = torch.cat([noise, -noise])

        def kl(items: Tensor) -> Tensor:
            mu, logvar = model.posterior(items)
            return prior.mean_kl(mu.double(), logvar.double(), noise)

        return self._map(kl, x, labels)

    @property
    def prior_words(self) -> str:
        """What the model's prior is, as in "the prior N(0, I)"; empty for a family without."""
        if not isinstance(self.model, VariationalAutoencoder):
            return self.model.prior_described
        prior = self.model.code_prior
        return f"the prior{'' if prior.is_standard_normal else ','} {prior.words}"

    def prior_moments(self) -> tuple[Float[np.ndarray, " d"], Float[np.ndarray, " d"]]:
        """(latent_dim,) mean and variance of a variational model's prior; of others those of N(0, I)."""
        model = self.model
        if not isinstance(model, VariationalAutoencoder):
            return np.zeros(self.latent_dim), np.ones(self.latent_dim)
        mean, variance = model.prior_distribution().moments()
        return mean.double().numpy(), variance.double().numpy()


@torch.inference_mode()
def in_batches(
    function: Callable[..., Tensor], x: Num[np.ndarray, "n *event"] | Num[Tensor, "n *event"], size: int = BATCH_SIZE
) -> Shaped[np.ndarray, "n *result"]:
    """What a function of (n, *event) makes of items, a batch at a time: only one batch at once is float32."""
    if not len(x):
        return function(torch.zeros(1, *x.shape[1:])).numpy()[:0]
    return gathered((function(batch).numpy() for _, batch in batches(x, size)), len(x))


def _batch_size(device: torch.device) -> int:
    return BATCH_SIZE if device.type == "cpu" else BATCH_SIZE_ON_ACCELERATORS
