"""The command that trains: progress on stderr or events as JSON, and Ctrl-C that pauses.

What takes long to import is imported inside the commands.
"""

from __future__ import annotations

import shlex
import signal
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated

import typer

from explorer.cli.held_out import TestData, ValidationData, with_held_out
from explorer.cli.output import AsJson, finding_lines, print_json, print_metrics, progress_line
from explorer.cli.reading import Reading
from explorer.cli.reading_flags import reads_input
from explorer.cli.streams import deliver, is_stream
from explorer.cli.training_series import keep_windows, recipe_of_series
from explorer.core.errors import TrainingError

if TYPE_CHECKING:
    from explorer.data import Dataset
    from explorer.recipe import Recipe
    from explorer.training.events import EpochFinished, Event, Finished, Started


SECONDS_BETWEEN_LINES = 0.1
INTERRUPTED = 130
"""What shells call the status of a command that Ctrl-C ended: a paused training has left no checkpoint yet."""


@reads_input
def train(
    recipe_file: Annotated[
        Path,
        typer.Argument(metavar="RECIPE.toml", help="See recipes/ for examples; with --series also a table's file."),
    ],
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="PART.FIELD=VALUE", help="Change a field; may be repeated."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            help="The checkpoint; -: standard output. Default: NAME.safetensors where checkpoints are looked for."
        ),
    ] = None,
    run_dir: Annotated[
        Path | None, typer.Option(help="The run's folder; without --out the checkpoint stays there alone.")
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with the run in --run-dir.")] = False,
    series: Annotated[
        list[str] | None,
        typer.Option(
            "--series",
            metavar="COLUMN",
            help="Rows follow one another in time: learn from windows of this column; may be repeated.",
        ),
    ] = None,
    window: Annotated[
        int | None,
        typer.Option(
            "--window", metavar="N", min=2, help="Rows of a window of a series; without it a period is looked for."
        ),
    ] = None,
    step: Annotated[
        int | None,
        typer.Option("--step", metavar="N", min=1, help="Rows from one window to the next. Default: 1."),
    ] = None,
    test_data: TestData = None,
    validation_data: ValidationData = None,
    tensorboard: Annotated[
        bool, typer.Option("--tensorboard", help="Also write the figures as TensorBoard reads them, beside the run.")
    ] = False,
    as_json: AsJson = False,
    *,
    reading: Reading,
) -> None:
    """Train as a recipe says. Ctrl-C pauses the run; --resume goes on.

    On several devices: accelerate launch -m explorer train RECIPE.toml
    """
    from explorer import checkpoints, runs
    from explorer.core import devices
    from explorer.recipe import Recipe
    from explorer.training.events import Finished

    if resume and run_dir is None:
        raise TrainingError("--resume needs the run's folder.", "Add --run-dir runs/ID.")
    if series or window is not None or step is not None:
        if test_data or validation_data:
            raise TrainingError(
                "The windows of a series come from one file.", "Leave out --test-data and --validation-data."
            )
        recipe, cut = _of_series(recipe_file, settings or [], (series, window, step), resume, reading)
    else:
        recipe, cut = reading.in_recipe(Recipe.from_toml(recipe_file).with_settings(settings or [])), None
        recipe = with_held_out(recipe, test_data, validation_data)
    if out is not None and is_stream(out) and as_json:
        raise TrainingError("Events and the checkpoint cannot both go to standard output.", "Give a file with --out.")
    if out is None and run_dir is None:
        out = checkpoints.folders()[0] / f"{recipe.name}.safetensors"
    if not devices.is_main_process():
        with pausing(lambda: None):
            for _ in runs.drain(recipe, run_dir or Path(), resume):
                pass
        return
    folder = run_dir or runs.new_folder(recipe)
    if cut is not None:
        recipe = keep_windows(recipe, cut, folder)
    if tensorboard:
        runs.ask_for_log(folder)
    finished: Finished | None = None
    with pausing(lambda: runs.ask_pause(folder)):
        for event in _reported(runs.drain(recipe, folder, resume), as_json):
            if isinstance(event, Finished):
                finished = event
    _conclude(recipe, folder, finished, out, as_json)


def _of_series(
    recipe_file: Path,
    settings: list[str],
    asked: tuple[list[str] | None, int | None, int | None],
    resume: bool,
    reading: Reading,
) -> tuple[Recipe, Dataset]:
    """The recipe of a series' windows, and how they are cut; what was found is said."""
    from explorer.core import devices
    from explorer.novelty.windowing import WindowsAsked

    if resume or not devices.is_main_process():
        raise TrainingError("A series is cut where a run begins, in one process.", "Give RUN/recipe.toml instead.")
    columns, length, step = asked
    windows = WindowsAsked(columns=tuple(columns or ()), length=length, step=step)
    recipe, cut, said = recipe_of_series(recipe_file, settings, windows, reading)
    for line in said:
        typer.echo(line, err=True)
    return recipe, cut


def _conclude(recipe: Recipe, folder: Path, finished: Finished | None, out: Path | None, as_json: bool) -> None:
    from explorer import checkpoints, runs

    if finished is None:
        command = shlex.join(["explorer", "train", str(folder / "recipe.toml"), "--run-dir", str(folder), "--resume"])
        typer.echo(f"Paused. Go on with: {command}", err=True)
        raise typer.Exit(INTERRUPTED)
    path = folder / "checkpoint.safetensors"
    if not as_json:
        for line in finding_lines(finished.findings):
            typer.echo(line, err=True)
    if finished.checkpoint is not None:
        to_stream = out is not None and is_stream(out)
        if not as_json:
            print_metrics(finished.checkpoint.card.metrics, err=to_stream)
            for part in finished.checkpoint.card.data.parts:
                typer.echo(f"{part.split}: {part.items:,} items of {part.title}", err=to_stream)
        if out is not None and to_stream:
            deliver(out, path.read_bytes())
        elif out is not None:
            path = checkpoints.save(finished.checkpoint, out)
        ended = f"{finished.reason}, with findings" if any(f.is_wrong for f in finished.findings) else finished.reason
        typer.echo(f"{recipe.name}: {ended}, best epoch {finished.best_epoch}. Checkpoint: {path}", err=True)
    if runs.is_asked_for(folder):
        typer.echo(f"TensorBoard's log folder: {folder / 'tensorboard'}", err=True)
    if finished.reason == "diverged":
        raise TrainingError(finished.message, finished.hint)


@contextmanager
def pausing(pause: Callable[[], None]) -> Iterator[None]:
    """Within it, the first Ctrl-C (or SIGTERM) asks the training to pause; the second ends it at once.

    Of several processes all hear of a Ctrl-C; the main one tells the others after which step they pause.
    """

    def asked(number: int, _frame: FrameType | None) -> None:
        signal.signal(number, signal.SIG_DFL)
        pause()

    before = {number: signal.signal(number, asked) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, old in before.items():
            signal.signal(number, old)


def _reported(events: Iterable[Event], as_json: bool) -> Iterator[Event]:
    """Pass events on, printing them as JSON lines on stdout, or as progress on stderr."""
    from explorer.training.events import EpochFinished, Started, Step

    last = 0.0
    told: set[str] = set()
    with progress_line() as progress:
        for event in events:
            for line in _read_lines(event) if isinstance(event, Started) else ():
                progress.line(line)
            if isinstance(event, Step):
                clock = time.monotonic()
                if clock - last >= SECONDS_BETWEEN_LINES:
                    last = clock
                    if as_json:
                        print_json(event.as_json(), lines=True)
                    elif "total" in event.terms:
                        progress(-1, f"epoch {event.epoch}, step {event.step}: {event.terms['total']:.4g}")
            elif as_json:
                print_json(event.as_json(), lines=True)
            elif isinstance(event, Started):
                progress.line(
                    f"{event.name}: {event.n_train:,} items of {event.dataset}, {event.weights:,} weights,"
                    f" {event.device}{f', {event.processes} processes' if event.processes > 1 else ''}"
                )
            elif isinstance(event, EpochFinished):
                progress.line(_epoch_line(event))
                for line in _told_first(event, told):
                    progress.line(line)
            yield event


def _read_lines(event: Started) -> Iterator[str]:
    """How the data was read and split, as far as that is not its own affair."""
    if event.contract is not None:
        yield f"Read as: {event.contract['line']}"
    yield from event.read


def _told_first(event: EpochFinished, told: set[str]) -> Iterator[str]:
    """What went wrong so far and was not ``told``, which is brought up to date."""
    for finding in event.findings:
        if finding.is_wrong and finding.name not in told:
            told.add(finding.name)
            yield f"So far: {finding.lines[0]}"


def _epoch_line(event: EpochFinished) -> str:
    stage = "" if event.stage == "end to end" else f"{event.stage}, "
    left = (event.epochs - event.epoch) * event.seconds
    return (
        f"{stage}epoch {event.epoch}/{event.epochs}: train {event.train['total']:.4g},"
        f" validation {event.validation['total']:.4g}{' (best)' if event.improved else ''},"
        f" {event.items_per_second:,.0f} items/s, {left:.0f} s left"
    )
