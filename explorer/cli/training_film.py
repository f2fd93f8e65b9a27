"""The command that writes a training as a film.

What takes long to import is imported inside the command.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from explorer.cli.output import AsJson, print_json
from explorer.cli.streams import deliver, is_stream
from explorer.core.errors import DataError

if TYPE_CHECKING:
    from explorer.browser.run_stage.message import RunStage


def film(
    name: Annotated[
        str,
        typer.Argument(metavar="RUN|CHECKPOINT", help="A run's folder or name, or a checkpoint's name or file."),
    ],
    out: Annotated[Path, typer.Option("--out", help="The file to write: .mp4 or .gif.")],
    seconds: Annotated[float, typer.Option("--seconds", min=0.5, max=50, help="From the first epoch to the last.")] = 6,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="It may take the place of a file.")] = False,
    as_json: AsJson = False,
) -> None:
    """Write a training as a film: its curve, its map and eight items from epoch to epoch.

    A run has the pictures of its epochs; a checkpoint those that lie beside it in frames/, where it has any.
    """
    from explorer.io import animation
    from explorer.views.stage_film import stage_film

    form = out.suffix.lower()
    if form not in (".mp4", ".gif"):
        raise DataError(f"Cannot tell the format of {out}.", "Give a name that ends in .mp4 or .gif.")
    if not overwrite and not is_stream(out) and out.exists():
        raise DataError(f"There is a file {out} already.", "Give another name, or --overwrite.")
    stage = _stage_of(name)
    frames = stage_film(stage, seconds)
    deliver(out, (animation.gif if form == ".gif" else animation.mp4)(frames, seconds))
    if as_json:
        print_json({"written": str(out), "epochs": [frame.epoch for frame in stage.frames], "note": stage.note})
        return
    typer.echo(f"{out}: {len(stage.frames)} kept epochs of {stage.epochs} in {seconds:g} s. {stage.note}")


def _stage_of(name: str) -> RunStage:
    from explorer import checkpoints, runs
    from explorer.runs.kept_frames import kept_frames, why_none
    from explorer.views.training_stage import label_names_of, stage_of_kept, stage_of_run

    run = next((run for run in runs.list_runs() if run.id == name), None)
    if run is None and (Path(name) / "events.jsonl").is_file():
        run = runs.Run(Path(name))
    if run is not None:
        return stage_of_run(run, label_names_of(run))
    path = checkpoints.find(name)
    card = checkpoints.load_card(path)
    kept = kept_frames(path, card)
    if kept is None:
        raise DataError(
            f"The checkpoint {name} carries no pictures of its training.",
            why_none(path, card),
        )
    return stage_of_kept(kept, path.stem, card.data.label_names)
