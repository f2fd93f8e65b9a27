"""The command that trains a recipe once for every combination of some fields' values.

What takes long to import is imported inside the command.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from explorer.cli.figure import check_figure_file, write_figure
from explorer.cli.output import AsJson, print_json, print_table, progress_line
from explorer.cli.reading import Reading
from explorer.cli.reading_flags import reads_input
from explorer.cli.train import INTERRUPTED, pausing
from explorer.core.errors import TrainingError

if TYPE_CHECKING:
    from explorer.sweeps import Sweep, SweepOutcome, SweepTraining


@reads_input
def sweep(
    recipe_file: Annotated[Path, typer.Argument(metavar="RECIPE.toml", help="See recipes/ for examples.")],
    settings: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="PART.FIELD=VALUES",
            help="A field and its values, as 1,4,16 or 0..2 or 0.1..0.5..0.2; repeated: every combination.",
        ),
    ] = None,
    name: Annotated[str, typer.Option("--name", help="Of the sweep. Default: the recipe's and the fields'.")] = "",
    jobs: Annotated[int, typer.Option("--jobs", metavar="N", min=1, help="Trainings at once, each a process.")] = 1,
    limit: Annotated[
        int | None, typer.Option("--limit", metavar="N", min=1, help="Of trainings in all. Default: 50.")
    ] = None,
    figure: Annotated[
        str, typer.Option("--figure", metavar="NAME", help="What settings are compared by, as 'ELBO (test)'.")
    ] = "",
    out: Annotated[
        Path | None, typer.Option("--out", help="Also a picture of it against the setting: .svg, .png or .json.")
    ] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="The picture may take the place of a file.")] = False,
    as_json: AsJson = False,
    *,
    reading: Reading,
) -> None:
    """Train every combination of some fields' values, each as a run of its own, and compare what comes of them.

    Ctrl-C pauses what is being trained. The same command goes on, and leaves what is done as it is.
    """
    from explorer.recipe import Recipe
    from explorer.sweeps import LIMIT, Sweep, SweepTraining, outcome_of

    asked = Sweep.parse(reading.in_recipe(Recipe.from_toml(recipe_file)), settings or [], name)
    limit = LIMIT if limit is None else limit
    if asked.size > limit:
        raise TrainingError(
            f"{asked.words} are {asked.size:,} trainings, more than {limit:,}.",
            f"Give fewer values, or --limit {asked.size}.",
        )
    if out is not None:
        check_figure_file(out, overwrite)
    training = SweepTraining(asked, jobs)
    say_begin(asked, training)
    train_all(training)
    outcome = outcome_of(asked)
    missing = sum(not one.is_done for one in outcome.outcomes)
    if missing < len(outcome.outcomes):
        _tell(outcome, figure, out, as_json)
    if training.is_paused:
        typer.echo("Paused. The same command goes on.", err=True)
        raise typer.Exit(INTERRUPTED)
    if missing:
        reasons = "" if missing < len(outcome.outcomes) else " " + outcome.remarks[0]
        raise TrainingError(
            f"{missing} of {asked.size} trainings came to no result.{reasons}", "See each run on Train."
        )


def say_begin(asked: Sweep, training: SweepTraining) -> None:
    """Say what is to be trained, and what is done."""
    before = [f"{len(training.done)} done before"] if training.done else []
    before += [f"{training.begun} go on" if training.begun > 1 else "1 goes on"] if training.begun else []
    words = f"{asked.size} trainings: {asked.words}" if asked.size > 1 else f"1 training: {asked.words}"
    typer.echo(f"Sweep {asked.name}, {words}{'; ' if before else ''}{', '.join(before)}.", err=True)
    if training.jobs > 1:  # the processes share the processors instead of each taking all of them
        os.environ.setdefault("OMP_NUM_THREADS", str(max(1, (os.cpu_count() or 1) // training.jobs)))


def train_all(training: SweepTraining) -> None:
    """Train what is left, with its progress on stderr; Ctrl-C pauses."""
    size = training.sweep.size
    with progress_line() as progress, pausing(training.pause):
        for news in training:
            words = f"{news.number}/{size} {news.point.words}"
            if news.kind == "ended":
                progress.line(f"{words}: {news.words} ({news.run.id})")
            elif news.kind in ("begun", "going"):
                progress(-1, f"{words}: {news.words or 'begins'}")


def _tell(outcome: SweepOutcome, asked: str, out: Path | None, as_json: bool) -> None:
    from explorer.export.run_figures import sweep_figure

    figure, why = outcome.chosen(asked)
    rows = outcome.by_setting(figure.title)
    if as_json:
        print_json(_as_json(outcome, figure.title, figure.unit, why))
    else:
        typer.echo(f"{figure.title}, {figure.unit}, of the best epoch of each run. {why}".strip())
        fields = [field.field for field in outcome.sweep.swept]
        head = (*fields, "runs", "mean", "95 % interval of the mean")
        cells = [
            (
                *(value for _, value in row.setting),
                f"{len(row.values)} of {len(row.values) + row.missing}" if row.missing else str(len(row.values)),
                "" if row.mean is None else f"{row.mean.value:.5g}",
                "" if row.mean is None or not row.mean.has_ends else row.mean.ends("{:.5g}".format),
            )
            for row in rows
        ]
        print_table(head, cells)
    for remark in outcome.remarks:
        typer.echo(remark, err=True)
    if out is not None:
        write_figure(out, sweep_figure(outcome, figure.title, figure.unit))
        typer.echo(f"{out}: {figure.title} against the setting", err=True)


def _as_json(outcome: SweepOutcome, title: str, unit: str, why: str) -> dict[str, Any]:
    settings = [
        {
            "setting": dict(row.setting),
            "values": list(row.values),
            "mean": None if row.mean is None else row.mean.value,
            "interval": [row.mean.low, row.mean.high] if row.mean is not None and row.mean.has_ends else None,
            "without result": row.missing,
        }
        for row in outcome.by_setting(title)
    ]
    runs = [
        {
            "setting": dict(one.point.setting),
            "run": None if one.summary is None else one.summary.run.id,
            "status": one.status,
            "best_epoch": None if one.summary is None else one.summary.best_epoch,
            "figures": {f.title: f.value for f in one.summary.figures} if one.summary is not None else {},
        }
        for one in outcome.outcomes
    ]
    figure = {"name": title, "unit": unit, "note": why}
    remarks = list(outcome.remarks)
    return {"sweep": outcome.sweep.name, "figure": figure, "settings": settings, "runs": runs, "remarks": remarks}
