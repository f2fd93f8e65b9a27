"""Checkpoints that lack a half: an encoder alone, or a decoder alone; and those whose items have no codes."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence

import numpy as np
from jaxtyping import Float, Int, Num
from torch import Tensor

from explorer.checkpoints.card import Card
from explorer.checkpoints.checkpoint import Checkpoint, VectorCheckpoint
from explorer.core.errors import ExplorerError
from explorer.models import Autoencoder, Reconstructor
from explorer.models.base import Half


class HalfCheckpoint(VectorCheckpoint, ABC):
    """A model of which one half is there: what needs both is answered with what is missing."""

    @abstractmethod
    def lacking(self) -> ExplorerError:
        """What is missing, and what can be done all the same."""

    def reconstruct(
        self, x: Num[np.ndarray, "n *event"] | Num[Tensor, "n *event"], labels: Int[np.ndarray, " n"] | None = None
    ) -> Float[np.ndarray, "n *event2"]:
        """Raise ExplorerError, with what is missing."""
        raise self.lacking()

    def reconstruction_errors(
        self, x: Num[np.ndarray, "n *event"] | Num[Tensor, "n *event"], labels: Int[np.ndarray, " n"] | None = None
    ) -> Float[np.ndarray, " n"]:
        """Raise ExplorerError, with what is missing."""
        raise self.lacking()


class EncoderCheckpoint(HalfCheckpoint):
    """An encoder alone: its items have codes, and nothing decodes them."""

    def decode(
        self,
        z: Num[np.ndarray, "..."] | Num[Tensor, "..."] | Sequence[Sequence[float]],
        labels: Int[np.ndarray, " n"] | None = None,
    ) -> Float[np.ndarray, "n *event2"]:
        """Raise ExplorerError, with what is missing."""
        raise self.lacking()

    def lacking(self) -> ExplorerError:
        """What is missing, and what can be done all the same."""
        return ExplorerError(
            f"{self.name} is an encoder alone: nothing decodes its codes or rebuilds items.",
            "Its codes are what it has: see them on Latent space, or write them,"
            f" python -m explorer encode {self.name} DATA --out codes.csv",
        )


class DecoderCheckpoint(HalfCheckpoint):
    """A decoder alone: codes become items, and no item has a code."""

    def encode(
        self, x: Num[np.ndarray, "n *event"] | Num[Tensor, "n *event"], labels: Int[np.ndarray, " n"] | None = None
    ) -> Float[np.ndarray, "n latent_dim"]:
        """Raise ExplorerError, with what is missing."""
        raise self.lacking()

    def lacking(self) -> ExplorerError:
        """What is missing, and what can be done all the same."""
        return ExplorerError(
            f"{self.name} is a decoder alone: it gives no item a code, and rebuilds none.",
            f"Decode codes with it: on Generate, or python -m explorer sample {self.name} --out samples.png",
        )


_HALVES: dict[Half, type[VectorCheckpoint]] = {
    "": VectorCheckpoint,
    "encoder": DecoderCheckpoint,
    "decoder": EncoderCheckpoint,
}
"""By the half that is not there."""


def checkpoint_of(model: Reconstructor, card: Card) -> Checkpoint:
    """A model and its card; where items have codes, with the ways to encode and decode."""
    return _HALVES[model.lacks](model, card) if isinstance(model, Autoencoder) else Checkpoint(model, card)


def with_codes(checkpoint: Checkpoint) -> VectorCheckpoint:
    """The same checkpoint, for work that needs codes.

    Raises:
        ExplorerError: its items have none.
    """
    if not isinstance(checkpoint, VectorCheckpoint):
        raise ExplorerError(
            f"{checkpoint.name} has no code that stands for a whole item: its decoder also sees the encoder's maps.",
            "Choose a model of another family for codes; use this one to denoise.",
        )
    return checkpoint


def require_both_halves(checkpoint: Checkpoint) -> None:
    """Raise ExplorerError for an encoder or a decoder alone, which rebuilds nothing."""
    if isinstance(checkpoint, HalfCheckpoint):
        raise checkpoint.lacking()
