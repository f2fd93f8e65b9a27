"""Several runs side by side: curves of one figure, figures of the best epochs, and the fields that differ."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from explorer.runs.differences import differing_fields, value_text
from explorer.runs.summary import RunSummary


@dataclass(frozen=True)
class RunComparison:
    """Runs laid over each other.

    Args:
        summaries: of the runs, two or more.
    """

    summaries: tuple[RunSummary, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """What each run is called; with the time in its id where another one has the same title."""
        titles = [summary.run.title for summary in self.summaries]
        return tuple(
            title if titles.count(title) == 1 else f"{title} ({summary.run.id})"
            for title, summary in zip(titles, self.summaries, strict=True)
        )

    @property
    def curve_names(self) -> tuple[str, ...]:
        """Validation figures that any run has after its epochs, those that choose a best epoch first."""
        best = [summary.best.name for summary in self.summaries if summary.best is not None]
        terms = [name for s in self.summaries for entry in s.progress.history[-1:] for name in entry["validation"]]
        return tuple(dict.fromkeys([*best, *terms]))

    def curves(self, name: str) -> dict[str, list[float]]:
        """A validation figure of each run's last stage by epoch; runs without it are left out."""
        curves: dict[str, list[float]] = {}
        for title, summary in zip(self.names, self.summaries, strict=True):
            state = summary.progress
            last = state.started.get("stages", [[""]])[-1][0]
            values = [e["validation"][name] for e in state.history if e["stage"] == last and name in e["validation"]]
            curves |= {title: values} if values else {}
        return curves

    @property
    def figures(self) -> list[dict[str, Any]]:
        """A row for each figure of the best epochs: its name with split and unit, and the value in each run."""
        titles = dict.fromkeys((f.title, f.unit) for summary in self.summaries for f in summary.figures)
        rows = []
        for title, unit in titles:
            values = [summary.figure(title) for summary in self.summaries]
            of_unit = [None if figure is None or figure.unit != unit else figure.value for figure in values]
            rows.append({"figure": f"{title}, {unit}", **dict(zip(self.names, of_unit, strict=True))})
        return rows

    @property
    def differences(self) -> list[dict[str, str]]:
        """A row for each field in which the recipes differ: its name, and its value in each."""
        fields = differing_fields([summary.run.recipe for summary in self.summaries])
        return [
            {"field": field, **dict(zip(self.names, map(value_text, values), strict=True))}
            for field, values in fields.items()
        ]
