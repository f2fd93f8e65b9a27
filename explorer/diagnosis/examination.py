"""What an examination is: it looks at the record of a training for one thing, and says whether it is there."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, ClassVar, Literal

import numpy as np
from jaxtyping import Float

from explorer.checkpoints import Metric, RecipeChange, Severity, TrainingFinding
from explorer.core.errors import ExplorerError
from explorer.core.intervals import mean_interval
from explorer.diagnosis.record import TrainingRecord
from explorer.recipe import Recipe

Needs = Literal["losses", "codes", "items", "model"]


class Examination(ABC):
    """Looks for one thing that can be wrong with a training.

    A subclass has a ``name`` (of its findings), ``title`` (in a few words), ``summary`` (one sentence that a student
    can read: what is measured, and from where on it counts), ``reference`` where the measure has one, and ``needs``:
    "losses" can look while the training goes, "codes" at its newest epoch while it goes and then no more, "items" needs
    the data, "model" the model, too.
    """

    name: ClassVar[str]
    explains: ClassVar[frozenset[str]] = frozenset()
    """Names of what follows from it by itself, and is not told beside it."""
    empties_codes: ClassVar[bool] = False
    """Whether what it finds means that no place among the codes says anything, so that nothing is said of places."""
    title: ClassVar[str]
    summary: ClassVar[str]
    reference: ClassVar[str] = ""
    needs: ClassVar[Needs]

    @abstractmethod
    def look(self, record: TrainingRecord) -> TrainingFinding | None:
        """What it finds, or None. It is asked only where the record has what it ``needs``."""

    def can_look(self, record: TrainingRecord) -> bool:
        """Whether the record has what is needed."""
        if self.needs == "losses":
            return bool(record.epochs) or record.finished == "diverged"
        if self.needs == "codes":
            return record.glance is not None and not record.finished
        return record.has_items if self.needs == "items" else record.has_vectors

    def finding(
        self,
        severity: Severity,
        figures: list[Metric],
        meaning: str,
        advice: str,
        remedy: RecipeChange | None = None,
        title: str = "",
    ) -> TrainingFinding:
        """A finding of this examination."""
        return TrainingFinding(
            name=self.name,
            title=title or self.title,
            severity=severity,
            figures=tuple(figures),
            meaning=meaning,
            advice=advice,
            remedy=remedy,
        )


def figure(name: str, value: float, unit: str, split: str, n: int) -> Metric:
    """A figure without an interval."""
    return Metric(name=name, value=float(value), unit=unit, split=split, n=n)


def mean_figure(name: str, values: Float[np.ndarray, " n"], unit: str, split: str) -> Metric:
    """The mean of figures of items, with its 95 % interval."""
    return Metric(**mean_interval(values).model_dump(), name=name, unit=unit, split=split, n=len(values))


def change(recipe: Recipe, field: str, value: Any) -> RecipeChange | None:
    """The change of a field, where the recipe has it, takes the value, and has another one."""
    asked = RecipeChange(field=field, value=value)
    part, _, name = field.partition(".")
    values = getattr(recipe, part)
    if part in ("model", "training", "data") and name not in type(values).model_fields:
        return None
    try:
        return None if recipe.with_settings([asked.setting]) == recipe else asked
    except ExplorerError:
        return None


def first_change(recipe: Recipe, *wished: tuple[str, Any]) -> RecipeChange | None:
    """The first of several changes that the recipe takes."""
    return next((done for field, value in wished if (done := change(recipe, field, value)) is not None), None)
