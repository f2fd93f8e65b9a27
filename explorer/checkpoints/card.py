"""The card of a checkpoint: everything about it that is not its weights, as JSON in the file's header."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from explorer.checkpoints.files import CARD_KEY, DETECTOR_KEY
from explorer.checkpoints.finding import TrainingFinding
from explorer.checkpoints.metric import Metric
from explorer.checkpoints.migration import CARD_STEPS, upgraded
from explorer.core.errors import CheckpointError
from explorer.data.splits import FilePart, Split
from explorer.io.contract import Contract
from explorer.models import REGISTRY, Autoencoder
from explorer.models.base import Half
from explorer.recipe import Recipe

FORMAT_VERSION = len(CARD_STEPS) + 1


class DataCard(BaseModel):
    """What a model was trained on."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    title: str
    kind: Literal["image", "table"]
    event_shape: tuple[int, ...]
    label_names: tuple[str, ...] = ()
    feature_names: tuple[str, ...] = ()
    fingerprint: str
    licence: str
    source: str
    splits: str
    n_train: int
    n_validation: int
    contract: Contract | None = None
    """How it was read; None for registered data, and in cards of version 0.1.0."""
    parts: tuple[FilePart, ...] = ()
    """The files that it comes from, where there are several; ``fingerprint`` is of all together."""

    def fingerprint_of(self, *splits: Split) -> tuple[str, ...]:
        """Fingerprints of the files whose items were for these."""
        return tuple(part.fingerprint for part in self.parts if part.split in splits)


class LatentStatistics(BaseModel):
    """Where the codes of training items lie: for samplers and slider ranges.

    ``quantiles[i][d]`` is the quantile at ``levels[i]`` of dimension d; ``covariance`` is left out of large codes.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    n: int
    split: str
    mean: tuple[float, ...]
    std: tuple[float, ...]
    covariance: tuple[tuple[float, ...], ...] | None
    levels: tuple[float, ...]
    quantiles: tuple[tuple[float, ...], ...]


class Card(BaseModel):
    """Everything about a checkpoint that is not its weights."""

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_inf_nan="strings")

    format_version: int = FORMAT_VERSION
    recipe: Recipe
    data: DataCard
    weights: int
    metrics: tuple[Metric, ...] = ()
    history: tuple[dict[str, Any], ...] = ()
    best_epoch: int = 0
    finished: str = ""
    findings: tuple[TrainingFinding, ...] | None = None
    """What a look at the training found, the gravest first; None: nobody has looked."""
    kl_per_dimension: tuple[float, ...] | None = None
    latent: LatentStatistics | None = None
    calibration: tuple[float, ...] = ()
    """Sorted reconstruction errors of validation items, thinned to at most 1,000."""
    versions: dict[str, str] = {}
    created: str = ""
    training_seconds: float = 0.0
    device: str = ""
    licence: str = ""
    origin: str = ""
    """Where a model comes from that was not trained here, and what was found out by itself; empty: it was."""
    given: str | None = None
    """The label that a conditional model was given, whose weights are then those of an ordinary one."""

    @property
    def name(self) -> str:
        return self.recipe.name

    @property
    def title(self) -> str:
        return self.recipe.display_title if self.given is None else f"{self.recipe.display_title}, label {self.given}"

    @property
    def n_labels(self) -> int:
        """How many labels the model has to be told one of; 0: it is not conditional, or was given one."""
        return len(self.data.label_names) if self.recipe.model.is_conditional and self.given is None else 0

    @property
    def classes(self) -> tuple[str, ...]:
        """The labels of the items that it is for; none: it is for all."""
        return self.recipe.data.classes if self.given is None else (self.given,)

    @property
    def provenance(self) -> str:
        """One sentence on what it learnt from, or where it comes from."""
        if self.origin:
            return self.origin
        return f"Trained on {self.data.n_train:,} items of {self.data.title} in {self.training_seconds:.0f} s."

    @property
    def code_size(self) -> int | None:
        """Numbers in the code of an item; None for a family without such codes, a photo denoiser."""
        _, model = REGISTRY[self.recipe.model.family]
        return self.recipe.model.code_size(self.data.event_shape) if issubclass(model, Autoencoder) else None

    @property
    def wrongs(self) -> tuple[TrainingFinding, ...]:
        """The findings that say that something is wrong."""
        return tuple(finding for finding in self.findings or () if finding.is_wrong)

    @property
    def unexamined(self) -> Card:
        """The card as if nobody had looked at the training: a later look makes no other model of it."""
        return self.model_copy(update={"findings": None})

    @property
    def lacks(self) -> Half:
        """The half of the autoencoder that is not there; "": both are."""
        return self.recipe.model.lacks

    @property
    def codes_described(self) -> str:
        """Which codes its statistics are of, as in "99.8 % of the training codes"."""
        if self.lacks == "encoder":
            return "codes that a standard normal would have"
        return "codes of the items given" if self.origin else "training codes"

    def metric(self, name: str, split: str = "test") -> Metric | None:
        """The figure of that name on that split, if the card has it."""
        return next((m for m in self.metrics if m.name == name and m.split == split), None)


def read_card(metadata: Mapping[str, Any], name: str) -> Card:
    """The card in a safetensors file's metadata.

    Args:
        name: of the file, for errors.

    Raises:
        CheckpointError: there is none, or not one of this version; says what the file is instead.
    """
    if DETECTOR_KEY in metadata:
        raise CheckpointError(
            f"{name} is a novelty detector, not a checkpoint.",
            f"Use it with: python -m explorer score {shlex.quote(name)} INPUT --out scores.csv",
        )
    text = metadata.get(CARD_KEY)
    if text is None:
        raise CheckpointError(
            f"{name} is a safetensors file of another program: it has no card.",
            "Load it into its own modules and keep those: explorer.adopt(NAME, encoder=..., decoder=..., data=...); or "
            "export it to ONNX: python -m explorer import MODEL.onnx --data D",
        )
    values = upgraded(text, CARD_STEPS, name)
    try:
        return Card.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        raise CheckpointError(f"{name} has a card whose field {field!r} is wrong: {first['msg']}.") from error
