"""What a likelihood is: how probable an item is given what a decoder makes of a code."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

import torch
from jaxtyping import Float
from torch import Tensor

LOG_SIGMA_RANGE = (-6.0, 2.0)
"""A learnt logarithm of a spread is kept in here: narrower than e^-6 the likelihood of 8-bit values is meaningless."""


class Likelihood(ABC):
    """p(x|z) with what the decoder gives as its centre: a value without weights of its own.

    A subclass says what it is for the pages and whether it is for tables; what it learns beside the decoder (a spread)
    is a parameter of the model, which hands it in.
    """

    title: ClassVar[str]
    summary: ClassVar[str]
    """One sentence a student can read."""
    formula: ClassVar[str]
    reference: ClassVar[str]
    of_tables: ClassVar[bool] = False
    """Whether it is for the columns of a table, too, which are standardised."""
    of_images: ClassVar[bool] = True
    """Whether it is for images in [0, 1]."""
    is_probability: ClassVar[bool] = False
    """Whether it is a probability and no density, so that its logarithm is never above 0."""
    needs_sigmoid: ClassVar[bool] = False
    """Whether it takes what the decoder gives before a sigmoid as log-odds."""

    has_levels: ClassVar[bool] = False
    """Whether the decoder gives a value for each grey level of each pixel."""
    decoded: ClassVar[str] = ""
    """What is shown where a code is decoded, a sentence, where that is not simply the item again."""

    def sigma_shape(self, event_shape: tuple[int, ...]) -> tuple[int, ...] | None:
        """Shape of the logarithm of the spread that is learnt beside the decoder; None: nothing is."""
        return None

    def seen(self, x: Float[Tensor, "n *event"], u: Float[Tensor, "n *event"] | None) -> Float[Tensor, "n *event"]:
        """What the model is given of items; the items themselves, unless it draws (see ``draws``).

        Args:
            x: items.
            u: uniform draws in [0, 1), where ``draws`` says that they are needed.
        """
        return x

    @property
    def draws(self) -> bool:
        """Whether what is seen of an item is drawn anew each time."""
        return False

    @abstractmethod
    def log_density(
        self,
        target: Float[Tensor, "n *event"],
        logits: Float[Tensor, "n *values"],
        mean: Float[Tensor, "n *event"],
        log_sigma: Float[Tensor, "*shape"] | None,
    ) -> Float[Tensor, " n"]:
        """log p(target|z) of each item, in nats.

        Args:
            target: images in [0, 1], or standardised rows.
            logits: what the decoder gives before its output function.
            mean: the same after it; for rows equal to ``logits``.
            log_sigma: the learnt logarithm of the spread, of the shape that ``sigma_shape`` says.
        """


def bounded(log_sigma: Float[Tensor, "*shape"] | None) -> Float[Tensor, "*shape"]:
    """The learnt logarithm of a spread within its range."""
    assert log_sigma is not None  # noqa: S101 - only of likelihoods that have a shape for it
    return torch.clamp(log_sigma, *LOG_SIGMA_RANGE)
