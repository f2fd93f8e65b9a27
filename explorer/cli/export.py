"""The command that takes a model away as one HTML file.

What takes long to import is imported inside the command.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from explorer.cli.inputs import CheckpointName, SplitOption, open_data
from explorer.cli.output import AsJson, print_json
from explorer.cli.reading import Reading
from explorer.cli.reading_flags import reads_input
from explorer.cli.streams import deliver, is_stream
from explorer.core.errors import DataError


@reads_input
def export(
    name: CheckpointName,
    html: Annotated[Path, typer.Option("--html", help="The page to write; - for standard output.")],
    source: Annotated[
        str | None,
        typer.Option("--data", help="Its items: a dataset's name or a file. Default: items it has not learnt from."),
    ] = None,
    split: SplitOption = None,
    items: Annotated[int, typer.Option("--items", min=4, help="At most so many, spread over all.")] = 2000,
    colour: Annotated[
        str, typer.Option("--colour", help="Of the points: label, error, z1 (a dimension), or a column's name.")
    ] = "label",
    projection: Annotated[
        str | None, typer.Option("--map", help="pca, pair, tsne or umap. Default: the code itself, or PCA.")
    ] = None,
    path: Annotated[
        str | None, typer.Option("--path", help="Rows of the items on the way from item to item, as 3,17,250.")
    ] = None,
    scenes: Annotated[bool, typer.Option(help="With Learn's scenes that show such a model, while they fit.")] = True,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="The page may take the place of a file.")] = False,
    as_json: AsJson = False,
    *,
    reading: Reading,
) -> None:
    """Write one HTML file that shows a model live: map, sliders, ways between items, drawing and scenes, offline."""
    from explorer import checkpoints
    from explorer.views.exported import PageWishes, model_page
    from explorer.views.items import data_on_this_machine, decoded_items, thinned_items

    if not overwrite and not is_stream(html) and html.exists():
        raise DataError(f"There is a file {html} already.", "Give another name, or --overwrite.")
    wishes = PageWishes(colour=colour, kind=_kind(projection), path=_rows(path), scenes=scenes)
    checkpoint = checkpoints.with_codes(checkpoints.load(name))
    source = source or data_on_this_machine(checkpoint.card)
    if source is None:
        shown = decoded_items(checkpoint, items)
    else:
        _, dataset, rows, label = open_data(name, source, split, reading)
        shown = thinned_items(checkpoint, dataset, rows, label, items)
    page = model_page(shown, wishes)
    deliver(html, page.html)
    result = {
        "written": str(html),
        "bytes": len(page.html),
        "items": len(shown.rows),
        "split": shown.split.split(", n = ")[0],
        "parts": list(page.parts),
        "rounding": page.rounding,
        "left out": list(page.left_out),
    }
    err = is_stream(html)
    if as_json:
        print_json(result, err=err)
        return
    typer.echo(f"{html}: {len(page.html):,} bytes, {shown.dataset.title}, {shown.split}", err=err)
    typer.echo(f"Parts: {', '.join(page.parts)}", err=err)
    for words in (page.rounding, *page.left_out):
        typer.echo(words, err=err)


def _kind(name: str | None) -> str:
    from explorer.latent.projection import REGISTRY

    if name is not None and name not in REGISTRY:
        raise DataError(f"There is no map {name!r}.", f"Use one of: {', '.join(REGISTRY)}.")
    return name or ""


def _rows(text: str | None) -> tuple[int, ...]:
    try:
        return tuple(int(part) for part in text.split(",")) if text else ()
    except ValueError as error:
        raise DataError(f"{text!r} are no rows.", "Give numbers with commas between them, as 3,17,250.") from error
