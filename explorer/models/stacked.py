"""The stacked (deep) autoencoder: any depth, trained at once or greedily layer by layer and then fine-tuned."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from typing import ClassVar, Literal

import torch
from jaxtyping import Float
from pydantic import Field, field_validator, model_validator
from torch import Tensor, nn

from explorer.models.base import Loss, ModelConfig, Stage
from explorer.models.blocks import Activation, DenseOptions, TiedLinear
from explorer.models.residual import RESIDUAL_BLOCKS
from explorer.models.undercomplete import (
    ACTIVATION,
    RECONSTRUCTION,
    PlainAutoencoder,
    ReconstructionLoss,
    check_hidden,
)


class StackedConfig(ModelConfig):
    """The stacked autoencoder in a recipe."""

    takes: ClassVar[frozenset[str]] = frozenset({"penalty"})

    family: Literal["stacked"] = "stacked"
    latent_dim: int = Field(
        30, ge=1, le=4096, title="Latent dimensions", description="Size of the code between encoder and decoder."
    )
    hidden: tuple[int, ...] = Field(
        (1000, 500, 250),
        title="Hidden layers",
        description="Units of each hidden layer of the encoder, outermost first; the decoder mirrors them.",
        min_length=1,
        max_length=32,
    )
    activation: Activation = ACTIVATION
    tied: bool = Field(
        False,
        title="Tied weights",
        description="The decoder uses the encoder's weights transposed: W_d = W_e^T; residual blocks are left out.",
    )
    pretrain_epochs: int = Field(
        0,
        ge=0,
        le=1000,
        title="Pretraining epochs",
        description="Epochs for each layer, trained greedily one by one before fine-tuning; 0: end to end only.",
        json_schema_extra={"unit": "epochs a layer"},
    )
    residual_blocks: int = RESIDUAL_BLOCKS
    reconstruction: ReconstructionLoss = RECONSTRUCTION

    _check_hidden = field_validator("hidden")(check_hidden)

    @model_validator(mode="after")
    def _tied_weights_have_no_blocks(self) -> StackedConfig:
        if self.tied and self.residual_blocks:
            raise ValueError("tied weights take no residual_blocks: the decoder would have blocks of its own, untied")
        return self

    def build(self, event_shape: tuple[int, ...]) -> StackedAutoencoder:
        return StackedAutoencoder(event_shape, self)


class StackedAutoencoder(PlainAutoencoder):
    """Several autoencoders, one inside the other: each layer encodes the code of the one before.

    Greedy training fits layer k alone to rebuild the codes of layers 1 to k-1 (corrupted, where the recipe corrupts,
    which makes it a stacked denoising autoencoder), then fine-tunes all layers on the data.

    Source: Hinton and Salakhutdinov 2006; Bengio et al. 2007; Vincent et al. 2010, section 3.5.
    """

    title = "Stacked"
    summary = "A deep stack of layers, each encoding the code of the one before, trained at once or layer by layer."
    formula = r"h_k = s(W_e^{(k)} h_{k-1} + b_k),\qquad L = \lVert x - \hat x \rVert^2"
    reference = "Hinton and Salakhutdinov 2006; Vincent et al. 2010"

    def __init__(self, event_shape: tuple[int, ...], config: StackedConfig) -> None:
        super().__init__(event_shape, config.latent_dim, config.reconstruction)
        self.pretrain_epochs = config.pretrain_epochs
        sizes = [math.prod(event_shape), *config.hidden, config.latent_dim]
        ups = [nn.Linear(a, b) for a, b in itertools.pairwise(sizes)]
        downs: list[nn.Module] = [
            TiedLinear(up) if config.tied else nn.Linear(up.out_features, up.in_features) for up in ups
        ]
        after = DenseOptions(config.activation, residual_blocks=config.residual_blocks).after
        # layer k: encoder pieces taking h_{k-1} to h_k, decoder pieces taking it back (before the output function)
        self._encoders = [[up] if k == len(ups) - 1 else [up, *after(up.out_features)] for k, up in enumerate(ups)]
        self._decoders = [[down] if k == 0 else [down, *after(sizes[k])] for k, down in enumerate(downs)]
        image = not self.is_table
        self.encoder = nn.Sequential(*([nn.Flatten()] if image else []), *(m for part in self._encoders for m in part))
        self.decoder = nn.Sequential(
            *(m for part in reversed(self._decoders) for m in part),
            *([nn.Unflatten(1, event_shape)] if image else []),
        )

    def forward_through(self, x: Float[Tensor, "n *event"], depth: int) -> Float[Tensor, "n *event"]:
        """The reconstruction by the outer ``depth`` layers alone: what layer-wise pretraining has built so far.

        Args:
            depth: from 1 to the number of layers, where it is ``forward``.
        """
        h = self.input(x).flatten(1)
        for part in (*self._encoders[:depth], *reversed(self._decoders[:depth])):
            for module in part:
                h = module(h)
        return self.output(h.reshape(x.shape))

    def stages(self) -> list[Stage]:
        """One stage for each layer where pretraining is asked for, then all of it."""
        greedy = [self._layer_stage(k) for k in range(len(self._encoders))] if self.pretrain_epochs else []
        return [*greedy, *super().stages()]

    def _layer_stage(self, k: int) -> Stage:
        encoder, decoder = nn.Sequential(*self._encoders[k]), nn.Sequential(*self._decoders[k])
        below = [m for part in self._encoders[:k] for m in part]
        return Stage(
            f"layer {k + 1} of {len(self._encoders)}",
            nn.ModuleList([encoder, decoder]),
            self._codes_below(below),
            lambda h_noisy, h, generator: self._layer_loss(k, decoder(encoder(self._flat_input(k, h_noisy))), h),
            self.pretrain_epochs,
        )

    def _codes_below(self, below: list[nn.Module]) -> Callable[[Tensor], Tensor]:
        @torch.no_grad()
        def inputs(x: Float[Tensor, "n *event"]) -> Tensor:
            if not below:
                return x
            h = self.input(x).flatten(1)
            for module in below:
                h = module(h)
            return h

        return inputs

    def _flat_input(self, k: int, h: Tensor) -> Tensor:
        """The first layer sees items (standardised, flattened), the others see codes as they are."""
        return self.input(h).flatten(1) if k == 0 else h

    def _layer_loss(self, k: int, h_hat: Tensor, h: Tensor) -> Loss:
        if k == 0:
            return self.distance(h_hat.reshape(h.shape), h)
        return Loss({"squared error": ((h_hat - h).square().flatten(1).sum(1), 1.0)})
