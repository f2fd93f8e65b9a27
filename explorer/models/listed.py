"""Models whose recipes list their layers one by one: what comes in from elsewhere, with no code in its file."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar, Literal

import torch
from jaxtyping import Float
from pydantic import Field, field_validator, model_validator
from torch import Tensor, nn

from explorer.core.errors import RecipeError
from explorer.likelihoods import REGISTRY as LIKELIHOODS
from explorer.models.base import Autoencoder, Half, ModelConfig
from explorer.models.blocks import Unstandardise
from explorer.models.entries import Entries, LayerEntry, built, check_size
from explorer.models.entries.activations import SigmoidEntry
from explorer.models.entries.dense import LinearEntry
from explorer.models.entries.shapes import FlattenEntry, ReshapeEntry
from explorer.models.undercomplete import RECONSTRUCTION, PlainAutoencoder, ReconstructionLoss
from explorer.models.variational import VariationalAutoencoder, VariationalSettings

DIGITS, SHAPE = 784, (1, 28, 28)
"""What the layers of a recipe that lists none are for: one linear layer each way, for MNIST."""

ENCODER: Any = Field(
    (FlattenEntry(), LinearEntry(in_features=DIGITS, out_features=2)),
    title="Encoder",
    description="Layers from an item to its code, in order.",
    min_length=1,
)
DECODER: Any = Field(
    (LinearEntry(in_features=2, out_features=DIGITS), ReshapeEntry(shape=SHAPE)),
    title="Decoder",
    description="Layers from a code to an item, before its output.",
    min_length=1,
)
OUTPUT: Any = Field(
    (SigmoidEntry(),),
    title="Output",
    description="Layers that give an image's values their unit, such as a sigmoid; none for tables.",
)


def _checked(entries: tuple[LayerEntry, ...]) -> tuple[LayerEntry, ...]:
    check_size(entries)
    return entries


class Missing(nn.Module):
    """In the place of a half that is not there: NaN for each item, of the shape that it would make."""

    def __init__(self, shape: tuple[int, ...]) -> None:
        super().__init__()
        self.shape = shape

    def forward(self, x: Float[Tensor, "n *shape"]) -> Float[Tensor, "n *shape2"]:
        return x.new_full((x.shape[0], *self.shape), torch.nan)


class ListedConfig(ModelConfig):
    """An autoencoder in a recipe, layer by layer."""

    takes: ClassVar[frozenset[str]] = frozenset({"penalty"})

    family: Literal["listed"] = "listed"
    in_form: ClassVar[bool] = False
    encoder: Entries = Field(
        ENCODER.default, title="Encoder", description="Layers from an item to its code, in order; none: it has none."
    )
    decoder: Entries = Field(
        DECODER.default, title="Decoder", description="Layers from a code to an item, in order; none: it has none."
    )
    output: Entries = OUTPUT
    reconstruction: ReconstructionLoss = RECONSTRUCTION

    _check_lists = field_validator("encoder", "decoder", "output")(_checked)

    @model_validator(mode="after")
    def _probabilities(self) -> ListedConfig:
        if self.reconstruction == "cross_entropy" and self.output != (SigmoidEntry(),):
            raise ValueError("cross-entropy needs a sigmoid as the output, and nothing else")
        return self

    @model_validator(mode="after")
    def _one_half_at_least(self) -> ListedConfig:
        if not self.encoder and not self.decoder:
            raise ValueError("an encoder or a decoder needs layers")
        return self

    @property
    def lacks(self) -> Half:
        return "" if self.encoder and self.decoder else "decoder" if self.encoder else "encoder"

    def build(self, event_shape: tuple[int, ...]) -> ListedAutoencoder:
        return _fitting(ListedAutoencoder, event_shape, self)


class ListedVariationalConfig(VariationalSettings):
    """A variational autoencoder in a recipe, layer by layer."""

    family: Literal["listed_variational"] = "listed_variational"
    in_form: ClassVar[bool] = False
    encoder: Entries = Field((FlattenEntry(),), title="Encoder", description="Layers before mean and log variance.")
    mu: Entries = Field(
        (LinearEntry(in_features=DIGITS, out_features=2),),
        title="Mean",
        description="Layers from what the encoder makes to the posterior's mean.",
    )
    logvar: Entries = Field(
        (LinearEntry(in_features=DIGITS, out_features=2),),
        title="Log variance",
        description="Layers from what the encoder makes to the posterior's log variance.",
    )
    decoder: Entries = DECODER
    output: Entries = OUTPUT

    _check_lists = field_validator("encoder", "mu", "logvar", "decoder", "output")(_checked)

    @model_validator(mode="after")
    def _probabilities(self) -> ListedVariationalConfig:
        if LIKELIHOODS[self.likelihood].needs_sigmoid and self.output != (SigmoidEntry(),):
            raise ValueError("a Bernoulli likelihood needs a sigmoid as the output, and nothing else")
        if LIKELIHOODS[self.likelihood].has_levels:
            raise ValueError("listed layers give a value for each pixel, not for each of its grey levels")
        return self

    def build(self, event_shape: tuple[int, ...]) -> ListedVariationalAutoencoder:
        return _fitting(ListedVariationalAutoencoder, event_shape, self)


class ListedAutoencoder(PlainAutoencoder):
    """An autoencoder of any layers that a list may hold, such as a model that was trained elsewhere."""

    title = "Own layers"
    summary = "An autoencoder whose layers are listed one by one, as a model of another program has them."
    formula = r"L = \lVert x - g(f(x)) \rVert^2"
    reference = "its own authors"

    def __init__(self, event_shape: tuple[int, ...], config: ListedConfig) -> None:
        super().__init__(event_shape, config.latent_dim, config.reconstruction)
        self.lacks = config.lacks
        encoder, decoder = built(config.encoder), built(config.decoder)
        self.encoder = nn.Sequential(*(encoder or [Missing((config.latent_dim,))]))
        self.decoder = nn.Sequential(*(decoder or [Missing(event_shape)]))
        self.output = _output(self, config.output)


class ListedVariationalAutoencoder(VariationalAutoencoder):
    """A variational autoencoder of any layers that a list may hold, such as a model that was trained elsewhere."""

    title = "Own layers, variational"
    summary = "A variational autoencoder whose layers are listed one by one, as a model of another program has them."

    def __init__(self, event_shape: tuple[int, ...], config: ListedVariationalConfig) -> None:
        super().__init__(event_shape, config)

    def _set_layers(self, config: ListedVariationalConfig) -> None:
        self.encoder, self.decoder = (nn.Sequential(*built(part)) for part in (config.encoder, config.decoder))
        self.mu, self.logvar = (nn.Sequential(*built(part)) for part in (config.mu, config.logvar))
        self.output = _output(self, config.output)


def _output(model: Autoencoder, entries: Iterable[LayerEntry]) -> nn.Module:
    """What gives values their unit: rows have their columns' own, images what is listed."""
    if model.is_table:
        if tuple(entries) not in ((), (SigmoidEntry(),)):
            raise RecipeError(
                "Rows of a table leave in the units of their columns: no output layers are listed for them.",
                "Set model.output to an empty list.",
            )
        return Unstandardise(model.event_shape[0])
    modules = built(entries)
    return modules[0] if len(modules) == 1 else nn.Sequential(*modules)


def _fitting(family: type, event_shape: tuple[int, ...], config: ModelConfig) -> Any:
    """The model, once a trial without memory has shown that its layers fit one another."""
    with torch.device("meta"):
        trial = family(event_shape, config).eval()
        check_chain(trial.encoder_chain(), event_shape, (config.latent_dim,), "encoder")
        if isinstance(trial, VariationalAutoencoder):
            check_chain(trial.posterior_chain(), event_shape, (2 * config.latent_dim,), "mean and log variance")
        check_chain(trial.decoder_chain(), (config.latent_dim,), event_shape, "decoder")
    return family(event_shape, config)


@torch.no_grad()
def check_chain(modules: Iterable[nn.Module], shape: tuple[int, ...], result: tuple[int, ...], part: str) -> None:
    """Raise RecipeError where layers do not take items of ``shape`` to ``result``, naming the first that does not fit.

    Args:
        modules: on the meta device, in evaluation mode.
        shape, result: of one item, without the batch.
    """
    value: Float[Tensor, "n *shape"] = torch.zeros(2, *shape, device="meta")
    for number, module in enumerate(modules):
        try:
            value = module(value)
        except (RuntimeError, ValueError, IndexError, NotImplementedError, TypeError) as error:
            raise RecipeError(
                f"Layer {number} of the {part} ({module}) takes no items of shape {tuple(value.shape[1:])}.",
                "Check the sizes of the layers before it.",
            ) from error
    if tuple(value.shape) != (2, *result):
        raise RecipeError(
            f"The {part} makes items of shape {tuple(value.shape[1:])}, and {result} is needed.",
            "Check the sizes of its last layers.",
        )
