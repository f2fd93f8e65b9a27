"""The undercomplete autoencoder: a code smaller than the data, dense layers on both sides."""

from __future__ import annotations

import math
from typing import Any, ClassVar, Literal

import torch
import torch.nn.functional as F
from jaxtyping import Float
from pydantic import Field, field_validator, model_validator
from torch import Tensor, nn

from explorer.core.applicability import SOME, choices, only_where
from explorer.core.errors import RecipeError
from explorer.models.base import Autoencoder, CodePenalty, Loss, ModelConfig
from explorer.models.blocks import Activation, DenseOptions, Unstandardise, dense_decoder, dense_layers
from explorer.models.residual import RESIDUAL_BLOCKS

ReconstructionLoss = Literal["squared_error", "cross_entropy"]

HIDDEN: Any = Field(
    (512, 256),
    title="Hidden layers",
    description="Units of each hidden layer of the encoder; the decoder mirrors them.",
    max_length=32,
)
_HIDDEN_LAYERS = {"linear": [False], "hidden": SOME, "body": ["dense"]}
ACTIVATION: Any = Field(
    "relu",
    title="Activation",
    description="Non-linearity after each hidden layer.",
    json_schema_extra=only_where(_HIDDEN_LAYERS, {"body": ["convolutional"]}),
)
LAYER_NORM: Any = Field(
    False,
    title="Layer normalisation",
    description="Bring each hidden dense layer to mean 0 and variance 1 before its activation.",
    json_schema_extra=only_where(_HIDDEN_LAYERS),
)
DROPOUT: Any = Field(
    0.0,
    ge=0,
    le=0.95,
    title="Dropout",
    description="Share of hidden dense units that are 0 in a step of the training.",
    json_schema_extra=only_where(_HIDDEN_LAYERS),
)
RECONSTRUCTION: Any = Field(
    "squared_error",
    title="Reconstruction loss",
    description="Squared error, or the cross-entropy of pixels read as probabilities (images only).",
    json_schema_extra=choices(for_rows=["squared_error"]),
)


def check_hidden(hidden: tuple[int, ...]) -> tuple[int, ...]:
    """Raise ValueError for a layer that has no units or too many to be meant."""
    if any(not 1 <= units <= 16384 for units in hidden):
        raise ValueError(f"each hidden layer needs 1 to 16384 units, not {list(hidden)}")
    return hidden


class UndercompleteConfig(ModelConfig):
    """The undercomplete autoencoder in a recipe."""

    takes: ClassVar[frozenset[str]] = frozenset({"penalty"})

    family: Literal["undercomplete"] = "undercomplete"
    hidden: tuple[int, ...] = HIDDEN
    activation: Activation = ACTIVATION
    layer_norm: bool = LAYER_NORM
    dropout: float = DROPOUT
    residual_blocks: int = RESIDUAL_BLOCKS
    linear: bool = Field(
        False,
        title="Linear",
        description="No non-linearity anywhere: the code then spans what PCA's does.",
        json_schema_extra=only_where({"hidden": SOME}, {"items": ["images"]}),
    )
    reconstruction: ReconstructionLoss = RECONSTRUCTION

    _check_hidden = field_validator("hidden")(check_hidden)

    @model_validator(mode="after")
    def _linear_has_neither(self) -> UndercompleteConfig:
        if self.linear and (self.layer_norm or self.dropout or self.residual_blocks):
            raise ValueError("a linear model has no layer normalisation, no dropout and no residual blocks")
        return self

    def build(self, event_shape: tuple[int, ...]) -> UndercompleteAutoencoder:
        return UndercompleteAutoencoder(event_shape, self)


class PlainAutoencoder(Autoencoder):
    """Encoder, decoder, and the distance of the reconstruction from the target: what all but the VAE share.

    Images leave through a sigmoid, table rows through the inverse of their standardisation. In ``loss``, a recipe's
    penalty may hide a part of the code from the decoder and add terms; ``encode`` and ``forward`` do without.
    """

    penalty: CodePenalty | None = None

    def __init__(self, event_shape: tuple[int, ...], latent_dim: int, reconstruction: ReconstructionLoss) -> None:
        super().__init__(event_shape, latent_dim)
        if self.is_table and reconstruction == "cross_entropy":
            raise RecipeError(
                "Cross-entropy needs values in [0, 1], and table columns have units of their own.",
                "Set model.reconstruction to squared_error.",
            )
        self.reconstruction = reconstruction
        self.output = Unstandardise(event_shape[0]) if self.is_table else nn.Sigmoid()

    def encode(self, x: Float[Tensor, "n *event"]) -> Float[Tensor, "n latent_dim"]:
        return self.encoder(self.input(x))

    def loss(
        self, x: Float[Tensor, "n *event"], target: Float[Tensor, "n *event"], generator: torch.Generator | None = None
    ) -> Loss:
        if self.penalty is None:
            return self.distance(self.decoder(self.encode(x)), target)
        z, terms = self.penalty(self.encode, x, generator)
        return Loss(self.distance(self.decoder(z), target).each | terms)

    def penalise(self, penalty: CodePenalty) -> None:
        self.penalty = penalty

    def distance(self, logits: Float[Tensor, "n *event"], target: Float[Tensor, "n *event"]) -> Loss:
        """Loss of a decoder's values before ``output``, of each item: summed over the event."""
        if self.reconstruction == "cross_entropy":
            each = F.binary_cross_entropy_with_logits(logits, target, reduction="none")
            return Loss({"cross-entropy": (each.flatten(1).sum(1), 1.0)})
        x_hat, wanted = (logits, self.input(target)) if self.is_table else (self.output(logits), target)
        return Loss({"squared error": (F.mse_loss(x_hat, wanted, reduction="none").flatten(1).sum(1), 1.0)})


class UndercompleteAutoencoder(PlainAutoencoder):
    """Dense layers to a code smaller than the data and back: it must keep what matters to rebuild the item.

    Source: Rumelhart, Hinton and Williams 1986; Goodfellow, Bengio and Courville 2016, section 14.1.
    """

    title = "Undercomplete"
    summary = "Dense layers squeeze each item through a code smaller than itself, and rebuild it from that code."
    formula = r"L = \lVert x - g(f(x)) \rVert^2"
    reference = "Goodfellow, Bengio and Courville 2016, section 14.1"

    def __init__(self, event_shape: tuple[int, ...], config: UndercompleteConfig) -> None:
        super().__init__(event_shape, config.latent_dim, config.reconstruction)
        flatten = [] if self.is_table else [nn.Flatten()]
        sizes = [math.prod(event_shape), *config.hidden, config.latent_dim]
        options = DenseOptions(config.activation, config.layer_norm, config.dropout, config.residual_blocks)
        encoder = dense_layers(sizes, options, last=False)
        decoder = dense_decoder(event_shape, config.hidden, config.latent_dim, options)
        if config.linear:
            encoder, decoder = _linear_only(encoder), _linear_only(decoder)
            self.output = Unstandardise(event_shape[0]) if self.is_table else nn.Identity()
        self.encoder = nn.Sequential(*flatten, *encoder)
        self.decoder = nn.Sequential(*decoder)


def _linear_only(modules: list[nn.Module]) -> list[nn.Module]:
    return [m for m in modules if isinstance(m, (nn.Linear, nn.Unflatten))]
