"""Defects by codes: each place's code is compared with the nearest that normal images have there."""

from __future__ import annotations

import math

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from explorer.core.row_samples import spread_positions
from explorer.data.stored import as_float
from explorer.novelty.patches.patch_autoencoder import CODE, SQUARE, PatchAutoencoder
from explorer.novelty.patches.place_statistics import FLOOR
from explorer.novelty.scores.autoencoder_maps import AutoencoderMaps

AROUND = 1
"""Parts lie a little off: a normal code may stand so many squares away."""
MAX_CODES = 1 << 22
"""So many values of codes are kept at most: 8 MiB."""


class PlaceCodes(AutoencoderMaps):
    """The highest place of a map of how far each code is from the nearest that a normal image has at that place.

    A code is that of a square of eight pixels, by a convolutional autoencoder that has learnt from normal images, each
    number in its own spread over these; a square away counts as the same place.

    Source: Defard et al. 2021 (codes of normal images at each place) and Roth et al. 2022 (the nearest one), with an
    autoencoder's codes.
    """

    title = "Codes at their place"
    summary = "Where an autoencoder's code is unlike every one that normal images have at that place."
    cell = SQUARE

    @torch.inference_mode()
    def _of_normal(self, network: PatchAutoencoder, images: np.ndarray) -> np.ndarray:
        """(1 + n, code, rows, columns) half precision: the spread of each number, and some images' codes in it."""
        rows = _kept_rows(len(images), images.shape[2:])
        codes = torch.cat([network.encode(as_float(images[row])[None]) for row in rows.tolist()])
        spread = codes.std((0, 2, 3), keepdim=True).clamp_min(1e-4)
        return torch.cat([spread.expand(1, -1, *codes.shape[2:]), codes / spread]).half().numpy()

    def _logarithmic_maps(
        self, network: PatchAutoencoder, known: np.ndarray, image: Tensor, itself: tuple[int, int] | None = None
    ) -> list[Tensor]:
        spread, codes = torch.from_numpy(known[:1]).float(), torch.from_numpy(known[1:]).float()
        if itself is not None:
            codes = codes[_kept_rows(itself[1], image.shape[1:]) != itself[0]]
        own = network.encode(image[None]) / spread
        rows, columns = own.shape[2:]
        whole = F.pad(codes, (AROUND,) * 4, value=torch.inf)
        nearest = torch.full((rows, columns), torch.inf)
        for down in range(2 * AROUND + 1):
            for right in range(2 * AROUND + 1):
                known_codes = whole[:, :, down : down + rows, right : right + columns]
                nearest = torch.minimum(nearest, (known_codes - own).square().mean(1).amin(0))
        return [torch.log(nearest + FLOOR)]


def _kept_rows(n: int, size: tuple[int, ...]) -> np.ndarray:
    """Numbers of the images, of n of so many pixels, whose codes are kept: as many as fit, two at least."""
    cells = math.prod(-(-side // SQUARE) for side in size)
    return spread_positions(n, max(2, MAX_CODES // (CODE * cells)))
