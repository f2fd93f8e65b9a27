"""The figures that Learn's scenes draw, measured on held-out items and kept beside their models."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from explorer.checkpoints import Metric
from explorer.core import places
from explorer.core.errors import CheckpointError
from explorer.evaluation.few_labels import FewLabels


class Rung(BaseModel):
    """One model of the beta ladder; all figures in nats per image, ELBO = -(reconstruction + KL).

    Args:
        name: of its checkpoint.
        reconstruction: -E[log p(x|z)] by one sample an image.
        elbo: the bound itself, beta = 1 whatever the model was trained with.
        kl_per_dimension: of the KL.
        active_units: dimensions whose posterior mean has a variance above 0.01 (Burda et al. 2016).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    beta: float
    reconstruction: Metric
    kl: Metric
    elbo: Metric
    kl_per_dimension: tuple[float, ...]
    active_units: int


class Width(BaseModel):
    """The squared error per image with the first numbers of an ordered code, and with as many components of PCA."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    width: int
    ordered: Metric
    pca: Metric


class LearnFigures(BaseModel):
    """All of them.

    Args:
        ladder: the beta ladder, by beta.
        ordered_name, widths: the checkpoint with an ordered code, and its error by width.
        labels: by the name of a checkpoint.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_inf_nan="strings")

    ladder: tuple[Rung, ...]
    ordered_name: str
    widths: tuple[Width, ...]
    labels: dict[str, tuple[FewLabels, ...]]


def figures_file() -> Path:
    """Where they are kept; ``benchmarks/ladder.py --write`` measures them again."""
    return places.shipped("checkpoints") / "learn" / "figures.json"


def learn_figures() -> LearnFigures:
    """The figures that come with the program.

    Raises:
        CheckpointError: the file is not there, or damaged.
    """
    path = figures_file()
    try:
        return LearnFigures.model_validate_json(path.read_text(encoding="utf-8"))
    except (OSError, ValidationError) as error:
        raise CheckpointError(
            f"Cannot read the figures in {path}.", "Install the program again, or run benchmarks/ladder.py."
        ) from error
