"""Defects in parts that all look alike: each is laid onto the normal ones and compared with them pixel by pixel."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Self

import numpy as np
import torch
import torch.nn.functional as F
from jaxtyping import Float, Num
from torch import Tensor

from explorer.core.errors import ExplorerError
from explorer.core.row_samples import spread_sample
from explorer.data.base import Progress
from explorer.data.stored import as_float
from explorer.novelty.patches.fine_template import FineSums, FineTemplate, misfit_of
from explorer.novelty.patches.place_statistics import PlaceStatistics, logarithmic
from explorer.novelty.patches.registration import Pose, Registration
from explorer.novelty.scores.image_score import ImageScore
from explorer.novelty.scores.masked_patches import MAX_VALUES
from explorer.novelty.scores.scorer import CrossCalibrated

BLOCK = 4
"""Side of what is compared at once, in pixels."""


class RegisteredTemplate(ImageScore, CrossCalibrated):
    """The highest place of a map of how far pixels are from what normal parts show there.

    Shift, turn and light of each part are found and taken into account. Mean and variance of the normal parts are
    known at half pixels, since each lies a fraction of a pixel elsewhere. What is usual at each place is learnt from
    the maps of the normal parts, each compared with the others alone, so that every part is learnt from and
    calibrates too.

    Attributes:
        crossed_: (n,) scores of the normal items, each by what had not seen it.
        surprise_: (), the negative logarithm of the likelihood of a value of a normal image by the others, the median.
    """

    title = "Registered template"
    summary = "Where a part, laid onto the normal ones, differs from them: for parts that all look alike."
    unit = "standard deviations"
    is_positive = False

    def fit(self, normal: Num[np.ndarray, "n *event"], progress: Progress | None = None) -> Self:
        self._settle_shape(normal)
        if len(normal) < 2:
            raise ExplorerError(f"{len(normal)} normal image cannot be compared with others.", "Give 20 or more.")
        images = spread_sample(normal, max(2, MAX_VALUES // max(1, normal[0].size)))
        if progress is not None:
            progress(0.05, f"Laying {len(images)} parts onto one another")
        registration, poses = Registration.of(images)
        contrast = float(registration.reference.std())
        # Under the reference's light anew each time: all at once would fill the memory.
        sums = FineSums.of((registration.lit(as_float(i), pose) for i, pose in zip(images, poses, strict=True)), poses)
        logs, surprises = [], []
        for row, pose in enumerate(poses):
            image = registration.lit(as_float(images[row]), pose)
            if progress is not None:
                progress(0.2 + 0.8 * row / len(images), f"Comparing part {row + 1} of {len(images)} with the others")
            error, variance = misfit_of(image, *sums.at_others(image, pose), contrast)
            surprises.append(float(0.5 * (error + variance.log()).mean()))
            logs.append(_block_map(error))
        statistics = PlaceStatistics.of(torch.stack(logs))
        self._keep(registration, FineTemplate.of(sums, contrast), statistics)
        self.surprise_ = np.array(np.median(surprises))
        self.crossed_ = statistics.by_others(torch.stack(logs)).flatten(1).amax(1).double().numpy()
        return self

    def _keep(self, registration: Registration, template: FineTemplate, statistics: PlaceStatistics) -> None:
        self.reference_ = registration.reference.numpy()
        self.mean_, self.std_ = template.mean.numpy(), template.std.numpy()
        self.count_ = template.count.numpy()
        self.grid_ = np.array([template.cells, template.margin])
        self.first_, self.second_ = statistics.first.numpy(), statistics.second.numpy()
        self.n_ = np.array(statistics.n)

    def score(self, x: Num[np.ndarray, "n *event"]) -> Float[np.ndarray, " n"]:
        return np.array([float(own.max()) for own in self._maps(x)], np.float64)

    def maps(self, x: Num[np.ndarray, "n *event"]) -> Float[np.ndarray, "n h w"]:
        """(N, H, W) how unusual each place is; its highest value is about the score."""
        return np.stack([own.numpy() for own in self._maps(x)]) if len(x) else np.empty((0, *x.shape[2:]), np.float32)

    def contributions(self, x: Num[np.ndarray, "n *event"]) -> Float[np.ndarray, "n *event"]:
        maps = np.maximum(self.maps(x), 0)[:, None]
        return np.broadcast_to(maps, x.shape).astype(np.float32)

    def poses(self, x: Num[np.ndarray, "n *event"]) -> list[Pose]:
        """How the part of each image lies against the normal ones."""
        registration = Registration(torch.tensor(self.reference_))
        return [registration.pose(as_float(image)) for image in self._checked(x)]

    def _maps(self, x: np.ndarray) -> Iterator[Tensor]:
        # Copies: what lies elsewhere in memory, as in a file, may be added up in another order.
        registration = Registration(torch.tensor(self.reference_))
        statistics = PlaceStatistics(torch.tensor(self.first_), torch.tensor(self.second_), int(self.n_))
        height, width = self.event_shape_[1:].tolist()
        cells, margin = self.grid_.tolist()
        mean, std, count = (torch.tensor(part) for part in (self.mean_, self.std_, self.count_))
        contrast = float(registration.reference.std())
        template = FineTemplate((height, width), cells, margin, mean, std, count, contrast)
        for row in range(len(self._checked(x))):
            image = as_float(x[row])
            pose = registration.pose(image)
            error, _ = template.misfit(registration.lit(image, pose), pose)
            own = statistics.standardised(_block_map(error))
            rows, columns = (length * BLOCK for length in own.shape)
            yield F.interpolate(own[None, None], (rows, columns), mode="bilinear")[0, 0, :height, :width]


def _block_map(error: Float[Tensor, "c h w"]) -> Float[Tensor, "rows columns"]:
    """Logarithms of the mean error of each block; of one at an edge, of what is there."""
    height, width = error.shape[1:]
    short = (0, -width % BLOCK, 0, -height % BLOCK)
    whole = F.pad(error.mean(0)[None, None], short, mode="replicate")
    return logarithmic(F.avg_pool2d(whole, BLOCK)[0])[0]
