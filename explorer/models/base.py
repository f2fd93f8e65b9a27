"""What every family is: items in, items out, a loss of named terms, stages of training; and what has codes beside."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import ClassVar, Literal, NoReturn, Protocol

import torch
from jaxtyping import Float, Int
from pydantic import BaseModel, ConfigDict, Field
from torch import Tensor, nn

from explorer.core import metrics
from explorer.core.errors import ExplorerError, RecipeError, TrainingError
from explorer.models.blocks import Standardise, Unstandardise
from explorer.objectives import Objective

Half = Literal["", "encoder", "decoder"]
"""A half of an autoencoder that is not there; "": both are."""


@dataclass(frozen=True)
class Loss:
    """Named terms of a loss, with the weight each enters the total by.

    Args:
        each: name -> (value, weight); values in nats or in squared error: (n,) of each item, of which the mean over the
            batch counts, or () where a term is one of the whole batch.
    """

    each: dict[str, tuple[Tensor, float | Tensor]]

    def means(self, item_weights: Float[Tensor, " n"] | None = None) -> dict[str, Float[Tensor, ""]]:
        """Each term as its mean over the batch, by name.

        Args:
            item_weights: how much each item counts, 1 in the mean; None: all the same.

        Raises:
            RecipeError: items are to be weighed, and a term is no mean over them.
        """
        return {name: _mean(name, value, weight, item_weights) for name, (value, weight) in self.each.items()}

    def total_of(self, means: Mapping[str, Float[Tensor, ""]]) -> Float[Tensor, ""]:
        """Weighted sum of the terms' means: what the optimiser sees."""
        return torch.stack([means[name] * weight for name, (_, weight) in self.each.items()]).sum()

    @property
    def terms(self) -> dict[str, tuple[Float[Tensor, ""], float | Tensor]]:
        """Name -> (mean over the batch, weight), of items that all count the same."""
        return {name: (mean, self.each[name][1]) for name, mean in self.means().items()}

    @property
    def total(self) -> Float[Tensor, ""]:
        """Weighted sum of these terms."""
        return self.total_of(self.means())

    def values(self, item_weights: Float[Tensor, " n"] | None = None) -> dict[str, float]:
        """Plain numbers: every term's mean, and ``total``; arguments and errors as of ``means``."""
        means = self.means(item_weights)
        named = means | {"total": self.total_of(means)}
        # One transfer from the device instead of one a term.
        return dict(zip(named, torch.stack([v.detach().float() for v in named.values()]).tolist(), strict=True))


def _mean(name: str, value: Tensor, weight: float | Tensor, item_weights: Tensor | None) -> Float[Tensor, ""]:
    if item_weights is None:
        return value.mean()
    if value.ndim:
        return (value * item_weights).mean()
    if isinstance(weight, float) and weight == 0:  # a figure beside the loss
        return value
    raise RecipeError(
        f"The term {name!r} of the loss is one of a whole batch, so that its items cannot be weighed.",
        "Leave training.class_weights out, or choose another objective or penalty.",
    )


class CodePenalty(Protocol):
    """What a recipe may ask of codes beside a good reconstruction; ``penalties.Penalty`` says what the call does."""

    def __call__(
        self,
        encode: Callable[[Tensor], Tensor],
        x: Float[Tensor, "n *event"],
        generator: torch.Generator | None = None,
    ) -> tuple[Float[Tensor, "n latent_dim"], dict[str, tuple[Tensor, float]]]: ...


@dataclass(frozen=True)
class Stage:
    """One part of a training schedule.

    Args:
        name: shown on the Train page.
        modules: the part of the model whose weights are trained.
        inputs: x (N, *event) -> what is to be reconstructed in this stage, without gradient.
        loss: (corrupted inputs, inputs, generator) -> Loss.
        epochs: how long; None means the recipe's ``training.epochs``.
        is_after: whether the model is done by then, and this is something beside it that is fitted to it: it has a best
            epoch of its own, and neither pictures nor findings are of it.
    """

    name: str
    modules: nn.Module
    inputs: Callable[[Tensor], Tensor]
    loss: Callable[[Tensor, Tensor, torch.Generator | None], Loss]
    epochs: int | None = None
    is_after: bool = False


class ModelConfig(BaseModel, ABC):
    """A family's part of a recipe: a frozen value that builds the module for an event shape."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    in_form: ClassVar[bool] = True
    """Whether the Train page offers the family: all its fields are numbers, words and switches."""
    takes: ClassVar[frozenset[str]] = frozenset()
    """Which further parts of a recipe its models take: ``penalty``, ``objective``."""

    family: str
    latent_dim: int = Field(
        2, ge=1, le=4096, title="Latent dimensions", description="Size of the code between encoder and decoder."
    )

    @property
    def lacks(self) -> Half:
        """The half that it does not have, of a model from elsewhere of which only one came."""
        return ""

    @property
    def has_standard_normal(self) -> bool:
        """Whether it is a variational model whose codes are pulled to N(0, I)."""
        return False

    @property
    def is_conditional(self) -> bool:
        """Whether its models are told each item's label."""
        return False

    def code_size(self, event_shape: tuple[int, ...]) -> int:
        """Numbers in the code of an item of this shape."""
        return self.latent_dim

    @abstractmethod
    def build(self, event_shape: tuple[int, ...]) -> Reconstructor:
        """The untrained model for events of this shape.

        Args:
            event_shape: (C, H, W) for images in [0, 1], (D,) for table rows.

        Raises:
            RecipeError: the family cannot take such events, or its fields do not fit together.
        """


class Reconstructor(nn.Module, ABC):
    """What every family is: it takes items, gives items of the same shape, and knows how it is trained.

    Table rows are standardised on the way in and back on the way out by ``input`` and ``output``, so that a
    checkpoint needs nothing beside its weights.
    """

    title: ClassVar[str]
    summary: ClassVar[str]
    """One sentence a student can read."""
    formula: ClassVar[str]
    """The loss in LaTeX."""
    reference: ClassVar[str]

    input: nn.Module
    output: nn.Module

    def __init__(self, event_shape: tuple[int, ...]) -> None:
        super().__init__()
        self.event_shape = event_shape
        self.input = Standardise(event_shape[0]) if self.is_table else nn.Identity()

    @property
    def is_table(self) -> bool:
        return len(self.event_shape) == 1

    @abstractmethod
    def forward(self, x: Float[Tensor, "n *event"]) -> Float[Tensor, "n *event"]:
        """The reconstruction of each item."""

    @abstractmethod
    def loss(
        self, x: Float[Tensor, "n *event"], target: Float[Tensor, "n *event"], generator: torch.Generator | None = None
    ) -> Loss:
        """The loss of reconstructing ``target`` from ``x`` (equal, unless ``x`` is a corrupted ``target``)."""

    @abstractmethod
    def encoder_chain(self) -> list[nn.Module]:
        """Plain layers from x (N, *event) to the narrowest place, in order."""

    @abstractmethod
    def decoder_chain(self) -> list[nn.Module]:
        """Plain layers from there to items (N, *event), in order."""

    def forward_chain(self) -> list[nn.Module]:
        """Plain layers that take x (N, *event) to ``forward(x)``, in order."""
        return [*self.encoder_chain(), *self.decoder_chain()]

    def demonstrate(
        self, x: Float[Tensor, "n *event"], generator: torch.Generator | None = None
    ) -> tuple[Float[Tensor, "n *event"], Float[Tensor, "n *event"]]:
        """What the model is given and what it makes of it, for a look at its progress; here ``x`` as it is."""
        return x, self(x)

    def item_figures(
        self, x: Float[Tensor, "n *event"], generator: torch.Generator | None = None
    ) -> dict[tuple[str, str], Tensor]:
        """The figures that a family is measured by on held-out items: its error and, for images, the PSNR.

        Args:
            x: items.
            generator: of whatever is drawn.

        Returns:
            (name, unit) -> (n,).
        """
        x_hat = self(x)
        error = self.reconstruction_error(x, x_hat)
        if self.is_table:
            return {("reconstruction error", "squared error per row, in standard deviations"): error}
        psnr = metrics.psnr(x, x_hat)
        return {("reconstruction error", "squared error per image"): error, ("PSNR", "dB"): psnr}

    def split_figures(self, parts: Iterable[Float[Tensor, "_ *event"]]) -> dict[tuple[str, str], float]:
        """Figures that items have together and none has alone; most families have none.

        Args:
            parts: (n, *event) items each, all of them together.

        Returns:
            (name, unit) -> value.
        """
        return {}

    def adapted(self, weights: dict[str, Tensor]) -> dict[str, Tensor]:
        """Weights of another model of this family, changed to fit this one where the family knows how."""
        return weights

    def start_from(self, weights: dict[str, Tensor], name: str) -> None:
        """Take the weights of another model of this family.

        Args:
            weights: by name, as ``state_dict`` gives them.
            name: of the checkpoint that they come from, for the error.

        Raises:
            TrainingError: it has other sizes.
        """
        adapted = self.adapted(weights)
        if {key: value.shape for key, value in adapted.items()} != {k: v.shape for k, v in self.state_dict().items()}:
            raise TrainingError(
                f"The weights of {name} do not fit this model.",
                "Give the recipe the family and sizes of that checkpoint.",
            )
        self.load_state_dict(adapted)

    @property
    def least_batch(self) -> int:
        """Items that a batch needs in training: one has no variance that batch normalisation could divide by."""
        return 2 if any(isinstance(module, nn.BatchNorm2d) for module in self.modules()) else 1

    def reconstruction_error(
        self, x: Float[Tensor, "n *event"], x_hat: Float[Tensor, "n *event"]
    ) -> Float[Tensor, " n"]:
        """Squared error per item, summed over the event; for tables in units of each column's standard deviation."""
        return (self.input(x) - self.input(x_hat)).flatten(1).square().sum(1)

    def fit_input(
        self,
        parts: Iterable[Float[Tensor, "_ *event"]],
        together: Iterable[Sequence[int]] = (),
        counts: Sequence[int] = (),
    ) -> None:
        """Set the standardisation of table columns from the training rows; nothing to do for images.

        Args:
            parts: (n, *event) rows each, all of them together.
            together: columns that stand for one, such as the values of a category: they vary as much as one does.
            counts: columns that are counts, of which only likelihoods by column make a difference.
        """
        if isinstance(self.input, Standardise):
            self.input.fit(parts, together)
            if isinstance(self.output, Unstandardise):
                self.output.copy_from(self.input)

    @property
    def first_items(self) -> int:
        """How many training items a training from the beginning starts with (see ``begin``)."""
        return 0

    def begin(self, items: Float[Tensor, "n *event"]) -> None:
        """Begin near some training items, at most ``first_items``, where the family does."""

    def penalise(self, penalty: CodePenalty) -> None:
        """Train with this penalty on the code.

        Raises:
            RecipeError: the family takes none.
        """
        self.refuse_penalty("its loss has no place for one")

    def refuse_penalty(self, reason: str) -> NoReturn:
        """Raise the RecipeError that says why this model takes no penalty."""
        raise RecipeError(
            f"A model of the family {self.title!r} takes no penalty on its code here: {reason}.",
            "Leave the penalty out (penalty=none), or choose the undercomplete or the stacked family.",
        )

    def pursue(self, objective: Objective) -> None:
        """Train on this objective in place of the model's own loss.

        Raises:
            RecipeError: the family has a loss of its own alone, or the objective does not fit the model's settings.
        """
        raise RecipeError(
            f"A model of the family {self.title!r} takes no objective: only variational ones have an ELBO to replace.",
            "Leave the objective out (objective=none), or choose the variational family.",
        )

    def condition(self, n_labels: int) -> None:
        """Be told each item's label, one of so many; 0: have only the places where one label's part would be.

        Raises:
            RecipeError: the family cannot be.
        """
        raise RecipeError(
            f"A model of the family {self.title!r} cannot be told labels: only variational ones with layers of their"
            " own are conditional.",
            "Set model.conditional to false, or choose the variational family.",
        )

    @property
    def n_labels(self) -> int:
        """How many labels the model has to be told one of; 0: it is not conditional."""
        return 0

    def told(self, labels: Int[Tensor, " n"] | None) -> AbstractContextManager[None]:
        """Within it the model knows the labels (n,) of the items or codes that come; for others nothing changes.

        (1,) is the label of all of them.
        """
        return nullcontext()

    def anneal(self, epoch: float) -> None:
        """Set whatever depends on the epoch (a fraction of epochs counts), such as the weight of a KL warm-up."""

    def stages(self) -> list[Stage]:
        """The training schedule: by default all weights at once, on the model's own loss."""
        return [Stage("end to end", self, lambda x: x, self.loss)]


class Autoencoder(Reconstructor):
    """A reconstructor with a code between encoder and decoder: one vector an item, which decodes on its own.

    A subclass sets ``encoder``, ``decoder`` and ``output`` (see the chains below) and says what it is for the pages.
    """

    encoder: nn.Sequential
    decoder: nn.Sequential
    lacks: Half = ""
    """The half that is not there: what it would make is NaN."""
    uses_switches: bool = False
    """Whether ``forward`` also uses where the maxima of its own input lay, which a code alone does not tell."""
    prior_described: ClassVar[str] = ""
    """What new codes can be drawn from, of a family that is trained to draw them, such as "the prior"; "": nothing."""

    def __init__(self, event_shape: tuple[int, ...], latent_dim: int) -> None:
        super().__init__(event_shape)
        self.latent_dim = latent_dim

    @property
    def decoded_words(self) -> str:
        """What ``decode`` gives, a sentence, where that is not simply the item again; "": it is."""
        return ""

    @property
    def has_prior(self) -> bool:
        """Whether ``prior`` draws codes."""
        return bool(self.prior_described)

    @property
    def code_bits(self) -> float | None:
        """Bits of a code that is made of whole numbers; None: it is made of any numbers."""
        return None

    def prior(
        self, n: int, generator: torch.Generator | None = None, temperature: float = 1.0
    ) -> Float[Tensor, "n latent_dim"]:
        """Codes drawn from what the model was trained to draw them from.

        Raises:
            ExplorerError: there is nothing (``has_prior``).
        """
        raise ExplorerError("This model has no prior: nothing in its training says where codes lie.")

    @abstractmethod
    def encode(self, x: Float[Tensor, "n *event"]) -> Float[Tensor, "n latent_dim"]:
        """The code of each item; deterministic (the posterior's mean, for a variational one)."""

    def decode(self, z: Float[Tensor, "n latent_dim"]) -> Float[Tensor, "n *event"]:
        """What the decoder makes of each code, in the units of the data."""
        return self.output(self.decoder(z))

    def forward(self, x: Float[Tensor, "n *event"]) -> Float[Tensor, "n *event"]:
        """The reconstruction: ``decode(encode(x))`` unless a family's docstring says otherwise."""
        return self.decode(self.encode(x))

    def encoder_chain(self) -> list[nn.Module]:
        """Plain layers that take x (N, *event) to ``encode(x)``, in order."""
        return [self.input, *self.encoder]

    def decoder_chain(self) -> list[nn.Module]:
        """Plain layers that take z (N, latent_dim) to ``decode(z)``, in order."""
        return [*self.decoder, self.output]


@dataclass(frozen=True)
class Layer:
    """One row of a model's diagram.

    Args:
        name: kind of layer.
        shape: of its output, without the batch.
        weights: number of trained numbers in it.
        part: ``encoder`` or ``decoder``.
    """

    name: str
    shape: tuple[int, ...]
    weights: int
    part: str


@torch.no_grad()
def layers(model: Reconstructor) -> list[Layer]:
    """Every layer with its true output shape, from one pass of a zero item through both chains."""
    rows: list[Layer] = []
    device = next(model.parameters()).device
    value = torch.zeros(1, *model.event_shape, device=device)
    was_training = model.training
    model.eval()
    for part, chain in (("encoder", model.encoder_chain()), ("decoder", model.decoder_chain())):
        for module in chain:
            value = module(value)
            if not isinstance(module, nn.Identity):
                count = sum(p.numel() for p in module.parameters())
                rows.append(Layer(type(module).__name__, tuple(value.shape[1:]), count, part))
    model.train(was_training)
    return rows
