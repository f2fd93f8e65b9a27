"""Random views of large images for training: a square cut out anywhere, mirrored and turned."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from jaxtyping import Num
from torch import Tensor


@dataclass(frozen=True)
class Crops:
    """What is cut out of each image of a batch, drawn anew each time.

    Args:
        size: side of the square in pixels; 0 leaves images whole.
        augment: whether to mirror and turn; images that are no squares are mirrored only.
    """

    size: int = 0
    augment: bool = False

    def __call__(self, x: Num[Tensor, "n *event"], generator: torch.Generator) -> Num[Tensor, "n *view"]:
        """(n, c, h, w) of any type -> (n, c, size, size), or (n, c, h, w) where ``size`` is 0.

        Raises:
            ValueError: the images are smaller than the square.
        """
        if self.size:
            x = self._cut(x, generator)
        return self._turned(x, generator) if self.augment else x

    def centre(self, x: Num[Tensor, "n *event"]) -> Num[Tensor, "n *view"]:
        """The middle of each image, in the same size, not turned: for looking, the same every time."""
        if not self.size:  # rows of a table have no sides
            return x
        top, left = ((side - self.size) // 2 for side in x.shape[2:])
        return x[:, :, top : top + self.size, left : left + self.size]

    def _cut(self, x: Tensor, generator: torch.Generator) -> Tensor:
        tops, lefts = (self._offsets(len(x), side, generator) for side in x.shape[2:])
        cut = [
            image[:, top : top + self.size, left : left + self.size]
            for image, top, left in zip(x, tops, lefts, strict=True)
        ]
        return torch.stack(cut)

    def _offsets(self, n: int, side: int, generator: torch.Generator) -> list[int]:
        if side < self.size:
            raise ValueError(f"images of side {side} are smaller than crops of {self.size}")
        return torch.randint(side - self.size + 1, (n,), generator=generator, device=generator.device).tolist()

    def _turned(self, x: Tensor, generator: torch.Generator) -> Tensor:
        is_square = x.shape[2] == x.shape[3]
        draws = torch.randint(8, (len(x),), generator=generator, device=generator.device).tolist()
        return torch.stack([_one_of_eight(image, draw, is_square) for image, draw in zip(x, draws, strict=True)])


def _one_of_eight(image: Tensor, draw: int, is_square: bool) -> Tensor:
    """One of a square's eight symmetries; of a rectangle's four, each twice."""
    axes = [axis for bit, axis in ((1, 1), (2, 2)) if draw & bit]
    flipped = image.flip(axes) if axes else image
    return flipped.transpose(1, 2) if draw & 4 and is_square else flipped
