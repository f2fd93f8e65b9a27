"""What the two scores have in common that look at places of images through a convolutional autoencoder of patches."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np
import torch
import torch.nn.functional as F
from jaxtyping import Float, Num
from torch import Tensor

from explorer.core.errors import ExplorerError
from explorer.core.row_samples import spread_sample
from explorer.data.base import Progress
from explorer.data.stored import as_float
from explorer.novelty.patches.patch_autoencoder import PatchAutoencoder, fit_patch_autoencoder
from explorer.novelty.patches.place_statistics import PlaceStatistics
from explorer.novelty.scores.image_score import ImageScore
from explorer.novelty.scores.masked_patches import MAX_VALUES
from explorer.novelty.scores.scorer import CrossCalibrated

FOLDS = 3
"""So many autoencoders beside that of all images, each of which has not seen a share of them."""
STEPS, LEAST_STEPS, FULL_PIXELS = 400, 100, 1 << 14
"""Batches of each training; fewer for pictures below so many pixels."""
LEAST_STD = 1e-3


@dataclass(frozen=True, eq=False)
class LearntMaps:
    """An autoencoder, and what its maps of the normal images that it has learnt from are like.

    Args:
        network: the autoencoder.
        known: what maps are made with beside it; may be empty.
        statistics: of each kind of map, place by place.
        mean, std: (maps,) of their highest places.
    """

    network: PatchAutoencoder
    known: Float[np.ndarray, "*learnt"]
    statistics: tuple[PlaceStatistics, ...]
    mean: Float[Tensor, " maps"]
    std: Float[Tensor, " maps"]


class AutoencoderMaps(ImageScore, CrossCalibrated):
    """The highest place of one or more maps that an autoencoder of patches makes of an image.

    Each map is taken in standard deviations of those of the normal images at that place, and of several the highest
    counts, each in the spread of its highest values. Three more autoencoders, each with what is usual in its own maps,
    have not seen a third of the normal images: their scores of these set the threshold, so that every image is learnt
    from and calibrates too.

    Args:
        seed: of the shares, weights and crops.

    Attributes:
        crossed_: (n,) scores of the normal items, each by what had not seen it.
    """

    unit = "standard deviations"
    is_positive = False
    cell: ClassVar[int]
    """Side of a map's cells, in pixels."""

    def __init__(self, seed: int = 0) -> None:
        self.seed = seed
        self._network: PatchAutoencoder | None = None

    @abstractmethod
    def _of_normal(self, network: PatchAutoencoder, images: np.ndarray) -> np.ndarray:
        """What maps are made with beside the network, of the normal images that it has learnt from; may be empty."""

    @abstractmethod
    def _logarithmic_maps(
        self, network: PatchAutoencoder, known: np.ndarray, image: Tensor, itself: tuple[int, int] | None = None
    ) -> list[Tensor]:
        """(rows, columns) each, logarithms of how far each place of an image (C, H, W) is from what is usual.

        Args:
            itself: where the image is one of those that were learnt from, its number and theirs.
        """

    def fit(self, normal: Num[np.ndarray, "n *event"], progress: Progress | None = None) -> Self:
        self._settle_shape(normal)
        if len(normal) < 3:
            raise ExplorerError(f"{len(normal)} normal images cannot be compared with one another.", "Give 20 or more.")
        images = spread_sample(normal, max(3, MAX_VALUES // max(1, normal[0].size)))
        folds = min(FOLDS, len(images) // 2 + 1)
        of_fold = np.random.Generator(np.random.PCG64(self.seed)).permutation(len(images)) % folds
        self.crossed_ = np.empty(len(images))
        for fold in range(folds):
            if progress is not None:
                progress(fold / (folds + 1), f"Autoencoder {fold + 1} of {folds + 1}")
            learnt = self._learn(images[of_fold != fold])
            for row in np.flatnonzero(of_fold == fold).tolist():
                self.crossed_[row] = float(self._map(learnt, as_float(images[row])).max())
        if progress is not None:
            progress(folds / (folds + 1), f"Autoencoder {folds + 1} of {folds + 1}")
        self._keep(self._learn(images))
        return self

    def _learn(self, images: np.ndarray) -> LearntMaps:
        """From normal images, two or more."""
        n = len(images)
        steps = int(np.clip(STEPS * images.shape[2] * images.shape[3] // FULL_PIXELS, min(LEAST_STEPS, STEPS), STEPS))
        network = fit_patch_autoencoder(images, np.arange(n), self.seed, steps)
        known = self._of_normal(network, images)
        with torch.inference_mode():
            own = [self._logarithmic_maps(network, known, as_float(images[row]), (row, n)) for row in range(n)]
        logs = [torch.stack(of_images) for of_images in zip(*own, strict=True)]
        statistics = tuple(PlaceStatistics.of(of_images) for of_images in logs)
        peaks = torch.stack(
            [of_map.by_others(log).flatten(1).amax(1) for of_map, log in zip(statistics, logs, strict=True)]
        )
        return LearntMaps(network, known, statistics, peaks.mean(1), peaks.std(1).clamp_min(LEAST_STD))

    def _keep(self, learnt: LearntMaps) -> None:
        self._network, self.known_ = learnt.network, learnt.known
        self.n_ = np.array(learnt.statistics[0].n)
        for number, of_map in enumerate(learnt.statistics):
            setattr(self, f"first_{number}_", of_map.first.numpy())
            setattr(self, f"second_{number}_", of_map.second.numpy())
        self.peak_mean_, self.peak_std_ = learnt.mean.numpy(), learnt.std.numpy()

    def _kept(self) -> LearntMaps:
        assert self._network is not None  # noqa: S101 - it was fitted
        # Copies: what lies elsewhere in memory, as in a file, may be added up in another order.
        mean, std = torch.tensor(self.peak_mean_), torch.tensor(self.peak_std_)
        statistics = [
            PlaceStatistics(
                torch.tensor(getattr(self, f"first_{i}_")), torch.tensor(getattr(self, f"second_{i}_")), int(self.n_)
            )
            for i in range(len(mean))
        ]
        return LearntMaps(self._network, np.array(self.known_), tuple(statistics), mean, std)

    @torch.inference_mode()
    def _map(self, learnt: LearntMaps, image: Tensor) -> Tensor:
        """(H, W) the highest of an image's maps."""
        logs = self._logarithmic_maps(learnt.network, learnt.known, image)
        own = [of_map.standardised(log) for of_map, log in zip(learnt.statistics, logs, strict=True)]
        joined = torch.stack([(o - m) / s for o, m, s in zip(own, learnt.mean, learnt.std, strict=True)]).amax(0)
        height, width = self.event_shape_[1:].tolist()
        whole = [length * self.cell for length in joined.shape]
        return F.interpolate(joined[None, None], whole, mode="bilinear")[0, 0, :height, :width]

    def score(self, x: Num[np.ndarray, "n *event"]) -> Float[np.ndarray, " n"]:
        learnt = self._kept()
        return np.array([float(self._map(learnt, as_float(image)).max()) for image in self._checked(x)], np.float64)

    def maps(self, x: Num[np.ndarray, "n *event"]) -> Float[np.ndarray, "n h w"]:
        """(N, H, W) how unusual each place is; its highest value is the score."""
        learnt, whole = self._kept(), np.empty((len(x), *self._checked(x).shape[2:]), np.float32)
        for own, image in zip(whole, x, strict=True):
            own[:] = self._map(learnt, as_float(image)).numpy()
        return whole

    def contributions(self, x: Num[np.ndarray, "n *event"]) -> Float[np.ndarray, "n *event"]:
        maps = np.maximum(self.maps(x), 0)[:, None]
        return np.broadcast_to(maps, x.shape).astype(np.float32)

    # --- file ---

    def learnt(self) -> dict[str, np.ndarray]:
        state = {} if self._network is None else self._network.state_dict()
        return super().learnt() | {f"network.{name}": tensor.numpy() for name, tensor in state.items()}

    def restore(self, learnt: dict[str, np.ndarray]) -> Self:
        super().restore({name: values for name, values in learnt.items() if not name.startswith("network.")})
        state = {k.removeprefix("network."): torch.from_numpy(v) for k, v in learnt.items() if k.startswith("network.")}
        self._network = PatchAutoencoder(int(self.event_shape_[0]))
        self._network.load_state_dict(state)
        self._network.eval()
        return self
