"""Defects at the size they have: masked autoencoders of several scales, each place compared with normal ones there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
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
from explorer.novelty.patches.masked_blocks import MaskedBlocks, NormalImages, fit_masked_blocks
from explorer.novelty.patches.place_statistics import PlaceStatistics, logarithmic
from explorer.novelty.scores.image_score import ImageScore
from explorer.novelty.scores.scorer import CrossCalibrated

SCALES = (1, 2, 4, 8)
MIN_SIDE = 48
"""A picture is halved as long as its shorter side keeps so many pixels."""
FOLDS = 3
"""So many networks a scale, each of which has not seen a part of the normal images."""
FULL_STEPS, LEAST_STEPS, FULL_PIXELS = 750, 200, 1 << 14
"""Batches of each training; fewer for pictures below so many pixels."""
MAX_VALUES = 1 << 28
"""Normal images are learnt from up to so many values in all: 256 MiB of 8 bits."""


class MaskedPatches(ImageScore, CrossCalibrated):
    """The highest place of a map of how badly blocks of pixels follow from what is around them, at several scales.

    Each scale has a masked autoencoder that has learnt from all normal images. Three others, each of which has not seen
    a third of them, have made a map of each normal image: with these maps those of new images are compared, place by
    place, and their highest places set the threshold. So every normal image is learnt from and calibrates too
    (cross-conformal, Vovk 2015). Whether a network knows the place is chosen by what it says of the images that it
    has not seen.

    Args:
        seed: of the shares, weights and batches.

    Attributes:
        crossed_: (n,) scores of the normal items, each by what had not seen it.
        surprise_: (scales,) the mean negative logarithm of the likelihood of values of normal images by what had not
            seen these, without its constant.
        knows_place_: (scales,) whether the networks of a scale know the place.
    """

    title = "Masked patches"
    summary = "Where pixels do not follow from those around them, at several scales: for defects at the size they have."
    unit = "standard deviations"
    is_positive = False

    def __init__(self, seed: int = 0) -> None:
        self.seed = seed
        self._networks: dict[int, MaskedBlocks] = {}

    def fit(self, normal: Num[np.ndarray, "n *event"], progress: Progress | None = None) -> Self:
        self._settle_shape(normal)
        if len(normal) < 2:
            raise ExplorerError(f"{len(normal)} normal image cannot be compared with others.", "Give 20 or more.")
        images = spread_sample(normal, max(2, MAX_VALUES // max(1, normal[0].size)))
        folds = min(FOLDS, len(images))
        of_fold = np.random.Generator(np.random.PCG64(self.seed)).permutation(len(images)) % folds
        self.scales_, self.block_ = _scales(images.shape[2:]), np.array(_block(images.shape[2:]))
        told = _counted(progress, len(self.scales_) * (folds + 2))
        knows_place, statistics, peaks, every_map, surprises = [], [], [], [], []
        self._networks = {}
        for scale in self.scales_.tolist():
            network, logs, surprise = self._learn(halved(images, scale), of_fold, self.seed + 1000 * scale, told)
            self._networks[scale] = network
            of_scale = PlaceStatistics.of(logs)
            standardised = of_scale.by_others(logs)
            knows_place.append(network.knows_place)
            surprises.append(surprise)
            statistics.append(of_scale)
            peaks.append(standardised.flatten(1).amax(1))
            every_map.append(standardised)
        self.knows_place_, self.surprise_ = np.array(knows_place), np.array(surprises)
        self._keep(statistics, torch.stack(peaks), len(images))
        self.crossed_ = self._crossed(every_map, torch.stack(peaks))
        return self

    def _learn(
        self, images: np.ndarray, of_fold: np.ndarray, seed: int, told: Callable[[], None]
    ) -> tuple[MaskedBlocks, Tensor, float]:
        """A network that has learnt from all images, and what others say of images that they have not seen.

        Returns:
            The network, logarithmic maps (n, rows, columns), and how surprising images are.
        """
        normal = NormalImages.of(images, int(self.block_))
        pixels = images.shape[2] * images.shape[3]
        steps = int(np.clip(FULL_STEPS * pixels // FULL_PIXELS, LEAST_STEPS, FULL_STEPS))

        def fitted(chosen: np.ndarray, knows_place: bool, number: int) -> MaskedBlocks:
            network = fit_masked_blocks(normal, np.flatnonzero(chosen), knows_place, seed + number, steps)
            told()
            return network

        folds = int(of_fold.max()) + 1
        held = [np.flatnonzero(of_fold == fold) for fold in range(folds)]
        both = [fitted(of_fold != 0, knows_place, 0) for knows_place in (False, True)]
        surprises = [np.mean([network.surprise(as_float(images[row])) for row in held[0]]) for network in both]
        knows_place = bool(surprises[1] < surprises[0])
        surprise = float(min(surprises)) + float(both[knows_place].spread.log())
        others = [both[knows_place], *(fitted(of_fold != fold, knows_place, fold) for fold in range(1, folds))]
        maps = {
            row: network.misfit(as_float(images[row]))
            for network, rows in zip(others, held, strict=True)
            for row in rows.tolist()
        }
        logs = logarithmic(torch.stack([maps[row] for row in range(len(images))]))
        return fitted(np.full(len(images), True), knows_place, folds), logs, surprise

    def _keep(self, statistics: list[PlaceStatistics], peaks: Tensor, n: int) -> None:
        for scale, of_scale in zip(self.scales_.tolist(), statistics, strict=True):
            setattr(self, f"first_{scale}_", of_scale.first.numpy())
            setattr(self, f"second_{scale}_", of_scale.second.numpy())
        self.n_ = np.array(n)
        self.peak_mean_ = peaks.mean(1).double().numpy()
        self.peak_std_ = np.maximum(peaks.std(1).double().numpy(), 1e-3)

    def _crossed(self, maps: list[Tensor], peaks: Tensor) -> np.ndarray:
        """(n,) scores of the normal images, each as if it had not been among those that maps are compared with."""
        n = peaks.shape[1]
        scores = []
        for row in range(n):
            rest = peaks[:, torch.arange(n) != row]
            mean, std = rest.mean(1), (rest.std(1) if n > 2 else torch.ones(len(rest))).clamp_min(1e-3)
            scores.append(float(self._joined([own[row] for own in maps], mean, std).max()))
        return np.array(scores)

    def score(self, x: Num[np.ndarray, "n *event"]) -> Float[np.ndarray, " n"]:
        return np.array([float(own.max()) for own in self._maps(x)], np.float64)

    def maps(self, x: Num[np.ndarray, "n *event"]) -> Float[np.ndarray, "n h w"]:
        """(N, H, W) how unusual each place is; its highest value is the score."""
        return np.stack([own.numpy() for own in self._maps(x)]) if len(x) else np.empty((0, *x.shape[2:]), np.float32)

    def contributions(self, x: Num[np.ndarray, "n *event"]) -> Float[np.ndarray, "n *event"]:
        maps = np.maximum(self.maps(x), 0)[:, None]
        return np.broadcast_to(maps, x.shape).astype(np.float32)

    def _maps(self, x: np.ndarray) -> Iterator[Tensor]:
        mean, std = torch.tensor(self.peak_mean_).float(), torch.tensor(self.peak_std_).float()
        # Copies: what lies elsewhere in memory, as in a file, may be added up in another order.
        statistics = [
            PlaceStatistics(
                torch.tensor(getattr(self, f"first_{scale}_")),
                torch.tensor(getattr(self, f"second_{scale}_")),
                int(self.n_),
            )
            for scale in self.scales_.tolist()
        ]
        for row in range(len(self._checked(x))):
            maps = []
            for scale, of_scale in zip(self.scales_.tolist(), statistics, strict=True):
                small = as_float(halved(x[row : row + 1], scale)[0])
                maps.append(of_scale.standardised(logarithmic(self._networks[scale].misfit(small)[None])[0]))
            yield self._joined(maps, mean, std)

    def _joined(self, maps: list[Tensor], mean: Tensor, std: Tensor) -> Tensor:
        """(H, W) the highest of the scales' maps, each in the spread of its highest values over normal images."""
        height, width = self.event_shape_[1:].tolist()
        whole = [
            F.interpolate(((own - m) / s)[None, None], _cells(height, width, scale * int(self.block_)), mode="bilinear")
            for own, m, s, scale in zip(maps, mean, std, self.scales_.tolist(), strict=True)
        ]
        return torch.stack([own[0, 0, :height, :width] for own in whole]).amax(0)

    # --- file ---

    def learnt(self) -> dict[str, np.ndarray]:
        weights = {
            f"network.{scale}.{name}": tensor.numpy()
            for scale, network in self._networks.items()
            for name, tensor in network.state_dict().items()
        }
        return super().learnt() | weights

    def restore(self, learnt: dict[str, np.ndarray]) -> Self:
        super().restore({name: values for name, values in learnt.items() if not name.startswith("network.")})
        self._networks = {}
        for scale, knows_place in zip(self.scales_.tolist(), self.knows_place_.tolist(), strict=True):
            prefix = f"network.{scale}."
            state = {k.removeprefix(prefix): torch.from_numpy(v) for k, v in learnt.items() if k.startswith(prefix)}
            self._networks[scale] = MaskedBlocks(int(self.event_shape_[0]), int(self.block_), knows_place)
            self._networks[scale].load_state_dict(state)
            self._networks[scale].eval()
        return self


def halved(images: Num[np.ndarray, "n c h w"], scale: int) -> Num[np.ndarray, "n c rows columns"]:
    """Means over squares of ``scale`` pixels, float32 in [0, 1]; the images themselves where it is 1."""
    if scale == 1:
        return images
    height, width = (-(-side // scale) * scale for side in images.shape[2:])
    short = ((0, 0), (0, 0), (0, height - images.shape[2]), (0, width - images.shape[3]))
    return np.concatenate(
        [
            F.avg_pool2d(as_float(np.pad(images[row : row + 1], short, mode="edge")), scale).numpy()
            for row in range(len(images))
        ]
    )


def _counted(progress: Progress | None, total: int) -> Callable[[], None]:
    """What tells the progress each time that a network has learnt."""
    done = 0

    def told() -> None:
        nonlocal done
        done += 1
        if progress is not None:
            progress(done / (total + 1), f"Masked autoencoder {done} of {total}")

    return told


def _scales(size: tuple[int, ...]) -> np.ndarray:
    return np.array([scale for scale in SCALES if scale == 1 or min(size) // scale >= MIN_SIDE])


def _block(size: tuple[int, ...]) -> int:
    return 4 if min(size) >= 64 else 2 if min(size) >= 24 else 1


def _cells(height: int, width: int, step: int) -> tuple[int, int]:
    """Pixels that whole cells of so many cover."""
    return -(-height // step) * step, -(-width // step) * step
