"""Noise on and off the items of a dataset, and how good the result is where the clean items are known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float, Num
from torch import Tensor

from explorer.checkpoints import Checkpoint
from explorer.core import metrics
from explorer.data.stored import as_float
from explorer.noise import Noise

STRIP_PIXELS = 1_000_000
"""Of a picture, that SSIM is computed on at once."""


def add_noise(x: Num[np.ndarray, "n *event"], noise: Noise, seed: int = 0) -> Float[np.ndarray, "n *event"]:
    """Corrupt items; the same for the same seed.

    Args:
        x: (N, *event) uint8, or float in the units of the data.
        noise: the corruption and its level.
        seed: of the draw.

    Returns:
        (N, *event) float32, clipped only where the corruption says so.
    """
    return noise(as_float(x), torch.Generator().manual_seed(seed)).numpy()


def denoise(checkpoint: Checkpoint, x_noisy: Num[np.ndarray, "n *event"]) -> Float[np.ndarray, "n *event"]:
    """What a checkpoint makes of noisy items: its reconstruction, (N, *event) -> (N, *event) float32.

    Any autoencoder removes what its code has no room for; one trained with a corruption has learnt to undo that.

    Raises:
        ExplorerError: the items do not fit the model.
    """
    return checkpoint.reconstruct(x_noisy)


@dataclass(frozen=True)
class Comparison:
    """How near noisy and denoised images are to the clean ones; (N,) each, higher is better.

    Args:
        psnr_before, psnr_after: peak signal-to-noise ratio in dB, of a value range of 1.
        ssim_before, ssim_after: structural similarity, at most 1.
    """

    psnr_before: Float[np.ndarray, " n"]
    psnr_after: Float[np.ndarray, " n"]
    ssim_before: Float[np.ndarray, " n"]
    ssim_after: Float[np.ndarray, " n"]

    def figures(self, number: int) -> dict[str, float]:
        """Those of one of the images, by name."""
        return {name: float(values[number]) for name, values in vars(self).items()}


def compare(
    x: Num[np.ndarray, "n c h w"], x_noisy: Num[np.ndarray, "n c h w"], x_hat: Num[np.ndarray, "n c h w"]
) -> Comparison:
    """Figures before and after denoising, where the clean images are known.

    Args:
        x, x_noisy, x_hat: (N, C, H, W) clean, noisy and denoised; uint8 or float in [0, 1]. Noise may leave that range
            and is assessed as it is, unclipped, as in the literature.

    Raises:
        ValueError: the shapes differ.
    """
    clean, noisy, denoised = as_float(x), as_float(x_noisy), as_float(x_hat)
    return Comparison(
        metrics.psnr(clean, noisy).numpy(),
        metrics.psnr(clean, denoised).numpy(),
        _ssim(clean, noisy).numpy(),
        _ssim(clean, denoised).numpy(),
    )


def _ssim(x: Tensor, x_hat: Tensor) -> Tensor:
    """``metrics.ssim``, of large pictures strip by strip: it needs fifteen times a picture's own memory."""
    height, width = x.shape[2:]
    border = metrics.SSIM_WINDOW - 1
    rows = max(border, STRIP_PIXELS // width)
    if height <= rows + border or width <= border:
        return metrics.ssim(x, x_hat)
    total = torch.zeros(len(x), dtype=torch.float64)
    # A strip's windows are those that begin in its rows.
    for top in range(0, height - border, rows):
        strip = slice(top, min(height, top + rows + border))
        windows = strip.stop - strip.start - border
        total += windows * metrics.ssim(x[:, :, strip], x_hat[:, :, strip]).double()
    return (total / (height - border)).to(x.dtype)
