"""The command that writes a figure of a model, the same as on the pages.

What takes long to import is imported inside the command.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from explorer.cli.export import map_kind
from explorer.cli.figure_kinds import FIGURES, OF_THE_MODEL, AskedFigure
from explorer.cli.inputs import CheckpointName, SplitOption
from explorer.cli.output import AsJson, print_json
from explorer.cli.reading import Reading
from explorer.cli.reading_flags import reads_input
from explorer.cli.streams import deliver, is_stream
from explorer.core.errors import DataError


@reads_input
def figure(
    name: CheckpointName,
    kind: Annotated[
        str,
        typer.Argument(
            metavar=f"[{'|'.join(FIGURES)}]",
            help="Its map of codes, errors by class or by pixel (of a table by column), what each number of the code "
            "does, training, or dimensions.",
        ),
    ],
    out: Annotated[
        Path, typer.Option("--out", help="The file to write: .svg or .png (on white), or .json as Plotly reads it.")
    ],
    source: Annotated[
        str | None,
        typer.Option("--data", help="Items of the map and the errors. Default: items it has not learnt from."),
    ] = None,
    split: SplitOption = None,
    items: Annotated[int, typer.Option("--items", min=4, help="On the map, spread over all.")] = 2000,
    projection: Annotated[
        str | None, typer.Option("--map", help="pca, pair, tsne or umap. Default: the code itself, or PCA.")
    ] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="It may take the place of a file.")] = False,
    as_json: AsJson = False,
    *,
    reading: Reading,
) -> None:
    """Write a figure of a model as the pages draw it."""
    if kind not in FIGURES:
        raise DataError(f"There is no figure called {kind!r}.", f"Take one of: {', '.join(FIGURES)}.")
    check_figure_file(out, overwrite)
    if kind in OF_THE_MODEL and source is not None:
        raise DataError(f"The figure {kind} is of the model alone, not of data.", "Leave --data out.")
    made, words = FIGURES[kind](AskedFigure(name, source, split, items, map_kind(projection), reading))
    write_figure(out, made)
    if as_json:
        print_json({"written": str(out), "figure": kind, "of": words})
        return
    typer.echo(f"{out}: {kind} of {name}, {words}")


def check_figure_file(out: Path, overwrite: bool) -> None:
    """Refuse a file whose format is not known, or that is there already.

    Raises:
        DataError: one of these.
    """
    if out.suffix.lower() not in (".svg", ".png", ".json"):
        raise DataError(f"Cannot tell the format of {out}.", "Give a name that ends in .svg, .png or .json.")
    if not overwrite and not is_stream(out) and out.exists():
        raise DataError(f"There is a file {out} already.", "Give another name, or --overwrite.")


def write_figure(out: Path, made: Any) -> None:
    """Write a Plotly figure in the format of the file's ending."""
    from explorer.export import drawn, figures

    text = figures.figure_json(made)
    forms = {".svg": lambda: drawn.svg(text).encode(), ".png": lambda: drawn.png(text)}
    deliver(out, forms.get(out.suffix.lower(), text.encode)())
