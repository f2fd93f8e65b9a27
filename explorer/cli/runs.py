"""The commands about runs: a list of all, and some of them side by side.

What takes long to import is imported inside the commands.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from explorer.cli.output import AsJson, print_json, print_table
from explorer.core.errors import TrainingError
from explorer.core.written import three_digits

if TYPE_CHECKING:
    from explorer.runs.summary import RunSummary


def runs_list(
    sweep: Annotated[str, typer.Option("--sweep", metavar="NAME", help="Those of a sweep alone.")] = "",
    as_json: AsJson = False,
) -> None:
    """List the runs, newest first: how far each is, and the validation figure of its best epoch."""
    from explorer import runs
    from explorer.runs.summary import summarise

    told = [summarise(run) for run in runs.list_runs() if sweep in ("", run.about.sweep)]
    if as_json:
        print_json([_as_json(summary) for summary in told])
        return
    rows = [
        (
            "*" if summary.run.about.starred else "",
            summary.run.id,
            summary.run.title,
            summary.run.status_words,
            f"{summary.progress.epochs_done} of {summary.run.recipe.training.epochs}",
            _best_words(summary),
            f"{summary.progress.seconds:.0f} s",
            "; ".join(summary.findings),
        )
        for summary in told
    ]
    print_table(("", "run", "title", "status", "epochs", "best validation", "time", "findings"), rows)


def runs_compare(
    names: Annotated[list[str], typer.Argument(metavar="RUN RUN …", help="Two or more, as the list names them.")],
    as_json: AsJson = False,
) -> None:
    """Lay runs beside each other: figures of their best epochs, and the fields in which their recipes differ."""
    from explorer import runs
    from explorer.runs.comparison import RunComparison
    from explorer.runs.summary import summarise

    by_id = {run.id: run for run in runs.list_runs()}
    strange = [name for name in names if name not in by_id]
    if strange:
        raise TrainingError(f"There is no run {strange[0]!r}.", "See `explorer runs list`.")
    if len(set(names)) < 2:
        raise TrainingError("Two runs are needed to compare.", "Name another one; see `explorer runs list`.")
    together = RunComparison(tuple(summarise(by_id[name]) for name in dict.fromkeys(names)))
    if as_json:
        of_runs = [_as_json(summary) for summary in together.summaries]
        print_json({"runs": of_runs, "figures": together.figures, "differences": together.differences})
        return
    print_table(
        ("figure of the best epoch", *together.names),
        [[_cell(value) for value in row.values()] for row in together.figures],
    )
    typer.echo("")
    if together.differences:
        heads = ("differs in the recipes", *together.names)
        print_table(heads, [list(row.values()) for row in together.differences])
    else:
        typer.echo("The recipes differ in nothing.")


def _cell(value: Any) -> str:
    return "" if value is None else value if isinstance(value, str) else f"{value:.5g}"


def _best_words(summary: RunSummary) -> str:
    best = summary.best
    return "" if best is None else f"{best.name} {three_digits(best.value)} {best.unit} (epoch {summary.best_epoch})"


def _as_json(summary: RunSummary) -> dict[str, Any]:
    run, best = summary.run, summary.best
    return {
        "run": run.id,
        "title": run.title,
        "recipe": run.recipe.name,
        "status": run.status,
        "epochs_done": summary.progress.epochs_done,
        "epochs": run.recipe.training.epochs,
        "best": None if best is None else {"figure": best.title, "value": best.value, "unit": best.unit},
        "best_epoch": summary.best_epoch,
        "figures": {f"{figure.title}, {figure.unit}": figure.value for figure in summary.figures},
        "findings": list(summary.findings),
        "seconds": summary.progress.seconds,
        "sweep": run.about.sweep,
        "starred": run.about.starred,
        "notes": run.about.notes,
    }
