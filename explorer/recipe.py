"""A recipe: everything that decides what a training gives, as one frozen value.

The same value is the form on the Train page, the flags and TOML files of the command line, the card of a checkpoint and
the key of a cache. Titles, units, bounds and help are written once, on the fields.
"""

from __future__ import annotations

import json
import math
import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import tomli_w
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from explorer.core.applicability import SOME, only_where
from explorer.core.errors import RecipeError
from explorer.data import Dataset, ImportOptions, Progress, SplitAsked, open_dataset
from explorer.io.images.asked import ImagesAsked
from explorer.io.tables.asked import RolesAsked
from explorer.io.tables.dialect import Asked
from explorer.models import AnyModelConfig, Reconstructor
from explorer.noise import AnyNoise
from explorer.objectives import AnyObjective
from explorer.penalties import AnyPenalty

BALANCED = "balanced"
"""As class weights: each label counts the same in all."""
OPTIONAL_PARTS = ("corruption", "penalty", "objective")
"""Parts of a recipe that it may do without, each one of several kinds."""


def _tiles(side: int) -> dict[str, Any]:
    """What to say of images for tiles of that side."""
    return {"size": (side, side), "fit": "tiles"}


class DataPart(BaseModel):
    """Which items a model is trained on."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    dataset: str = Field(
        "mnist-sample", title="Dataset", description="A dataset's name, or the path of a folder, zip, NPZ, IDX or CSV."
    )
    classes: tuple[str, ...] = Field(
        (),
        title="Classes",
        description="Train on items with these labels only; none chosen: on all of them.",
        json_schema_extra=only_where({"has_labels": [True]}),
    )
    limit: int | None = Field(
        None,
        ge=1,
        title="Training items",
        description="Use at most so many items, spread over the training split; empty: all.",
    )
    seed: int = Field(0, ge=0, title="Split seed", description="Of the split, where the dataset has no official one.")
    tile: int = Field(
        0,
        ge=0,
        le=4096,
        title="Tiles",
        description="Cut the images of a folder into squares of this side instead of scaling them; 0: scaled.",
        json_schema_extra={"unit": "pixels", **only_where({"items": ["images"], "is_shipped": [False]})},
    )
    exclude: tuple[str, ...] = Field(
        (),
        title="Left out",
        description="Names of image files of a folder, without ending, that are not used.",
        json_schema_extra=only_where({"items": ["images"], "is_shipped": [False]}),
    )
    crop: int = Field(
        0,
        ge=0,
        le=4096,
        title="Random crops",
        description="Train on squares of this side, cut out anywhere, new ones each epoch; 0: on whole items.",
        json_schema_extra={"unit": "pixels", **only_where({"items": ["images"], "can_be_cropped": [True]})},
    )
    crops_per_item: int = Field(
        1,
        ge=1,
        le=10_000,
        title="Crops per item",
        description="How often an epoch takes each item, each time anew.",
        json_schema_extra=only_where(
            {"items": ["images"], "can_be_cropped": [True], "crop": SOME}, {"items": ["images"], "augment": [True]}
        ),
    )
    augment: bool = Field(
        False,
        title="Mirror and turn",
        description="Show each training image mirrored and turned at random.",
        json_schema_extra=only_where({"items": ["images"]}),
    )

    dialect: Asked = Field(
        Asked(), title="Dialect", description="How a text table is written, as far as it is said; the rest is found."
    )
    roles: RolesAsked = Field(
        RolesAsked(), title="Roles", description="What a table's columns are for, as far as it is said."
    )

    images: ImagesAsked = Field(
        ImagesAsked(), title="Images", description="How images are read, as far as it is said; the rest is found."
    )

    split: SplitAsked = Field(
        SplitAsked(), title="Split", description="A split of one's own; nothing said: the data's own, or by split seed."
    )

    @property
    def options(self) -> ImportOptions:
        """How to read one's own data; named datasets know it themselves."""
        return ImportOptions(
            images=self.images if not self.tile else self.images.model_copy(update=_tiles(self.tile)),
            exclude=self.exclude,
            dialect=self.dialect,
            roles=self.roles,
            split=self.split,
        )

    def open(self, progress: Progress | None = None) -> Dataset:
        """The dataset itself.

        Raises:
            DataError: it is not there, or damaged, or a table of which two readings are about as likely.
        """
        opened = open_dataset(self.dataset, self.seed, progress, self.options)
        if opened.contract is not None:
            opened.contract.require_decided(self.dataset)
        return opened

    @field_validator("dataset")
    @classmethod
    def _is_text(cls, value: str) -> str:
        # A path may hold bytes that are no text; neither TOML nor JSON could keep it.
        if not value.isprintable() and any("\ud800" <= letter <= "\udfff" for letter in value):
            raise ValueError("the name holds bytes that are no text: rename the file or folder")
        return value

    @field_validator("classes", "exclude", mode="before")
    @classmethod
    def _names(cls, value: Any) -> Any:
        return tuple(str(v) for v in value) if isinstance(value, (list, tuple)) else value


class TrainingPart(BaseModel):
    """How the weights are found."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    epochs: int = Field(
        20, ge=1, le=100_000, title="Epochs", description="Passes over the training split (of the last stage)."
    )
    batch_size: int = Field(128, ge=1, le=65536, title="Batch size", description="Items in one step.")
    learning_rate: float = Field(
        1e-3, gt=0, le=10, title="Learning rate", description="The optimiser's step size at its peak."
    )
    optimiser: Literal["adam", "radam", "sgd"] = Field(
        "adam",
        title="Optimiser",
        description="Adam (with weight decay: AdamW), RAdam, or gradient descent with Nesterov's momentum of 0.9.",
    )
    schedule: Literal["constant", "cosine", "one_cycle", "plateau"] = Field(
        "cosine",
        title="Schedule",
        description="Keep the learning rate, let it fall to zero along a half cosine, rise and fall once, or halve it "
        "each time that validation has not improved for some epochs (see Plateau).",
    )
    plateau_epochs: int = Field(
        5,
        ge=1,
        le=100_000,
        title="Plateau",
        description="Of the schedule plateau: after so many epochs without a better validation the rate is halved.",
        json_schema_extra={"unit": "epochs", **only_where({"schedule": ["plateau"]})},
    )
    warmup_epochs: float = Field(
        0.0,
        ge=0,
        le=1000,
        title="Warm-up",
        description="Epochs over which the learning rate rises from zero.",
        json_schema_extra={"unit": "epochs"},
    )
    weight_decay: float = Field(
        0.0, ge=0, le=10, title="Weight decay", description="Decoupled from the gradient, as in AdamW."
    )
    parts: int = Field(
        1,
        ge=1,
        le=65536,
        title="Parts of a batch",
        description="A batch goes through the model in so many parts whose gradients are added: less memory, one step.",
    )
    average: float = Field(
        0.0,
        ge=0,
        le=0.999999,
        title="Averaged weights",
        description="Decay of an exponential moving average of the weights, such as 0.999, which is validated and "
        "saved in their place; 0: none.",
    )
    best_by: str = Field(
        "total",
        min_length=1,
        max_length=80,
        title="Best by",
        description="Which validation figure, lower being better, chooses the best epoch and stops early: total, or a "
        "term of the loss such as reconstruction.",
    )
    class_weights: str = Field(
        "",
        max_length=2000,
        title="Class weights",
        description="How much items count in the loss by their label: balanced, each label the same in all; or a table "
        "such as cat=2, dog=0.5, others 1; empty: all the same.",
        json_schema_extra=only_where({"has_labels": [True]}),
    )
    clip_norm: float = Field(
        0.0, ge=0, le=1e6, title="Gradient clipping", description="Largest norm of the gradient; 0: not clipped."
    )
    patience: int = Field(
        0,
        ge=0,
        le=100_000,
        title="Patience",
        description="Stop after so many epochs without a better validation (see Best by); 0: never.",
        json_schema_extra={"unit": "epochs"},
    )
    seed: int = Field(0, ge=0, lt=2**31, title="Seed", description="Of the weights, the batches and all noise.")
    device: Literal["auto", "cpu", "cuda", "mps"] = Field("auto", title="Device", description="Where to train.")
    precision: Literal["float32", "bfloat16"] = Field(
        "float32",
        title="Precision",
        description="bfloat16 is quicker on GPUs, and on CPUs for convolutions if they have matrix units.",
    )
    start_from: str = Field(
        "",
        title="Start from",
        description="A checkpoint (name or file) of this architecture whose weights to start from; empty: random ones.",
    )
    compile: bool = Field(
        False, title="Compile", description="Compile the step with torch.compile: a slower start, then quicker steps."
    )

    @field_validator("class_weights", mode="before")
    @classmethod
    def _as_words(cls, value: Any) -> Any:
        """A table by label as the text that stands for it, the same text for the same table."""
        if isinstance(value, str) and value.strip() not in ("", BALANCED):
            value = weights_by_label(value)
        if not isinstance(value, Mapping):
            return value.strip() if isinstance(value, str) else value
        if any(
            isinstance(weight, bool) or not isinstance(weight, int | float) or not 0 <= weight < math.inf
            for weight in value.values()
        ):
            raise ValueError("a weight is a number from 0 on")
        if any(sign in str(label) for label in value for sign in ",={"):
            return json.dumps({str(label): float(weight) for label, weight in value.items()}, ensure_ascii=False)
        return ", ".join(f"{label}={weight:.12g}" for label, weight in value.items())


def weights_by_label(text: str) -> dict[str, float]:
    """A table of class weights from its text: ``cat=2, dog=0.5``, or JSON where labels hold such signs.

    Raises:
        ValueError: it is neither.
    """
    try:
        if text.lstrip().startswith("{"):
            return {str(label): float(weight) for label, weight in json.loads(text).items()}
        pairs = [pair.rpartition("=") for pair in text.split(",")]
        if all(label.strip() for label, _, _ in pairs):
            return {label.strip(): float(weight) for label, _, weight in pairs}
    except (ValueError, TypeError, AttributeError):
        pass
    raise ValueError(f"write {BALANCED}, or a weight for each label such as cat=2, dog=0.5")


class Recipe(BaseModel):
    """Dataset, model, corruption, penalty, objective and training."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(
        "untitled",
        pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$",
        title="Name",
        description="Of the checkpoint: letters, digits, dot, dash and underscore.",
    )
    title: str = Field("", max_length=120, title="Title", description="What the pages call it; empty: the name.")
    data: DataPart = DataPart()
    model: AnyModelConfig
    corruption: AnyNoise | None = Field(
        None, title="Corruption", description="Corrupt the input and rebuild the clean item: a denoising autoencoder."
    )
    penalty: AnyPenalty | None = Field(
        None, title="Penalty", description="What is asked of the code beside a good reconstruction."
    )
    objective: AnyObjective | None = Field(
        None, title="Objective", description="What a variational model is trained on in place of its ELBO with beta."
    )
    training: TrainingPart = TrainingPart()

    @classmethod
    def parse(cls, values: dict[str, Any]) -> Recipe:
        """Check plain values.

        Raises:
            RecipeError: naming the first field that is unknown, missing or out of range.
        """
        try:
            return cls.model_validate(values)
        except ValidationError as error:
            raise RecipeError(*_explain(error)) from error

    @classmethod
    def from_toml(cls, path: str | os.PathLike[str]) -> Recipe:
        """Read a recipe file.

        Raises:
            RecipeError: no such file, not TOML, or not a recipe.
        """
        try:
            values = tomllib.loads(Path(path).read_text(encoding="utf-8"))
        except OSError as error:
            raise RecipeError(f"Cannot read the recipe {path}: {error.strerror}.", "Check the path.") from error
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise RecipeError(
                f"{path} is not a TOML file: {error}.",
                "See recipes/ for examples; data is named in a recipe, and a series with --series COLUMN --window N.",
            ) from error
        return cls.parse(values)

    def to_toml(self, training: bool = True) -> str:
        """The recipe as TOML text; ``from_toml`` of it is this recipe.

        Args:
            training: False leaves out how it is trained, of a model that was not trained here.
        """
        values = self.model_dump(mode="json", exclude_none=True, exclude=None if training else {"training"})
        for part in ("dialect", "roles", "images", "split"):
            said = getattr(self.data, part).model_dump(mode="json", exclude_defaults=True)
            values["data"].pop(part)
            values["data"] |= {part: said} if said else {}
        return tomli_w.dumps(values)

    def build(self, event_shape: tuple[int, ...], n_labels: int = 0) -> Reconstructor:
        """The untrained model for events of this shape, with its penalty and objective.

        Args:
            event_shape: (C, H, W) for images in [0, 1], (D,) for table rows.
            n_labels: how many labels items have, for a conditional model; 0: one that is told none, as for items of
                one label alone.

        Raises:
            RecipeError: the family cannot take such events, a penalty or an objective, or fields do not fit together.
        """
        model: Reconstructor = self.model.build(event_shape)
        if self.model.is_conditional:
            model.condition(n_labels)
        if self.penalty is not None:
            model.penalise(self.penalty)
        if self.objective is not None:
            model.pursue(self.objective)
        return model

    def with_settings(self, settings: list[str]) -> Recipe:
        """A copy with fields set from the command line.

        Args:
            settings: ``part.field=value``, the value as in TOML; a bare word counts as text.

        Raises:
            RecipeError: not of that form, or the result is not a recipe.
        """
        values = self.model_dump(mode="json")
        for setting in settings:
            path, separator, text = setting.partition("=")
            *parents, field = path.strip().split(".")
            if not separator or not field:
                raise RecipeError(f"Cannot read the setting {setting!r}.", "Write it as model.latent_dim=8.")
            part: Any = values
            for parent in parents:
                part = part.get(parent) if isinstance(part, dict) else None
                if part is None and parent in OPTIONAL_PARTS and isinstance(values, dict):
                    part = values[parent] = {}
            if not isinstance(part, dict):
                raise RecipeError(
                    f"There is no part {'.'.join(parents)!r} in a recipe.",
                    "Parts: data, model, corruption, penalty, objective, training.",
                )
            part[field] = _value(text.strip())
        return Recipe.parse(values)

    @property
    def display_title(self) -> str:
        return self.title or self.name


def _value(text: str) -> Any:
    try:
        return tomllib.loads(f"v = {text}")["v"]
    except tomllib.TOMLDecodeError:
        return None if text.lower() in ("none", "null") else text


def _explain(error: ValidationError) -> tuple[str, str]:
    first = error.errors()[0]
    # The discriminator's value stands in the path of a union; a user wrote only the field names.
    from explorer.models import REGISTRY as FAMILIES
    from explorer.noise import REGISTRY as NOISES
    from explorer.objectives import REGISTRY as OBJECTIVES
    from explorer.penalties import REGISTRY as PENALTIES

    path = [str(p) for p in first["loc"]]
    kinds = {*FAMILIES, *NOISES, *PENALTIES, *OBJECTIVES}
    if len(path) > 1 and path[0] in ("model", *OPTIONAL_PARTS) and path[1] in kinds:
        del path[1]
    field = ".".join(path) or "recipe"
    if first["type"] == "extra_forbidden":
        return f"There is no field {field!r} in a recipe.", "Check the spelling; docs and recipes/ list the fields."
    message = first["msg"].removeprefix("Value error, ")
    return (
        f"Recipe field {field!r}: {message[0].lower()}{message[1:]} (given: {first.get('input')!r}).",
        "Change it in the recipe.",
    )
