"""What a corruption is: a value with its formula, applied with a generator of its own."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

import torch
from jaxtyping import Float
from pydantic import BaseModel, ConfigDict
from torch import Tensor


class Noise(BaseModel, ABC):
    """A corruption x -> x_noisy, as a frozen value that recipes, forms and cards share.

    A subclass has a ``kind`` literal (its name in recipes), parameters as pydantic fields with title, bounds and
    description, ``title`` (its name on pages) and ``formula`` (LaTeX).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: ClassVar[str]
    formula: ClassVar[str]
    level_field: ClassVar[str]
    """Name of the one parameter that a page's level slider sets."""
    is_local: ClassVar[bool] = True
    """Whether each value is corrupted independently of its neighbours."""

    @abstractmethod
    def __call__(
        self, x: Float[Tensor, "n *event"], generator: torch.Generator | None = None
    ) -> Float[Tensor, "n *event"]:
        """Corrupt ``x`` (N, *event); same shape, dtype and device. Clips only where the subclass says so.

        Args:
            x: (N, *event) float.
            generator: source of all randomness, on the device of ``x``; None uses torch's global one.
        """
