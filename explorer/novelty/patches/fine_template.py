"""What normal parts show at each place, finer than their pixels: each part lies a fraction of a pixel elsewhere."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self

import torch
from jaxtyping import Float
from torch import Tensor

from explorer.novelty.patches.registration import Pose, Size

FINE_VALUES = 1 << 20
"""Pictures of up to so many values have two cells a pixel, larger ones one."""
MAX_MARGIN = 64
LEAST = 0.75
"""A place is known from so many pixels on."""
LEAST_STD, STD_OF_ONE = 0.03, 0.08
"""No pixel is surer than the first; one pixel alone is off by the second. Both in the reference's contrast."""


@dataclass(frozen=True, eq=False)
class FineSums:
    """Sums over pixels that fall into each cell, and into the cells beside it by weights of a half.

    Args:
        size: of the pictures.
        cells: a pixel, down and across.
        margin: pixels around the reference that are kept too, on each side.
        sums: (1 + 2 C, rows, columns) of ones, of each channel's values and of their squares.
    """

    size: Size
    cells: int
    margin: int
    sums: Float[Tensor, "moments rows columns"]

    @classmethod
    def of(cls, pictures: Iterable[Float[Tensor, "c h w"]], poses: Sequence[Pose]) -> FineSums:
        """Of normal pictures, all under the same light; one is in memory at a time."""
        sums: FineSums | None = None
        for picture, pose in zip(pictures, poses, strict=True):
            sums = cls._empty(picture, poses) if sums is None else sums
            sums._add(sums.sums.flatten(1), picture, pose)
        if sums is None:
            raise ValueError("no picture")
        return cls(sums.size, sums.cells, sums.margin, _spread(sums.sums))

    @classmethod
    def _empty(cls, picture: Tensor, poses: Sequence[Pose]) -> FineSums:
        channels, height, width = picture.shape
        cells = 2 if picture.numel() <= FINE_VALUES else 1
        off = max(math.hypot(pose.down, pose.right) + abs(pose.turn) * math.hypot(height, width) / 2 for pose in poses)
        margin = min(MAX_MARGIN, math.ceil(off) + 2)
        shape = (height + 2 * margin) * cells, (width + 2 * margin) * cells
        return cls((height, width), cells, margin, torch.zeros(1 + 2 * channels, *shape))

    def at_others(
        self, picture: Float[Tensor, "c h w"], pose: Pose
    ) -> tuple[Float[Tensor, " pixels"], Float[Tensor, "c pixels"], Float[Tensor, "c pixels"]]:
        """Count, mean and standard deviation at each pixel of one of the pictures, as if it had not been there."""
        own = torch.zeros_like(self.sums)
        self._add(own.flatten(1), picture, pose)
        number, inside = _cells(self.size, self.cells, self.margin, pose)
        number = torch.where(inside, number, 0)
        count, mean, std = _moments(self.sums.flatten(1)[:, number] - _spread(own).flatten(1)[:, number])
        return torch.where(inside, count, 0), mean, std

    def _add(self, total: Tensor, picture: Tensor, pose: Pose) -> None:
        number, inside = _cells(self.size, self.cells, self.margin, pose)
        values = picture.flatten(1)[:, inside]
        moments = torch.cat([torch.ones_like(values[:1]), values, values.square()])
        total.index_add_(1, number[inside], moments)


def _moments(sums: Float[Tensor, "moments *places"]) -> tuple[Tensor, Tensor, Tensor]:
    """(*places,) count, and (C, *places) mean and standard deviation, of sums as ``FineSums`` has them."""
    count = sums[0].clamp_min(0)
    mean, square = (part / count.clamp_min(1e-3) for part in sums[1:].split(len(sums) // 2))
    return count, mean, (square - mean.square()).clamp_min(0).sqrt()


def _spread(sums: Tensor) -> Tensor:
    """Each cell with its neighbours, the middle one by half down and half across."""
    down = 2 * sums
    down[:, 1:] += sums[:, :-1]
    down[:, :-1] += sums[:, 1:]
    across = 2 * down
    across[:, :, 1:] += down[:, :, :-1]
    across[:, :, :-1] += down[:, :, 1:]
    return across / 16


def _cells(size: Size, cells: int, margin: int, pose: Pose) -> tuple[Tensor, Tensor]:
    """(H * W,) number of the cell that each pixel of a picture falls into, and bool, whether there is one."""
    row, column = (((places + margin + 0.5) * cells).floor().long() for places in pose.on_reference(size))
    rows, columns = ((length + 2 * margin) * cells for length in size)
    inside = (row >= 0) & (row < rows) & (column >= 0) & (column < columns)
    return (row * columns + column).flatten(), inside.flatten()


@dataclass(frozen=True, eq=False)
class FineTemplate:
    """Mean and standard deviation of normal parts at each cell.

    Args:
        size, cells, margin: as of ``FineSums``.
        mean, std: (C, rows, columns) half precision: a fifth of a grey level of 256 at most.
        count: (rows, columns) of how many pixels, half precision.
        contrast: standard deviation of the reference.

    Source: Fruchter and Hook 2002 (pictures that lie a fraction of a pixel apart make a finer one).
    """

    size: Size
    cells: int
    margin: int
    mean: Float[Tensor, "c rows columns"]
    std: Float[Tensor, "c rows columns"]
    count: Float[Tensor, "rows columns"]
    contrast: float

    @classmethod
    def of(cls, sums: FineSums, contrast: float) -> Self:
        """From sums over normal pictures."""
        count, mean, std = _moments(sums.sums)
        return cls(sums.size, sums.cells, sums.margin, mean.half(), std.half(), count.half(), contrast)

    def misfit(
        self, picture: Float[Tensor, "c h w"], pose: Pose
    ) -> tuple[Float[Tensor, "c h w"], Float[Tensor, "c h w"]]:
        """The squared error of each pixel in the variances expected there, and these variances.

        Where no normal part has a pixel nothing is known: the error counts as usual.
        """
        number, inside = _cells(self.size, self.cells, self.margin, pose)
        number = torch.where(inside, number, 0)
        count = torch.where(inside, self.count.flatten()[number].float(), 0)
        mean, std = (part.flatten(1)[:, number].float() for part in (self.mean, self.std))
        return misfit_of(picture, count, mean, std, self.contrast)


def misfit_of(
    picture: Float[Tensor, "c h w"],
    count: Float[Tensor, " pixels"],
    mean: Float[Tensor, "c pixels"],
    std: Float[Tensor, "c pixels"],
    contrast: float,
) -> tuple[Float[Tensor, "c h w"], Float[Tensor, "c h w"]]:
    """As ``FineTemplate.misfit``, of what is known at each pixel."""
    variance = std.square() + (LEAST_STD * contrast) ** 2 + (STD_OF_ONE * contrast) ** 2 / count.clamp_min(0.5) + 1e-12
    error = (picture.flatten(1) - mean).square() / variance
    return torch.where(count > LEAST, error, 1.0).view_as(picture), variance.view_as(picture)
