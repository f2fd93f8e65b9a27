"""The command line: every command answers in plain lines or, with --json, in JSON; errors are one line on stderr.

What takes long to import (torch above all) is imported inside the commands, so that ``--help`` answers at once.
"""

from __future__ import annotations

import io
import runpy
import sys
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from explorer.cli import (
    adopted,
    data,
    denoise,
    detector_export,
    diagnose,
    export,
    figure,
    folds,
    models,
    novelty,
    project,
    report,
    runs,
    sweep,
    train,
    training_film,
)
from explorer.core import places
from explorer.core.errors import ExplorerError, UndecidedError
from explorer.core.version import VERSION

UNDECIDED = 2
"""Status where a flag has to say which of two readings is meant, as of a flag that is missing."""


class _Commands(TyperGroup):
    """Commands whose expected errors end in one line and a non-zero status, not in a traceback."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except ExplorerError as error:
            typer.echo(f"Error: {' '.join(str(error).split())}", err=True)
            raise typer.Exit(UNDECIDED if isinstance(error, UndecidedError) else 1) from error


app = typer.Typer(
    cls=_Commands,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Train, open and look inside autoencoders.",
)


def _say_version(asked: bool) -> bool:
    if asked:
        typer.echo(VERSION)
        raise typer.Exit
    return asked


@app.callback()
def _whole(
    _version: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=_say_version, help="Say the version and exit.")
    ] = False,
) -> None:
    pass


data_app = typer.Typer(no_args_is_help=True, help="List datasets, and download those that are not bundled.")
runs_app = typer.Typer(no_args_is_help=True, help="List trainings, and lay some beside each other.")
detector_app = typer.Typer(no_args_is_help=True, help="Fit a detector of novel items, update it, and look at one.")


def main() -> None:
    """The ``explorer`` command."""
    if isinstance(sys.stdout, io.TextIOWrapper):  # names of files may hold bytes that are no text
        sys.stdout.reconfigure(errors="backslashreplace")
    app(prog_name="explorer")


def run_app() -> None:
    """Start the app in the browser."""
    # In this process, so that whatever ends the command ends the app as well.
    sys.argv = ["streamlit", "run", str(places.shipped("explorer_app.py"))]
    runpy.run_module("streamlit", run_name="__main__", alter_sys=True)


for group, name, command in (
    (app, "train", train.train),
    (app, "sweep", sweep.sweep),
    (app, "folds", folds.folds),
    (app, "diagnose", diagnose.diagnose),
    (app, "film", training_film.film),
    (app, "list", models.list_checkpoints),
    (app, "show", models.show),
    (app, "import", adopted.import_model),
    (app, "evaluate", models.evaluate),
    (app, "encode", models.encode),
    (app, "reconstruct", models.reconstruct),
    (app, "score", novelty.score),
    (app, "sample", models.sample),
    (app, "interpolate", models.interpolate),
    (app, "give", models.give),
    (app, "denoise", denoise.denoise),
    (app, "export", export.export),
    (app, "report", report.report),
    (app, "figure", figure.figure),
    (app, "project", project.project),
    (app, "app", run_app),
    (data_app, "list", data.data_list),
    (data_app, "show", data.data_show),
    (data_app, "fetch", data.data_fetch),
    (runs_app, "list", runs.runs_list),
    (runs_app, "compare", runs.runs_compare),
    (detector_app, "fit", novelty.detector_fit),
    (detector_app, "update", novelty.detector_update),
    (detector_app, "show", novelty.detector_show),
    (detector_app, "export", detector_export.detector_export),
):
    group.command(name)(command)
app.add_typer(data_app, name="data")
app.add_typer(runs_app, name="runs")
app.add_typer(detector_app, name="detector")
