"""Scores of images at the size they have, by maps of where they are not as normal ones are."""

from __future__ import annotations

from abc import abstractmethod
from typing import Self

import numpy as np
from jaxtyping import Float, Num

from explorer.checkpoints import VectorCheckpoint
from explorer.core.errors import ExplorerError
from explorer.novelty.scores.scorer import Scorer


class ImageScore(Scorer):
    """What looks at the places of images alone, and trains what it needs itself.

    Attributes:
        event_shape_: (C, H, W) of the normal images.
    """

    uses_checkpoint = False
    at_native_size = True

    @classmethod
    def applies_to(cls, checkpoint: VectorCheckpoint) -> bool:
        return not checkpoint.model.is_table

    @classmethod
    def for_checkpoint(cls, checkpoint: VectorCheckpoint) -> Self:
        if not cls.applies_to(checkpoint):
            raise _not_of_rows(cls.title)
        return cls()

    @abstractmethod
    def maps(self, x: Num[np.ndarray, "n *event"]) -> Float[np.ndarray, "n h w"]:
        """(N, H, W) how anomalous each place of images is."""

    def _settle_shape(self, normal: np.ndarray) -> None:
        if normal.ndim != 4:
            raise _not_of_rows(self.title)
        self.event_shape_ = np.array(normal.shape[1:])

    def _checked(self, x: np.ndarray) -> np.ndarray:
        """Images, if they have the normal ones' shape."""
        if tuple(x.shape[1:]) != tuple(self.event_shape_):
            raise ExplorerError(
                f"Images of shape {x.shape[1:]} do not compare with normal ones of shape {tuple(self.event_shape_)}.",
                "Give images of one size.",
            )
        return x


def _not_of_rows(title: str) -> ExplorerError:
    return ExplorerError(f"{title} are not defined for the rows of a table.", "Choose another score.")
