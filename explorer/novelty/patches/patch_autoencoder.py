"""A small convolutional autoencoder of pictures of any size: a code for each square of eight pixels."""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F
from jaxtyping import Float, Int, Num
from torch import Tensor, nn

SQUARE = 8
"""A code stands for so many pixels down and across; it has seen 22."""
WIDTHS, CODE = (16, 32), 16
CROP, BATCH, RATE = 48, 32, 2e-3
"""Learnt from are crops of so many pixels a side."""
MIN_SPREAD = 1e-3


class PatchAutoencoder(nn.Module):
    """Convolutions that halve a picture three times, and others that undo it.

    Nothing in it knows the place or the size: what is learnt from crops holds for whole pictures.

    Args:
        channels: of the pictures.

    Source: Bergmann et al. 2019 (autoencoders of crops for defects), with three steps in place of nine.
    """

    level: Tensor
    spread: Tensor

    def __init__(self, channels: int) -> None:
        super().__init__()
        sizes = (channels, *WIDTHS, CODE)
        down, up = [], []
        for i in range(len(sizes) - 1):
            down += [nn.Conv2d(sizes[i], sizes[i + 1], 4, 2, 1), nn.SiLU()]
            up += [nn.SiLU(), nn.ConvTranspose2d(sizes[-i - 1], sizes[-i - 2], 4, 2, 1)]
        self.encoder, self.decoder = nn.Sequential(*down[:-1]), nn.Sequential(*up[1:])
        self.register_buffer("level", torch.zeros(()))
        self.register_buffer("spread", torch.ones(()))

    def encode(self, images: Float[Tensor, "n c h w"]) -> Float[Tensor, "n code rows columns"]:
        """A code for each square of pixels; those at the lower and right edges are filled up with the last pixel."""
        short = (0, -images.shape[3] % SQUARE, 0, -images.shape[2] % SQUARE)
        codes: Tensor = self.encoder(F.pad((images - self.level) / self.spread, short, mode="replicate"))
        return codes

    def rebuild(self, images: Float[Tensor, "n c h w"]) -> Float[Tensor, "n c h w"]:
        """Pictures from their codes alone."""
        whole = self.decoder(self.encode(images)) * self.spread + self.level
        return whole[:, :, : images.shape[2], : images.shape[3]]


def fit_patch_autoencoder(
    images: Num[np.ndarray, "n c h w"], chosen: Int[np.ndarray, " k"], seed: int, steps: int
) -> PatchAutoencoder:
    """Train on crops from anywhere in normal images, by squared error.

    Args:
        images: uint8, or float32 in [0, 1].
        chosen: numbers of those to learn from.
        seed: of weights and crops.
        steps: how many batches.
    """
    white = 255.0 if images.dtype == np.uint8 else 1.0
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        network = PatchAutoencoder(images.shape[1])
    means = np.array([images[row].mean() / white for row in chosen.tolist()])
    network.level = torch.tensor(float(means.mean()))
    network.spread = torch.tensor(max(float(np.mean([images[row].std() / white for row in chosen])), MIN_SPREAD))
    # Lamps change: as much as normal images differ in brightness, each crop may too.
    gain = min(0.2, float(means.std() / max(means.mean(), 1e-3)))
    random = torch.Generator().manual_seed(seed)
    height, width = images.shape[2:]
    tall, wide = min(CROP, height), min(CROP, width)
    every_crop = np.lib.stride_tricks.sliding_window_view(images, (tall, wide), axis=(2, 3))
    optimiser = torch.optim.Adam(network.parameters(), RATE, fused=True)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, steps)
    for _ in range(steps):
        which = chosen[torch.randint(len(chosen), (BATCH,), generator=random).numpy()]
        top = torch.randint(height - tall + 1, (BATCH,), generator=random).numpy()
        left = torch.randint(width - wide + 1, (BATCH,), generator=random).numpy()
        crops = torch.from_numpy(every_crop[which, :, top, left]).float()
        crops = crops * ((1 + gain * torch.randn(BATCH, 1, 1, 1, generator=random)) / white)
        loss = ((network.rebuild(crops) - crops) / network.spread).square().mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
    return network.eval()
