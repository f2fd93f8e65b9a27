"""The vector-quantised autoencoder (VQ-VAE): a code of whole numbers, a prior over them, both in one model."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Literal

import torch
from jaxtyping import Float, Int
from pydantic import Field, field_validator, model_validator
from torch import Tensor, nn

from explorer.core.applicability import SOME, choices, only_where
from explorer.models.base import CodePenalty, Loss, ModelConfig, Stage
from explorer.models.blocks import (
    ACTIVATIONS,
    Activation,
    DenseOptions,
    Downsampling,
    Upsampling,
    dense_decoder,
    dense_layers,
    doubling_layers,
    halving_layers,
    image_sizes,
)
from explorer.models.codebook import Codebook, perplexity
from explorer.models.convolutional import BATCH_NORM, CHANNELS, DOWNSAMPLING, UPSAMPLING, check_channels
from explorer.models.grid_prior import GridPrior
from explorer.models.residual import RESIDUAL_BLOCKS
from explorer.models.undercomplete import (
    ACTIVATION,
    RECONSTRUCTION,
    PlainAutoencoder,
    ReconstructionLoss,
    check_hidden,
)

PRIOR_STAGE = "prior"
_DENSE = only_where({"body": ["dense"]})


class QuantisedConfig(ModelConfig):
    """The vector-quantised autoencoder in a recipe."""

    family: Literal["quantised"] = "quantised"
    latent_dim: int = Field(
        16, ge=1, le=1024, title="Numbers of an entry", description="Size of each vector of the codebook."
    )
    entries: int = Field(
        64, ge=2, le=8192, title="Entries", description="Vectors in the codebook: each place of a code is one of them."
    )
    body: Literal["dense", "convolutional"] = Field(
        "convolutional",
        title="Body",
        description="Convolutions (images): a code has a place for each patch. Dense layers (images, tables): as many "
        "places as are asked for.",
        json_schema_extra=choices(for_rows=["dense"]),
    )
    places: int = Field(
        8,
        ge=1,
        le=1024,
        title="Places",
        description="Of a dense body: how many entries the code of an item has.",
        json_schema_extra=_DENSE,
    )
    hidden: tuple[int, ...] = Field(
        (512, 256),
        title="Hidden layers",
        description="Of a dense body: units of each hidden layer of the encoder; the decoder mirrors them.",
        max_length=32,
        json_schema_extra=_DENSE,
    )
    channels: tuple[int, ...] = CHANNELS
    downsampling: Downsampling = DOWNSAMPLING
    upsampling: Upsampling = UPSAMPLING
    activation: Activation = ACTIVATION
    batch_norm: bool = BATCH_NORM
    residual_blocks: int = RESIDUAL_BLOCKS
    reconstruction: ReconstructionLoss = RECONSTRUCTION
    commitment: float = Field(
        0.25, ge=0, le=1000, title="Commitment", description="Weight of the distance from the encoder to its entries."
    )
    codebook_decay: float = Field(
        0.99,
        ge=0,
        lt=1,
        title="Codebook's decay",
        description="Of the moving averages that entries are: nearer to 1, they move more slowly.",
    )
    revive_below: float = Field(
        0.05,
        ge=0,
        lt=1,
        title="Revive below",
        description="An entry that is used less than this share of an even use is put at an encoding drawn at random; "
        "0: never.",
    )
    prior_epochs: int = Field(
        20,
        ge=0,
        le=100_000,
        title="Prior's epochs",
        description="Of the prior over codes, which draws new ones, once the autoencoder is trained; 0: none.",
        json_schema_extra={"unit": "epochs"},
    )
    prior_units: int = Field(
        128,
        ge=1,
        le=4096,
        title="Prior's units",
        description="Of the recurrent layer that reads a code place by place.",
        json_schema_extra=only_where({"prior_epochs": SOME}),
    )

    _check_hidden = field_validator("hidden")(check_hidden)
    _check_channels = field_validator("channels")(check_channels)

    @model_validator(mode="after")
    def _unpooling_needs_pooling(self) -> QuantisedConfig:
        if self.body == "convolutional" and self.upsampling == "unpooling" and self.downsampling != "pooled":
            raise ValueError("upsampling 'unpooling' needs downsampling 'pooled': there is no pooling to undo")
        return self

    def grid(self, event_shape: tuple[int, ...]) -> tuple[int, int]:
        """(h, w) places of a code; of a dense body one row.

        Raises:
            RecipeError: the events are too small for the channels, or not images.
        """
        if self.body == "dense":
            return 1, self.places
        return image_sizes(event_shape, len(self.channels))[-1]

    def code_size(self, event_shape: tuple[int, ...]) -> int:
        return math.prod(self.grid(event_shape)) * self.latent_dim

    def build(self, event_shape: tuple[int, ...]) -> QuantisedAutoencoder:
        return QuantisedAutoencoder(event_shape, self)


class QuantisedAutoencoder(PlainAutoencoder):
    r"""Each place of the encoder's grid is replaced by the nearest of K entries before it is decoded.

    $$ L = \lVert x - g(e) \rVert^2 + \beta \lVert f(x) - \mathrm{sg}[e] \rVert^2, \qquad
       e_{ij} = \arg\min_{e_k} \lVert f(x)_{ij} - e_k \rVert, $$

    where sg stops the gradient. The decoder's gradient goes on to the encoder as if nothing had been replaced, and the
    entries follow the encoder by moving averages (``Codebook``). A code is h w numbers from 1 to K; as a vector it is
    the entries of its places side by side, channel by channel: ``latent_dim`` is that vector's size, the recipe's
    ``latent_dim`` that of an entry. ``decode`` takes any vector; one that is not made of entries it was never trained
    on.

    Then, as a second step of the training with epochs of its own, the prior p(k) of a code is fitted to the trained
    model's codes of the training items, on their negative log likelihood (``GridPrior``); the model stays as it is.

    Source: van den Oord, Vinyals and Kavukcuoglu 2017.
    """

    title = "Vector-quantised"
    summary = (
        "Each place of the code is one of a few learnt vectors, so that an item becomes a small grid of whole numbers."
    )
    formula = (
        r"L = \lVert x - g(e) \rVert^2 + \beta \lVert f(x) - \mathrm{sg}[e] \rVert^2,\qquad e = \text{nearest entries}"
    )
    reference = "van den Oord, Vinyals and Kavukcuoglu 2017"
    prior_described = "the prior over its grid of entries, fitted to the training codes"

    def __init__(self, event_shape: tuple[int, ...], config: QuantisedConfig) -> None:
        self.grid = config.grid(event_shape)
        super().__init__(event_shape, config.code_size(event_shape), config.reconstruction)
        self.commitment, self.prior_epochs = config.commitment, config.prior_epochs
        codebook = Codebook(config.entries, config.latent_dim, config.codebook_decay, config.revive_below)
        map_shape = (config.latent_dim, *self.grid)
        body, back = self._dense(config) if config.body == "dense" else self._convolutional(config)
        self.encoder = nn.Sequential(*body, codebook, nn.Flatten())
        self.decoder = nn.Sequential(*([] if config.body == "dense" else [nn.Unflatten(1, map_shape)]), *back)
        self.grid_prior = GridPrior(config.entries, self.grid, config.prior_units) if config.prior_epochs else None

    def _dense(self, config: QuantisedConfig) -> tuple[list[nn.Module], list[nn.Module]]:
        flatten = [] if self.is_table else [nn.Flatten()]
        sizes = [math.prod(self.event_shape), *config.hidden, self.latent_dim]
        to_map = nn.Unflatten(1, (config.latent_dim, *self.grid))
        options = DenseOptions(config.activation, residual_blocks=config.residual_blocks)
        body = [*flatten, *dense_layers(sizes, options, last=False), to_map]
        return body, dense_decoder(self.event_shape, config.hidden, self.latent_dim, options)

    def _convolutional(self, config: QuantisedConfig) -> tuple[list[nn.Module], list[nn.Module]]:
        halving = halving_layers(
            self.event_shape,
            config.channels,
            config.downsampling,
            config.activation,
            config.batch_norm,
            config.residual_blocks,
        )
        doubling = doubling_layers(
            self.event_shape,
            config.channels,
            config.upsampling,
            config.activation,
            config.batch_norm,
            config.residual_blocks,
        )
        widest = config.channels[-1]
        first = [nn.Conv2d(config.latent_dim, widest, 3, padding=1), ACTIVATIONS[config.activation]()]
        return [*halving, nn.Conv2d(widest, config.latent_dim, 1)], [*first, *doubling]

    @property
    def codebook(self) -> Codebook:
        """The entries."""
        codebook = self.encoder[-2]
        assert isinstance(codebook, Codebook)  # noqa: S101 - as built
        return codebook

    @property
    def has_prior(self) -> bool:
        return self.grid_prior is not None and self.grid_prior.is_trained

    @property
    def code_bits(self) -> float:
        """Bits that tell a code from all others: the places times the logarithm of the number of entries."""
        return math.prod(self.grid) * math.log2(len(self.codebook.entries))

    # --- codes ------------------------------------------------------------------------------------------------------

    def encodings(self, x: Float[Tensor, "n *event"]) -> Float[Tensor, "n d h w"]:
        """What the encoder gives at each place, before it is replaced by an entry."""
        h = self.input(x)
        for layer in list(self.encoder)[:-2]:
            h = layer(h)
        return h

    def indices(self, x: Float[Tensor, "n *event"]) -> Int[Tensor, "n h w"]:
        """The code of each item as numbers of entries, from 0."""
        return self.codebook.indices(self.encodings(x))

    def vectors_of(self, indices: Int[Tensor, "n h w"]) -> Float[Tensor, "n latent_dim"]:
        """Codes as ``encode`` gives them, of numbers of entries."""
        return self.codebook.maps(indices).flatten(1)

    def indices_of(self, z: Float[Tensor, "n latent_dim"]) -> Int[Tensor, "n h w"]:
        """The number of the entry nearest to each place of a code."""
        return self.codebook.indices(z.view(-1, self.codebook.size, *self.grid))

    def prior(
        self, n: int, generator: torch.Generator | None = None, temperature: float = 1.0
    ) -> Float[Tensor, "n latent_dim"]:
        """(n, latent_dim) codes drawn place by place, each place's logits divided by ``temperature``."""
        assert self.grid_prior is not None  # noqa: S101 - ``has_prior`` is asked first
        return self.vectors_of(self.grid_prior.sample(n, generator, temperature))

    # --- training ---------------------------------------------------------------------------------------------------

    def loss(
        self, x: Float[Tensor, "n *event"], target: Float[Tensor, "n *event"], generator: torch.Generator | None = None
    ) -> Loss:
        """Distance of the reconstruction and of the encodings from their entries, per item; the perplexity as a figure.

        In training mode the codebook takes in the batch, after the loss is measured.
        """
        encodings = self.encodings(x).float()
        codebook = self.codebook
        indices = codebook.indices(encodings.detach())
        nearest = codebook.maps(indices)
        reconstruction = self.distance(self.decoder(codebook.straight_through(encodings, nearest).flatten(1)), target)
        commitment = (encodings - nearest).square().flatten(1).sum(1)
        use = perplexity(codebook.use(indices))
        if self.training:
            codebook.learn(encodings.detach(), indices, generator)
        return Loss(reconstruction.each | {"commitment": (commitment, self.commitment), "perplexity": (use, 0.0)})

    def prior_loss(
        self, x: Float[Tensor, "n *event"], target: Float[Tensor, "n *event"], generator: torch.Generator | None = None
    ) -> Loss:
        """Negative log likelihood of the code of each ``target`` under the prior, in nats; ``x`` is not looked at."""
        assert self.grid_prior is not None  # noqa: S101 - the stage is there with it
        self.encoder.eval()  # it is not trained any more, and no statistics of its may move
        with torch.no_grad():
            indices = self.indices(target)
        if self.training:
            self.grid_prior.steps += 1
        return Loss({"code": (-self.grid_prior.log_probability(indices), 1.0)})

    def stages(self) -> list[Stage]:
        """The autoencoder, and then the prior over its codes."""
        own = Stage("end to end", nn.ModuleList([self.encoder, self.decoder]), lambda x: x, self.loss)
        if self.grid_prior is None:
            return [own]
        fitted = Stage(PRIOR_STAGE, self.grid_prior, lambda x: x, self.prior_loss, self.prior_epochs, is_after=True)
        return [own, fitted]

    def penalise(self, penalty: CodePenalty) -> None:
        self.refuse_penalty("its code is made of entries, and the commitment is what shapes it")

    # --- figures ----------------------------------------------------------------------------------------------------

    def item_figures(
        self, x: Float[Tensor, "n *event"], generator: torch.Generator | None = None
    ) -> dict[tuple[str, str], Tensor]:
        """The figures of every family, the distance to the entries, and, with a prior, the code's length under it."""
        encodings = self.encodings(x)
        indices = self.codebook.indices(encodings)
        apart = (encodings - self.codebook.maps(indices)).flatten(1).square().sum(1)
        own = {("quantisation error", "squared distance per item"): apart}
        if self.has_prior and self.grid_prior is not None:
            own["code under the prior", "nats"] = -self.grid_prior.log_probability(indices)
        return super().item_figures(x, generator) | own

    def split_figures(self, parts: Iterable[Float[Tensor, "_ *event"]]) -> dict[tuple[str, str], float]:
        """The perplexity of the codebook over all items, and how many of its entries they use."""
        counts = torch.zeros(len(self.codebook.entries), dtype=torch.float64)
        for x in parts:
            counts += torch.bincount(self.indices(x).flatten(), minlength=len(counts)).cpu()
        return {
            ("codebook perplexity", f"of {len(counts)} entries"): float(perplexity(counts / counts.sum())),
            ("entries in use", f"of {len(counts)}"): float((counts > 0).sum()),
        }
