"""How a part lies in its picture: shifted and turned a little against the others, and under another light."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Self

import numpy as np
import torch
import torch.nn.functional as F
from jaxtyping import Float, Num
from torch import Tensor

from explorer.data.stored import as_float

Size = tuple[int, int]
COARSEST_SIDE, MOST_PIXELS = 32, 1 << 17
"""A part is looked for in pictures whose shorter side has so many pixels, then in larger ones of up to so many."""
ITERATIONS = 15
ROUNDS = 2
"""So often all parts are laid onto the mean of all, the first time onto the first."""
LIGHT_CELL, LIGHT_ITERATIONS = 8, 6


@dataclass(frozen=True)
class Pose:
    """Where a part lies: so many pixels below and right of where it lies in the reference, turned about the middle.

    Args:
        down, right: in pixels.
        turn: in radians.
    """

    down: float = 0.0
    right: float = 0.0
    turn: float = 0.0

    def on_reference(self, size: Size) -> tuple[Float[Tensor, "h w"], Float[Tensor, "h w"]]:
        """(H, W) row and column in the reference of what each pixel of the picture shows."""
        y, x = _from_middle(size)
        y, x = y - self.down, x - self.right
        cosine, sine = math.cos(self.turn), math.sin(self.turn)
        return cosine * y + sine * x + (size[0] - 1) / 2, -sine * y + cosine * x + (size[1] - 1) / 2

    def in_picture(self, size: Size) -> tuple[Float[Tensor, "h w"], Float[Tensor, "h w"]]:
        """(H, W) row and column in the picture of what each pixel of the reference shows."""
        y, x = _from_middle(size)
        cosine, sine = math.cos(self.turn), math.sin(self.turn)
        return (
            cosine * y - sine * x + (size[0] - 1) / 2 + self.down,
            sine * y + cosine * x + (size[1] - 1) / 2 + self.right,
        )


def _from_middle(size: Size) -> tuple[Tensor, Tensor]:
    y, x = (torch.arange(length, dtype=torch.float32) - (length - 1) / 2 for length in size)
    return y[:, None].expand(size), x[None].expand(size)


def sampled(
    picture: Float[Tensor, "c h w"], rows: Float[Tensor, "*places"], columns: Float[Tensor, "*places"]
) -> Float[Tensor, "c *places"]:
    """A picture between its pixels, linearly; beyond its edges what is there."""
    height, width = picture.shape[1:]
    grid = torch.stack([columns * (2 / max(width - 1, 1)) - 1, rows * (2 / max(height - 1, 1)) - 1], -1)
    return F.grid_sample(picture[None], grid[None], padding_mode="border", align_corners=True)[0]


class Registration:
    """Lays pictures of parts onto one another.

    A part's shift is first guessed by phase correlation (or taken as none, where that fits better); then shift, turn
    and light are refined by least squares, in a small picture and in ever larger ones. What differs by more than is
    usual, such as a defect, counts less.

    Args:
        reference: (H, W) grey mean of the normal parts, each laid onto the others.

    Source: Kuglin and Hines 1975 (phase correlation); Lucas and Kanade 1981, Baker and Matthews 2004 (least squares);
    Holland and Welsch 1977 (weights).
    """

    def __init__(self, reference: Float[Tensor, "h w"]) -> None:
        self.reference = reference
        self.size: Size = (int(reference.shape[0]), int(reference.shape[1]))
        self._levels = [_Level.of(reference, scale) for scale in _scales(self.size)]
        self._coarse = _means(reference, LIGHT_CELL)

    @classmethod
    def of(cls, images: Num[np.ndarray, "n c h w"]) -> tuple[Self, list[Pose]]:
        """From normal pictures: the registration, and the pose of each."""
        registration = cls(grey(as_float(images[0])))
        poses: list[Pose] = []
        for _ in range(ROUNDS):
            whole = torch.zeros(registration.size)
            poses = [registration.pose(as_float(image)) for image in images]
            for image, pose in zip(images, poses, strict=True):
                whole += sampled(grey(as_float(image))[None], *pose.in_picture(registration.size))[0]
            registration = cls(whole / len(images))
        return registration, poses

    def pose(self, image: Float[Tensor, "c h w"]) -> Pose:
        """How the part of a picture lies."""
        picture = grey(image)
        coarsest = self._levels[0]
        starts = [Pose(), Pose(*_shift(coarsest.reference, coarsest.small(picture), coarsest.scale))]
        refined = [coarsest.refined(picture, start) for start in dict.fromkeys(starts)]
        pose = min(refined, key=lambda pair: pair[1])[0]
        for level in self._levels[1:]:
            pose, _ = level.refined(picture, pose)
        return pose

    def lit(self, image: Float[Tensor, "c h w"], pose: Pose) -> Float[Tensor, "c h w"]:
        """A picture under the light of the reference, which may differ as a whole and from side to side."""
        rendered = sampled(self.reference[None], *pose.on_reference(self.size))[0]
        plane = _plane(_means(grey(image), LIGHT_CELL), _means(rendered, LIGHT_CELL))
        y, x = (torch.linspace(-1, 1, length) for length in self.size)
        return image / (plane[0] + plane[1] * y[:, None] + plane[2] * x[None]).clamp_min(0.2)


def grey(image: Float[Tensor, "c h w"]) -> Float[Tensor, "h w"]:
    """The mean of the channels."""
    return image.mean(0)


@dataclass(frozen=True, eq=False)
class _Level:
    """The reference at one size, and what changes in it where a part moves.

    Args:
        scale: pixels of the original a pixel.
        reference: (h, w).
        changes: (h * w, 7) by a shift down and right (pixels of this size), a turn, and four changes of the light.
    """

    scale: int
    reference: Float[Tensor, "h w"]
    changes: Float[Tensor, "pixels slopes"]

    @classmethod
    def of(cls, reference: Tensor, scale: int) -> Self:
        small = _small(reference, scale)
        height, width = small.shape
        down, right = torch.zeros_like(small), torch.zeros_like(small)
        down[1:-1] = (small[2:] - small[:-2]) / 2
        right[:, 1:-1] = (small[:, 2:] - small[:, :-2]) / 2
        y, x = _from_middle((height, width))
        slopes = [
            down,
            right,
            right * y - down * x,
            small,
            small * y / height,
            small * x / width,
            torch.ones_like(small),
        ]
        inner = torch.zeros_like(small)
        inner[2:-2, 2:-2] = 1
        return cls(scale, small, (torch.stack(slopes, -1) * inner[..., None]).flatten(0, 1))

    def small(self, picture: Tensor) -> Tensor:
        return _small(picture, self.scale)

    def refined(self, picture: Tensor, pose: Pose) -> tuple[Pose, float]:
        """A pose that fits better, and the mean error that is left, as far as errors count."""
        own, (height, width) = _small(picture, self.scale), self.reference.shape
        at = np.array([pose.down / self.scale, pose.right / self.scale, pose.turn])
        left = math.inf
        for _ in range(ITERATIONS):
            error = sampled(own[None], *Pose(*at.tolist()).in_picture((height, width)))[0] - self.reference
            error = error.flatten()
            usual = 2 * error.abs().median() + 1e-3 * self.reference.std() + 1e-6
            weights = 1 / (1 + (error / usual).square())
            weighted = self.changes * weights[:, None]
            normal = (weighted.T @ self.changes).double()
            scale = normal.diagonal().clamp_min(1e-12).sqrt()
            normal = normal / scale / scale[:, None] + 1e-6 * torch.eye(len(scale), dtype=torch.float64)
            step = (torch.linalg.solve(normal, (weighted.T @ error).double() / scale) / scale).numpy()[:3]
            at = at - step
            left = float((error.square() * weights).mean())
            if abs(step[0]) + abs(step[1]) + abs(step[2]) * width / 2 < 0.01:
                break
        return Pose(float(at[0]) * self.scale, float(at[1]) * self.scale, float(at[2])), left


def _shift(reference: Tensor, own: Tensor, scale: int) -> tuple[float, float]:
    """How far below and right of the reference a picture's part lies, in pixels of the original."""
    from skimage.registration import phase_cross_correlation

    shift, _, _ = phase_cross_correlation((own - own.mean()).numpy(), (reference - reference.mean()).numpy())
    return float(shift[0]) * scale, float(shift[1]) * scale


def _small(picture: Tensor, scale: int) -> Tensor:
    """A picture by the means of squares, and smoothed a little so that slopes tell where to go."""
    kernel = torch.tensor([1.0, 4.0, 6.0, 4.0, 1.0]) / 16
    whole = F.pad(_means(picture, scale)[None, None], (2, 2, 2, 2), mode="replicate")
    return F.conv2d(F.conv2d(whole, kernel.view(1, 1, -1, 1)), kernel.view(1, 1, 1, -1))[0, 0]


def _means(picture: Tensor, side: int) -> Tensor:
    side = min(side, *picture.shape)
    return F.avg_pool2d(picture[None, None], side)[0, 0]


def _scales(size: Size) -> list[int]:
    """Pixels of the original a pixel, the coarsest first."""
    scales = [2 if min(size) >= 2 * COARSEST_SIDE else 1]
    while size[0] * size[1] // scales[0] ** 2 > MOST_PIXELS:
        scales[0] *= 2
    while min(size) // (2 * scales[-1]) >= COARSEST_SIDE and len(scales) < 4:
        scales.append(2 * scales[-1])
    return scales[::-1]


def _plane(own: Tensor, reference: Tensor) -> Tensor:
    """(3,) how many times as bright a picture is: in the middle, and by how much more at the lower and right edges."""
    height, width = own.shape
    y, x = torch.linspace(-1, 1, height)[:, None], torch.linspace(-1, 1, width)[None]
    slopes = torch.stack([reference, reference * y, reference * x], -1).flatten(0, 1).double()
    values, weights = own.flatten().double(), torch.ones(height * width, dtype=torch.float64)
    plane = torch.zeros(3, dtype=torch.float64)
    for _ in range(LIGHT_ITERATIONS):
        weighted = slopes * weights[:, None]
        normal = weighted.T @ slopes
        plane = torch.linalg.solve(
            normal + (1e-9 * normal.trace() + 1e-12) * torch.eye(3, dtype=torch.float64), weighted.T @ values
        )
        error = values - slopes @ plane
        weights = 1 / (1 + (error / (1.5 * error.abs().median() + 1e-3 * values.abs().mean() + 1e-9)).square())
    return plane.float()
