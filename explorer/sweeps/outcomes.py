"""What came of a sweep: a figure for each setting, its mean and interval over seeds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from explorer.checkpoints import load_card
from explorer.core.errors import ExplorerError, TrainingError
from explorer.core.intervals import Interval, mean_of_few
from explorer.recipe import OPTIONAL_PARTS
from explorer.runs.summary import RunFigure, RunSummary, summarise
from explorer.sweeps.fields import FOLD
from explorer.sweeps.sweep import Sweep, SweepPoint

OVER = ("finished", "stopped")
"""Statuses of runs that came to a result."""
FOLDS_REMARK = (
    "The interval is Student's t over the folds. These share most of their training items, so that their figures are"
    " not independent and no interval from them is exact; this one is likely too narrow (Bengio and Grandvalet 2004)."
)
"""What is said of every mean over folds."""
WEIGHERS = ("model", *OPTIONAL_PARTS)
"""Parts of a recipe whose fields may change what the total of the loss is made of."""


@dataclass(frozen=True)
class PointOutcome:
    """One training of a sweep and what came of it.

    Args:
        point: the training.
        summary: of its run; None where it has not begun.
        status: in words; "not begun" without a run.
    """

    point: SweepPoint
    summary: RunSummary | None
    status: str

    @property
    def is_done(self) -> bool:
        """Whether it came to a result."""
        return self.summary is not None and self.summary.run.status in OVER

    def figure(self, title: str) -> RunFigure | None:
        """A figure of a training that came to a result."""
        return self.summary.figure(title) if self.summary is not None and self.is_done else None


@dataclass(frozen=True)
class SettingOutcome:
    """The figure of one setting, over its seeds or folds.

    Args:
        setting: pairs of field and value, without seed and fold and without fields of one value.
        values: of the runs that came to a result, one a seed or fold.
        mean: of these, its interval by Student's t; None where there are none.
        missing: how many of its runs have come to no result.
    """

    setting: tuple[tuple[str, str], ...]
    values: tuple[float, ...]
    mean: Interval | None
    missing: int


@dataclass(frozen=True)
class SweepOutcome:
    """A sweep with what came of each training.

    Args:
        sweep: that was trained.
        outcomes: one a training, in the sweep's order.
    """

    sweep: Sweep
    outcomes: tuple[PointOutcome, ...]

    @property
    def figures(self) -> tuple[RunFigure, ...]:
        """Each figure as the first run that has it has it: those of the validation items first."""
        first: dict[str, RunFigure] = {}
        for outcome in self.outcomes:
            for figure in outcome.summary.figures if outcome.is_done and outcome.summary is not None else ():
                first.setdefault(figure.title, figure)
        return tuple(first.values())

    @property
    def titles(self) -> tuple[str, ...]:
        """The same by their names, with their splits."""
        return tuple(figure.title for figure in self.figures)

    def chosen(self, asked: str = "") -> tuple[RunFigure, str]:
        """The figure to compare settings by, as the first run has it, and why it is this one.

        Where fields are swept that may weigh the terms of the loss, totals of different settings are different sums, so
        that without a word the loss's own first term is taken.

        Args:
            asked: its name, with its split or alone; empty: the recipe's ``best_by`` where settings share it.

        Raises:
            TrainingError: no run has it.
        """
        done = [outcome for outcome in self.outcomes if outcome.is_done and outcome.summary is not None]
        if not done or not self.titles:
            raise TrainingError(f"No training of the sweep {self.sweep.name} has come to a result.", "Go on with it.")
        name, why = asked, ""
        if not asked:
            name = self.sweep.recipe.training.best_by
            terms = [title.removesuffix(" (validation)") for title in self.titles if title.endswith("(validation)")]
            weighed = [f.field for f in self.sweep.swept if f.field.partition(".")[0] in WEIGHERS]
            first = next((term for term in terms if term != "total"), None)
            name = f"{name if name in terms else 'total'} (validation)"
            if name == "total (validation)" and weighed and first is not None:
                name = f"{first} (validation)"
                why = f"Totals are not compared: another {' and '.join(weighed)} may make them of other terms."
        figure = next((figure for outcome in done if (figure := outcome.figure(name)) is not None), None)
        if figure is None:
            raise TrainingError(
                f"No run of the sweep has a figure {asked!r}.", f"Take one of: {', '.join(self.titles)}."
            )
        return figure, why

    def by_setting(self, title: str) -> tuple[SettingOutcome, ...]:
        """The figure of each setting, over its seeds or folds."""
        swept = {field.field for field in self.sweep.swept}
        groups: dict[tuple[tuple[str, str], ...], list[PointOutcome]] = {}
        for outcome in self.outcomes:
            setting = tuple(pair for pair in outcome.point.setting if pair[0] in swept)
            groups.setdefault(setting, []).append(outcome)
        rows = []
        for setting, outcomes in groups.items():
            values = [figure.value for o in outcomes if (figure := o.figure(title)) is not None]
            mean = mean_of_few(np.array(values)) if values else None
            rows.append(SettingOutcome(setting, tuple(values), mean, len(outcomes) - len(values)))
        return tuple(rows)

    @property
    def over_repeats(self) -> tuple[tuple[RunFigure, SettingOutcome], ...]:
        """Every figure with its mean over folds or seeds; where fields are swept, those of the first setting."""
        return tuple((figure, self.by_setting(figure.title)[0]) for figure in self.figures)

    @property
    def remarks(self) -> tuple[str, ...]:
        """What a reader of the table has to know: trainings without a result, and runs of other data."""
        told = [
            f"{o.point.words}: {o.status}." + (f" {o.summary.run.outcome.get('message', '')}" if o.summary else "")
            for o in self.outcomes
            if not o.is_done
        ]
        prints = {_fingerprint(o.summary) for o in self.outcomes if o.is_done and o.summary is not None}
        if len(prints - {""}) > 1:
            told.append("The runs have learnt from different data: a file has changed between them.")
        if any(field.field == FOLD and len(field.values) > 1 for field in self.sweep.fields):
            told.append(FOLDS_REMARK)
        return tuple(text.strip() for text in told)


def outcome_of(sweep: Sweep) -> SweepOutcome:
    """Read what came of each training so far."""
    run_of = sweep.runs()
    outcomes: list[PointOutcome] = []
    for point in sweep.points:
        run = run_of.get(point.setting)
        summary = None if run is None else summarise(run)
        outcomes.append(PointOutcome(point, summary, "not begun" if run is None else run.status_words))
    return SweepOutcome(sweep, tuple(outcomes))


def _fingerprint(summary: RunSummary) -> str:
    """Of the data that a run has learnt from; empty where its card cannot be read."""
    path = summary.run.checkpoint
    try:
        return "" if path is None else load_card(path).data.fingerprint
    except ExplorerError:
        return ""
