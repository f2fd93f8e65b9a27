"""The command that trains a recipe once for every fold that is held out.

What takes long to import is imported inside the command.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from explorer.cli.held_out import TestData, with_held_out
from explorer.cli.output import AsJson, print_json, print_table
from explorer.cli.reading import Reading
from explorer.cli.reading_flags import reads_input
from explorer.cli.sweep import say_begin, train_all
from explorer.cli.train import INTERRUPTED
from explorer.core.errors import TrainingError

if TYPE_CHECKING:
    from explorer.sweeps import SweepOutcome


@reads_input
def folds(
    recipe_file: Annotated[Path, typer.Argument(metavar="RECIPE.toml", help="See recipes/ for examples.")],
    count: Annotated[
        int | None, typer.Option("--folds", metavar="K", min=2, help="How many. Default: the recipe's.")
    ] = None,
    groups: Annotated[
        str, typer.Option("--groups", metavar="COLUMN", help="Items of one value of it stay in one fold.")
    ] = "",
    test_data: TestData = None,
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="PART.FIELD=VALUE", help="Change a field; may be repeated."),
    ] = None,
    name: Annotated[str, typer.Option("--name", help="Of these trainings. Default: RECIPE-K-folds.")] = "",
    jobs: Annotated[int, typer.Option("--jobs", metavar="N", min=1, help="Trainings at once, each a process.")] = 1,
    as_json: AsJson = False,
    *,
    reading: Reading,
) -> None:
    """k-fold: train a recipe K times, each time another K-th of the items held out; mean and interval of every figure.

    Each is a run of its own, whose checkpoint knows which items were held out. Ctrl-C pauses; the same command goes on,
    and leaves what is done as it is.
    """
    from explorer.recipe import Recipe
    from explorer.sweeps import SweepTraining, folds_sweep, outcome_of

    recipe = reading.in_recipe(Recipe.from_toml(recipe_file).with_settings(settings or []))
    recipe = with_held_out(recipe, test_data)
    asked = folds_sweep(recipe, count or 0, groups, name)
    asked.recipe.data.open()  # what is wrong with the data is said once, and not by every fold
    training = SweepTraining(asked, jobs)
    say_begin(asked, training)
    train_all(training)
    outcome = outcome_of(asked)
    missing = sum(not one.is_done for one in outcome.outcomes)
    if missing < len(outcome.outcomes):
        _tell(outcome, as_json)
    if training.is_paused:
        typer.echo("Paused. The same command goes on.", err=True)
        raise typer.Exit(INTERRUPTED)
    if missing:
        reasons = "" if missing < len(outcome.outcomes) else " " + outcome.remarks[0]
        raise TrainingError(f"{missing} of {asked.size} folds came to no result.{reasons}", "See each run on Train.")


def _tell(outcome: SweepOutcome, as_json: bool) -> None:
    """Every figure: its mean over the folds with its interval, and that of each fold."""
    rows = outcome.over_repeats
    if as_json:
        figures = [
            {
                "name": figure.name,
                "split": figure.split,
                "unit": figure.unit,
                "mean": row.mean.value,
                "interval": [row.mean.low, row.mean.high] if row.mean.has_ends else None,
                "values": list(row.values),
            }
            for figure, row in rows
            if row.mean is not None
        ]
        folds = [
            {
                "fold": int(dict(one.point.setting)["data.split.fold"]),
                "run": None if one.summary is None else one.summary.run.id,
                "status": one.status,
            }
            for one in outcome.outcomes
        ]
        told = {"sweep": outcome.sweep.name, "figures": figures, "folds": folds, "remarks": list(outcome.remarks)}
        print_json(told)
    else:
        cells = [
            (
                figure.title,
                figure.unit,
                str(len(row.values)),
                f"{row.mean.value:.5g}",
                row.mean.ends("{:.5g}".format) if row.mean.has_ends else "",
                " ".join(f"{value:.4g}" for value in row.values),
            )
            for figure, row in rows
            if row.mean is not None
        ]
        print_table(("figure", "unit", "folds", "mean", "95 % interval of the mean", "of each fold"), cells)
    for remark in outcome.remarks:
        typer.echo(remark, err=True)
