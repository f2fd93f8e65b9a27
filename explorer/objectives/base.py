"""What an objective is: a value with its formula that says what a variational model is trained on."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar, Protocol

import torch
from jaxtyping import Float
from pydantic import BaseModel, ConfigDict
from torch import Tensor, nn

Terms = dict[str, tuple[Tensor, float | Tensor]]
"""Name -> (value, weight) of what is minimised, each (n,) of the items, or () of the whole batch."""


class LatentModel(Protocol):
    """What an objective asks of a variational model."""

    kl_weight: Tensor
    """Beta times what a schedule has reached of it."""
    level: Tensor
    """What ``Objective.level`` says for this epoch."""
    critic: nn.Module | None
    """What ``Objective.critic`` made; a part of the model, which learns with it."""

    def posterior(
        self, x: Float[Tensor, "n *event"]
    ) -> tuple[Float[Tensor, "n latent_dim"], Float[Tensor, "n latent_dim"]]:
        """Mean and log variance of q(z|x)."""

    def sample_posterior(
        self,
        mu: Float[Tensor, "n latent_dim"],
        logvar: Float[Tensor, "n latent_dim"],
        generator: torch.Generator | None = None,
    ) -> Float[Tensor, "n latent_dim"]:
        """Codes, by the reparameterisation."""

    def decoder(self, z: Float[Tensor, "n latent_dim"], /) -> Float[Tensor, "n *event"]:
        """Values before the output function."""

    def log_likelihood(
        self, target: Float[Tensor, "n *event"], logits: Float[Tensor, "n *values"]
    ) -> Float[Tensor, " n"]:
        """log p(x|z) in nats."""

    def log_prior(self, z: Float[Tensor, "n latent_dim"]) -> Float[Tensor, " n"]:
        """log p(z) in nats."""

    def kl(
        self,
        mu: Float[Tensor, "n latent_dim"],
        logvar: Float[Tensor, "n latent_dim"],
        z: Float[Tensor, "n latent_dim"],
    ) -> Float[Tensor, " n"]:
        """KL of the posterior from the prior, in nats: in closed form where there is one, else of the sample ``z``."""


class Objective(BaseModel, ABC):
    """What a variational model is trained on in place of its ELBO, as a frozen value of recipes, forms and cards.

    A subclass has a ``kind`` literal (its name in recipes), parameters as pydantic fields with title, bounds and
    description, ``title`` (its name on pages), ``summary`` (one sentence a student can read), ``formula`` (LaTeX) and
    ``reference``. A recipe without one trains on the ELBO with the model's own ``beta`` and warm-up.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: ClassVar[str]
    summary: ClassVar[str]
    formula: ClassVar[str]
    reference: ClassVar[str]
    weighs_items: ClassVar[bool] = True
    """Whether each of its terms is a mean over items, which class weights can weigh."""
    has_beta: ClassVar[bool] = True
    """Whether the model's beta and its warm-up have a place in it."""
    needs_standard_normal: ClassVar[str] = ""
    """Why it takes no other prior than the standard normal, to follow a colon; empty: it takes any."""

    @abstractmethod
    def __call__(
        self,
        model: LatentModel,
        x: Float[Tensor, "n *event"],
        target: Float[Tensor, "n *event"],
        generator: torch.Generator | None = None,
    ) -> Terms:
        """The terms of the loss.

        Args:
            model: what is trained.
            x: (N, *event) what its encoder is given.
            target: (N, *event) what is to be explained.
            generator: source of all randomness, on the device of ``x``; None uses torch's global one.
        """

    @property
    def uses_beta(self) -> bool:
        """Whether beta changes anything with these parameters."""
        return self.has_beta

    def kl_share(self, epoch: float) -> float:
        """How much of beta is in force at this epoch (fractions count; infinite: at the end), in [0, 1]."""
        return 1.0

    def critic(self, latent_dim: int) -> nn.Module | None:
        """A network of its own, of codes (N, latent_dim) to (N, 1), which learns with the model; None: none."""
        return None

    @property
    def critic_rate(self) -> float:
        """That network's learning rate, as a share of the model's."""
        return 1.0

    def level(self, epoch: float) -> float:
        """Another number that depends on the epoch, which the model keeps in ``level``."""
        return 0.0
