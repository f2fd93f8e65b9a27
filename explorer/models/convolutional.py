"""The convolutional autoencoder: strided or pooled on the way in; upsampled, transposed or unpooled on the way out."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

import torch
from jaxtyping import Float
from pydantic import Field, field_validator, model_validator
from torch import Tensor, nn

from explorer.core.applicability import choices, only_where
from explorer.core.errors import RecipeError
from explorer.models.base import CodePenalty, Loss, ModelConfig
from explorer.models.blocks import (
    Activation,
    Downsampling,
    Pool,
    Unpool,
    Upsampling,
    convolutional_decoder,
    convolutional_encoder,
)
from explorer.models.residual import RESIDUAL_BLOCKS
from explorer.models.undercomplete import ACTIVATION, RECONSTRUCTION, PlainAutoencoder, ReconstructionLoss

_MAPS = only_where({"body": ["convolutional"]})
CHANNELS: Any = Field(
    (32, 64),
    title="Channels",
    description="Feature maps after each halving of the image; the decoder mirrors them.",
    min_length=1,
    max_length=8,
    json_schema_extra=_MAPS,
)
DOWNSAMPLING: Any = Field(
    "strided",
    title="Downsampling",
    description="Halve by a convolution of stride 2, or by 2x2 max pooling.",
    json_schema_extra=_MAPS,
)
UPSAMPLING: Any = Field(
    "upsampling",
    title="Upsampling",
    description="Double by nearest upsampling and a convolution, by a transposed convolution, or by unpooling.",
    json_schema_extra={**_MAPS, **choices(for_rows=["upsampling", "transposed"])},
)
WINDOW: Any = Field(
    None,
    ge=2,
    le=4096,
    title="Rows of a window",
    description="Of windows of a series: convolutions run along their rows, with a channel for each column.",
    json_schema_extra=only_where({"items": ["rows"]}),
)
BATCH_NORM: Any = Field(
    False,
    title="Batch normalisation",
    description="Normalise each feature map over the batch.",
    json_schema_extra=_MAPS,
)


def check_channels(channels: tuple[int, ...]) -> tuple[int, ...]:
    """Raise ValueError for a layer that has no feature maps or too many to be meant."""
    if any(not 1 <= count <= 2048 for count in channels):
        raise ValueError(f"each layer needs 1 to 2048 channels, not {list(channels)}")
    return channels


class ConvolutionalConfig(ModelConfig):
    """The convolutional autoencoder in a recipe."""

    takes: ClassVar[frozenset[str]] = frozenset({"penalty"})

    family: Literal["convolutional"] = "convolutional"
    latent_dim: int = Field(
        16, ge=1, le=4096, title="Latent dimensions", description="Size of the code between encoder and decoder."
    )
    channels: tuple[int, ...] = CHANNELS
    downsampling: Downsampling = DOWNSAMPLING
    upsampling: Upsampling = UPSAMPLING
    activation: Activation = ACTIVATION
    batch_norm: bool = BATCH_NORM
    residual_blocks: int = RESIDUAL_BLOCKS
    window: int | None = WINDOW
    reconstruction: ReconstructionLoss = RECONSTRUCTION

    _check_channels = field_validator("channels")(check_channels)

    @model_validator(mode="after")
    def _unpooling_needs_pooling(self) -> ConvolutionalConfig:
        if self.upsampling == "unpooling" and self.downsampling != "pooled":
            raise ValueError("upsampling 'unpooling' needs downsampling 'pooled': there is no pooling to undo")
        if self.upsampling == "unpooling" and self.window is not None:
            raise ValueError("upsampling 'unpooling' is for images: of windows, choose 'upsampling' or 'transposed'")
        return self

    def build(self, event_shape: tuple[int, ...]) -> ConvolutionalAutoencoder:
        return ConvolutionalAutoencoder(event_shape, self)


def _lines(event_shape: tuple[int, ...], window: int) -> tuple[int, int, int]:
    """(C, 1, L) of items that hold all L rows of one column, then all of the next.

    Raises:
        RecipeError: they are no rows of a table, or no whole number of columns.
    """
    if len(event_shape) != 1 or event_shape[0] % window:
        what = f"{event_shape[0]:,} values" if len(event_shape) == 1 else f"shape {event_shape}"
        raise RecipeError(
            f"Items of {what} are no windows of {window:,} rows of some columns.",
            "Leave model.window out for images; of windows, say how many rows they have. Places of a window whose "
            "value never changes are left out of what is learnt: then choose a dense family.",
        )
    return event_shape[0] // window, 1, window


class PairedPool(nn.Module):
    """A pooling that remembers its switches, for the unpooling that undoes it.

    Args:
        level: tells the poolings of a model apart; the outermost is 0.
    """

    switches: Tensor

    def __init__(self, level: int) -> None:
        super().__init__()
        self.level = level

    def forward(self, x: Float[Tensor, "n c h w"]) -> Float[Tensor, "n c h2 w2"]:
        pooled, self.switches = Pool().with_switches(x)
        return pooled


class PairedUnpool(nn.Module):
    """The unpooling that puts each value back where its pooling, run before on the same items, found it.

    Args:
        pool: the pooling that it undoes.
        size: (h, w) of the map before pooling.
    """

    def __init__(self, pool: PairedPool, size: tuple[int, int]) -> None:
        super().__init__()
        self.unpool = Unpool(size)
        self.pool = pool

    def forward(self, x: Float[Tensor, "n c h2 w2"]) -> Float[Tensor, "n c h w"]:
        return self.unpool.with_switches(x, self.pool.switches)


class ConvolutionalAutoencoder(PlainAutoencoder):
    """Convolutions share weights over the image; the code is a linear function of the smallest feature maps.

    With ``unpooling``, ``forward`` uses the pooling switches of its own input (each maximum goes back to where it was),
    so some of the item travels around the code. That is an item's reconstruction, and its error and its loss are those
    of it, for one item as for the mean of many. ``decode`` has no switches and puts each value at the top left of its
    window; it is all that sampling and interpolation see. In training mode alone, half of each batch is decoded without
    switches, so that the weights serve both.

    Of windows of a series the convolutions run along the rows, with a channel for each column (``window``).

    Source: Masci et al. 2011; Zeiler and Fergus 2014 (switches); Dosovitskiy et al. 2015 (fixed unpooling); along a
    line, Waibel et al. 1989.
    """

    title = "Convolutional"
    summary = "Convolutions look at small neighbourhoods and share their weights over the whole image."
    formula = r"L = \lVert x - g(f(x)) \rVert^2,\qquad f, g \text{ convolutional}"
    reference = "Masci et al. 2011; Odena et al. 2016"

    def __init__(self, event_shape: tuple[int, ...], config: ConvolutionalConfig) -> None:
        super().__init__(event_shape, config.latent_dim, config.reconstruction)
        shape = event_shape if config.window is None else _lines(event_shape, config.window)
        body, features = convolutional_encoder(
            shape,
            config.channels,
            config.downsampling,
            config.activation,
            config.batch_norm,
            config.residual_blocks,
        )
        back = convolutional_decoder(
            shape,
            config.channels,
            config.upsampling,
            config.latent_dim,
            config.activation,
            config.batch_norm,
            config.residual_blocks,
        )
        apart, together = ([], []) if shape == event_shape else ([nn.Unflatten(1, shape)], [nn.Flatten()])
        self.encoder = nn.Sequential(*apart, *body, nn.Linear(features, config.latent_dim))
        self.decoder = nn.Sequential(*back, *together)
        self.uses_switches = config.upsampling == "unpooling"

    def forward(self, x: Float[Tensor, "n *event"]) -> Float[Tensor, "n *event"]:
        """``decode(encode(x))``, except with unpooling: there with the pooling switches of ``x``."""
        if not self.uses_switches:
            return self.decode(self.encode(x))
        return self.output(self._decode_with_switches(*self._encode_with_switches(x)))

    def loss(
        self, x: Float[Tensor, "n *event"], target: Float[Tensor, "n *event"], generator: torch.Generator | None = None
    ) -> Loss:
        if not self.uses_switches:
            return super().loss(x, target, generator)
        z, switches = self._encode_with_switches(x)
        if not self.training:
            return self.distance(self._decode_with_switches(z, switches), target)
        half = (len(x) + 1) // 2
        with_switches = self._decode_with_switches(z[:half], [s[:half] for s in switches])
        return self.distance(torch.cat([with_switches, self.decoder(z[half:])]), target)

    def penalise(self, penalty: CodePenalty) -> None:
        if self.uses_switches:
            self.refuse_penalty("with unpooling, a part of the item travels around the code")
        super().penalise(penalty)

    def forward_chain(self) -> list[nn.Module]:
        """As every family's; with unpooling, poolings and unpoolings come in pairs that share their switches."""
        if not self.uses_switches:
            return super().forward_chain()
        pools: list[PairedPool] = []
        chain: list[nn.Module] = [self.input]
        for module in (*self.encoder, *self.decoder, self.output):
            if isinstance(module, Pool):
                pools.append(PairedPool(len(pools)))
                chain.append(pools[-1])
            else:
                chain.append(PairedUnpool(pools.pop(), module.size) if isinstance(module, Unpool) else module)
        return chain

    def _encode_with_switches(self, x: Tensor) -> tuple[Tensor, list[Tensor]]:
        switches = []
        for module in self.encoder:
            if isinstance(module, Pool):
                x, positions = module.with_switches(x)
                switches.append(positions)
            else:
                x = module(x)
        return x, switches

    def _decode_with_switches(self, z: Tensor, switches: list[Tensor]) -> Tensor:
        remaining = list(switches)
        for module in self.decoder:
            z = module.with_switches(z, remaining.pop()) if isinstance(module, Unpool) else module(z)
        return z
