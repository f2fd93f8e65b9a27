"""Defects by what an autoencoder rebuilds with another structure, or with another brightness."""

from __future__ import annotations

import numpy as np
import torch.nn.functional as F
from torch import Tensor

from explorer.novelty.patches.patch_autoencoder import PatchAutoencoder
from explorer.novelty.patches.place_statistics import logarithmic
from explorer.novelty.patches.similarity import structural_similarity
from explorer.novelty.scores.autoencoder_maps import AutoencoderMaps

BLOCK = 4
"""Side of what is compared at once, in pixels."""


class StructuralError(AutoencoderMaps):
    """The highest place of two maps: the squared error of an autoencoder's picture, and how unlike it is in structure.

    The autoencoder has learnt from crops of normal images. Each map is taken in standard deviations of what normal
    images have at that place.

    Source: Bergmann et al. 2019 (structural similarity of what an autoencoder rebuilds).
    """

    title = "Structural error"
    summary = "Where an autoencoder rebuilds an image with another structure or brightness, compared with normal ones."
    cell = BLOCK

    def _of_normal(self, network: PatchAutoencoder, images: np.ndarray) -> np.ndarray:
        return np.empty(0, np.float32)

    def _logarithmic_maps(
        self, network: PatchAutoencoder, known: np.ndarray, image: Tensor, itself: tuple[int, int] | None = None
    ) -> list[Tensor]:
        rebuilt = network.rebuild(image[None])[0]
        squared = (image - rebuilt).square() / network.spread.square()
        unlike = 1 - structural_similarity(image, rebuilt.clamp(0, 1))
        return [_block_map(squared), _block_map(unlike)]


def _block_map(values: Tensor) -> Tensor:
    """(rows, columns) logarithms of the means of (C, H, W) over each block; of one at an edge, of what is there."""
    short = (0, -values.shape[2] % BLOCK, 0, -values.shape[1] % BLOCK)
    whole = F.pad(values.mean(0)[None, None], short, mode="replicate")
    return logarithmic(F.avg_pool2d(whole, BLOCK)[0])[0]
