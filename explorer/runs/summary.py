"""A run in figures: its best epoch by the figure that its recipe names, held-out figures, time and findings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from explorer.checkpoints.history import loss_unit
from explorer.runs.folder import current
from explorer.runs.progress import Progress, progress
from explorer.runs.run import Run


@dataclass(frozen=True)
class RunFigure:
    """A figure of a run.

    Args:
        name: of the loss term or metric.
        split: whose items it was measured on.
        unit: of the value.
        value: of the weights that were kept.
    """

    name: str
    split: str
    unit: str
    value: float

    @property
    def title(self) -> str:
        """Name and split."""
        return f"{self.name} ({self.split})"


@dataclass(frozen=True)
class RunSummary:
    """What a list of runs says of one.

    Args:
        run: the folder that it was read from.
        progress: how far it is.
        best: of the best epoch so far, the figure by which it is the best; None before the first.
        best_epoch: from 1, within the last stage; 0 before the first.
        figures: all validation figures of that epoch, then those on held-out items of a run that is over.
        findings: titles of what is wrong, the gravest first.
    """

    run: Run
    progress: Progress
    best: RunFigure | None
    best_epoch: int
    figures: tuple[RunFigure, ...]
    findings: tuple[str, ...]

    def figure(self, title: str) -> RunFigure | None:
        """The figure of that name, with its split or alone (then the first of that name)."""
        return next((figure for figure in self.figures if title in (figure.title, figure.name)), None)


def summarise(run: Run, state: Progress | None = None) -> RunSummary:
    """Read what a list says of a run.

    Args:
        run: of any status.
        state: its progress, where it was read before.
    """
    if state is None:
        state = progress(current(run.events()[0]))
    history = state.history
    best_by = best_figure_name(run, history)
    lowest = state.best(best_by)
    figures: list[RunFigure] = []
    unit = loss_unit(history).removesuffix(" per item") if history else ""
    if lowest is not None:
        last = state.started.get("stages", [[""]])[-1][0]
        epoch = next(entry for entry in history if entry["stage"] == last and entry["epoch"] == lowest[1])
        terms = _without_twin(epoch["validation"])
        figures = [RunFigure(name, "validation", unit, value) for name, value in terms.items()]
    figures += [RunFigure(m["name"], m["split"], m["unit"], m["value"]) for m in state.finished.get("metrics", ())]
    best = None if lowest is None else RunFigure(best_by, "validation", unit, lowest[0])
    findings = tuple(finding["title"] for finding in _findings(run, state) if finding["severity"] == "wrong")
    return RunSummary(run, state, best, 0 if lowest is None else lowest[1], tuple(figures), findings)


def best_figure_name(run: Run, history: Sequence[Mapping[str, Any]]) -> str:
    """The validation figure that chooses a run's best epoch: the recipe's, where the last epoch has it."""
    name = run.recipe.training.best_by
    return name if not history or name in history[-1]["validation"] else "total"


def _without_twin(terms: Mapping[str, float]) -> dict[str, float]:
    """A loss of one term is its own total: it is named once."""
    return {name: value for name, value in terms.items() if len(terms) > 2 or name == "total" or "total" not in terms}


def _findings(run: Run, state: Progress) -> Sequence[Mapping[str, Any]]:
    """Of a run that is over those of its whole, else those of its newest epoch."""
    if state.finished:
        return state.finished.get("findings", ())
    return state.history[-1].get("findings", ()) if state.history else ()
