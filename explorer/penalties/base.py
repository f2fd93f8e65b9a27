"""What a penalty is: a value with its formula that says more about a code than how well it reconstructs."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import ClassVar

import torch
from jaxtyping import Float
from pydantic import BaseModel, ConfigDict
from torch import Tensor


class Penalty(BaseModel, ABC):
    """What a code is asked for beside a good reconstruction, as a frozen value that recipes, forms and cards share.

    A subclass has a ``kind`` literal (its name in recipes), parameters as pydantic fields with title, bounds and
    description, ``title`` (its name on pages), ``summary`` (one sentence a student can read), ``formula`` (LaTeX) and
    ``reference``. It may change what the decoder sees of the code while training, add terms to the loss, or both.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: ClassVar[str]
    summary: ClassVar[str]
    formula: ClassVar[str]
    reference: ClassVar[str]
    weighs_items: ClassVar[bool] = True
    """Whether each of its terms is a mean over items, which class weights can weigh."""

    @abstractmethod
    def __call__(
        self,
        encode: Callable[[Tensor], Tensor],
        x: Float[Tensor, "n *event"],
        generator: torch.Generator | None = None,
    ) -> tuple[Float[Tensor, "n latent_dim"], dict[str, tuple[Tensor, float]]]:
        """Encode items for one step of the training.

        Args:
            encode: (N, *event) -> (N, latent_dim).
            x: (N, *event) items, corrupted where the recipe says so.
            generator: source of all randomness, on the device of ``x``; None uses torch's global one.

        Returns:
            (N, latent_dim) codes as the decoder sees them, and the terms that join the loss: name -> (value, weight),
            values (N,) of each item, or () where a term is one of the whole batch.
        """
