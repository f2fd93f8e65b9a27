"""What a look at a training found wrong or worth a note: a value that cards, pages and the command line share."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from explorer.checkpoints.metric import Metric

Severity = Literal["wrong", "note"]
"""``wrong``: what the model gives is not what was meant; ``note``: worth knowing, and nothing to repair at once."""


class RecipeChange(BaseModel):
    """A field of a recipe and its new value.

    Args:
        field: its dotted name, such as ``model.beta``.
        value: as in the recipe's JSON.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    field: str
    value: Any

    @property
    def setting(self) -> str:
        """As ``--set`` and ``Recipe.with_settings`` take it: ``model.beta=1.0``."""
        value = self.value
        if isinstance(value, bool):
            return f"{self.field}={str(value).lower()}"
        return f"{self.field}={value:.6g}" if isinstance(value, float) else f"{self.field}={value}"


class TrainingFinding(BaseModel):
    """One thing that a training shows, with the figures that show it and what to change.

    Args:
        name: of the examination that found it.
        title: in a few words.
        severity: how bad it is.
        figures: what was measured, the decisive one first.
        meaning: what follows from it, one sentence.
        advice: what to do, one sentence.
        remedy: the advice as a change of the recipe; None where no field of it helps.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_inf_nan="strings")

    name: str
    title: str
    severity: Severity
    figures: tuple[Metric, ...]
    meaning: str
    advice: str
    remedy: RecipeChange | None = None

    @property
    def is_wrong(self) -> bool:
        return self.severity == "wrong"

    @property
    def lines(self) -> list[str]:
        """It in words: what it is, its figures, what it means, what to do."""
        figures = "; ".join(f"{m.name} {m.text()} {m.unit} ({m.split}, n = {m.n:,})" for m in self.figures)
        remedy = "" if self.remedy is None else f" (--set {self.remedy.setting})"
        return [f"{self.title}: {figures}.", f"{self.meaning} {self.advice.removesuffix('.')}{remedy}."]
