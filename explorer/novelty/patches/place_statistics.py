"""What is usual at each place of normal maps, and how unusual another map is there; left-out maps in closed form."""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor

SHARED = 0.2
"""This much of each place's variance is the mean variance of all places: few maps say little of one."""
SIGMA = 1.5
"""Places share what is usual with those around them, by a Gaussian of so many cells: parts lie a little off."""
FLOOR = 1e-3
"""Added to errors before their logarithm is taken."""


@dataclass(frozen=True, eq=False)
class PlaceStatistics:
    """Mean and mean square of logarithmic maps at each place, under a small Gaussian.

    Args:
        first, second: (H, W).
        n: of how many normal maps.
    """

    first: Float[Tensor, "h w"]
    second: Float[Tensor, "h w"]
    n: int

    @classmethod
    def of(cls, maps: Float[Tensor, "n h w"]) -> PlaceStatistics:
        """From logarithmic maps of normal images."""
        mean, square = maps.mean(0, keepdim=True), maps.square().mean(0, keepdim=True)
        return cls(blurred(mean, SIGMA)[0], blurred(square, SIGMA)[0], len(maps))

    def by_others(self, maps: Float[Tensor, "n h w"]) -> Float[Tensor, "n h w"]:
        """Each of the normal maps, in standard deviations of the others at each place: as if it had not been there."""
        rest = self.n - 1
        return _standardised(
            maps,
            (self.first * self.n - blurred(maps, SIGMA)) / rest,
            (self.second * self.n - blurred(maps.square(), SIGMA)) / rest,
        )

    def standardised(self, own: Float[Tensor, "h w"]) -> Float[Tensor, "h w"]:
        """A map in standard deviations of the normal ones at each place."""
        return _standardised(own, self.first, self.second)


def _standardised(own: Tensor, first: Tensor, second: Tensor) -> Tensor:
    variance = (second - first.square()).clamp_min(0)
    variance = (1 - SHARED) * variance + SHARED * variance.mean((-2, -1), keepdim=True) + 1e-6
    return (own - first) / variance.sqrt()


def blurred(maps: Float[Tensor, "n h w"], sigma: float) -> Float[Tensor, "n h w"]:
    """Under a Gaussian, which at the edges takes what is there alone."""
    radius = int(3 * sigma + 1)
    kernel = torch.softmax(-0.5 * (torch.arange(-radius, radius + 1) / sigma) ** 2, 0).to(maps.dtype)
    weights = _along(torch.ones_like(maps[:1, None]), kernel)
    return (_along(maps[:, None], kernel) / weights)[:, 0]


def _along(values: Tensor, kernel: Tensor) -> Tensor:
    """(N, 1, H, W) under a kernel, down and across, with nothing beyond the edges."""
    padded = F.pad(values, (len(kernel) // 2,) * 4)
    return F.conv2d(F.conv2d(padded, kernel.view(1, 1, -1, 1)), kernel.view(1, 1, 1, -1))


def logarithmic(maps: Float[Tensor, "n h w"]) -> Float[Tensor, "n h w"]:
    """Errors, smoothed by a cell, on the scale that they are compared on: ratios count."""
    return torch.log(blurred(maps, 1.0) + FLOOR)
