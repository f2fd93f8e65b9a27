"""Defects by what a network that was trained on many pictures sees in each place: nearest normal places."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Self

import numpy as np
import torch
import torch.nn.functional as F
from jaxtyping import Float, Num
from torch import Tensor

from explorer.checkpoints import VectorCheckpoint
from explorer.core.errors import CheckpointError, ExplorerError
from explorer.core.row_samples import spread_positions, spread_sample
from explorer.data.base import Progress
from explorer.data.stored import as_float
from explorer.novelty.patches.place_statistics import PlaceStatistics
from explorer.novelty.patches.resnet import SHAPES, ResNetFeatures
from explorer.novelty.scores.image_score import ImageScore
from explorer.novelty.scores.local_baselines import at_most
from explorer.novelty.scores.scorer import CrossCalibrated

MAX_IMAGES = 500
SIDE = 320
"""Images are looked at with at most so many pixels a side."""
KEPT, PROJECTED = 10_000, 128
"""So many places of normal images are kept, of each so many random projections of its features."""
CHUNK = 1024


class PretrainedPatches(ImageScore, CrossCalibrated):
    """The highest place of a map of how far what a trained ResNet-18 sees is from all that it sees in normal images.

    Weights are given in a file (``detector fit --weights FILE``). A detector keeps those that it uses, 11 MB, so that
    it needs no other file; their fingerprint stands on its card and is checked when it is opened.

    Args:
        fingerprint: of the weights; empty before there are any.

    Attributes:
        crossed_: (n,) scores of the normal items, each compared with the places of the others alone.

    Source: Roth et al. 2022 (PatchCore), with a spread sample in place of the coreset.
    """

    title = "Pretrained patches"
    summary = "Where a network that was trained on many pictures sees what it sees in no normal image."
    unit = "standard deviations"
    is_positive = False

    def __init__(self, fingerprint: str = "") -> None:
        self.fingerprint = fingerprint
        self._network: ResNetFeatures | None = None

    @classmethod
    def applies_to(cls, checkpoint: VectorCheckpoint) -> bool:
        return False

    @classmethod
    def for_checkpoint(cls, checkpoint: VectorCheckpoint) -> Self:
        raise _without_weights()

    def use_weights(self, network: ResNetFeatures) -> Self:
        """The network to look through, before ``fit``."""
        self._network, self.fingerprint = network, network.fingerprint
        return self

    def fit(self, normal: Num[np.ndarray, "n *event"], progress: Progress | None = None) -> Self:
        self._settle_shape(normal)
        if len(normal) < 2:
            raise ExplorerError(f"{len(normal)} normal image cannot be compared with others.", "Give 20 or more.")
        images = spread_sample(normal, MAX_IMAGES)
        random = np.random.Generator(np.random.PCG64(0))
        projection = random.standard_normal((ResNetFeatures.n_features, PROJECTED)) / np.sqrt(PROJECTED)
        self.projection_ = projection.astype(np.float32)
        seen: list[Tensor] = []
        grid = (0, 0)
        for row, image in enumerate(images):
            if progress is not None:
                progress(0.5 * row / len(images), f"Looking at image {row + 1} of {len(images)}")
            places, grid = self._seen(image)
            seen.append(places)
        every = torch.cat(seen)
        kept = torch.from_numpy(spread_positions(len(every), KEPT))
        owner = kept // len(seen[0])
        self.places_ = every[kept].numpy()
        logs = []
        for row, own in enumerate(seen):
            if progress is not None:
                progress(0.5 + 0.5 * row / len(images), f"Comparing image {row + 1} of {len(images)} with the others")
            logs.append(_distances(own, every[kept[owner != row]]).log().view(grid))
        statistics = PlaceStatistics.of(torch.stack(logs))
        self.first_, self.second_ = statistics.first.numpy(), statistics.second.numpy()
        self.n_ = np.array(statistics.n)
        self.crossed_ = statistics.by_others(torch.stack(logs)).flatten(1).amax(1).double().numpy()
        return self

    def score(self, x: Num[np.ndarray, "n *event"]) -> Float[np.ndarray, " n"]:
        return np.array([float(own.max()) for own in self._maps(x)], np.float64)

    def maps(self, x: Num[np.ndarray, "n *event"]) -> Float[np.ndarray, "n h w"]:
        """(N, H, W) how unusual each place is; its highest value is about the score."""
        return np.stack([own.numpy() for own in self._maps(x)]) if len(x) else np.empty((0, *x.shape[2:]), np.float32)

    def _maps(self, x: np.ndarray) -> Iterator[Tensor]:
        known = torch.tensor(self.places_)
        statistics = PlaceStatistics(torch.tensor(self.first_), torch.tensor(self.second_), int(self.n_))
        size = tuple(self.event_shape_[1:].tolist())
        for image in self._checked(x):
            seen, grid = self._seen(image)
            own = statistics.standardised(_distances(seen, known).log().view(grid))
            yield F.interpolate(own[None, None], size, mode="bilinear")[0, 0]

    def _seen(self, image: np.ndarray) -> tuple[Float[Tensor, "places values"], tuple[int, int]]:
        """What is seen in each place of an image, and how many places there are down and across."""
        if self._network is None:
            raise _without_weights()
        features = self._network(at_most(as_float(image), SIDE))
        return features.flatten(1).T @ torch.tensor(self.projection_), (features.shape[1], features.shape[2])

    # --- file ---

    def learnt(self) -> dict[str, np.ndarray]:
        if self._network is None:
            return super().learnt()
        return super().learnt() | {f"network.{name}": own.numpy() for name, own in self._network.weights.items()}

    def restore(self, learnt: dict[str, np.ndarray]) -> Self:
        super().restore({name: values for name, values in learnt.items() if not name.startswith("network.")})
        network = ResNetFeatures({name: torch.from_numpy(learnt[f"network.{name}"]) for name in SHAPES})
        if network.fingerprint != self.fingerprint:
            raise CheckpointError(
                f"The weights in this detector are not those that it was fitted with: their fingerprint is "
                f"{network.fingerprint[:12]}…, not {self.fingerprint[:12]}….",
                "Copy the detector again, or fit it again.",
            )
        self._network = network
        return self


def _distances(rows: Float[Tensor, "m values"], known: Float[Tensor, "n values"]) -> Float[Tensor, " m"]:
    """From each row to the nearest of the known ones."""
    parts = [torch.cdist(rows[start : start + CHUNK], known).amin(1) for start in range(0, len(rows), CHUNK)]
    return torch.cat(parts).clamp_min(1e-6)


def _without_weights() -> ExplorerError:
    return ExplorerError(
        "Pretrained patches are not defined without the weights of a network.",
        "Give them: python -m explorer detector fit NORMAL --weights resnet18.safetensors --out FILE",
    )
