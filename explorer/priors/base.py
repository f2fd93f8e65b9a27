"""What a prior is: the distribution that a variational model's codes are pulled to, with what it learns of it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import ClassVar

from jaxtyping import Float
from torch import Tensor, nn

from explorer.priors.distributions import CodeDistribution

Posterior = Callable[[Tensor], tuple[Tensor, Tensor]]
"""(n, *event) items, rows standardised, to the mean and log variance of q(z|x), (n, latent_dim) each."""


class Prior(nn.Module, ABC):
    """p(z) of a variational model, a part of it: its parameters are learnt with the model's other weights.

    A subclass has ``title`` (its name on pages), ``summary`` (one sentence a student can read), ``formula`` (LaTeX) and
    ``reference``.

    Args:
        latent_dim: numbers in a code.
        event_shape: of an item.
        components: of how many parts it is made, for those made of parts.
    """

    title: ClassVar[str]
    summary: ClassVar[str]
    formula: ClassVar[str]
    reference: ClassVar[str]
    is_standard_normal: ClassVar[bool] = False
    """Whether it is N(0, I), whose KL is a sum over dimensions and which learns nothing."""
    runs_encoder: ClassVar[bool] = False
    """Whether it runs the encoder on items of its own."""

    def __init__(self, latent_dim: int, event_shape: tuple[int, ...], components: int) -> None:
        super().__init__()
        self.latent_dim, self.event_shape, self.components = latent_dim, event_shape, components

    @property
    @abstractmethod
    def words(self) -> str:
        """What it is, after "the prior"."""

    @abstractmethod
    def distribution(self, posterior: Posterior) -> CodeDistribution:
        """p(z) for the weights as they are now, with gradient to what it learns.

        Args:
            posterior: the model's own, for a prior that is made of it.
        """

    @property
    def first_items(self) -> int:
        """How many training items it is begun with (see ``begin``)."""
        return 0

    def begin(self, items: Float[Tensor, "n *event"]) -> None:
        """Begin a training near these items, at most ``first_items``, rows standardised."""
