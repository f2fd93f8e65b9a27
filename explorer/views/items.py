"""The items that a view shows of a model, and what each of them is called."""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
from jaxtyping import Float, Int, Num

from explorer.checkpoints import Card, VectorCheckpoint, affordable
from explorer.core.row_samples import spread_positions, spread_sample
from explorer.data import DATASETS, Dataset, downloads
from explorer.data.splits import Splits
from explorer.data.stored import fingerprint
from explorer.io.contract import Contract
from explorer.latent import sampling

COMPARED = 500
"""Items that a code is compared with in an exported page."""
MADE = 500
MAX_VALUES = 1 << 25
"""Of all decoded samples together: fewer are made of large pictures."""
DECODED = "decoded samples"


def dimension_name(index: int) -> str:
    """What pages call a dimension of a model's code, counted from 1."""
    return f"z{index + 1}"


def dimension_names(size: int) -> tuple[str, ...]:
    """Those of a code of so many dimensions."""
    return tuple(map(dimension_name, range(size)))


@runtime_checkable
class CodedItems(Protocol):
    """Rows of a dataset with a code each: a model's, or vectors that came without a model."""

    @property
    def model(self) -> VectorCheckpoint | None:
        """What gave the codes, and decodes them; None where vectors came alone."""

    @property
    def code_size(self) -> int:
        """Numbers of a code."""

    @property
    def code_names(self) -> tuple[str, ...]:
        """What each of them is called."""

    @property
    def contract(self) -> Contract | None:
        """How a table was read whose rows are shown."""

    @property
    def dataset(self) -> Dataset: ...

    @property
    def rows(self) -> Int[np.ndarray, " n"]:
        """Row numbers in the dataset."""

    @property
    def split(self) -> str:
        """What those rows are to the model, with their number: "test, n = 1,000"."""

    @property
    def is_image(self) -> bool: ...

    @property
    def is_real(self) -> bool:
        """Whether the items come from data, and not from the decoder itself."""

    def x(self, positions: Int[np.ndarray, " k"] | slice = slice(None)) -> Num[np.ndarray, "n *event"]:
        """Shown items by position among ``rows``, as stored."""

    def labels(self) -> Int[np.ndarray, " n"] | None: ...

    def codes(self) -> Num[np.ndarray, "n d"]: ...

    def samples(self, n: int) -> Int[np.ndarray, " k"]:
        """(n,) positions among ``rows`` to show first."""


@runtime_checkable
class ShownItems(CodedItems, Protocol):
    """A model and the rows of a dataset that a view shows; the app's own kind keeps what it has computed."""

    @property
    def checkpoint(self) -> VectorCheckpoint: ...

    @property
    def card(self) -> Card: ...


@dataclass(frozen=True, eq=False)
class HeldItems:
    """Items of a dataset with their codes, outside the app; ``held_items`` makes them.

    Args:
        checkpoint: the model and its card.
        dataset: items of the shape it takes.
        rows: (n,) which of them.
        split: what they are to the model, with their number.
        held: (n, latent_dim) their codes.
        is_real: whether they come from data, and not from the decoder itself.
    """

    checkpoint: VectorCheckpoint
    dataset: Dataset
    rows: Int[np.ndarray, " n"]
    split: str
    held: Num[np.ndarray, "n d"]
    is_real: bool = True

    @property
    def model(self) -> VectorCheckpoint:
        return self.checkpoint

    @property
    def code_size(self) -> int:
        return self.checkpoint.latent_dim

    @property
    def code_names(self) -> tuple[str, ...]:
        return dimension_names(self.code_size)

    @property
    def card(self) -> Card:
        return self.checkpoint.card

    @property
    def contract(self) -> Contract | None:
        return self.card.data.contract

    @property
    def is_image(self) -> bool:
        return self.dataset.kind == "image"

    def x(self, positions: Int[np.ndarray, " k"] | slice = slice(None)) -> Num[np.ndarray, "n *event"]:
        """Items by position among ``rows``, as stored."""
        return self.dataset.x[self.rows[positions]]

    def labels(self) -> Int[np.ndarray, " n"] | None:
        return None if self.dataset.labels is None else np.asarray(self.dataset.labels)[self.rows]

    def codes(self) -> Num[np.ndarray, "n d"]:
        return self.held

    def samples(self, n: int) -> Int[np.ndarray, " k"]:
        """(n,) positions among ``rows``: every class in turn."""
        return class_by_class(self.labels(), len(self.rows), n)


def held_items(checkpoint: VectorCheckpoint, dataset: Dataset, rows: Int[np.ndarray, " n"], split: str) -> HeldItems:
    """Items of a dataset, encoded.

    Args:
        rows: (n,) which of them.
        split: what they are to the model ("test").
    """
    codes = checkpoint.encode(dataset.x[rows])
    return HeldItems(checkpoint, dataset, rows, f"{split}, n = {len(rows):,}", codes)


def thinned_items(
    checkpoint: VectorCheckpoint, dataset: Dataset, rows: Int[np.ndarray, " n"], split: str, at_most: int
) -> HeldItems:
    """At most so many rows of a dataset, spread over all; those that codes are compared with come first."""
    return held_items(checkpoint, dataset, compared_first(spread_sample(rows, at_most)), split)


def compared_first(rows: Int[np.ndarray, " n"]) -> Int[np.ndarray, " n"]:
    """The same rows (n,), first ``COMPARED`` that are spread over all: one sheet of thumbnails then shows both."""
    first = spread_positions(len(rows), COMPARED)
    return np.concatenate([rows[first], np.delete(rows, first)])


def data_on_this_machine(card: Card) -> str | None:
    """A dataset on this machine for a model: rows held out for it, else what it learnt from; None without either."""
    here = {name: source for name, source in DATASETS.items() if source.offline or downloads.is_local(name)}
    fitting = [name for name, source in here.items() if source.event_shape == card.data.event_shape]
    held_out = [name for name in fitting if card.data.name in here[name].held_out_for]
    return next(iter([*held_out, *(name for name in fitting if name == card.data.name)]), None)


def decoded_items(checkpoint: VectorCheckpoint, at_most: int | None = None) -> HeldItems:
    """Items for a model without data: decoded from codes that are drawn from what its card knows of them.

    Args:
        at_most: so many; None: ``MADE``, and fewer of a decoder that takes long.

    Raises:
        ExplorerError: the card has no statistics of its codes, and the model no prior.
    """
    dataset, codes = decoded_dataset(checkpoint, at_most)
    rows = np.arange(len(codes))
    return HeldItems(checkpoint, dataset, rows, f"{DECODED}, n = {len(rows):,}", codes, is_real=False)


def decoded_dataset(
    checkpoint: VectorCheckpoint, at_most: int | None = None
) -> tuple[Dataset, Float[np.ndarray, "n d"]]:
    """Decoded items in the shape of a dataset, and the codes (N, latent_dim) that they were decoded from.

    Its ``source`` says in one sentence where they come from. Nothing in it is real: there are no labels, and the
    model's error on them says nothing about its data.

    Args:
        at_most: so many; None: ``MADE``, and fewer of a decoder that takes long. Of large pictures fewer in any case.

    Raises:
        ExplorerError: the card has no statistics of its codes, and the model no prior.
    """
    shape = checkpoint.event_shape
    asked = affordable.codes_within(checkpoint, MADE) if at_most is None else at_most
    n = min(asked, max(50, MAX_VALUES // math.prod(shape)))
    codes, origin = sampling.sample_codes(checkpoint, n)
    x = checkpoint.decode(codes)
    is_image = len(shape) == 3
    if is_image:
        x = (255 * x.clip(0, 1)).round().astype(np.uint8)
    none = np.zeros(0, np.int64)
    word = "images" if is_image else "rows"
    samples = Dataset(
        name="made-by-the-decoder",
        title=word.capitalize(),
        x=x,
        labels=None,
        label_names=(),
        splits=Splits(none, none, np.arange(n), "Nothing was held out: every item is a decoded sample."),
        licence=checkpoint.card.licence,
        source=f"The decoder made {n:,} {word} from codes drawn from {origin}. None of them is real.",
        fingerprint=hashlib.sha256(f"{checkpoint.fingerprint}|{fingerprint(codes, None)}".encode()).hexdigest(),
        feature_names=checkpoint.card.data.feature_names,
    )
    return samples, codes


def class_by_class(labels: Int[np.ndarray, " n"] | None, total: int, n: int) -> Int[np.ndarray, " k"]:
    """(n,) positions to show first: every class in turn, the same ones every time.

    Args:
        labels: (total,) of the items; None: they have none, and the positions are spread over all.
        total: how many there are.
    """
    if labels is None:
        return spread_positions(total, n)
    # Rank within its own class, then class: one of each class before the second of any.
    # Within a class in random order: what lies side by side in a file is often alike.
    order = np.lexsort((np.random.Generator(np.random.PCG64(0)).permutation(len(labels)), labels))
    starts = np.searchsorted(labels[order], labels[order])
    rank = np.empty(len(labels), int)
    rank[order] = np.arange(len(labels)) - starts
    return np.lexsort((labels, rank))[:n]
