"""The variational autoencoder: a posterior for each item, a prior for all, and the evidence lower bound."""

from __future__ import annotations

import copy
import math
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from typing import Any, Literal, Self

import torch
from jaxtyping import Float, Int
from pydantic import Field, field_validator, model_validator
from torch import Tensor, nn

from explorer.core import likelihood
from explorer.core.applicability import SOME, choices, only_where
from explorer.core.counts import COUNT, NUMBER
from explorer.core.errors import RecipeError
from explorer.likelihoods import LOG_SIGMA_RANGE, ColumnLikelihood, Likelihood
from explorer.likelihoods import REGISTRY as LIKELIHOODS
from explorer.models.base import Autoencoder, CodePenalty, Loss
from explorer.models.blocks import (
    ACTIVATIONS,
    Activation,
    DenseOptions,
    Downsampling,
    Standardise,
    Unstandardise,
    Upsampling,
    convolutional_decoder,
    convolutional_encoder,
    dense_decoder,
    dense_layers,
)
from explorer.models.branches import Branches
from explorer.models.columns import ColumnUnits
from explorer.models.convolutional import BATCH_NORM, CHANNELS, DOWNSAMPLING, UPSAMPLING, check_channels
from explorer.models.label_conditions import (
    LabelledLayer,
    condition_first,
    labelled_layers,
    told,
    without_labels,
)
from explorer.models.levels import LevelMean, with_levels
from explorer.models.residual import RESIDUAL_BLOCKS
from explorer.models.undercomplete import ACTIVATION, DROPOUT, HIDDEN, LAYER_NORM, check_hidden
from explorer.models.variational_settings import VariationalSettings
from explorer.objectives import Objective
from explorer.priors import REGISTRY as PRIORS
from explorer.priors import CodeDistribution, Prior

__all__ = ["LOG_SIGMA_RANGE", "VariationalAutoencoder", "VariationalConfig", "VariationalSettings"]

DISPERSION_AT_START = 0.1
"""Share of the training rows' own dispersion that counts start with: from all of it the code is left nothing to say."""


_LABELLED: dict[str, list[Any]] = {
    "has_labels": [True],
    "prior": [name for name, one in PRIORS.items() if not one.runs_encoder],
}


class VariationalConfig(VariationalSettings):
    """The variational autoencoder in a recipe."""

    family: Literal["variational"] = "variational"
    body: Literal["dense", "convolutional"] = Field(
        "dense",
        title="Body",
        description="Dense layers (images and tables) or convolutions (images).",
        json_schema_extra=choices(for_rows=["dense"]),
    )
    hidden: tuple[int, ...] = HIDDEN
    channels: tuple[int, ...] = CHANNELS
    downsampling: Downsampling = DOWNSAMPLING
    upsampling: Upsampling = UPSAMPLING
    activation: Activation = ACTIVATION
    layer_norm: bool = LAYER_NORM
    dropout: float = DROPOUT
    batch_norm: bool = BATCH_NORM
    residual_blocks: int = RESIDUAL_BLOCKS
    conditional: bool = Field(
        False,
        title="Conditional on the label",
        description="Encoder and decoder are told each item's label; new items are made of a label that you choose.",
        json_schema_extra=only_where({**_LABELLED, "body": ["convolutional"]}, {**_LABELLED, "hidden": SOME}),
    )

    _check_hidden = field_validator("hidden")(check_hidden)
    _check_channels = field_validator("channels")(check_channels)

    @model_validator(mode="after")
    def _unpooling_needs_pooling(self) -> VariationalConfig:
        if self.body == "convolutional" and self.upsampling == "unpooling" and self.downsampling != "pooled":
            raise ValueError("upsampling 'unpooling' needs downsampling 'pooled': there is no pooling to undo")
        return self

    @model_validator(mode="after")
    def _dense_bodies_have_both(self) -> VariationalConfig:
        if self.body == "convolutional" and (self.layer_norm or self.dropout):
            raise ValueError("layer normalisation and dropout are for dense bodies; convolutions have batch_norm")
        return self

    @property
    def is_conditional(self) -> bool:
        return self.conditional

    def build(self, event_shape: tuple[int, ...]) -> VariationalAutoencoder:
        return VariationalAutoencoder(event_shape, self)


class VariationalAutoencoder(Autoencoder):
    """q(z|x) = N(mu(x), diag exp logvar(x)), p(z) of ``priors``, p(x|z) of ``likelihoods`` around ``decode(z)``.

    ``encode`` is the posterior's mean, so ``forward`` is deterministic; only ``loss``, ``elbo``,
    ``log_importance_weights`` and ``sample_posterior`` draw: codes, and items where the likelihood says so. A recipe's
    objective takes the place of the ELBO in ``loss`` alone. Unpooling, where chosen, places values at fixed positions:
    a code is all there is.

    Once ``condition`` has been called it is q(z|x, y) and p(x|z, y) for an item's label y, which ``told`` says, with
    the same p(z) for all labels: a code then need not tell what the label does. ``given`` one label it is an ordinary
    model.

    Source: Kingma and Welling 2014; conditional: Sohn, Lee and Yan 2015, equation 4, with the prior of Kingma et al.
    2014, section 2, on which y has no part; beta: Higgins et al. 2017; warm-up: Bowman et al. 2016, Sonderby et al.
    2016; the learned sigma: Rybkin et al. 2021.
    """

    title = "Variational"
    summary = (
        "Each item becomes a small cloud of codes, all of them kept near one prior, so that any code can be decoded."
    )
    formula = r"L = -\mathbb{E}_{q(z|x)}[\log p(x|z)] + \beta\, \mathrm{KL}(q(z|x) \,\|\, p(z))"
    reference = "Kingma and Welling 2014"
    prior_described = "the prior"

    kl_weight: Tensor
    level: Tensor
    objective: Objective | None = None

    mu: nn.Module
    logvar: nn.Module
    label_counts: Tensor
    """(n_labels,) training items of each label, of a conditional model: it knows nothing of one that has none."""

    def __init__(self, event_shape: tuple[int, ...], config: VariationalSettings) -> None:
        super().__init__(event_shape, config.latent_dim)
        self.likelihood: str = config.likelihood
        if self.is_table and not self.observation.of_tables:
            raise RecipeError(
                f"A {self.observation.title} likelihood needs values in [0, 1],"
                " and table columns have units of their own.",
                "Set model.likelihood to gaussian, or to by_column where some are counts or categories.",
            )
        if not self.is_table and not self.observation.of_images:
            raise RecipeError(
                f"A likelihood {self.observation.title!r} is for the columns of a table, and the items are images.",
                "Set model.likelihood to bernoulli or gaussian.",
            )
        self.beta = config.beta
        self.kl_warmup_epochs = config.kl_warmup_epochs
        self._set_layers(config)
        if isinstance(self.observation, ColumnLikelihood):
            # Until it has seen rows: all of the kind that the likelihood is for.
            self.output = ColumnUnits(event_shape[0], COUNT if self.observation.counts == "all" else NUMBER)
        if (shape := self.observation.sigma_shape(event_shape)) is not None:
            self.log_sigma = nn.Parameter(torch.zeros(shape))
        self.code_prior: Prior = PRIORS[config.prior](config.latent_dim, event_shape, config.prior_components)
        if self.code_prior.runs_encoder and any(isinstance(m, nn.modules.batchnorm._BatchNorm) for m in self.modules()):
            raise RecipeError(
                f"A {self.code_prior.title} runs the encoder on items of its own, and batch normalisation would mix"
                " their statistics with those of the data.",
                "Set model.batch_norm to false, or choose another prior.",
            )
        self.critic: nn.Module | None = None
        # Tensors, so that a compiled step is not compiled again as they grow; not saved: they belong to the epoch.
        self.register_buffer("kl_weight", torch.tensor(float(config.beta)), persistent=False)
        self.register_buffer("level", torch.tensor(0.0), persistent=False)

    @property
    def observation(self) -> Likelihood:
        """The likelihood that the model's ``likelihood`` names."""
        return LIKELIHOODS[self.likelihood]

    @property
    def decoded_words(self) -> str:
        return self.observation.decoded

    def _set_layers(self, config: Any) -> None:
        """Set encoder, mu, logvar, decoder and output from the family's own part of a recipe."""
        body, features, decoder = self._dense(config) if config.body == "dense" else self._convolutional(config)
        self.encoder = nn.Sequential(*body)
        self.mu = nn.Linear(features, config.latent_dim)
        self.logvar = nn.Linear(features, config.latent_dim)
        self.decoder = nn.Sequential(*decoder)
        self.output = Unstandardise(self.event_shape[0]) if self.is_table else nn.Sigmoid()
        if self.observation.has_levels:
            self.output = LevelMean(config.levels)

    def _decoded_shape(self, levels: int, dense_widths: Sequence[int] = ()) -> tuple[int, ...]:
        """Of what the decoder gives before ``output``."""
        return with_levels(self.event_shape, levels, dense_widths) if self.observation.has_levels else self.event_shape

    def _dense(self, config: VariationalConfig) -> tuple[list[nn.Module], int, list[nn.Module]]:
        sizes = [math.prod(self.event_shape), *config.hidden]
        flatten = [] if self.is_table else [nn.Flatten()]
        options = DenseOptions(config.activation, config.layer_norm, config.dropout, config.residual_blocks)
        body = [*flatten, *dense_layers(sizes, options, last=True)]
        shape = self._decoded_shape(config.levels, (*config.hidden, config.latent_dim))
        decoder = dense_decoder(shape, config.hidden, config.latent_dim, options)
        return body, sizes[-1], decoder

    def _convolutional(self, config: VariationalConfig) -> tuple[list[nn.Module], int, list[nn.Module]]:
        body, features = convolutional_encoder(
            self.event_shape,
            config.channels,
            config.downsampling,
            config.activation,
            config.batch_norm,
            config.residual_blocks,
        )
        decoder = convolutional_decoder(
            self._decoded_shape(config.levels),
            config.channels,
            config.upsampling,
            config.latent_dim,
            config.activation,
            config.batch_norm,
            config.residual_blocks,
        )
        hidden = config.hidden[-1] if config.hidden else 0
        if not hidden:
            return body, features, decoder
        # One dense layer between the maps and the posterior's two heads.
        return [*body, nn.Linear(features, hidden), ACTIVATIONS[config.activation]()], hidden, decoder

    def posterior(
        self, x: Float[Tensor, "n *event"]
    ) -> tuple[Float[Tensor, "n latent_dim"], Float[Tensor, "n latent_dim"]]:
        """Mean and log variance of q(z|x)."""
        return self._posterior_of(self.input(x))

    def _posterior_of(self, items: Tensor) -> tuple[Tensor, Tensor]:
        """The same of items whose columns, if they are rows, are standardised already."""
        h = self.encoder(items)
        return self.mu(h), self.logvar(h)

    def encode(self, x: Float[Tensor, "n *event"]) -> Float[Tensor, "n latent_dim"]:
        return self.mu(self.encoder(self.input(x)))

    def sample_posterior(
        self,
        mu: Float[Tensor, "n latent_dim"],
        logvar: Float[Tensor, "n latent_dim"],
        generator: torch.Generator | None = None,
    ) -> Float[Tensor, "n latent_dim"]:
        """z = mu + exp(logvar / 2) * eps, eps ~ N(0, I): the reparameterisation."""
        eps = torch.randn(mu.shape, generator=generator, device=mu.device, dtype=mu.dtype)
        return torch.addcmul(mu, (0.5 * logvar).exp(), eps)

    def prior(
        self, n: int, generator: torch.Generator | None = None, temperature: float = 1.0
    ) -> Float[Tensor, "n latent_dim"]:
        """(n, latent_dim) codes from the prior, the spread of each of its Gaussians times ``temperature``."""
        return self.prior_distribution().sample(n, generator, temperature)

    def prior_distribution(self) -> CodeDistribution:
        """p(z) for the weights as they are now."""
        return self.code_prior.distribution(self._posterior_of)

    @property
    def first_items(self) -> int:
        return self.code_prior.first_items

    def begin(self, items: Float[Tensor, "n *event"]) -> None:
        self.code_prior.begin(self.input(items))

    def condition(self, n_labels: int) -> None:
        if self.code_prior.runs_encoder:
            raise RecipeError(
                f"A {self.code_prior.title} runs the encoder on items of its own, which have no label.",
                "Set model.conditional to false, or choose another prior.",
            )
        condition_first(self.encoder, n_labels)
        condition_first(self.decoder, n_labels)
        if n_labels:
            self.register_buffer("label_counts", torch.zeros(n_labels, dtype=torch.int64))

    @property
    def n_labels(self) -> int:
        return len(self.label_counts) if hasattr(self, "label_counts") else 0

    def told(self, labels: Int[Tensor, " n"] | None) -> AbstractContextManager[None]:
        return told(labelled_layers(self), labels)

    def given(self, label: int) -> Self:
        """The ordinary variational autoencoder that it is for items of one label, which becomes a part of two biases.

        Args:
            label: its number, below ``n_labels``.
        """
        model = copy.deepcopy(self)
        model.encoder, model.decoder = (without_labels(half, label) for half in (model.encoder, model.decoder))
        del model.label_counts
        return model

    def label_chain(self) -> list[nn.Module]:
        """``decoder_chain`` of codes with the label's one-hot vector behind them, (N, latent_dim + n_labels)."""
        first, *others = self.decoder_chain()
        return [first.with_label_input() if isinstance(first, LabelledLayer) else first, *others]

    def deviance_by_column(
        self, target: Float[Tensor, "n d"], logits: Float[Tensor, "n d"]
    ) -> Float[Tensor, "n d"] | None:
        """Half the deviance of each column of rows, in nats; None for a likelihood that is not one of columns.

        See ``ColumnLikelihood.deviance_by_column``; arguments as of ``log_likelihood``.
        """
        if not (isinstance(self.observation, ColumnLikelihood) and isinstance(self.output, ColumnUnits)):
            return None
        kinds = self.output.kinds
        rows = torch.where(kinds == NUMBER, self.input(target), target)
        natural = self.output.natural(logits)
        return self.observation.deviance_by_column(rows, natural, kinds, getattr(self, "log_sigma", None))

    def log_likelihood(
        self, target: Float[Tensor, "n *event"], logits: Float[Tensor, "n *values"]
    ) -> Float[Tensor, " n"]:
        """log p(x|z) in nats, from the decoder's values before ``output``; a density in the data's own units.

        A table's columns are Gaussian after standardisation; in their own units the density is lower by the product of
        their standard deviations (see ``log_scale``).
        """
        log_sigma = getattr(self, "log_sigma", None)
        if isinstance(self.observation, ColumnLikelihood) and isinstance(self.output, ColumnUnits):
            kinds, natural = self.output.kinds, self.output.natural(logits)
            rows = torch.where(kinds == NUMBER, self.input(target), target)
            return self.observation.log_density(rows, natural, natural, log_sigma, kinds) - self.log_scale()
        if self.is_table:
            return self.observation.log_density(self.input(target), logits, logits, log_sigma) - self.log_scale()
        mean = logits if self.observation.needs_sigmoid else self.output(logits)
        return self.observation.log_density(target, logits, mean, log_sigma)

    def log_prior(self, z: Float[Tensor, "n latent_dim"]) -> Float[Tensor, " n"]:
        """log p(z) in nats."""
        return self.prior_distribution().log_density(z)

    def kl(
        self,
        mu: Float[Tensor, "n latent_dim"],
        logvar: Float[Tensor, "n latent_dim"],
        z: Float[Tensor, "n latent_dim"],
    ) -> Float[Tensor, " n"]:
        """KL of the posterior from the prior, in nats: in closed form where there is one, else of the sample ``z``."""
        return self.prior_distribution().kl(mu, logvar, z)

    def seen(
        self, x: Float[Tensor, "n *event"], target: Float[Tensor, "n *event"], generator: torch.Generator | None
    ) -> tuple[Float[Tensor, "n *event"], Float[Tensor, "n *event"]]:
        """Input and target as the likelihood has them: as they are, or drawn anew, both by the same draws."""
        if not self.observation.draws:
            return x, target
        u = torch.rand(x.shape, generator=generator, device=x.device, dtype=x.dtype)
        return self.observation.seen(x, u), self.observation.seen(target, u)

    def log_scale(self) -> Float[Tensor, ""]:
        """Log volume of a unit cube of standardised values in the data's own units, in nats; 0 for images.

        Of counts and categories, which have probabilities and no density, there is none.
        """
        if not isinstance(self.input, Standardise):
            return torch.zeros(())
        logs = self.input.std.log()
        if isinstance(self.output, ColumnUnits):
            logs = torch.where(self.output.kinds == NUMBER, logs, 0.0)
        return logs.sum()

    def fit_input(
        self,
        parts: Iterable[Float[Tensor, "_ *event"]],
        together: Iterable[Sequence[int]] = (),
        counts: Sequence[int] = (),
    ) -> None:
        together = list(together)
        super().fit_input(parts, together)
        if isinstance(self.output, ColumnUnits) and isinstance(self.input, Standardise):
            mean, std = self.input.mean, self.input.std
            self.output.fit(mean, std, together, counts)
            if hasattr(self, "log_sigma"):
                with torch.no_grad():  # less than the rows have without a code
                    of_counts = (DISPERSION_AT_START * (std.square() / mean - 1) / mean).clamp(1e-3, 1e2).log()
                    self.log_sigma.copy_(torch.where(self.output.kinds == COUNT, of_counts, self.log_sigma))

    def loss(
        self, x: Float[Tensor, "n *event"], target: Float[Tensor, "n *event"], generator: torch.Generator | None = None
    ) -> Loss:
        """-E[log p(target|z)] with one sample, and KL(q(z|x) || p(z)), in nats per example; or a recipe's objective."""
        x, target = self.seen(x, target, generator)
        if self.objective is not None:
            return Loss(self.objective(self, x, target, generator))
        mu, logvar = self.posterior(x)
        z = self.sample_posterior(mu, logvar, generator)
        logits = self.decoder(z)
        kl = self.kl(mu, logvar, z)
        return Loss({"reconstruction": (-self.log_likelihood(target, logits), 1.0), "KL": (kl, self.kl_weight)})

    def penalise(self, penalty: CodePenalty) -> None:
        self.refuse_penalty("the KL to its prior is what shapes it")

    def pursue(self, objective: Objective) -> None:
        if not objective.has_beta and (self.beta != 1 or self.kl_warmup_epochs):
            raise RecipeError(
                f"The objective {objective.title!r} has no KL whose weight beta could be.",
                "Set model.beta to 1 and model.kl_warmup_epochs to 0, or choose another objective.",
            )
        if objective.needs_standard_normal and not self.code_prior.is_standard_normal:
            raise RecipeError(
                f"The objective {objective.title!r} is for a standard normal prior: {objective.needs_standard_normal}.",
                "Set model.prior to standard_normal, or choose another objective.",
            )
        self.objective, self.critic = objective, objective.critic(self.latent_dim)
        self.anneal(math.inf)

    def elbo(self, x: Float[Tensor, "n *event"], generator: torch.Generator | None = None) -> Float[Tensor, " n"]:
        """One-sample estimate of the evidence lower bound (beta = 1) of each item, in nats.

        It bounds log p(x) in the data's own units: a column in units a thousand times as small costs log 1000 nats.
        """
        x, _ = self.seen(x, x, generator)
        mu, logvar = self.posterior(x)
        z = self.sample_posterior(mu, logvar, generator)
        return self.log_likelihood(x, self.decoder(z)) - self.kl(mu, logvar, z)

    def item_figures(
        self, x: Float[Tensor, "n *event"], generator: torch.Generator | None = None
    ) -> dict[tuple[str, str], Tensor]:
        """The figures of every family, and the ELBO."""
        return super().item_figures(x, generator) | {("ELBO", "nats"): self.elbo(x, generator)}

    def log_importance_weights(
        self, x: Float[Tensor, "n *event"], k: int, generator: torch.Generator | None = None
    ) -> Float[Tensor, "k n"]:
        """log p(x, z_i) - log q(z_i|x) for k samples from the posterior of each item, in nats.

        ``metrics.iwae_bound`` of them is the bound of Burda et al. 2016, equation 8.
        """
        x, _ = self.seen(x, x, generator)
        mu, logvar = self.posterior(x)
        prior = self.prior_distribution()
        rows = []
        for _ in range(k):
            z = self.sample_posterior(mu, logvar, generator)
            rows.append(
                self.log_likelihood(x, self.decoder(z))
                + prior.log_density(z)
                - likelihood.diagonal_normal_log_density(z, mu, logvar)
            )
        return torch.stack(rows)

    def anneal(self, epoch: float) -> None:
        """The KL's weight at this epoch: beta * min(1, epoch / kl_warmup_epochs), and what the objective says."""
        share = min(1.0, epoch / self.kl_warmup_epochs) if self.kl_warmup_epochs else 1.0
        if self.objective is not None:
            share *= self.objective.kl_share(epoch)
            self.level.fill_(self.objective.level(epoch))
        self.kl_weight.fill_(self.beta * share)

    def encoder_chain(self) -> list[nn.Module]:
        return [*super().encoder_chain(), *_layers_of(self.mu)]

    def posterior_chain(self) -> list[nn.Module]:
        """Plain layers that take x (N, *event) to mean and log variance side by side, (N, 2 latent_dim)."""
        if not (isinstance(self.mu, nn.Linear) and isinstance(self.logvar, nn.Linear)):
            both: nn.Module = Branches([_layers_of(self.mu), _layers_of(self.logvar)], "concat")
            return [*super().encoder_chain(), both]
        both = nn.Linear(self.mu.in_features, 2 * self.latent_dim, device="meta")
        both.weight = nn.Parameter(torch.cat([self.mu.weight, self.logvar.weight]).detach())
        both.bias = nn.Parameter(torch.cat([self.mu.bias, self.logvar.bias]).detach())
        return [*super().encoder_chain(), both]


def _layers_of(module: nn.Module) -> list[nn.Module]:
    return list(module) if isinstance(module, nn.Sequential) else [module]
