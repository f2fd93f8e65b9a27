"""The photo denoiser: a fully convolutional autoencoder for pictures of any size and noise of a level that is told."""

from __future__ import annotations

import itertools
from typing import Literal

import torch
import torch.nn.functional as F
from jaxtyping import Float
from pydantic import Field, field_validator, model_validator
from torch import Tensor, nn

from explorer.core import metrics
from explorer.core.errors import RecipeError
from explorer.models.base import Loss, ModelConfig, Reconstructor
from explorer.models.blocks import NoisePlane, ResidualBlock

GREY_LEVELS = 255
FIGURE_LEVELS = (15, 25, 50)
"""Noise levels, in grey levels of 255, at which the literature reports PSNR."""
DEMONSTRATED = 25


class PhotoConfig(ModelConfig):
    """The photo denoiser in a recipe."""

    family: Literal["photo"] = "photo"
    latent_dim: int = Field(
        128,
        ge=1,
        le=4096,
        title="Code channels",
        description="Feature maps of the code, at the coarsest level: so many numbers for 8x8 pixels of the photo.",
    )
    widths: tuple[int, ...] = Field(
        (64, 128),
        title="Widths",
        description="Feature maps at each level above the code, the finest (half the photo's size) first.",
        min_length=1,
        max_length=5,
    )
    blocks: int = Field(
        2, ge=1, le=16, title="Blocks", description="Residual blocks of two 3x3 convolutions at each level and side."
    )
    sigma_min: float = Field(
        0.0,
        ge=0,
        le=255,
        title="Least noise",
        description="Training draws each crop's noise level between this and the most.",
        json_schema_extra={"unit": "grey levels of 255"},
    )
    sigma_max: float = Field(
        75.0,
        gt=0,
        le=255,
        title="Most noise",
        description="The highest noise level in training.",
        json_schema_extra={"unit": "grey levels of 255"},
    )

    @field_validator("widths")
    @classmethod
    def _possible(cls, widths: tuple[int, ...]) -> tuple[int, ...]:
        if any(not 1 <= width <= 2048 for width in widths):
            raise ValueError(f"each level needs 1 to 2048 feature maps, not {list(widths)}")
        return widths

    @model_validator(mode="after")
    def _ordered(self) -> PhotoConfig:
        if self.sigma_min > self.sigma_max:
            raise ValueError(f"sigma_min {self.sigma_min:g} is above sigma_max {self.sigma_max:g}")
        return self

    def build(self, event_shape: tuple[int, ...]) -> PhotoDenoiser:
        return PhotoDenoiser(event_shape, self)


class PhotoDenoiser(Reconstructor):
    r"""A U-shaped denoising autoencoder without biases that is told the noise level.

    With a photo $x$ in [0, 1], noise $n \sim N(0, I)$ and a level $\sigma$ drawn anew for each crop,

    $$ y = x + \sigma n, \qquad \hat{x} = y + g(f(y, \sigma)), \qquad L = \lVert \hat{x} - x \rVert_1. $$

    A denoising autoencoder (Vincent et al. 2010): it is trained to undo a corruption. The level enters as one more
    plane of the picture, so that one set of weights serves all levels, and the planes are folded from 2x2 pixels into
    channels first, which makes everything four times cheaper (Zhang et al. 2018, FFDNet). The encoder $f$ halves the
    resolution twice more with growing width (residual blocks, strided convolutions); the decoder $g$ mirrors it and
    adds the encoder's maps of the same level to its own (Zhang et al. 2021, DRUNet, whose L1 loss is used too: the
    squared error of a training batch would be that of its few noisiest crops). No layer has a bias, so
    $\hat{x}(a y, a \sigma) = a \hat{x}(y, \sigma)$ for every $a > 0$: levels outside those trained on still work
    (Mohan et al. 2020).

    The code is a stack of maps, narrower than those above it (by default 2 numbers a pixel against 16 at the finest
    level), and the decoder also sees the encoder's maps. So there is no vector that stands for a picture, and nothing
    can be decoded from a code alone.

    Source: Vincent et al. 2010; Zhang, Zuo and Zhang 2018 (FFDNet); Mohan et al. 2020; Zhang et al. 2021 (DRUNet).
    """

    title = "Photo denoiser"
    summary = "A fully convolutional denoising autoencoder: photos of any size, the noise level as an input."
    formula = r"y = x + \sigma n,\qquad L = \lVert y + g(f(y, \sigma)) - x \rVert_1"
    reference = "Vincent et al. 2010; Zhang et al. 2018 (FFDNet); Zhang et al. 2021 (DRUNet)"

    def __init__(self, event_shape: tuple[int, ...], config: PhotoConfig) -> None:
        if len(event_shape) != 3:
            raise RecipeError(
                f"The photo denoiser needs images, but the items have shape {event_shape}.",
                "Choose a dense family for tables.",
            )
        super().__init__(event_shape)
        self.sigma_min, self.sigma_max = config.sigma_min / GREY_LEVELS, config.sigma_max / GREY_LEVELS
        channels, widths = event_shape[0], (*config.widths, config.latent_dim)
        self.multiple = 2 ** len(widths)
        """Sizes that are multiples of this need no padding."""
        self.radius = _radius(len(widths), config.blocks)
        """How far, in pixels, a pixel of the result looks around itself in the picture."""
        self.output = nn.Identity()
        self.noise_plane = NoisePlane()
        self.fold, self.unfold = nn.PixelUnshuffle(2), nn.PixelShuffle(2)
        self.head = _convolution(4 * (channels + 1), widths[0])
        self.downs, self.ups, self.narrowing, self.widening = (nn.ModuleList() for _ in range(4))
        for width, below in itertools.pairwise(widths):
            self.downs.append(_blocks(width, config.blocks))
            self.narrowing.append(nn.Conv2d(width, below, 2, 2, bias=False))
            self.widening.append(nn.ConvTranspose2d(below, width, 2, 2, bias=False))
            self.ups.append(_blocks(width, config.blocks))
        self.code = _blocks(widths[-1], config.blocks)
        self.tail = _convolution(widths[0], 4 * channels)
        # Training starts from the noisy picture itself.
        nn.init.zeros_(self.tail.weight)
        # Convolutions are quicker so, above all in bfloat16 (docs/decisions.md).
        self.to(memory_format=torch.channels_last)  # type: ignore[call-overload]

    # --- denoising --------------------------------------------------------------------------------------------------

    def denoise(self, y: Float[Tensor, "n c h w"], sigma: Float[Tensor, "*level"] | float) -> Float[Tensor, "n c h w"]:
        """The clean pictures that noisy ones most likely come from.

        Args:
            y: noisy pictures of any size, in units where white is 1; not clipped.
            sigma: standard deviation of the noise in the same units: one number, (n,) one a picture, or (n, 1, h, w)
                one a pixel.

        Returns:
            Same shape; not clipped.
        """
        h, w = y.shape[-2:]
        padded = _padded(self.noise_plane(y, sigma), self.multiple)
        x = self.head(self.fold(padded).contiguous(memory_format=torch.channels_last))
        skips = []
        for blocks, narrower in zip(self.downs, self.narrowing, strict=True):
            x = blocks(x)
            skips.append(x)
            x = narrower(x)
        x = self.code(x)
        for blocks, wider in zip(reversed(self.ups), reversed(self.widening), strict=True):
            x = blocks(wider(x).add_(skips.pop()))
        # The sum is in float32, also where the layers work in bfloat16.
        return y + self.unfold(self.tail(x)).float()[..., :h, :w]

    def forward(self, x: Float[Tensor, "n c h w"]) -> Float[Tensor, "n c h w"]:
        """The pictures denoised at the level that each of them seems to have (``metrics.noise_level``)."""
        return self.denoise(x, metrics.noise_level(x))

    def loss(
        self, x: Float[Tensor, "n c h w"], target: Float[Tensor, "n c h w"], generator: torch.Generator | None = None
    ) -> Loss:
        """Mean absolute error a pixel, in grey levels of 255, after adding noise of a random level to each item."""
        span = self.sigma_max - self.sigma_min
        sigma = self.sigma_min + span * torch.rand(len(x), generator=generator, device=x.device)
        x_hat = self.denoise(_with_noise(x, sigma, generator), sigma)
        return Loss({"absolute error": ((x_hat - target).abs().flatten(1).mean(1) * GREY_LEVELS, 1.0)})

    def demonstrate(
        self, x: Float[Tensor, "n c h w"], generator: torch.Generator | None = None
    ) -> tuple[Float[Tensor, "n c h w"], Float[Tensor, "n c h w"]]:
        sigma = torch.full((len(x),), DEMONSTRATED / GREY_LEVELS, device=x.device)
        y = _with_noise(x, sigma, generator)
        return y, self.denoise(y, sigma)

    def item_figures(
        self, x: Float[Tensor, "n c h w"], generator: torch.Generator | None = None
    ) -> dict[tuple[str, str], Tensor]:
        """PSNR of each picture after adding noise of levels 15, 25 and 50 (unclipped) and removing it.

        Returns:
            (name, unit) -> (n,).
        """
        figures: dict[tuple[str, str], Tensor] = {}
        for level in FIGURE_LEVELS:
            sigma = torch.tensor([level / GREY_LEVELS], device=x.device)
            # One by one: a batch of whole photos would need much memory.
            cleaned = [self.denoise(_with_noise(item, sigma, generator), sigma) for item in x.split(1)]
            figures[f"PSNR at noise level {level}", "dB"] = metrics.psnr(x, torch.cat(cleaned))
        return figures

    # --- the rest of the interface ----------------------------------------------------------------------------------

    def adapted(self, weights: dict[str, Tensor]) -> dict[str, Tensor]:
        """Weights of this architecture for another number of channels: the picture's planes are averaged and repeated.

        The new channels together start from what the old ones did on average.
        """
        c = self.event_shape[0]
        head, tail = weights["head.weight"], weights["tail.weight"]
        if head.shape[2:] != (3, 3) or head.shape[1] % 4 or len(tail) % 4:
            return weights
        # Folding puts the four pixels of one plane side by side; the last plane is the noise level's.
        planes = head.unflatten(1, (-1, 4))
        picture = planes[:, :-1].sum(1, keepdim=True).expand(-1, c, -1, -1, -1) / c
        widened = torch.cat([picture, planes[:, -1:]], 1).flatten(1, 2)
        repeated = tail.unflatten(0, (-1, 4)).mean(0, keepdim=True).expand(c, -1, -1, -1, -1).flatten(0, 1)
        return weights | {"head.weight": widened, "tail.weight": repeated}

    def encoder_chain(self) -> list[nn.Module]:
        levels = [m for pair in zip(self.downs, self.narrowing, strict=True) for m in pair]
        return [self.noise_plane, self.fold, self.head, *levels, self.code]

    def decoder_chain(self) -> list[nn.Module]:
        levels = [m for pair in zip(reversed(self.widening), reversed(self.ups), strict=True) for m in pair]
        return [*levels, self.tail, self.unfold]


def _convolution(n_in: int, n_out: int) -> nn.Conv2d:
    return nn.Conv2d(n_in, n_out, 3, padding=1, bias=False)


def _blocks(width: int, count: int) -> nn.Sequential:
    return nn.Sequential(*(ResidualBlock(width) for _ in range(count)))


def _radius(levels: int, blocks: int) -> int:
    """Pixels between a pixel and the farthest one that its result depends on."""
    # Each 3x3 convolution reaches one place further at its level, two of them a block; head and tail at the finest.
    reach = 2 * 2
    for level in range(levels):
        sides = 1 if level == levels - 1 else 2
        reach += 2 ** (level + 1) * 2 * blocks * sides
    # Folding and halving fix a grid: a place at the coarsest level covers so many pixels.
    return reach + 2**levels


def _padded(y: Tensor, multiple: int) -> Tensor:
    """The picture, continued to the right and below by its mirror image up to multiples of a size."""
    h, w = y.shape[-2:]
    below, right = -h % multiple, -w % multiple
    if not below and not right:
        return y
    # A mirror image is smaller than the picture; what is smaller still is continued by its last row and column.
    mode = "reflect" if below < h and right < w else "replicate"
    return F.pad(y, (0, right, 0, below), mode=mode)


def _with_noise(x: Tensor, sigma: Tensor, generator: torch.Generator | None) -> Tensor:
    noise = torch.randn(x.shape, generator=generator, dtype=x.dtype, device=x.device)
    return x + sigma.view(-1, 1, 1, 1) * noise
