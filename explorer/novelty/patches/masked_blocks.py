"""An autoencoder with a hidden middle: it says what a block of pixels should be, and how surely, by what is around."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from jaxtyping import Float, Int, Num
from torch import Tensor, nn

CONTEXT = 5
"""A block is seen with two blocks around it on every side."""
HIDDEN = 96
FREQUENCIES = (2.0, 4.0, 8.0, 16.0)
"""Standard deviations of the random waves that tell places apart, in radians a picture (Tancik et al. 2020)."""
WAVES = 16
BATCH, RATE = 512, 4e-3
STRIP = 1 << 17
"""At most so many blocks are looked at at once."""
MIN_LOG_VARIANCE, MAX_LOG_VARIANCE = -9.0, 3.0


class MaskedBlocks(nn.Module):
    """What blocks of ``block`` pixels are expected to be, by the pixels around them.

    The block itself is hidden, so that a defect cannot be copied: the network tells mean and variance of each of its
    pixels, as for other masked autoencoders. Brightness is taken from the mean of what is around.

    Args:
        channels: of the images.
        block: its side in pixels.
        knows_place: whether it is told where in the picture a block lies: of parts that all lie alike, what is right at
            one place is wrong at another; of a texture it is not.

    Source: He et al. 2022 (masked autoencoders); Nix and Weigend 1994 (mean and variance); Zavrtanik et al. 2021
    (defects by inpainting).
    """

    mask: Tensor
    waves: Tensor
    level: Tensor
    spread: Tensor

    def __init__(self, channels: int, block: int, knows_place: bool) -> None:
        super().__init__()
        self.channels, self.block, self.knows_place = channels, block, knows_place
        side = CONTEXT * block
        mask = torch.ones(1, 1, side, side)
        mask[..., self.margin : self.margin + block, self.margin : self.margin + block] = 0
        self.register_buffer("mask", mask, persistent=False)
        self.register_buffer("waves", torch.randn(2, WAVES) * torch.tensor(FREQUENCIES).repeat_interleave(WAVES // 4))
        self.register_buffer("level", torch.zeros(()))
        self.register_buffer("spread", torch.ones(()))
        self.around = nn.Conv2d(channels, HIDDEN, side, stride=block)
        self.brightness = nn.Linear(channels, HIDDEN, bias=False)
        self.place = nn.Linear(2 * WAVES, HIDDEN, bias=False) if knows_place else None
        self.hidden = nn.Linear(HIDDEN, HIDDEN)
        self.out = nn.Linear(HIDDEN, 2 * channels * block * block)

    @property
    def margin(self) -> int:
        """Pixels around a block that are looked at, on each side."""
        return self.block * (CONTEXT // 2)

    def forward(
        self, windows: Float[Tensor, "n c h w"], places: Float[Tensor, "n rows columns 2"]
    ) -> tuple[Float[Tensor, "n rows columns values"], Float[Tensor, "n rows columns values"]]:
        """How far blocks are from what is expected, and the logarithm of the variance of that.

        Args:
            windows: blocks that touch, with a margin around them, as ``standard`` gives them.
            places: (N, rows, columns, 2) of the blocks' corners, in [0, 1] of height and width.
        """
        kernel = self.around.weight * self.mask
        is_one = windows.shape[2:] == kernel.shape[2:]
        if is_one:
            # One block each, as in training: products of matrices, whose gradients take a quarter of the time.
            mean = (windows.flatten(2) @ self.mask.flatten())[:, :, None, None]
            seen = F.linear(windows.flatten(1), kernel.flatten(1), self.around.bias)[:, :, None, None]
        else:
            of_channel = self.mask.expand(self.channels, 1, -1, -1)
            mean = F.conv2d(windows, of_channel, stride=self.block, groups=self.channels)
            seen = F.conv2d(windows, kernel, self.around.bias, self.block)
        mean = mean / self.mask.sum()
        mean = mean.permute(0, 2, 3, 1)
        state = seen.permute(0, 2, 3, 1) + F.linear(mean, self.brightness.weight - kernel.sum((2, 3)))
        if self.place is not None:
            angles = places @ self.waves
            state = state + self.place(torch.cat([angles.sin(), angles.cos()], -1))
        state = F.silu(state)
        state = state + F.silu(self.hidden(state))
        expected, log_variance = self.out(state).chunk(2, -1)
        inner = windows[:, :, self.margin : -self.margin, self.margin : -self.margin]
        blocks = inner if is_one else F.unfold(inner, self.block, stride=self.block).transpose(1, 2)
        blocks = blocks.reshape(expected.shape)
        offset = blocks - mean.repeat_interleave(self.block**2, -1)
        return offset - expected, log_variance.clamp(MIN_LOG_VARIANCE, MAX_LOG_VARIANCE)

    def standard(self, images: Float[Tensor, "*shape"]) -> Float[Tensor, "*shape"]:
        """Images in standard deviations of the normal ones' brightness."""
        return (images - self.level) / self.spread

    @torch.inference_mode()
    def misfit(self, image: Float[Tensor, "c h w"]) -> Float[Tensor, "rows columns"]:
        """The mean squared error of each block of an image in the variances expected of it: about 1 where normal."""
        return self._over_blocks(image, lambda error, log_variance: error.square() * (-log_variance).exp())

    @torch.inference_mode()
    def surprise(self, image: Float[Tensor, "c h w"]) -> float:
        """The mean negative logarithm of the likelihood of an image's pixels, without its constant."""
        return float(self._over_blocks(image, likelihood).mean())

    def _over_blocks(self, image: Tensor, figure: Callable[[Tensor, Tensor], Tensor]) -> Tensor:
        """(rows, columns) means over each block of what a figure of error and variance is."""
        height, width = image.shape[1:]
        rows, columns = -(-height // self.block), -(-width // self.block)
        right, below = columns * self.block - width, rows * self.block - height
        padding = (self.margin, self.margin + right, self.margin, self.margin + below)
        whole = F.pad(self.standard(image)[None], padding, mode="replicate")
        places = torch.stack(
            torch.meshgrid(
                torch.arange(rows) * self.block / height, torch.arange(columns) * self.block / width, indexing="ij"
            ),
            -1,
        )[None]
        strips = []
        step = max(1, STRIP // columns)
        for start in range(0, rows, step):
            end = min(rows, start + step)
            window = whole[:, :, start * self.block : end * self.block + 2 * self.margin]
            error, log_variance = self(window, places[:, start:end])
            strips.append(figure(error, log_variance).mean(-1)[0])
        return torch.cat(strips)


def likelihood(error: Float[Tensor, "*shape"], log_variance: Float[Tensor, "*shape"]) -> Float[Tensor, "*shape"]:
    """Negative logarithm of a Gaussian's density, without its constant."""
    return 0.5 * (error.square() * (-log_variance).exp() + log_variance)


@dataclass(frozen=True, eq=False)
class NormalImages:
    """Normal images, prepared once for all networks that learn from shares of them.

    Args:
        images: uint8, or float32 in [0, 1].
        whole: the same with a margin around them, of the pixels at their edges.
        block: side of the blocks, in pixels.
        means, stds: brightness and contrast of each, in [0, 1].
    """

    images: Num[np.ndarray, "n c h w"]
    whole: Num[np.ndarray, "n c rows columns"]
    block: int
    means: Float[np.ndarray, " n"]
    stds: Float[np.ndarray, " n"]

    @classmethod
    def of(cls, images: Num[np.ndarray, "n c h w"], block: int) -> NormalImages:
        """Of images as they are, and blocks of so many pixels a side."""
        margin = block * (CONTEXT // 2)
        whole = np.pad(images, ((0, 0), (0, 0), (margin, margin), (margin, margin)), mode="edge")
        white = _white(images)
        means = np.array([image.mean() / white for image in images], np.float64)
        return cls(images, whole, block, means, np.array([image.std() / white for image in images], np.float64))


def fit_masked_blocks(
    normal: NormalImages,
    chosen: Int[np.ndarray, " k"],
    knows_place: bool,
    seed: int,
    steps: int,
) -> MaskedBlocks:
    """Train on blocks from anywhere in normal images, by the likelihood of their pixels.

    Args:
        normal: the images.
        chosen: numbers of those to learn from.
        knows_place: as for ``MaskedBlocks``.
        seed: of weights and blocks.
        steps: how many batches.
    """
    block = normal.block
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        network = MaskedBlocks(normal.images.shape[1], block, knows_place)
    white, means = _white(normal.images), normal.means[chosen]
    network.level = torch.tensor(float(means.mean()))
    network.spread = torch.tensor(max(float(normal.stds[chosen].mean()), 1e-3))
    height, width = normal.images.shape[2:]
    side = CONTEXT * block
    every_window = np.lib.stride_tricks.sliding_window_view(normal.whole, (side, side), axis=(2, 3))
    # Lamps change: as much as normal images differ in brightness, each block may too.
    gain = min(0.2, float(means.std() / max(means.mean(), 1e-3)))
    random = torch.Generator().manual_seed(seed)
    optimiser = torch.optim.Adam(network.parameters(), RATE, fused=True)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, steps)
    for _ in range(steps):
        which = chosen[torch.randint(len(chosen), (BATCH,), generator=random).numpy()]
        top = torch.randint(max(1, height - block + 1), (BATCH,), generator=random)
        left = torch.randint(max(1, width - block + 1), (BATCH,), generator=random)
        windows = torch.from_numpy(every_window[which, :, top.numpy(), left.numpy()]).float()
        windows = windows * ((1 + gain * torch.randn(BATCH, 1, 1, 1, generator=random)) / white)
        windows = network.standard(windows)
        places = torch.stack([top / height, left / width], -1).view(BATCH, 1, 1, 2)
        error, log_variance = network(windows, places)
        loss = likelihood(error, log_variance).mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
    return network.eval()


def _white(images: np.ndarray) -> float:
    return 255.0 if images.dtype == np.uint8 else 1.0
